/// One axis of a transposed convolution, sorted by phases.
///
/// Tap k of input i is part of output `i·stride + k·dilation − before`. With u the output's place counted from
/// `−before`, its remainder `u mod stride` is the output's *phase* and depends on k alone, and its quotient is `i + shift`:
/// so each phase is an ordinary convolution of step 1, and no two taps of one phase have one shift.
struct PhaseAxis: Sendable, Hashable {
  let input: Int
  let output: Int
  let kernel: Int
  let stride: Int
  let dilation: Int
  let before: Int

  /// An axis along which nothing moves.
  static let single = PhaseAxis(
    input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0)

  /// The largest shift.
  var reach: Int { (kernel - 1) * dilation / stride }

  /// The quotients that outputs have.
  var places: Range<Int> { before / stride..<(before + output - 1) / stride + 1 }

  /// The tap of a phase and a shift, if there is one.
  func tap(phase: Int, shift: Int) -> Int? {
    let place = shift * stride + phase
    return place % dilation == 0 && place / dilation < kernel ? place / dilation : nil
  }

  private init(input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, before: Int) {
    (self.input, self.output, self.kernel) = (input, output, kernel)
    (self.stride, self.dilation, self.before) = (stride, dilation, before)
  }

  /// Checks what a caller asks for along one axis.
  init(
    _ name: String, axis: Int, input: Int, kernel: Int, stride: Int, dilation: Int,
    padding: ConvolutionPadding, outputPadding: Int, _ file: StaticString, _ line: UInt
  ) {
    require(
      input >= 1 && kernel >= 1 && stride >= 1 && dilation >= 1,
      "\(name): input, kernel, stride and dilation must be at least 1, and are \(input), \(kernel), "
        + "\(stride), \(dilation)", file, line)
    require(
      padding != .causal, "\(name): a transposed convolution has no causal padding", file, line)
    require(
      outputPadding >= 0 && outputPadding < max(stride, dilation)
        && (padding != .same || outputPadding == 0),
      "\(name): output padding \(outputPadding) does not fit stride \(stride), dilation \(dilation) and "
        + "padding \(padding)", file, line)
    let reach = dilation * (kernel - 1) + 1
    if padding == .same {
      // The convolution of an input of this extent has the output that is the input here.
      self.init(
        input: input, output: input * stride, kernel: kernel, stride: stride, dilation: dilation,
        before: max(0, reach - stride) / 2)
      return
    }
    guard let sides = padding.sides(axis: axis, input: input, reach: reach, stride: stride) else {
      stop("\(name): \(padding) says nothing of axis \(axis)", file, line)
    }
    let output = (input - 1) * stride + reach - sides.before - sides.after + outputPadding
    require(
      sides.before >= 0 && sides.after >= 0 && output >= 1,
      "\(name): padding by \(sides.before) and \(sides.after) leaves nothing of \(input) elements under "
        + "a window over \(reach)", file, line)
    self.init(
      input: input, output: output, kernel: kernel, stride: stride, dilation: dilation,
      before: sides.before)
  }
}

/// A transposed convolution as products of matrices, one for each shift of the input.
///
/// Of the outputs, sorted by phase, those of a phase and a shift are `weight[:, :, tap]' · x`, x being shifted; all phases
/// that meet in a shift are one product. A zero-padded tile of the input is shifted by starting to read it
/// elsewhere, so that nothing is unrolled, and no two products write to one output.
struct TransposedConvolutionPlan: Sendable {
  let batch: Int
  let groups: Int
  /// Input channels of a group.
  let inputs: Int
  /// Output channels of a group.
  let outputs: Int
  let rows: PhaseAxis
  let columns: PhaseAxis

  /// Neighbouring phases that one product computes, or adds to.
  struct Block: Sendable {
    let phases: Range<Int>
    /// Where the block's weights start in those of a group.
    let weights: Int
    /// Whether an earlier block has written these phases.
    let adds: Bool
  }

  /// What the products of one shift of the input compute.
  struct Shift: Sendable {
    let row: Int
    let column: Int
    let blocks: [Block]
  }

  let shifts: [Shift]
  /// Phases that no tap belongs to, as a kernel smaller than the step leaves them.
  let emptyPhases: [Int]

  var phases: Int { rows.stride * columns.stride }
  var taps: Int { rows.kernel * columns.kernel }
  /// Numbers in the weights of a group.
  var groupWeights: Int { taps * outputs * inputs }

