import SentioClassical
import SentioMetrics
import Synchronization
import Testing

@Suite struct SearchTests {
  @Test func foldsHoldOutEachRowOnce() throws {
    for seed in [nil, 1] as [UInt64?] {
      let folds = try Folds(rows: 23, count: 5, seed: seed)
      #expect((0..<5).flatMap(folds.heldOut).sorted() == Array(0..<23))
      #expect((0..<5).map { folds.heldOut($0).count } == [5, 5, 5, 4, 4])
      for fold in 0..<5 {
        #expect(Set(folds.training(fold)).isDisjoint(with: folds.heldOut(fold)))
      }
    }
    #expect(try Folds(rows: 23, seed: nil).heldOut(0) == [0, 1, 2, 3, 4])
    #expect(try Folds(rows: 23, seed: 1) == Folds(rows: 23, seed: 1))
    #expect(try Folds(rows: 23, seed: 1) != Folds(rows: 23, seed: 2))
  }

  @Test func groupsStayTogether() throws {
    let groups = (0..<60).map { "artist\($0 * $0 % 17)" }
    let folds = try Folds(groups: groups, count: 4, seed: 2)
    for group in Set(groups) {
      let own = groups.indices.filter { groups[$0] == group }.map { folds.assignment[$0] }
      #expect(Set(own).count == 1, "\(group) stands in folds \(Set(own))")
    }
    let sizes = (0..<4).map { folds.heldOut($0).count }
    #expect(sizes.reduce(0, +) == 60 && sizes.max()! - sizes.min()! <= 8, "sizes \(sizes)")
  }

