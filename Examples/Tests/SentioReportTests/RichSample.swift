import Foundation
import SentioReport

/// A report with every section filled, as large as one of the main job: what the page is looked at with.
///
/// Every figure in it is invented. It exists in tests only.
func richReport() -> RunReport {
  var noise = SampleNoise(seed: 7)
  var report = RunReport(
    created: "2026-01-02T03:04:05Z",
    corpus: CorpusSummary(
      name: "400 composed songs", songs: 400, training: 280, validation: 40, test: 80,
      split: "stratified over the valence-arousal plane, songs of one artist kept together, seed 1",
      splitHash: "0123456789abcdef0123456789abcdef", featureSet: "report164", featureCount: 164,
      labels: "as given", synthetic: true),
    scale: ScaleSummary(lower: 1, upper: 9))
  report.preset = "demo"
  report.notes = ["INVENTED NUMBERS: this page exists to be looked at by its makers."]
  let genres = ["Pop/Rock", "Electronic", "Classical", "Jazz/Blues", "Other"]
  report.truth = (0..<80).map { index in
    LabelledSong(
      id: "\(index + 1)", valence: min(max(5 + 1.5 * noise.normal(), 1), 9),
      arousal: min(max(5.2 + 1.6 * noise.normal(), 1), 9), genre: genres[index % 5],
      title: index % 3 == 0 ? "A Song with a Rather Long Name No. \(index)" : nil,
      artist: index % 3 == 0 ? "The Invented Band" : nil)
  }
  fillModels(&report, &noise)
  fillComparisons(&report)
  fillCourses(&report, &noise)
  fillExplanations(&report, &noise)
  fillRun(&report)
  return report
}

private func interval(_ value: Double, _ half: Double = 0.05) -> Interval {
  Interval(estimate: value, lower: value - half, upper: value + half * 0.9)
}

/// Six of the seven models and their average: one is missing, as after a stage that failed.
private func fillModels(_ report: inout RunReport, _ noise: inout SampleNoise) {
  let sizes: [(ReportedModel, Int, Double, Double)] = [
    (.ridge, 330, 4e-6, 0.62), (.svr, 41_000, 3e-4, 0.68), (.xgboost, 212_000, 2e-5, 0.66),
    (.crnn, 718_000, 9e-3, 0.71), (.vit, 5_400_000, 0.021, 0.74),
    (.mobilevit, 940_000, 4e-3, 0.69),
  ]
  for (model, count, speed, ccc) in sizes {
    let valence = ccc - 0.04
    let arousal = ccc + 0.04
    func dimension(_ value: Double) -> DimensionResult {
      DimensionResult(
        ccc: interval(value), r2: interval(value - 0.1, 0.07), pearson: interval(value + 0.02),
        mse: interval(2.2 - 2 * value, 0.2), mae: interval(1.6 - 1.2 * value, 0.1), slope: value)
    }
    let predictions = report.truth.map { song in
      [
        5 + (song.valence - 5) * valence + 0.5 * noise.normal(),
        5.2 + (song.arousal - 5) * arousal + 0.45 * noise.normal(),
      ]
    }
    var result = ModelResult(
      name: model.rawValue, title: model.title,
      settings: [NamedValue("learning rate", "3e-5"), NamedValue("weight decay", "0.05")],
      crossValidatedR2: model == .ridge ? 0.55 : nil, parameterCount: count, searchSeconds: 1.2,
      fitSeconds: 0.4, predictSecondsPerSong: speed, valence: dimension(valence),
      arousal: dimension(arousal), meanCCC: interval(ccc), predictions: predictions,
      quadrants: [("happy", 26), ("tense", 18), ("sad", 17), ("calm", 19)].map {
        GroupResult(
          name: $0.0, count: $0.1, valenceMAE: 0.8 + 0.2 * noise.uniform(),
          arousalMAE: 0.7 + 0.2 * noise.uniform(), valenceCCC: 0.4, arousalCCC: 0.5,
          intervals: GroupIntervals(
            valenceMAE: interval(0.9, 0.2), arousalMAE: interval(0.8, 0.15),
            valenceCCC: interval(0.4, 0.3), arousalCCC: interval(0.5, 0.25)))
      },
      genres: ["Pop/Rock", "Electronic", "Classical", "Jazz/Blues", "Other"].enumerated().map {
        GroupResult(
          name: $1, count: 16, valenceMAE: 0.8 + 0.2 * noise.uniform(),
          arousalMAE: 0.7 + 0.2 * noise.uniform(), valenceCCC: $0 == 4 ? nil : 0.6,
          arousalCCC: $0 == 4 ? nil : 0.7)
      }, claimed: nil)
    result.fileSize = count * 4 + 2000
    result.precision = "float32"
    if ![.ridge, .svr, .xgboost].contains(model) {
      result.trainingSeconds = 95
      result.peakMemory = 2_400_000_000
      result.epochs = 24
      result.bestEpoch = 19
      result.trainingCCC = ccc + 0.1
      result.validationCCC = ccc + 0.02
      if model == .vit { result.syntheticExamples = 640 }
    }
    report.models.append(result)
  }
  report.baselines = [
    BaselineResult(
      name: "mean of training songs", valenceCCC: 0, arousalCCC: 0, valenceR2: -0.01,
      arousalR2: -0.02, mse: 2.1)
  ]
  report.conservatism = report.models.map { model in
    func shrinkage(_ value: Double) -> Shrinkage {
      Shrinkage(
        slope: interval(value), spread: interval(value + 0.1), extremeCount: 11,
        reach: interval(value - 0.08))
    }
    return ConservatismResult(
      model: model.title, valence: shrinkage(model.valence.slope),
      arousal: shrinkage(model.arousal.slope))
  }
}

