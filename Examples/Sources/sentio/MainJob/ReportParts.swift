import Foundation
import SentioBLAS
import SentioClassical
import SentioDSP
import SentioData
import SentioMetrics
import SentioReport
import SentioTensor

/// What nothing learned reaches on the test songs.
enum Baselines {
  static func results(
    test: LabelledTable, training: LabelledTable, seed: UInt64
  ) throws -> [BaselineResult] {
    let mean = try MeanPredictor(trainingTruth: training.points, scale: test.scale)
    var generator = SplitMixer(state: seed)
    let shuffled = test.points.shuffled(using: &generator)
    return try [
      ("mean of the training songs", mean.predictions(count: test.songs.count)),
      ("labels of other test songs", shuffled),
    ].map { name, predictions in
      let metrics = try EmotionMetrics(
        prediction: predictions, truth: test.points, scale: test.scale)
      return BaselineResult(
        name: name, valenceCCC: metrics.valence.concordanceCorrelation,
        arousalCCC: metrics.arousal.concordanceCorrelation,
        valenceR2: metrics.valence.coefficientOfDetermination,
        arousalR2: metrics.arousal.coefficientOfDetermination,
        mse: metrics.mean.meanSquaredError)
    }
  }

  /// SplitMix64: one permutation needs no more.
  private struct SplitMixer: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }
}

/// The features that the boosted trees gained most from.
enum FeatureShares {
  static func shares(of file: EmotionModelFile) -> [SentioReport.FeatureImportance] {
    guard case .pipeline(let pipeline) = file.model,
      case .boostedTrees(let trees) = pipeline.fitted
    else { return [] }
    var gains: [String: Double] = [:]
    for output in trees.outputs.indices {
      let importance = trees.importance(.totalGain, output: output)
      // Each output weighs the same, whatever the variance of its labels.
      let total = importance.reduce(0) { $0 + $1.value }
      for entry in importance where total > 0 {
        gains[entry.column, default: 0] +=
          entry.value / total / Double(trees.outputs.count)
      }
    }
    return gains.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      SentioReport.FeatureImportance(
        feature: $0.key, family: FeatureFamilies.family(of: $0.key), share: $0.value)
    }
  }
}

/// The spectrogram that the report shows.
enum SongPicture {
  static func spectrogram(
    of song: Song?, measurement: SongMeasurement?
  ) throws -> SpectrogramImage? {
    guard let song, let audio = song.audio, let measurement else { return nil }
    let frontEnd = measurement.frontEnd
    let samples = try AudioDecoder().decode(
      audio, as: AudioFormat(sampleRate: Int(frontEnd.sampleRate)), range: measurement.range
    ).samples
    let matrix = try FrameFeature.mel.matrix(of: samples, frontEnd: frontEnd)
    let values = matrix.rowMajorValues()
    let loudest = values.max() ?? 0
    let range: Float = 80
    let name = [song.title, song.artist].compactMap(\.self).joined(separator: ", ")
    return SpectrogramImage(
      title: name.isEmpty ? "song \(song.id)" : "“\(name)” (song \(song.id))",
      bands: matrix.rowCount, frames: matrix.frameCount,
      secondsPerFrame: Double(frontEnd.hopLength) / frontEnd.sampleRate,
      minimumFrequency: frontEnd.minimumFrequency, maximumFrequency: frontEnd.maximumFrequency,
      range: Double(range),
      levels: Data(
        values.map { UInt8((min(max(($0 - loudest + range) / range, 0), 1) * 255).rounded()) }))
  }
}

/// What the report says of the machine.
enum Machine {
  /// The program and what it computes with, as manifests have it.
  static var versions: [String: String] {
    Dictionary(description().map { ($0.name, $0.value) }) { first, _ in first }
  }

  static func description() -> [NamedValue] {
    [
      NamedValue("Sentio", Sentio.configuration.version),
      NamedValue("processor", CPUFeatures.processorName),
      NamedValue("cores", "\(ProcessInfo.processInfo.activeProcessorCount)"),
      NamedValue("BLAS", "\(BLASRuntime.configuration) on core \(BLASRuntime.coreName)"),
      NamedValue("system", ProcessInfo.processInfo.operatingSystemVersionString),
    ]
  }
}

/// The report's two files.
enum ReportFiles {
  static func write(_ report: RunReport, into folder: URL) throws {
    try AtomicFile.write(
      Terminal.jsonEncoder().encode(report), to: folder.appending(path: "report.json"))
    try AtomicFile.write(report.htmlPage(), to: folder.appending(path: "report.html"))
  }
}
