/// A weighted mean of models that were fitted to the same columns and outputs.
///
/// Models that err differently cancel part of each other's errors; a mean of a linear, a kernel and a tree
/// model is seldom worse than the best of them.
public struct AveragedRegressor: Regressor, Equatable {
  /// The models.
  public let members: [Pipeline]
  /// The weight of each model, row-major `[K, M]`: one row an output, at least 0, adding up to 1.
  public let weights: [Double]

  /// Creates a mean of models.
  ///
  /// - Parameters:
  ///   - members: the models, at least one, with the same columns and outputs in the same order.
  ///   - weights: row-major `[K, M]`, not negative, each row with a positive sum, which is scaled to 1;
  ///     nil for equal weights.
  /// - Throws: ``ClassicalError`` where columns or outputs differ or weights are not such.
  public init(_ members: [Pipeline], weights: [Double]? = nil) throws {
    guard let first = members.first else {
      throw ClassicalError.invalidSetting(
        name: "members of an average", value: "0", expected: "at least 1")
    }
    for member in members.dropFirst() {
      for (mine, theirs) in [(first.columns, member.columns), (first.outputs, member.outputs)]
      where mine != theirs {
        throw ClassicalError.columnsDiffer(
          missing: mine.filter { !theirs.contains($0) },
          extra: theirs.filter { !mine.contains($0) })
      }
    }
    let count = members.count
    let given = weights ?? [Double](repeating: 1, count: count * first.outputs.count)
    guard given.count == count * first.outputs.count else {
      throw ClassicalError.lengthMismatch(
        what: "weights of \(count) models and \(first.outputs.count) outputs",
        expected: count * first.outputs.count, found: given.count)
    }
    self.members = members
    self.weights = try stride(from: 0, to: given.count, by: count).flatMap { start in
      let row = given[start..<start + count]
      let sum = row.reduce(0, +)
      guard row.allSatisfy({ $0 >= 0 && $0.isFinite }), sum > 0, sum.isFinite else {
        throw ClassicalError.invalidSetting(
          name: "weights of an average", value: "\(Array(row))",
          expected: "numbers of at least 0 with a positive sum")
      }
      // Weights that add up to 1 stay as they are, so that a model read from a file is the one written.
      return abs(sum - 1) < 1e-12 ? Array(row) : row.map { $0 / sum }
    }
  }

  /// The weights that would have served best: not negative, with the least squared error.
  ///
  /// The predictions must come from ``CrossValidation/predictions(_:_:folds:candidates:progress:)``:
  /// predictions of rows that a model was trained on favour whatever memorizes them.
  ///
  /// - Parameters:
  ///   - predictions: one a model, all of the same rows.
  ///   - targets: the labels of those rows.
  /// - Returns: row-major `[K, M]`; each row adds up to 1, or is equal where no model helps.
  public static func weights(
    fitting predictions: [Predictions], to targets: Targets
  ) -> [Double] {
    let count = predictions.count
    return (0..<targets.outputCount).flatMap { output -> [Double] in
      let truth = targets.column(output)
      let mean = truth.reduce(0, +) / Double(max(1, truth.count))
      let series = predictions.map { $0.column(output).map { $0 - mean } }
      let centered = truth.map { $0 - mean }
      precondition(
        series.allSatisfy { $0.count == centered.count }, "predictions of other rows than labels")
      func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let gram = series.map { row in series.map { dot(row, $0) } }
      let cross = series.map { dot($0, centered) }
      var weights = [Double](repeating: 1 / Double(max(1, count)), count: count)
      // Coordinate descent on a convex quadratic: each step is the exact minimum along one weight.
      for _ in 0..<2000 {
        var change = 0.0
        for i in 0..<count where gram[i][i] > 0 {
          var rest = cross[i]
          for j in 0..<count where j != i { rest -= gram[i][j] * weights[j] }
          let next = max(0, rest / gram[i][i])
          change = max(change, (next - weights[i]).magnitude)
          weights[i] = next
        }
        if change < 1e-12 { break }
      }
      let sum = weights.reduce(0, +)
      return sum > 0
        ? weights.map { $0 / sum } : [Double](repeating: 1 / Double(count), count: count)
    }
  }

  /// The names of all features that a table must have.
  public var columns: [String] { members[0].columns }
  /// The names of the outputs.
  public var outputs: [String] { members[0].outputs }
  /// The numbers of all members and the weights.
  public var parameterCount: Int {
    members.reduce(weights.count) { $0 + $1.parameterCount }
  }
  /// One phrase for a report.
  public var summary: String {
    "mean of " + members.map { "[\($0.summary)]" }.joined(separator: ", ")
  }

  /// Predicts rows whose columns stand in the model's order; see ``Regressor``.
  public func predict(features: [Float]) throws -> [Double] {
    let count = outputs.count
    var result = [Double](repeating: 0, count: features.count / columns.count * count)
    for (index, member) in members.enumerated() {
      let predicted = try member.predict(features: features)
      for place in result.indices {
        result[place] += weights[place % count * members.count + index] * predicted[place]
      }
    }
    return result
  }
}
