import SentioBLAS
import Synchronization

/// Counts fits from several threads and reports them one at a time.
final class ProgressCounter: Sendable {
  private let total: Int
  private let report: (@Sendable (CrossValidation.Progress) -> Void)?
  private let completed = Mutex(0)

  init(total: Int, report: (@Sendable (CrossValidation.Progress) -> Void)?) {
    self.total = total
    self.report = report
  }

  func add(_ count: Int = 1) {
    guard let report else { return }
    completed.withLock {
      $0 += count
      report(CrossValidation.Progress(completed: $0, total: total))
    }
  }
}

/// One cross-validation: its table, and the ways that share work between candidates.
///
/// Matrix products run between the parallel sections and never inside them, so that one pool of threads is
/// at work at a time.
struct CrossValidationRun {
  let x: Matrix
  let y: Matrix
  let columns: [String]
  let outputs: [String]
  let folds: Folds
  let candidates: [Pipeline.Settings]
  let counter: ProgressCounter

  /// From this many alphas on, one eigendecomposition a fold is cheaper than a Cholesky for each.
  static let eigenLimit = 32

  /// For each candidate the predictions of all rows, `[N, K]`.
  func predictions() throws -> [Matrix] {
    var results = [Matrix](
      repeating: Matrix(zeros: x.rows, y.columns), count: candidates.count)
    var rest: [Int] = []
    var ridges: [Bool: [Int]] = [:]
    for (index, candidate) in candidates.enumerated() {
      if sharesGram(candidate) {
        ridges[candidate.standardizes, default: []].append(index)
      } else {
        rest.append(index)
      }
    }
    for standardizes in [false, true] {
      if let group = ridges[standardizes] {
        try predictRidges(group, standardizes: standardizes, into: &results)
      }
    }
    try predictPrepared(rest, into: &results)
    return results
  }

  // MARK: Ridge: one Gram matrix for all folds and alphas

  private func sharesGram(_ candidate: Pipeline.Settings) -> Bool {
    guard case .ridge(let settings) = candidate.algorithm else { return false }
    let smallest = x.rows - (0..<folds.count).map { folds.heldOut($0).count }.max()!
    return settings.fitsIntercept && candidate.selection == .all
      && candidate.constantColumns == .reject && x.columns <= smallest
  }

  private func predictRidges(
    _ group: [Int], standardizes: Bool, into results: inout [Matrix]
  ) throws {
    let alphas = group.map { index -> Double in
      guard case .ridge(let settings) = candidates[index].algorithm else { return .nan }
      return settings.alpha
    }
    let heldOut = (0..<folds.count).map(folds.heldOut)
    let order = heldOut.flatMap { $0 }
    let table = CenteredTable(x.selectingRows(order), y.selectingRows(order))
    var start = 0
    let ranges = heldOut.map { rows -> Range<Int> in
      defer { start += rows.count }
      return start..<(start + rows.count)
    }
    // Each fold's product on one thread: a pool that the products wake would spin on the cores that
    // the folds' factorizations need next.
    let parts = parallelMap(ranges.count) { fold in
      BLASRuntime.onOneThread { table.moments(ranges[fold]) }
    }
    let all = parts.dropFirst().reduce(parts[0], +)
    let systems = parallelMap(folds.count) { fold in
      RidgeSystem(
        all - parts[fold], origin: table.origin, featureCount: x.columns,
        outputCount: y.columns, standardizes: standardizes)
    }
    let solutions: [RidgeSolution]
    if alphas.count < Self.eigenLimit {
      solutions = try parallelMap(folds.count * alphas.count) { task in
        try systems[task / alphas.count].solve(
          alpha: alphas[task % alphas.count], columns: columns)
      }
    } else {
      solutions = try systems.flatMap { try $0.solve(alphas: alphas, columns: columns) }
    }
    for fold in 0..<folds.count {
      predictRidges(
        Array(solutions[fold * alphas.count..<(fold + 1) * alphas.count]), table, ranges[fold],
        rows: heldOut[fold], group, into: &results)
      counter.add(group.count)
    }
  }

  /// One matrix product for all alphas of a fold.
  private func predictRidges(
    _ solutions: [RidgeSolution], _ table: CenteredTable, _ range: Range<Int>, rows: [Int],
    _ group: [Int], into results: inout [Matrix]
  ) {
    let width = table.joined.columns
    let outputCount = y.columns
    let weights = solutions.flatMap(\.coefficients)  // [alphas · K, D]
    let count = solutions.count * outputCount
    var products = [Double](repeating: 0, count: range.count * count)
    table.joined.values.withUnsafeBufferPointer { z in
      products.withUnsafeMutableBufferPointer { product in
        BLASRuntime.onOneThread {
          BLAS.gemm(
            z.baseAddress! + range.lowerBound * width, weights, into: product.baseAddress!,
            m: range.count, n: count, k: x.columns, transposeB: true, leadingA: width)
        }
      }
    }
    for (place, index) in group.enumerated() {
      for output in 0..<outputCount {
        // The table's features are centered about the origin: put their mean back.
        var shift = solutions[place].intercepts[output]
        for j in 0..<x.columns {
          shift += solutions[place].coefficients[output * x.columns + j] * table.origin[j]
        }
        for (i, row) in rows.enumerated() {
          results[index].values[row * outputCount + output] =
            products[i * count + place * outputCount + output] + shift
        }
      }
    }
  }

  // MARK: Everything else: one preparation for all candidates that prepare alike

