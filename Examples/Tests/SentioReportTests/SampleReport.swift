import Foundation
import SentioReport

/// A small report with every section filled, awkward characters in its names, and a group that is
/// too small to have a CCC.
func sampleReport() -> RunReport {
  var report = RunReport(
    created: "2026-01-02T03:04:05Z",
    corpus: CorpusSummary(
      name: "songs <of> \"mine\" & yours", songs: 30, training: 20, validation: 4, test: 6,
      split: "stratified", splitHash: "0123456789abcdef", featureSet: "report164",
      featureCount: 164, labels: "as given", synthetic: false),
    scale: ScaleSummary(lower: 1, upper: 9))
  let labels = [(2.0, 3.0), (4.5, 6.5), (7.5, 7), (3, 8), (6, 2), (5, 5)]
  report.truth = labels.enumerated().map {
    LabelledSong(
      id: "<script>alert(\($0))</script>", valence: $1.0, arousal: $1.1,
      genre: $0 % 2 == 0 ? "Jazz/Blues" : "Pop & Rock")
  }
  func interval(_ value: Double) -> Interval {
    Interval(estimate: value, lower: value - 0.1, upper: value + 0.08)
  }
  for (index, title) in ["Ridge Regression", "SVR (RBF)", "XGBoost"].enumerated() {
    let result = DimensionResult(
      ccc: interval(0.5 + 0.1 * Double(index)), r2: interval(0.4), pearson: interval(0.6),
      mse: interval(1.2), mae: interval(0.8), slope: 0.55)
    report.models.append(
      ModelResult(
        name: title.lowercased(), title: title, settings: [NamedValue("α", "1")],
        crossValidatedR2: 0.41, parameterCount: 330, searchSeconds: 0.2, fitSeconds: 0.01,
        predictSecondsPerSong: 2e-6, valence: result, arousal: result, meanCCC: result.ccc,
        predictions: labels.map { [5 + ($0.0 - 5) * 0.6, 5 + ($0.1 - 5) * 0.7] },
        quadrants: [
          GroupResult(
            name: "happy", count: 2, valenceMAE: 0.7, arousalMAE: 0.9, valenceCCC: nil,
            arousalCCC: nil)
        ],
        genres: [
          GroupResult(
            name: "Pop & Rock", count: 3, valenceMAE: 0.7, arousalMAE: 0.9, valenceCCC: 0.4,
            arousalCCC: 0.6),
          GroupResult(
            name: "Jazz/Blues", count: 1, valenceMAE: 0.7, arousalMAE: 0.9, valenceCCC: nil,
            arousalCCC: nil),
        ],
        claimed: ClaimedResult(
          mse: 1.85, mae: 1.05, ccc: 0.497, valenceCCC: 0.478, arousalCCC: 0.423,
          valenceR2: 0.478, arousalR2: 0.423, scale: "1 to 9")))
  }
  report.baselines = [
    BaselineResult(
      name: "mean of training songs", valenceCCC: 0, arousalCCC: 0, valenceR2: -0.01,
      arousalR2: -0.02, mse: 2.1)
  ]
  report.comparisons = [
    PairedComparison(
      first: "SVR (RBF)", second: "XGBoost", cccDifference: interval(0.02), pHolm: 0.4,
      mcNemarPHolm: 0.0004, claimedP: "0.456")
  ]
  report.importance = [
    FeatureImportance(feature: "spectral_centroid_mean", family: "spectral", share: 0.7),
    FeatureImportance(feature: "mfcc1_mean", family: "MFCC", share: 0.3),
  ]
  report.timings = [
    StageTiming(stage: "features from audio", seconds: 2, songs: 30),
    StageTiming(stage: "search", seconds: 0.004),
  ]
  report.spectrogram = SpectrogramImage(
    title: "one", bands: 4, frames: 5, secondsPerFrame: 0.5, minimumFrequency: 20,
    maximumFrequency: 8000, range: 80, levels: Data((0..<20).map { UInt8($0 * 12) }))
  report.newSongs = [
    NewSongPrediction(
      file: "ein Lied 🎵.mp3", model: "XGBoost", valence: 6, arousal: 4, quadrant: "calm",
      seconds: 0.04, truth: [5.5, 4.1])
  ]
  report.environment = [NamedValue("threads", "2")]
  report.notes = ["composed by a program"]
  return report
}
