import SentioMetrics

/// The labels of a table's rows: one value per row and output, all finite and on their scale.
///
/// Shapes: `values` is `[N, K]`, row-major, with `K` outputs; valence first, arousal second where
/// they are made from `ValenceArousal`.
public struct Targets: Sendable, Hashable {
  /// The names of the outputs, such as `valence` and `arousal`.
  public let outputs: [String]
  /// The labels, row-major, `[N, K]`.
  public let values: [Double]
  /// The scale that every label lies on, where they have one.
  public let scale: EmotionScale?

  /// Creates labels from their parts.
  ///
  /// - Parameters:
  ///   - outputs: the names of the outputs; at least one.
  ///   - values: the labels, row-major.
  ///   - scale: the interval that labels must lie in, or nil where any finite number will do.
  ///   - rows: the identity of each row, for messages; its number by default.
  /// - Throws: ``ClassicalError`` where a label is not finite or outside the scale, with its row
  ///   and output, or the counts disagree.
  public init(
    outputs: [String], values: [Double], scale: EmotionScale? = nil, rows: [String]? = nil
  ) throws {
    guard !outputs.isEmpty, values.count % outputs.count == 0,
      rows == nil || rows!.count * outputs.count == values.count
    else {
      throw ClassicalError.lengthMismatch(
        what: "labels of \(outputs.count) outputs",
        expected: (rows?.count ?? values.count / max(1, outputs.count)) * outputs.count,
        found: values.count)
    }
    for (place, value) in values.enumerated() {
      let row = place / outputs.count
      let output = outputs[place % outputs.count]
      guard value.isFinite else {
        throw ClassicalError.nonFiniteLabel(row: rows?[row] ?? String(row), output: output)
      }
      if let scale, value < scale.lower || value > scale.upper {
        throw ClassicalError.labelOutOfRange(
          row: rows?[row] ?? String(row), output: output, value: value, lower: scale.lower,
          upper: scale.upper)
      }
    }
    self.outputs = outputs
    self.values = values
    self.scale = scale
  }

  /// Creates the labels `valence` and `arousal` from points, on the scale of the first.
  ///
  /// - Parameters:
  ///   - points: one a row; at least one. Points on another scale are converted.
  ///   - rows: the identity of each row, for messages; its number by default.
  /// - Throws: ``ClassicalError`` where a label is not finite or outside the scale, or there is none.
  public init(_ points: [ValenceArousal], rows: [String]? = nil) throws {
    guard let scale = points.first?.scale else {
      throw ClassicalError.tooFewRows(task: "a set of labels", needed: 1, found: 0)
    }
    try self.init(
      outputs: ["valence", "arousal"],
      values: points.flatMap { point in
        let same = point.on(scale)
        return [same.valence, same.arousal]
      }, scale: scale, rows: rows)
  }

  /// The number of rows, `N`.
  public var rowCount: Int { values.count / outputs.count }
  /// The number of outputs, `K`.
  public var outputCount: Int { outputs.count }

  /// The labels of one output, one a row.
  public func column(_ output: Int) -> [Double] {
    strided(values, column: output, of: outputCount)
  }

  /// The labels at the given rows, in that order.
  public func selectingRows(_ indices: [Int]) -> Targets {
    Targets(
      unchecked: outputs,
      values: indices.flatMap { values[$0 * outputCount..<($0 + 1) * outputCount] }, scale: scale)
  }

  private init(unchecked outputs: [String], values: [Double], scale: EmotionScale?) {
    self.outputs = outputs
    self.values = values
    self.scale = scale
  }
}

/// What a model says about the rows of a table.
public struct Predictions: Sendable, Hashable {
  /// The identity of each row, as the table had it.
  public let rows: [String]
  /// The names of the outputs.
  public let outputs: [String]
  /// The predictions, row-major, `[N, K]`.
  public let values: [Double]

  /// Creates predictions from their parts; the counts must agree.
  public init(rows: [String], outputs: [String], values: [Double]) {
    precondition(
      values.count == rows.count * outputs.count,
      "\(values.count) predictions for \(rows.count) rows of \(outputs.count) outputs")
    self.rows = rows
    self.outputs = outputs
    self.values = values
  }

  /// The predictions of one output, one a row.
  public func column(_ output: Int) -> [Double] {
    strided(values, column: output, of: outputs.count)
  }

  /// The predictions as points of the plane.
  ///
  /// A regression may leave the scale by a little; the values stand as they were predicted.
  ///
  /// - Parameter scale: the scale that the model was trained on.
  /// - Returns: one point a row.
  /// - Throws: ``ClassicalError/columnsDiffer(missing:extra:)`` where the outputs are not `valence`
  ///   and `arousal`.
  public func points(scale: EmotionScale) throws -> [ValenceArousal] {
    guard let valence = outputs.firstIndex(of: "valence"),
      let arousal = outputs.firstIndex(of: "arousal")
    else {
      throw ClassicalError.columnsDiffer(
        missing: ["valence", "arousal"].filter { !outputs.contains($0) },
        extra: outputs.filter { $0 != "valence" && $0 != "arousal" })
    }
    return rows.indices.map { row in
      ValenceArousal(
        valence: values[row * outputs.count + valence],
        arousal: values[row * outputs.count + arousal], scale: scale)
    }
  }
}

/// Every `count`-th value from `column` on: one column of a row-major table.
func strided(_ values: [Double], column: Int, of count: Int) -> [Double] {
  precondition(column >= 0 && column < count, "column \(column) of \(count)")
  return stride(from: column, to: values.count, by: count).map { values[$0] }
}