private func fillComparisons(_ report: inout RunReport) {
  for (index, first) in report.models.enumerated() {
    for second in report.models.dropFirst(index + 1) {
      let difference = first.meanCCC.estimate - second.meanCCC.estimate
      report.comparisons.append(
        PairedComparison(
          first: first.title, second: second.title, cccDifference: interval(difference, 0.04),
          pHolm: exp(-abs(difference) * 40), mcNemarPHolm: min(1, exp(-abs(difference) * 12)),
          claimedP: nil))
    }
  }
}

private func fillCourses(_ report: inout RunReport, _ noise: inout SampleNoise) {
  func curve(_ name: String, _ title: String, events: [EpochEvent]) -> LearningCurve {
    LearningCurve(
      name: name, title: title,
      epochs: (1...24).map { epoch in
        let progress = 1 - exp(-Double(epoch) / 6)
        return EpochRecord(
          epoch: epoch, trainingLoss: 1 - 0.8 * progress + 0.02 * noise.normal(),
          validationLoss: 1 - 0.68 * progress + 0.03 * noise.normal(),
          validationCCCValence: 0.68 * progress + 0.02 * noise.normal(),
          validationCCCArousal: 0.76 * progress + 0.02 * noise.normal(),
          trainingCCC: 0.84 * progress, learningRate: 3e-5, seconds: 3.9)
      }, bestEpoch: 19, events: events, stopped: "no better for 5 epochs", loss: "1 - CCC")
  }
  report.curves = [
    curve("crnn", "CRNN", events: []),
    curve(
      "vit", "ViT + GAN",
      events: [
        EpochEvent(epoch: 5, what: "last 4 blocks"), EpochEvent(epoch: 9, what: "last 6 blocks"),
      ]),
  ]
  report.adversarial = AdversarialTraining(
    epochs: (1...15).map { epoch in
      AdversarialEpoch(
        epoch: epoch, generatorLoss: 1.4 + 0.3 * noise.normal() * 0.4,
        discriminatorLoss: 0.55 + 0.05 * noise.normal(),
        discriminatorAccuracy: 0.76 + 0.05 * noise.normal(),
        quality: 30 + 2.6 * Double(epoch) + 2 * noise.normal(), seconds: 6)
    }, bestEpoch: 14, stopped: "all epochs done")
  var synthetic = SyntheticSpectrograms(
    generated: 930, kept: 640, threshold: 0.3, valenceConsistency: interval(0.61),
    arousalConsistency: interval(0.78), judge: "a ridge regression on real songs",
    diversity: 0.71, realDiversity: 0.83)
  for (valence, arousal) in [(2.0, 2.5), (2.5, 7.5), (7.5, 3), (7.8, 8)] {
    for isReal in [false, true] {
      let picture = EmotionPicture(
        image: samplePicture(
          isReal ? "song 1\(Int(arousal * 10))" : "synthetic", frames: 120,
          density: arousal / 9, &noise), valence: valence, arousal: arousal,
        confidence: isReal ? nil : 0.4 + 0.3 * noise.uniform())
      if isReal { synthetic.realSamples.append(picture) } else { synthetic.samples.append(picture) }
    }
  }
  report.synthetic = synthetic
  report.dynamics = [
    DynamicResult(
      model: "LSTM", songs: 40, instants: 2400, valenceCCC: interval(0.41),
      arousalCCC: interval(0.63), valenceRMSE: 0.9, arousalRMSE: 0.7)
  ]
  report.paths = [
    EmotionPath(
      song: "“A Song with a Rather Long Name No. 0”, The Invented Band", model: "LSTM",
      method: "one prediction every 0.5 s",
      points: (0..<60).map { step in
        let time = Double(step) / 2
        let (v, a) = (5 + 2 * sin(time / 7), 5 + 2.4 * sin(time / 11 + 0.4) - 0.3)
        return PathPoint(
          time: time, valence: v + 0.15 * noise.normal(), arousal: a + 0.15 * noise.normal(),
          labelledValence: step < 4 ? nil : v + 0.4, labelledArousal: step < 4 ? nil : a - 0.5)
      })
  ]
}