  @Test func badFoldsAreNamed() throws {
    #expect(throws: ClassicalError.moreFoldsThanRows(folds: 5, rows: 3)) {
      try Folds(rows: 3, count: 5)
    }
    #expect(throws: ClassicalError.badFold(number: 1, reason: "holds no row")) {
      try Folds(assignment: [0, 2, 2, 0])
    }
    #expect(throws: ClassicalError.badFold(number: -1, reason: "is negative")) {
      try Folds(assignment: [0, 1, -1])
    }
    #expect(throws: ClassicalError.self) { try Folds(assignment: [0, 0]) }
    #expect(throws: ClassicalError.self) { try Folds(assignment: [Int.max, 0]) }
    #expect(throws: ClassicalError.self) { try Folds(rows: 10, count: 1) }
  }

  /// What is shared between candidates must not change what a fit of one fold alone predicts.
  @Test func sharedWorkEqualsSeparateFits() throws {
    let (x, y) = try randomTable(rows: 90, columns: 5, seed: 8)
    let folds = try Folds(rows: 90, count: 3, seed: 4)
    let candidates = [
      Pipeline.Settings(.ridge(.init(alpha: 2))),
      Pipeline.Settings(.supportVector(.init(c: 1, epsilon: 0.05))),
      Pipeline.Settings(.supportVector(.init(c: 30, epsilon: 0.1))),
      Pipeline.Settings(.supportVector(.init(c: 1, epsilon: 0.1, gamma: .value(0.3)))),
      Pipeline.Settings(.boostedTrees(.init(rounds: 12))),
      Pipeline.Settings(.ridge(.init()), selection: .univariateF(count: 2)),
      Pipeline.Settings(.supportVector(.init()), selection: .uncorrelated(limit: 0.2)),
      Pipeline.Settings(.ridge(.init()), selection: .byRidge(count: 3, alpha: 1)),
      Pipeline.Settings(
        .boostedTrees(.init(rounds: 5)), selection: .byTrees(count: 2, .init(rounds: 5))),
    ]
    let shared = try CrossValidation.predictions(x, y, folds: folds, candidates: candidates)
    for (candidate, predictions) in zip(candidates, shared) {
      for fold in 0..<3 {
        let model = try Pipeline(
          x.selectingRows(folds.training(fold)), y.selectingRows(folds.training(fold)),
          settings: candidate)
        let alone = try model.predict(x.selectingRows(folds.heldOut(fold)))
        expectClose(
          folds.heldOut(fold).flatMap { predictions.values[$0 * 2..<$0 * 2 + 2] },
          alone.values, absolute: 1e-6, "\(candidate.algorithm.summary), fold \(fold)")
      }
    }
  }

  @Test func progressCountsEveryFitOnce() throws {
    let (x, y) = try randomTable(rows: 40, columns: 3)
    let candidates =
      Ridge.Settings.reportGrid.map { Pipeline.Settings(.ridge($0)) }
      + [Pipeline.Settings(.supportVector(.init())), .init(.boostedTrees(.init(rounds: 2)))]
    let seen = Mutex<[CrossValidation.Progress]>([])
    _ = try GridSearch(candidates).run(x, y, folds: Folds(rows: 40, count: 4)) { progress in
      seen.withLock { $0.append(progress) }
    }
    let counts = seen.withLock { $0 }
    #expect(counts.last?.completed == 32 && counts.allSatisfy { $0.total == 32 })
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0.completed < $1.completed })
  }

  @Test func theBestOfTiesIsTheFirst() throws {
    let (x, y) = try randomTable(rows: 40, columns: 3)
    let same = Pipeline.Settings(.ridge(.init(alpha: 1)))
    let worse = Pipeline.Settings(.ridge(.init(alpha: 1e9)))
    for metric in [RegressionMetric.coefficientOfDetermination, .meanSquaredError] {
      let result = try GridSearch([worse, same, same], metric: metric).run(
        x, y, folds: Folds(rows: 40))
      #expect(result.best == result.scores[1])
      #expect(result.ranking.last == result.scores[0])
    }
  }

  @Test func gridsHaveTheSizesThatTheirDocumentationStates() {
    #expect(Ridge.Settings.reportGrid.count == 6)
    #expect(Set(SupportVectorRegression.Settings.reportGrid).count == 48)
    #expect(Set(BoostedTrees.Settings.reportGrid).count == 81)
    let random = BoostedTrees.Settings.random(20, seed: 3)
    #expect(Set(random).count == 20 && random[0] == BoostedTrees.Settings())
    #expect(random == BoostedTrees.Settings.random(20, seed: 3))
    for settings in random {
      #expect((0.01...0.2).contains(settings.learningRate))
      #expect((0.001...10).contains(settings.l1Penalty))
    }
  }

  /// A mean of three models with weights from out-of-fold predictions must not lose to the worst, and
  /// exact weights come back where the labels are a mixture of the predictions.
  @Test func averagesAreWeighted() throws {
    let (x, y) = try randomTable(rows: 60, columns: 4)
    let first = try Pipeline(x, y, settings: .init(.ridge(.init())))
    let second = try Pipeline(x, y, settings: .init(.supportVector(.init())))
    let (a, b) = (try first.predict(x), try second.predict(x))
    let mixture = try Targets(
      outputs: y.outputs, values: zip(a.values, b.values).map { 0.3 * $0 + 0.7 * $1 })
    let weights = AveragedRegressor.weights(fitting: [a, b], to: mixture)
    expectClose(weights, [0.3, 0.7, 0.3, 0.7], absolute: 0.02, "weights")
    let average = try AveragedRegressor([first, second], weights: [3, 1, 1, 1])
    let predicted = try average.predict(x)
    for row in 0..<60 {
      expectClose(
        Array(predicted.values[row * 2..<row * 2 + 2]),
        [
          0.75 * a.values[row * 2] + 0.25 * b.values[row * 2],
          0.5 * a.values[row * 2 + 1] + 0.5 * b.values[row * 2 + 1],
        ], absolute: 1e-12)
    }
    #expect(throws: ClassicalError.self) {
      try AveragedRegressor([first, second], weights: [1, -1, 1, 1])
    }
    #expect(throws: ClassicalError.self) { try AveragedRegressor([]) }
  }
}
