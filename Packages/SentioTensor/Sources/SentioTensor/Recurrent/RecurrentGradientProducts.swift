import CSentioTensorKernels
import SentioBLAS

/// The products over all steps of all sequences at once.
///
/// They are the package's own, not a library's: the tiles of the sequences' products do for these too, in
/// single precision as fast as oneDNN's, and in bfloat16 and in every build.
extension RecurrentPass {
  /// Rows of the gradients: one for each sequence and step.
  private var rowCount: Int { extents.batch * extents.steps }

  /// `[N, L, D]`: the gradients of the sums times the weights of the inputs, both directions at once.
  func inputGradient(_ gates: Tensor) -> Tensor {
    let result = Tensor(uninitialized: x.shape)
    guard extents.inputs > 0 else { return result }
    let panels = directions.map { $0.inputBackPanels(cell, narrow: narrow) }
    func work(_ rows: Range<Int>) -> sentio_recurrent_input_gradient {
      sentio_recurrent_input_gradient(
        instructions: instructions, narrow: narrow ? 1 : 0, begin: rows.lowerBound,
        end: rows.upperBound, directions: panels.count, sums: sums, columns: extents.inputs,
        gates: gates.storage.pointer, gates_row: panels.count * sums,
        panels: (UnsafePointer(panels[0].pointer), panels.last.map { UnsafePointer($0.pointer) }),
        out: result.storage.pointer)
    }
    var whole = work(0..<rowCount)
    let size = paddedUnits(sentio_recurrent_input_gradient_scratch(&whole))
    let workers = min(BLASRuntime.threadCount, (rowCount + 127) / 128)
    let memory = Tensor(uninitialized: [workers, size])
    let cost = rowCount * panels.count * sums * extents.inputs / 16 / workers
    ParallelLoop.run(workers, cost: cost) { range in
      for worker in range {
        var work = work(rowCount * worker / workers..<rowCount * (worker + 1) / workers)
        sentio_recurrent_input_gradient(&work, memory.storage.pointer + worker * size)
      }
    }
    withExtendedLifetime((panels, gates, memory)) {}
    return result
  }

  /// A gradient of weights: which sums, and what entered them.
  private struct Product {
    let direction: Int
    let factors: Tensor
    /// Where a row of the factors starts, and how far apart rows are.
    let offset: Int
    let row: Int
    let columns: Int
    /// What takes the place of the third gate.
    var candidate: Tensor?
    let result: Tensor
  }

  /// `[G·H, D]` and `[G·H, H]` of each direction; nil where not wanted.
  func weightGradients(
    _ kept: Kept, _ wanted: [(input: Bool, recurrent: Bool)]
  ) -> [(input: Tensor?, recurrent: Tensor?)] {
    let (inputs, padded, count) = (extents.inputs, extents.padded, extents.directions)
    var products: [Product] = []
    func plan(_ direction: Int, _ factors: Tensor, candidate: Tensor? = nil) -> Tensor {
      let isInput = factors.rank == 3
      let columns = isInput ? inputs : padded
      let result = Tensor(uninitialized: [sums, paddedUnits(columns)])
      products.append(
        Product(
          direction: direction, factors: factors, offset: isInput ? 0 : direction * padded,
          row: isInput ? inputs : count * padded, columns: columns, candidate: candidate,
          result: result))
      return result
    }
    let isResetFirst = cell == .gru(resetAfter: false)
    let planned = wanted.enumerated().map { direction, wanted in
      (
        input: wanted.input && inputs > 0 ? plan(direction, x) : nil,
        recurrent: wanted.recurrent
          ? plan(direction, kept.hidden, candidate: isResetFirst ? nil : kept.candidate) : nil,
        // Where the reset comes first, n's sum had other factors.
        reset: wanted.recurrent && isResetFirst ? plan(direction, kept.candidate!) : nil
      )
    }
    multiply(kept.gates, products)
    return planned.enumerated().map { direction, ordered in
      let weights = directions[direction]
      func restored(_ ordered: Tensor, _ shape: Shape, _ gates: UInt32, into result: Tensor? = nil)
        -> Tensor
      {
        let result = result ?? Tensor(uninitialized: shape)
        sentio_recurrent_restore_rows(
          cell.kernel, ordered.storage.pointer, ordered.shape[1], extents.hidden, shape[1], gates,
          result.storage.pointer)
        return result
      }
      let input =
        ordered.input.map { restored($0, weights.input.shape, ~0) }
        ?? (wanted[direction].input ? Tensor(uninitialized: weights.input.shape) : nil)
      let recurrent = ordered.recurrent.map { restored($0, weights.recurrent.shape, ~0) }
      if let recurrent, let reset = ordered.reset {
        _ = restored(reset, weights.recurrent.shape, 0b100, into: recurrent)
      }
      return (input, recurrent)
    }
  }

  /// Computes products, each cut by its sums: a sum is one thread's from its first term to its last, however
  /// many threads there are.
  private func multiply(_ gates: Tensor, _ products: [Product]) {
    let (count, group) = (extents.directions, cell.gateCount * 16)
    let threads = BLASRuntime.threadCount
    // Whole groups of units, as many parts of each product as make work for all threads.
    let groups = sums / group
    let parts = min(groups, max(1, threads / max(1, products.count)))
    func work(_ item: Int) -> sentio_recurrent_weight_gradient {
      let (product, part) = (products[item / parts], item % parts)
      let begin = groups * part / parts
      let end = groups * (part + 1) / parts
      let (direction, padded) = (product.direction, extents.padded)
      return sentio_recurrent_weight_gradient(
        instructions: instructions, narrow: narrow ? 1 : 0, rows: rowCount,
        count: (end - begin) * group, columns: product.columns,
        gates: gates.storage.pointer + direction * sums + begin * group, gates_row: count * sums,
        candidate: product.candidate.map {
          UnsafePointer($0.storage.pointer + direction * padded + begin * 16)
        }, candidate_row: count * padded, x: product.factors.storage.pointer + product.offset,
        x_row: product.row,
        out: product.result.storage.pointer + begin * group * product.result.shape[1])
    }
    let items = products.count * parts
    guard items > 0 else { return }
    let size = (0..<items).map { item in
      var work = work(item)
      return paddedUnits(sentio_recurrent_weight_gradient_scratch(&work))
    }.max()!
    let workers = min(items, threads)
    let memory = Tensor(uninitialized: [workers, size])
    let terms = products.reduce(0) { $0 + $1.columns } * sums * rowCount
    // By turns: the products of the inputs are about as long as each other, and so are those of the states.
    let order = products.indices.sorted { products[$0].columns > products[$1].columns }
    ParallelLoop.run(workers, cost: terms / 16 / workers) { range in
      for worker in range {
        for index in stride(from: worker, to: items, by: workers) {
          var work = work(order[index / parts] * parts + index % parts)
          sentio_recurrent_weight_gradient(&work, memory.storage.pointer + worker * size)
        }
      }
    }
    withExtendedLifetime((gates, memory)) {}
  }
}
