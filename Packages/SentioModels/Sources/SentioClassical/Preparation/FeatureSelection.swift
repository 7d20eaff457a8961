/// A rule that keeps some columns of a table, learned from training rows only.
public enum FeatureSelection: Hashable, Sendable, Codable {
  /// Every column.
  case all
  /// The `count` columns with the largest F statistic of a straight line, averaged over the outputs.
  ///
  /// *Reference:* scikit-learn 1.9 `f_regression` for each output.
  case univariateF(count: Int)
  /// Columns in the order of their F statistic, less those whose correlation with a kept one is
  /// larger than `limit` (0 to 1) in size.
  case uncorrelated(limit: Double)
  /// The `count` columns with the largest coefficients of a ridge on standardized columns.
  case byRidge(count: Int, alpha: Double)
  /// The `count` columns with the largest total gain in boosted trees, averaged over the outputs.
  case byTrees(count: Int, BoostedTrees.Settings)

  func validate() throws {
    func positive(_ count: Int) throws {
      guard count >= 1 else {
        throw ClassicalError.invalidSetting(
          name: "count of selected columns", value: String(count), expected: "at least 1")
      }
    }
    switch self {
    case .all: break
    case .univariateF(let count): try positive(count)
    case .uncorrelated(let limit):
      guard limit >= 0, limit <= 1 else {
        throw ClassicalError.invalidSetting(
          name: "limit of correlation", value: String(limit), expected: "0 to 1")
      }
    case .byRidge(let count, let alpha):
      try positive(count)
      try Ridge.Settings(alpha: alpha).validate()
    case .byTrees(let count, let settings):
      try positive(count)
      try settings.validate()
    }
  }

  /// The columns to keep, in the order of the table; ties go to the earlier column.
  func select(_ x: Matrix, _ y: Matrix, columns: [String]) throws -> [Int] {
    switch self {
    case .all: return Array(0..<x.columns)
    case .univariateF(let count):
      return Self.largest(count, of: Self.fStatistics(x, y))
    case .uncorrelated(let limit):
      return Self.withoutRedundant(x, order: Self.ranking(Self.fStatistics(x, y)), limit: limit)
    case .byRidge(let count, let alpha):
      let ridge = try Ridge(
        StandardScaler(x).transform(x), y, columns: columns,
        outputs: (0..<y.columns).map(String.init), settings: Ridge.Settings(alpha: alpha))
      let sizes = (0..<x.columns).map { column in
        (0..<y.columns).reduce(0.0) {
          $0 + ridge.coefficients[$1 * x.columns + column].magnitude
        }
      }
      return Self.largest(count, of: sizes)
    case .byTrees(let count, let settings):
      let trees = try BoostedTrees(
        x.values.map(Float.init), y, columns: columns,
        outputs: (0..<y.columns).map(String.init), settings: settings)
      var gains = [Double](repeating: 0, count: x.columns)
      for ensemble in trees.ensembles {
        let total = ensemble.gains.reduce(0.0) { $0 + Double($1) }
        for node in 0..<ensemble.nodeCount where ensemble.features[node] >= 0 && total > 0 {
          gains[Int(ensemble.features[node])] += Double(ensemble.gains[node]) / total
        }
      }
      return Self.largest(count, of: gains)
    }
  }

  /// `F = r² / (1 - r²) · (N - 2)` for each column, averaged over outputs; 0 where a series is constant.
  static func fStatistics(_ x: Matrix, _ y: Matrix) -> [Double] {
    let table = CenteredTable(x, y)
    let moments = table.moments(0..<x.rows)
    let width = x.columns + y.columns
    return (0..<x.columns).map { column in
      var sum = 0.0
      for output in 0..<y.columns {
        let place = x.columns + output
        let variance = moments.products[column * width + column]
        let spread = moments.products[place * width + place]
        let covariance = moments.products[column * width + place]
        guard variance > 0, spread > 0 else { continue }
        let squared = min(1, covariance * covariance / (variance * spread))
        sum += squared / max(1 - squared, Double.ulpOfOne) * Double(x.rows - 2)
      }
      return sum / Double(y.columns)
    }
  }

  private static func ranking(_ scores: [Double]) -> [Int] {
    scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
  }

  private static func largest(_ count: Int, of scores: [Double]) -> [Int] {
    ranking(scores).prefix(count).sorted()
  }

  private static func withoutRedundant(_ x: Matrix, order: [Int], limit: Double) -> [Int] {
    let table = CenteredTable(x, Matrix(zeros: x.rows, 0))
    let products = table.moments(0..<x.rows).products
    var kept: [Int] = []
    for column in order {
      let variance = products[column * x.columns + column]
      let redundant = kept.contains { other in
        let scale = (variance * products[other * x.columns + other]).squareRoot()
        return scale > 0 && products[column * x.columns + other].magnitude > limit * scale
      }
      if !redundant { kept.append(column) }
    }
    return kept.sorted()
  }
}
