import CSentioTensorKernels
import SentioBLAS

/// A recurrent layer over one batch: what both ways through it need.
///
/// The batch is cut into blocks of at most 16 sequences. A block and a direction are one thread's work from the
/// first step to the last: threads never wait for each other, and the weights stay in the cache.
struct RecurrentPass: Sendable {
  let cell: RecurrentCell
  let extents: RecurrentExtents
  let directions: [RecurrentWeights]
  let x: Tensor
  let initial: RecurrentState?
  let mask: Tensor?
  /// The factors of the state.
  let dropout: Tensor?
  /// 0 for none.
  let truncation: Int
  /// Whether the kernels multiply in bfloat16.
  let narrow: Bool
  let instructions = Self.instructions

  /// The chip's best, unless a test wants to see the others.
  @TaskLocal static var instructions = SENTIO_RECURRENT_BEST

  /// What the way back needs of the forward one.
  struct Kept: Sendable {
    /// `[N, L, directions, sums]`: the gates' values, and on the way back the gradients of their sums.
    let gates: Tensor
    /// `[N, L, directions, padded H]`: the states that the steps found.
    let hidden: Tensor
    /// The same for an LSTM's cells.
    let cell: Tensor?
    /// The same for what a GRU's reset gate scaled, or the result of that.
    let candidate: Tensor?
  }

  /// The sums of a step and direction.
  var sums: Int { cell.gateCount * extents.padded }

  /// How many blocks of sequences there are.
  ///
  /// It does not depend on the number of threads, so that sums over blocks do not. One direction alone would
  /// leave the second core without work.
  var blocks: Int {
    let most = Int(SENTIO_RECURRENT_ROWS)
    let needed = (extents.batch + most - 1) / most
    return extents.directions == 1 && extents.batch >= 8 ? max(2, needed) : needed
  }

  func rows(of block: Int) -> Range<Int> {
    extents.batch * block / blocks..<extents.batch * (block + 1) / blocks
  }

  /// What the kernels are told of a block in both ways.
  func layer(_ direction: Int, _ rows: Range<Int>) -> sentio_recurrent_layer {
    let units = extents.units
    return sentio_recurrent_layer(
      cell: cell.kernel, instructions: instructions, narrow: narrow ? 1 : 0,
      reversed: Int32(direction), rows: rows.count,
      steps: extents.steps, inputs: extents.inputs, hidden: extents.hidden,
      mask: mask.map { UnsafePointer($0.storage.pointer + rows.lowerBound * extents.steps) },
      mask_row: extents.steps,
      dropout: dropout.map {
        UnsafePointer($0.storage.pointer + rows.lowerBound * units + direction * extents.hidden)
      }, dropout_row: units)
  }

  /// The part of an array `[N, L, directions, width]` that belongs to a block and a direction.
  func walk(
    _ tensor: Tensor?, _ direction: Int, _ rows: Range<Int>, width: Int, directions: Int
  ) -> sentio_recurrent_walk {
    let step = directions * width
    return sentio_recurrent_walk(
      start: tensor.map {
        $0.storage.pointer + rows.lowerBound * extents.steps * step + direction * width
      }, row: extents.steps * step, step: step)
  }

  /// Where the states `[N, units]` of a block and a direction start.
  func state(_ tensor: Tensor?, _ direction: Int, _ rows: Range<Int>) -> UnsafeMutablePointer<
    Float
  >? {
    tensor.map {
      $0.storage.pointer + rows.lowerBound * extents.units + direction * extents.hidden
    }
  }

  /// Runs `body` for every direction and block, with scratch memory for one.
  ///
  /// - Parameters:
  ///   - size: the floats of scratch memory that the largest block wants.
  ///   - body: works on a block; several run at the same time.
  func forEachBlock(
    scratch size: Int,
    _ body: (_ direction: Int, _ block: Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let (blocks, count) = (blocks, blocks * extents.directions)
    let workers = min(count, BLASRuntime.threadCount)
    let memory = Tensor(uninitialized: [workers, paddedUnits(size)])
    let products = extents.batch * extents.steps * sums * (extents.inputs + extents.padded)
    ParallelLoop.run(workers, cost: products * extents.directions / 16 / workers) { range in
      for worker in range {
        for item in count * worker / workers..<count * (worker + 1) / workers {
          // The blocks of a direction follow each other: its weights are in the cache then.
          body(
            item / blocks, item % blocks, memory.storage.pointer + worker * paddedUnits(size))
        }
      }
    }
    withExtendedLifetime(memory) {}
  }

  /// The output and the final state, and with `keeping` what the way back needs.
  func forward(keeping: Bool) -> (result: RecurrentResult, kept: Kept?) {
    let (batch, steps, padded) = (extents.batch, extents.steps, extents.padded)
    let output = Tensor(uninitialized: [batch, steps, extents.units])
    let hidden = Tensor(uninitialized: [batch, extents.units])
    let cells = cell.hasCellState ? Tensor(uninitialized: [batch, extents.units]) : nil
    let states: Shape = [batch, steps, extents.directions, padded]
    var kept: Kept?
    if keeping {
      var isGRU = false
      if case .gru = cell { isGRU = true }
      kept = Kept(
        gates: Tensor(uninitialized: [batch, steps, extents.directions, sums]),
        hidden: Tensor(uninitialized: states),
        cell: cell.hasCellState ? Tensor(uninitialized: states) : nil,
        candidate: isGRU ? Tensor(uninitialized: states) : nil)
    }
    let panels = directions.map {
      (
        input: $0.inputPanels(cell, narrow: narrow),
        recurrent: $0.recurrentPanels(cell, narrow: narrow), biases: $0.biases(cell)
      )
    }
    func work(_ direction: Int, _ rows: Range<Int>) -> sentio_recurrent_forward {
      let count = extents.directions
      let panels = panels[direction]
      return sentio_recurrent_forward(
        layer: layer(direction, rows), input_panels: panels.input.pointer,
        recurrent_panels: panels.recurrent.pointer, bias: panels.biases.sums.storage.pointer,
        candidate_bias: panels.biases.candidate.storage.pointer,
        hidden_start: state(initial?.hidden, direction, rows),
        cell_start: state(initial?.cell, direction, rows), start_row: extents.units,
        x: walk(x, 0, rows, width: extents.inputs, directions: 1),
        y: walk(output, direction, rows, width: extents.hidden, directions: count),
        hidden_end: state(hidden, direction, rows), cell_end: state(cells, direction, rows),
        end_row: extents.units,
        gates: walk(kept?.gates, direction, rows, width: sums, directions: count),
        hidden_before: walk(kept?.hidden, direction, rows, width: padded, directions: count),
        cell_before: walk(kept?.cell, direction, rows, width: padded, directions: count),
        candidate: walk(kept?.candidate, direction, rows, width: padded, directions: count))
    }
    // Blocks have one size, or the last has a sequence more.
    let size = [0, blocks - 1].map { block in
      var work = work(0, rows(of: block))
      return sentio_recurrent_forward_scratch(&work)
    }.max()!
    forEachBlock(scratch: size) { direction, block, scratch in
      var work = work(direction, rows(of: block))
      sentio_recurrent_forward(&work, scratch)
    }
    withExtendedLifetime((panels, initial, mask, dropout, x)) {}
    return (
      RecurrentResult(output: output, state: RecurrentState(hidden: hidden, cell: cells)), kept
    )
  }
}