private func fillExplanations(_ report: inout RunReport, _ noise: inout SampleNoise) {
  let picture = samplePicture("“A Song” (song 12)", frames: 320, density: 0.7, &noise)
  report.spectrogram = picture
  report.attention = [
    SpectrogramRelevance(
      model: "ViT + GAN", method: "Attention rollout", image: picture, rows: 14, columns: 14,
      values: (0..<196).map { index in
        let (row, column) = (Double(index / 14) - 4, Double(index % 14) - 9)
        return exp(-(row * row + column * column) / 12) + 0.05 * noise.uniform()
      }, prediction: [6.1, 6.9], label: [6.4, 7.2])
  ]
  report.occlusion = [
    OcclusionMap(
      model: "ViT + GAN", image: picture, rows: 8, columns: 16,
      valence: (0..<128).map { 0.3 * sin(Double($0) / 9) + 0.05 * noise.normal() },
      arousal: (0..<128).map { -0.5 * exp(-Double($0 / 16)) + 0.08 * noise.normal() },
      cover: "the song's mean level")
  ]
  let names = [
    "spectral_centroid_mean", "rms_std", "mfcc1_mean", "spectral_contrast_band6_minimum",
    "zero_crossing_rate_max", "chroma_Fsharp_std", "mfcc5_mean", "onset_strength_mean",
  ]
  let families = [
    "spectral", "temporal", "MFCC", "spectral", "temporal", "chroma", "MFCC", "temporal",
  ]
  report.importance = zip(names, families).enumerated().map {
    FeatureImportance(feature: $1.0, family: $1.1, share: 0.3 * exp(-Double($0) / 3))
  }
  let methods = [
    ("Permutation importance", "R² lost when the feature is shuffled"),
    ("SHAP", "mean |SHAP|, on 1 to 9"),
  ]
  report.featureEffects = methods.map { method, unit in
    FeatureEffects(
      method: method, model: "XGBoost", unit: unit,
      features: names.indices.map { index in
        let rank = Double(index)
        return FeatureEffect(
          feature: names[index], family: families[index],
          valence: interval(0.12 * exp(-rank / 3) - 0.006, 0.01),
          arousal: interval(0.2 * exp(-rank / 2) - 0.004, 0.012))
      }, songs: 80)
  }
}

