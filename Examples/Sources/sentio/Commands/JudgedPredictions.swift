import Foundation
import SentioData
import SentioMetrics

/// A table of predictions beside the labels of the same songs.
struct JudgedPredictions {
  let name: String
  let ids: [String]
  let predictions: [ValenceArousal]
  let truth: [ValenceArousal]
  let scale: EmotionScale

  /// Joins predictions with labels by id.
  ///
  /// Every predicted song needs a label, else a typing error in an id would quietly shrink the test
  /// set. Labels without a prediction are allowed: a truth file may cover more songs than were tested.
  init(predictions file: String, truth: LabelTable, truthFile: String) throws {
    let url = URL(filePath: file)
    // Predictions that don't name their scale are taken to be on that of the labels.
    let header = try DelimitedTable(
      contentsOf: url, options: DelimitedTable.Options(separator: .automatic)
    ).header
    let table = try PredictionTable(
      csv: url, scale: header.contains("scale") ? .inferred : .known(truth.scale))
    guard !table.rows.isEmpty else {
      throw CommandError("\(file): no predictions; the table has a header and nothing else")
    }
    let labels = Dictionary(uniqueKeysWithValues: truth.rows.map { ($0.id, $0.label) })
    let unknown = table.rows.filter { labels[$0.id] == nil }.map(\.id)
    guard unknown.isEmpty else {
      throw CommandError(
        "\(file): \(unknown.count) of \(table.rows.count) songs have no label in \(truthFile): "
          + unknown.prefix(5).joined(separator: ", ") + (unknown.count > 5 ? ", …" : "")
          + ". The ids of both files must agree.")
    }
    name = url.deletingPathExtension().lastPathComponent
    ids = table.rows.map(\.id)
    predictions = table.rows.map { $0.prediction.on(truth.scale) }
    self.truth = table.rows.map { labels[$0.id]! }
    scale = truth.scale
  }
}

extension RegressionMetric {
  /// The metric's key in JSON.
  var key: String {
    switch self {
    case .concordanceCorrelation: "ccc"
    case .pearsonCorrelation: "pearson"
    case .spearmanCorrelation: "spearman"
    case .kendallCorrelation: "kendall"
    case .coefficientOfDetermination: "r2"
    case .meanSquaredError: "mse"
    case .rootMeanSquaredError: "rmse"
    case .meanAbsoluteError: "mae"
    case .meanError: "bias"
    case .predictionSlope: "slope"
    }
  }
}