  private struct PreparationKey: Hashable {
    var selection: FeatureSelection
    var standardizes: Bool
    var constantColumns: Pipeline.ConstantColumns

    init(_ settings: Pipeline.Settings) {
      selection = settings.selection
      standardizes = settings.standardizes
      constantColumns = settings.constantColumns
    }
  }

  private struct Prepared: Sendable {
    var fold: Int
    var columns: [String]
    var training: Matrix
    var labels: Matrix
    var heldOut: Matrix
  }

  private func predictPrepared(_ rest: [Int], into results: inout [Matrix]) throws {
    var groups: [(key: PreparationKey, members: [Int])] = []
    for index in rest {
      let key = PreparationKey(candidates[index])
      if let place = groups.firstIndex(where: { $0.key == key }) {
        groups[place].members.append(index)
      } else {
        groups.append((key, [index]))
      }
    }
    for group in groups {
      let sets = try (0..<folds.count).map { fold -> Prepared in
        let training = x.selectingRows(folds.training(fold))
        let labels = y.selectingRows(folds.training(fold))
        let preparation = try Preparation(
          training, labels, columns: columns, settings: candidates[group.members[0]])
        return Prepared(
          fold: fold, columns: preparation.selected.map { columns[$0] },
          training: preparation.apply(training), labels: labels,
          heldOut: preparation.apply(x.selectingRows(folds.heldOut(fold))))
      }
      let kernels = group.members.filter {
        if case .supportVector = candidates[$0].algorithm { return true }
        return false
      }
      for set in sets { try predictKernels(kernels, set, into: &results) }
      try predictTrees(group.members, sets, into: &results)
      for index in group.members {
        guard case .ridge = candidates[index].algorithm else { continue }
        for set in sets {
          let fitted = try candidates[index].algorithm.fit(
            set.training, set.labels, columns: set.columns, outputs: outputs)
          store(fitted.predict(set.heldOut), set.fold, &results[index])
          counter.add()
        }
      }
    }
  }

  private func store(_ predicted: Matrix, _ fold: Int, _ result: inout Matrix) {
    for (i, row) in folds.heldOut(fold).enumerated() {
      for k in 0..<y.columns {
        result.values[row * y.columns + k] = predicted.values[i * y.columns + k]
      }
    }
  }

  private func predictKernels(
    _ members: [Int], _ set: Prepared, into results: inout [Matrix]
  ) throws {
    guard !members.isEmpty else { return }
    let products =
      set.training.rows <= KernelProblem.precomputedLimit ? RowProducts(set.training) : nil
    let across = RowProducts(set.heldOut, set.training)
    var groups: [(gamma: Double, members: [(Int, SupportVectorRegression.Settings)])] = []
    for index in members {
      guard case .supportVector(let settings) = candidates[index].algorithm else { continue }
      let gamma = settings.gamma.resolve(set.training)
      if let place = groups.firstIndex(where: { $0.gamma == gamma }) {
        groups[place].members.append((index, settings))
      } else {
        groups.append((gamma, [(index, settings)]))
      }
    }
    for (gamma, members) in groups {
      let problem = KernelProblem(set.training, products: products, gamma: gamma)
      let counter = counter
      let labels = (0..<y.columns).map(set.labels.column)
      // The most expensive settings first, so that no core waits for the last one.
      let order = members.indices.sorted { members[$0].1.c > members[$1].1.c }
      let solutions = try parallelMap(order.count * labels.count) { task in
        let settings = members[order[task / labels.count]].1
        let output = task % labels.count
        let solution = try problem.solve(
          labels[output], c: settings.c, epsilon: settings.epsilon,
          tolerance: settings.tolerance)
        if output == labels.count - 1 { counter.add() }
        return solution
      }
      // [M, settings · K]: one pass over the kernel values serves every setting
      let count = solutions.count
      var weights = [Double](repeating: 0, count: set.training.rows * count)
      for (task, solution) in solutions.enumerated() {
        for row in 0..<set.training.rows {
          weights[row * count + task] = solution.weights[row]
        }
      }
      let sums = across.kernelTimes(weights, outputs: count, gamma: gamma)
      for (place, member) in order.enumerated() {
        var predicted = Matrix(zeros: set.heldOut.rows, labels.count)
        for row in 0..<predicted.rows {
          for k in labels.indices {
            let task = place * labels.count + k
            predicted.values[row * labels.count + k] =
              sums.values[row * count + task] + solutions[task].shift
          }
        }
        store(predicted, set.fold, &results[members[member].0])
      }
    }
  }

  private func predictTrees(
    _ members: [Int], _ sets: [Prepared], into results: inout [Matrix]
  ) throws {
    let trees = members.compactMap { index -> (Int, BoostedTrees.Settings)? in
      guard case .boostedTrees(let settings) = candidates[index].algorithm else { return nil }
      return (index, settings)
    }
    let (counter, outputs) = (counter, outputs)
    let predicted = try parallelMap(trees.count * sets.count) { task in
      let set = sets[task % sets.count]
      let model = try BoostedTrees(
        set.training.values.map(Float.init), set.labels, columns: set.columns,
        outputs: outputs, settings: trees[task / sets.count].1)
      counter.add()
      return Matrix(
        rows: set.heldOut.rows, columns: outputs.count,
        values: model.predictions(set.heldOut.values.map(Float.init)))
    }
    for (task, matrix) in predicted.enumerated() {
      store(matrix, sets[task % sets.count].fold, &results[trees[task / sets.count].0])
    }
  }
}