  init(
    batch: Int, groups: Int, inputs: Int, outputs: Int, rows: PhaseAxis, columns: PhaseAxis
  ) {
    (self.batch, self.groups, self.inputs, self.outputs) = (batch, groups, inputs, outputs)
    (self.rows, self.columns) = (rows, columns)
    var written: Set<Int> = []
    var weights = 0
    var shifts: [Shift] = []
    for row in 0...rows.reach {
      for column in 0...columns.reach {
        let present = (0..<rows.stride * columns.stride).filter { phase in
          rows.tap(phase: phase / columns.stride, shift: row) != nil
            && columns.tap(phase: phase % columns.stride, shift: column) != nil
        }
        var blocks: [Block] = []
        var start = 0
        while start < present.count {
          var end = start + 1
          while end < present.count && present[end] == present[end - 1] + 1
            && written.contains(present[end]) == written.contains(present[start])
          {
            end += 1
          }
          blocks.append(
            Block(
              phases: present[start]..<present[end - 1] + 1, weights: weights,
              adds: written.contains(present[start])))
          weights += (end - start) * outputs * inputs
          start = end
        }
        written.formUnion(present)
        if !blocks.isEmpty { shifts.append(Shift(row: row, column: column, blocks: blocks)) }
      }
    }
    self.shifts = shifts
    emptyPhases = (0..<rows.stride * columns.stride).filter { !written.contains($0) }
  }

  /// Calls a closure with the place of every tap: in a group's weights here, and in the kernel.
  private func forEachTap(_ body: (_ packed: Int, _ tap: Int) -> Void) {
    for shift in shifts {
      for block in shift.blocks {
        for (index, phase) in block.phases.enumerated() {
          let row = rows.tap(phase: phase / columns.stride, shift: shift.row)!
          let column = columns.tap(phase: phase % columns.stride, shift: shift.column)!
          body(block.weights + index * outputs * inputs, row * columns.kernel + column)
        }
      }
    }
  }

  /// The weights `[C, O / groups, taps]`, block by block as matrices `[phases · O / groups, C / groups]`.
  func packed(_ weight: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [weight.count])
    for group in 0..<groups {
      forEachTap { place, tap in
        copyStrided(
          from: weight.storage.pointer + group * groupWeights + tap, [taps, outputs * taps],
          to: result.storage.pointer + group * groupWeights + place, [inputs, 1],
          extents: [outputs, inputs])
      }
    }
    return result
  }

  /// The way back, from weights in blocks to weights of a shape.
  func unpacked(_ blocks: Tensor, to shape: Shape) -> Tensor {
    let result = Tensor(uninitialized: shape)
    for group in 0..<groups {
      forEachTap { place, tap in
        copyStrided(
          from: blocks.storage.pointer + group * groupWeights + place, [1, inputs],
          to: result.storage.pointer + group * groupWeights + tap, [outputs * taps, taps],
          extents: [inputs, outputs])
      }
    }
    return result
  }

  /// The weights of a group as one matrix, zeros where a phase has no tap in a shift.
  ///
  /// - Parameters:
  ///   - blocks: the group's weights in blocks.
  ///   - isBackward: whether it is to be `[inputs, shifts · phases · outputs]`, and not
  ///     `[phases · outputs, shifts · inputs]`.
  /// - Returns: the matrix.
  func stacked(_ blocks: UnsafePointer<Float>, isBackward: Bool) -> Tensor {
    let width = shifts.count * (isBackward ? phases * outputs : inputs)
    let result = Tensor.zeros([isBackward ? inputs : phases * outputs, width])
    for (index, shift) in shifts.enumerated() {
      for block in shift.blocks {
        let first = block.phases.lowerBound * outputs
        let place = isBackward ? index * phases * outputs + first : first * width + index * inputs
        copyStrided(
          from: blocks + block.weights, [inputs, 1], to: result.storage.pointer + place,
          isBackward ? [1, width] : [width, 1], extents: [block.phases.count * outputs, inputs])
      }
    }
    return result
  }

  /// The blocks of a group from a matrix `[shifts · phases · outputs, inputs]`.
  func unstack(_ matrix: UnsafePointer<Float>, into blocks: UnsafeMutablePointer<Float>) {
    for (index, shift) in shifts.enumerated() {
      for block in shift.blocks {
        let place = (index * phases + block.phases.lowerBound) * outputs * inputs
        (blocks + block.weights).update(
          from: matrix + place, count: block.phases.count * outputs * inputs)
      }
    }
  }
}
