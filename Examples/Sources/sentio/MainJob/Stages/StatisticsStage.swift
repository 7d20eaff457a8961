import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioPipeline
import SentioReport

extension MainJob {
  /// Intervals, paired tests of every two models, and what nothing learned reaches, all on the same test songs.
  func statisticsStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var statistics: PipelineSettings.Statistics
      var seed: UInt64
    }
    let settings = Settings(statistics: self.settings.statistics, seed: self.settings.seed)
    let stages = modelStages
    return try PipelineStage(
      "statistics", "tests the models on the same songs",
      inputs: songInputs + stages.map { .outputs(of: $0.stage) }, settings: settings
    ) { context in
      let (table, split) = try songs(context)
      let training = try table.selecting(split.split.training + split.split.validation)
      let test = try table.selecting(split.split.test)
      let resampling = Resampling(count: settings.statistics.resamples, seed: settings.seed)
      context.note("songs", .integer(test.songs.count))
      var judged: [JudgedModel] = []
      for (stage, models) in stages {
        for model in models {
          try context.checkCancellation()
          judged.append(
            try JudgedModel(
              ModelCard.read(model, from: context.folder(of: stage)), on: test,
              resampling: resampling))
        }
      }
      var statistics = TestStatistics()
      statistics.models = try judged.map { try $0.result(on: test) }
      statistics.baselines = try Baselines.results(
        test: test, training: training, seed: settings.seed)
      statistics.comparisons = try Self.comparisons(judged, test, resampling)
      statistics.conservatism = try judged.map { try $0.conservatism(test, resampling) }
      statistics.chance = try judged.map {
        NamedValue($0.card.title, String(format: "%.4f", try $0.chance(test, resampling)))
      }
      statistics.deployment = try Self.deployment(judged, test, resampling)
      let trees = try EmotionModelFile(
        contentsOf: context.folder(of: "classical").appending(path: "xgboost.sentio"))
      statistics.importance = FeatureShares.shares(of: trees)
      statistics.truth = zip(test.songs, test.points).map {
        LabelledSong(
          id: $0.id, valence: $1.valence, arousal: $1.arousal, genre: $0.genre, title: $0.title,
          artist: $0.artist)
      }
      try StageFile.write(
        statistics, to: context.folder.appending(path: TestStatistics.fileName))
      try LabelTable(
        rows: zip(test.songs, test.points).map { song, point in
          LabelTable.Row(
            id: song.id, label: point, attributes: song.genre.map { ["genre": $0] } ?? [:])
        }, scale: test.scale
      ).write(csv: context.folder.appending(path: "truth.csv"))
    }
  }

  /// The student in both precisions beside its teacher; nil where there is none.
  private static func deployment(
    _ models: [JudgedModel], _ test: LabelledTable, _ resampling: Resampling
  ) throws -> Deployment? {
    let students = models.filter { $0.card.name.hasPrefix("mobilevit") }
    guard let teacher = models.first(where: { $0.card.name == "vit" }), !students.isEmpty else {
      return nil
    }
    return Deployment(
      teacher: try teacher.deployed(teacher: nil, test, resampling),
      students: try students.map {
        try $0.deployed(teacher: teacher, test, resampling)
      }, setting: "one song at a time, from its spectrogram, on the cores of this machine")
  }

  private static func comparisons(
    _ models: [JudgedModel], _ test: LabelledTable, _ resampling: Resampling
  ) throws -> [PairedComparison] {
    let pairs = try PairwiseComparison(
      models: models.map {
        PairwiseComparison.Model(name: $0.card.name, prediction: $0.predictions)
      }, truth: test.points, scale: test.scale, metrics: [.concordanceCorrelation],
      resampling: resampling)
    let titles = Dictionary(uniqueKeysWithValues: models.map { ($0.card.name, $0.card.title) })
    return pairs.pairs.map { pair in
      let difference = pair.comparison.mean[0].difference
      var claimed: String?
      if let first = ReportedModel(rawValue: pair.first),
        let second = ReportedModel(rawValue: pair.second)
      {
        claimed = ReportedModel.claimedMcNemar(first, second)
      }
      return PairedComparison(
        first: titles[pair.first] ?? pair.first, second: titles[pair.second] ?? pair.second,
        cccDifference: Interval(
          estimate: difference.estimate, lower: difference.lower, upper: difference.upper),
        pHolm: pair.correctedProbability(of: .concordanceCorrelation) ?? .nan,
        mcNemarPHolm: pair.correctedQuadrantProbability, claimedP: claimed)
    }
  }
}