private func fillRun(_ report: inout RunReport) {
  func variant(_ name: String, _ ccc: Double, _ claimed: Double?, _ difference: Double?)
    -> AblationVariant
  {
    var variant = AblationVariant(
      name: name, isReference: difference == nil, ccc: interval(ccc),
      valenceCCC: interval(ccc - 0.04), arousalCCC: interval(ccc + 0.04),
      difference: difference.map { interval($0, 0.03) }, pHolm: difference.map { _ in 0.02 },
      trainingExamples: 320, bestEpoch: 12, seconds: 41, seeds: 3, claimedCCC: claimed)
    variant.scores = [ccc - 0.02, ccc, ccc + 0.02]
    variant.overSeeds = interval(ccc, 0.05)
    variant.differenceOverSeeds = difference.map { interval($0, 0.06) }
    return variant
  }
  report.ablations = [
    Ablation(
      name: "unfreezing", title: "How the transformer is unfrozen", model: "ViT",
      setting: "The same epochs, songs and seed; real songs only.",
      variants: [
        variant("head only", 0.61, 0.65, -0.11), variant("all from the start", 0.69, 0.69, -0.03),
        variant("progressive", 0.72, 0.74, nil),
      ]),
    Ablation(
      name: "augmentation", title: "What synthetic songs are worth", model: "ViT",
      setting: "Progressive unfreezing; validation and test on real songs.",
      variants: [
        variant("real only", 0.72, 0.68, nil), variant("real + synthetic", 0.735, 0.74, 0.015),
        variant("SpecAugment and mixup", 0.74, nil, 0.02),
      ]),
  ]
  func form(_ title: String, _ precision: String, _ count: Int, _ seconds: Double, _ ccc: Double)
    -> DeployedForm
  {
    DeployedForm(
      title: title, precision: precision, parameterCount: count,
      fileSize: count * (precision == "int8" ? 1 : 4), secondsPerSong: seconds,
      peakMemory: 90_000_000, ccc: interval(ccc),
      retention: title.hasPrefix("ViT") ? nil : interval(ccc / 0.74, 0.03),
      valenceRetention: interval(ccc / 0.74), arousalRetention: interval(ccc / 0.74))
  }
  report.deployment = Deployment(
    teacher: form("ViT + GAN", "float32", 5_400_000, 0.021, 0.74),
    students: [
      form("MobileViT student", "float32", 940_000, 0.004, 0.69),
      form("MobileViT student, int8", "int8", 940_000, 0.0017, 0.684),
    ],
    setting:
      "Response, features and attention at temperature 6; weights and activations in 8 bits after "
      + "calibration on 64 training songs.")
  let counts: [(String, Int, Double, Double, String?)] = [
    ("CRNN", 718_210, 5.8e6, 5.8e6, "LSTM of 128 units on 256 channels"),
    ("AST", 10_942_466, 10.5e6, 10.5e6, nil),
    ("ViT", 86_260_000, 86e6, 86e6, "head 0.46 M, not 0.2 M"),
    ("Generator", 73_300_000, 73e6, 73e6, nil), ("Discriminator", 700_000, 5e6, 5e6, nil),
    ("MobileViT student", 9_500_000, 5e6, 8e6, "8 blocks of width 384"),
  ]
  report.parameterCounts = counts.map { count in
    ParameterCount(
      network: count.0, counted: count.1, trained: 500_000, claimedLower: count.2,
      claimedUpper: count.3, remark: count.4)
  }
  report.facts = CorpusFacts(
    labels: [
      LabelStatistics(
        dimension: "valence", mean: 5.1, deviation: 1.5, minimum: 1.4, maximum: 8.6, skewness: -0.1),
      LabelStatistics(
        dimension: "arousal", mean: 5.2, deviation: 1.6, minimum: 1.2, maximum: 8.8, skewness: 0.02),
    ],
    genres: ["Pop/Rock", "Electronic", "Classical", "Jazz/Blues", "Other"].map {
      GenreShare(genre: $0, count: 80)
    }, artists: 100, sharedArtists: 0, valenceSplitP: 0.71, arousalSplitP: 0.84,
    secondsPerSong: 45,
    checks: [
      DataCheck(check: "no value is NaN", found: "0 of 66,150,400", passed: true),
      DataCheck(check: "every spectrogram has 1,292 frames", found: "399 of 400", passed: false),
    ])
  let stages: [(String, Double)] = [
    ("corpus", 31), ("features from audio", 14), ("classical", 22), ("crnn", 65), ("ast", 80),
    ("gan", 120), ("vit", 140), ("distil", 60), ("export", 3),
  ]
  report.timings = stages.map { name, seconds in
    StageTiming(
      stage: name, seconds: seconds, songs: name == "features from audio" ? 400 : nil,
      peakMemory: Int(8e6 * seconds) + 300_000_000, wasKept: name == "corpus")
  }
  report.newSongs = [
    NewSongPrediction(
      file: "ein Lied 🎵.mp3", model: "ViT + GAN", valence: 6, arousal: 4, quadrant: "calm",
      seconds: 0.04, truth: [5.5, 4.1])
  ]
  report.newSongPaths = report.paths.prefix(1).map {
    EmotionPath(song: "ein Lied 🎵.mp3", model: $0.model, method: $0.method, points: $0.points)
  }
  report.environment = [NamedValue("threads", "2"), NamedValue("system", "an invented one")]
}

/// Bands and strokes that look a little like a spectrogram.
private func samplePicture(
  _ title: String, frames: Int, density: Double, _ noise: inout SampleNoise
) -> SpectrogramImage {
  let bands = 64
  var levels = [UInt8](repeating: 0, count: bands * frames)
  for band in 0..<bands {
    for frame in 0..<frames {
      let beat = frame % Int(30 - 20 * density) < 3 ? 0.35 : 0
      let harmonic = band % 9 < 2 ? 0.3 : 0
      let fall = 0.75 - 0.6 * Double(band) / Double(bands)
      let value = fall + beat + harmonic - 0.3 + 0.1 * noise.normal()
      levels[band * frames + frame] = UInt8(min(max(value, 0), 1) * 255)
    }
  }
  return SpectrogramImage(
    title: title, bands: bands, frames: frames, secondsPerFrame: 30 / Double(frames),
    minimumFrequency: 20, maximumFrequency: 8000, range: 80, levels: Data(levels))
}
