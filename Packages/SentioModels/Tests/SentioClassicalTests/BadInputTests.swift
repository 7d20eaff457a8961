import SentioClassical
import SentioMetrics
import Testing

/// What a table, a label file or a setting can do wrong must name the culprit.
@Suite struct BadInputTests {
  static let algorithms: [Algorithm] = [
    .ridge(.init()), .supportVector(.init()), .boostedTrees(.init(rounds: 3)),
  ]

  private func replacing(_ design: Design, row: Int, column: Int, by value: Float) throws -> Design
  {
    var values = design.values
    values[row * design.columnCount + column] = value
    return try Design(rows: design.rows, columns: design.columns, values: values)
  }

  @Test(arguments: algorithms, [Float.nan, .infinity, -.infinity])
  func aFeatureThatIsNotFinite(algorithm: Algorithm, value: Float) throws {
    let (x, y) = try randomTable(rows: 12, columns: 3)
    let broken = try replacing(x, row: 7, column: 2, by: value)
    func namesIt(_ error: any Error) -> Bool {
      guard case ClassicalError.nonFiniteFeature("song7", "f2", _) = error else { return false }
      return true
    }
    #expect {
      try Pipeline(broken, y, settings: .init(algorithm))
    } throws: {
      namesIt($0)
    }
    let model = try Pipeline(x, y, settings: .init(algorithm))
    #expect {
      try model.predict(broken)
    } throws: {
      namesIt($0)
    }
  }

  @Test(arguments: algorithms) func constantColumns(algorithm: Algorithm) throws {
    let (x, y) = try randomTable(rows: 20, columns: 4)
    var constant = x
    for row in 0..<20 {
      constant = try replacing(constant, row: row, column: 1, by: 3)
      constant = try replacing(constant, row: row, column: 3, by: 0)
    }
    #expect(throws: ClassicalError.constantColumns(["f1", "f3"])) {
      try Pipeline(constant, y, settings: .init(algorithm))
    }
    let model = try Pipeline(
      constant, y, settings: .init(algorithm, constantColumns: .drop))
    #expect(model.selectedColumns == ["f0", "f2"])
    let reference = try Pipeline(
      x.selectingColumns(["f0", "f2"], ignoringOthers: true), y, settings: .init(algorithm))
    expectClose(
      try model.predict(constant).values,
      try reference.predict(x.selectingColumns(["f0", "f2"], ignoringOthers: true)).values,
      absolute: 1e-9, "a model of the two columns that vary")
  }

  @Test(arguments: algorithms) func oneSong(algorithm: Algorithm) throws {
    let (x, y) = try randomTable(rows: 1, columns: 3)
    #expect(throws: ClassicalError.tooFewRows(task: "a fit", needed: 2, found: 1)) {
      try Pipeline(x, y, settings: .init(algorithm))
    }
    #expect(throws: ClassicalError.moreFoldsThanRows(folds: 5, rows: 1)) { try Folds(rows: 1) }
  }

  @Test(arguments: algorithms) func predictingNoSongIsNoSong(algorithm: Algorithm) throws {
    let (x, y) = try randomTable(rows: 12, columns: 3)
    let model = try Pipeline(x, y, settings: .init(algorithm))
    #expect(try model.predict(x.selectingRows([])).values.isEmpty)
  }

  @Test func labelsOutsideTheirScale() {
    #expect(
      throws: ClassicalError.labelOutOfRange(
        row: "song2", output: "arousal", value: 9.5, lower: 1, upper: 9)
    ) {
      try Targets(
        [
          ValenceArousal(valence: 5, arousal: 5, scale: .deam1to9),
          ValenceArousal(valence: 5, arousal: 9.5, scale: .deam1to9),
        ], rows: ["song1", "song2"])
    }
    #expect(throws: ClassicalError.nonFiniteLabel(row: "1", output: "v")) {
      try Targets(outputs: ["v"], values: [0, .nan])
    }
    #expect(throws: ClassicalError.self) { try Targets([]) }
    #expect(throws: ClassicalError.self) { try Targets(outputs: ["v", "a"], values: [1, 2, 3]) }
  }

  @Test func tablesThatDoNotFit() throws {
    #expect(throws: ClassicalError.duplicateColumn("a")) {
      try Design(rows: ["1"], columns: ["a", "b", "a"], values: [1, 2, 3])
    }
    #expect(throws: ClassicalError.self) {
      try Design(rows: ["1"], columns: ["a", "b"], values: [1])
    }
    #expect(throws: ClassicalError.self) { try Design(rows: [], columns: [], values: []) }
    let (x, y) = try randomTable(rows: 12, columns: 3)
    #expect(throws: ClassicalError.self) {
      try Ridge(x, y.selectingRows(Array(0..<11)))
    }
  }

  @Test func columnsOfAnotherTable() throws {
    let (x, y) = try randomTable(rows: 12, columns: 3)
    let model = try Pipeline(x, y, settings: .init(.ridge(.init())))
    let other = try Design(
      rows: x.rows, columns: ["f2", "tempo", "f0"], values: x.values)
    #expect(throws: ClassicalError.columnsDiffer(missing: ["f1"], extra: ["tempo"])) {
      try model.predict(other)
    }
    let error = ClassicalError.columnsDiffer(missing: ["f1"], extra: ["tempo"])
    #expect(
      error.description == "the table's columns are not the model's: missing \"f1\"; "
        + "not known to the model \"tempo\"")
  }

  @Test func columnsInAnotherOrder() throws {
    let (x, y) = try randomTable(rows: 12, columns: 3)
    let model = try Pipeline(x, y, settings: .init(.ridge(.init())))
    let turned = try x.selectingColumns(["f2", "f0", "f1"])
    #expect(try model.predict(turned) == model.predict(x))
  }

  @Test func dependentColumnsWithoutAPenalty() throws {
    let (x, y) = try randomTable(rows: 30, columns: 3)
    var values: [Float] = []
    for row in 0..<30 {
      values += x.values[row * 3..<row * 3 + 3]
      values.append(2 * x.values[row * 3 + 1])
    }
    let doubled = try Design(rows: x.rows, columns: x.columns + ["copy"], values: values)
    #expect(throws: ClassicalError.singularSystem(column: "copy", alpha: 0)) {
      try Ridge(doubled, y, settings: .init(alpha: 0))
    }
    #expect(throws: ClassicalError.self) {
      try Ridge(x.selectingRows([0, 1]), y.selectingRows([0, 1]), settings: .init(alpha: 0))
    }
    _ = try Ridge(doubled, y, settings: .init(alpha: 0.001))
  }

  static let badSettings: [Algorithm] = [
    .ridge(.init(alpha: -1)), .ridge(.init(alpha: .nan)), .supportVector(.init(c: 0)),
    .supportVector(.init(epsilon: -0.1)), .supportVector(.init(gamma: .value(0))),
    .supportVector(.init(c: .infinity)), .supportVector(.init(tolerance: 0)),
    .boostedTrees(.init(rounds: 0)), .boostedTrees(.init(maximumDepth: 65)),
    .boostedTrees(.init(learningRate: 1.5)), .boostedTrees(.init(rowFraction: 0)),
    .boostedTrees(.init(columnFraction: .nan)), .boostedTrees(.init(l1Penalty: -1)),
    .boostedTrees(.init(splits: .histogram(bins: 1))),
    .boostedTrees(.init(earlyStopping: .init(holdoutFraction: 1))),
  ]

  @Test(arguments: badSettings) func settingsOutOfRange(algorithm: Algorithm) throws {
    let (x, y) = try randomTable(rows: 12, columns: 3)
    #expect {
      try Pipeline(x, y, settings: .init(algorithm))
    } throws: {
      if case ClassicalError.invalidSetting = $0 { return true }
      return false
    }
  }

  @Test func aFoldOfOneRowCannotBeScored() throws {
    let (x, y) = try randomTable(rows: 6, columns: 2)
    #expect(throws: ClassicalError.self) {
      try GridSearch([.init(.ridge(.init()))]).run(x, y, folds: Folds(rows: 6, count: 6))
    }
  }
}
