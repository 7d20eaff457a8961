import CSentioTensorKernels

/// The products of a transposed convolution's tiles.
///
/// In single precision each shift is a product that reads the tile from elsewhere. oneDNN's products of bfloat16
/// read whole matrices: there the shifted tiles are rounded one below the other, and all shifts are one product.
struct TransposedFactors: Sendable {
  private let plan: TransposedConvolutionPlan
  private let blocks: Tensor?
  private let engine: ComputeEngine
  /// One matrix for each group, in bfloat16.
  private let stacks: [BFloat16Tensor]
  private let roundsFactors: Bool

  init(
    _ plan: TransposedConvolutionPlan, _ blocks: Tensor?,
    _ method: TransposedConvolutionPlan.Method, isBackward: Bool
  ) {
    self.plan = plan
    self.blocks = blocks
    switch method {
    case .float32(let engine):
      (self.engine, roundsFactors, stacks) = (engine, false, [])
    case .bfloat16:
      (engine, roundsFactors) = (.preferred, true)
      stacks =
        blocks.map { blocks in
          (0..<plan.groups).map {
            BFloat16Tensor(
              plan.stacked(
                blocks.storage.pointer + $0 * plan.groupWeights, isBackward: isBackward))
          }
        } ?? []
    }
  }

  /// Numbers in which the gradients of the weights are summed up.
  var sumCount: Int {
    roundsFactors
      ? plan.groups * plan.phases * plan.outputs * plan.shifts.count * plan.inputs
      : plan.groups * plan.groupWeights
  }

  /// The gradients of the weights in blocks, from their sums.
  func blocks(of sums: Tensor) -> Tensor {
    guard roundsFactors else { return sums }
    let result = Tensor(uninitialized: [plan.groups * plan.groupWeights])
    for group in 0..<plan.groups {
      plan.unstack(
        sums.storage.pointer + group * (sumCount / plan.groups),
        into: result.storage.pointer + group * plan.groupWeights)
    }
    return result
  }

  /// A tile's phases from its input, whose planes have the reach of the shifts before every row and after the last.
  func multiply(
    _ source: UnsafePointer<Float>, plane: Int, pitch: Int, width: Int, group: Int,
    into sums: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (plan.inputs, plan.outputs)
    func start(_ shift: TransposedConvolutionPlan.Shift) -> Int {
      (plan.rows.reach - shift.row) * pitch + plan.columns.reach - shift.column
    }
    if roundsFactors {
      let stack = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt16.self)
      round(source, plane: plane, width: width, rows: inputs, plan.shifts.map(start), into: stack)
      Self.product(
        stacks[group].pointer, stack, into: sums, m: plan.phases * outputs, n: width,
        k: plan.shifts.count * inputs)
      return
    }
    let weights = blocks!.storage.pointer + group * plan.groupWeights
    for shift in plan.shifts {
      for block in shift.blocks {
        SinglePrecisionProduct.run(
          weights + block.weights, source + start(shift),
          into: sums + block.phases.lowerBound * outputs * width, m: block.phases.count * outputs,
          n: width, k: inputs, leadingB: plane, beta: block.adds ? 1 : 0, engine: engine)
      }
    }
  }

  /// The gradients of a tile of the input and of the weights from the phases' gradients.
  ///
  /// - Parameters:
  ///   - arriving: the phases' gradients, with the reach of the shifts after every row and the last.
  ///   - plane: from plane to plane of them.
  ///   - pitch: from row to row.
  ///   - width: elements of a tile's plane.
  ///   - group: the group.
  ///   - result: where the gradient of the input goes, if it is wanted.
  ///   - input: the tile of the input, with zeros behind every row, where the weights' gradient is wanted.
  ///   - sums: what the weights' gradients of all groups are added to.
  ///   - scratch: memory of ``scratch(width:isBackward:)`` elements.
  func multiplyBack(
    _ arriving: UnsafePointer<Float>, plane: Int, pitch: Int, width: Int, group: Int,
    into result: UnsafeMutablePointer<Float>?, input: UnsafePointer<Float>?,
    _ sums: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (plan.inputs, plan.outputs)
    let starts = plan.shifts.map { $0.row * pitch + $0.column }
    if roundsFactors {
      let rows = plan.phases * outputs
      let length = plan.shifts.count * rows
      let stack = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt16.self)
      round(arriving, plane: plane, width: width, rows: rows, starts, into: stack)
      if let result {
        Self.product(
          stacks[group].pointer, stack, into: result, m: inputs, n: width, k: length)
      }
      if let input, let sums {
        let factor = stack + length * width
        round(input, plane: width, width: width, rows: inputs, [0], into: factor)
        let share = scratch + ((length + inputs) * width + 1) / 2
        Self.product(
          stack, factor, into: share, m: length, n: inputs, k: width, transposeB: true)
        let sum = sums + group * length * inputs
        sentio_add(sum, 0, 1, share, 0, 1, sum, 1, length * inputs)
      }
      return
    }
    let weights = blocks.map { $0.storage.pointer + group * plan.groupWeights }
    let gradients = sums.map { $0 + group * plan.groupWeights }
    var adds = false
    for (shift, start) in zip(plan.shifts, starts) {
      for block in shift.blocks {
        let phases = block.phases.count * outputs
        let part = arriving + block.phases.lowerBound * outputs * plane + start
        if let weights, let result {
          SinglePrecisionProduct.run(
            weights + block.weights, part, into: result, m: inputs, n: width, k: phases,
            transposeA: true, leadingB: plane, beta: adds ? 1 : 0, engine: engine)
        }
        if let input, let gradients {
          SinglePrecisionProduct.run(
            part, input, into: gradients + block.weights, m: phases, n: inputs, k: width,
            transposeB: true, leadingA: plane, beta: 1, engine: engine)
        }
        adds = true
      }
    }
  }

  /// The elements of scratch memory that a tile's products need, its planes having `width` elements.
  func scratch(width: Int, isBackward: Bool) -> Int {
    guard roundsFactors else { return 0 }
    let rows = plan.shifts.count * (isBackward ? plan.phases * plan.outputs : plan.inputs)
    // Two numbers of bfloat16 in one element; on the way back a tile's share of the weights' gradient too.
    guard isBackward else { return (rows * width + 1) / 2 }
    return ((rows + plan.inputs) * width + 1) / 2 + rows * plan.inputs
  }

  /// Matrices that read the rows of planes from several places, one below the other, in bfloat16.
  private func round(
    _ source: UnsafePointer<Float>, plane: Int, width: Int, rows: Int, _ starts: [Int],
    into target: UnsafeMutablePointer<UInt16>
  ) {
    for (index, start) in starts.enumerated() {
      sentio_rows_to_bfloat16(
        source + start, plane, target + index * rows * width, width, rows, width)
    }
  }

  /// `C = A · op(B)` of matrices in bfloat16, with sums in single precision.
  private static func product(
    _ a: UnsafeMutablePointer<UInt16>, _ b: UnsafeMutablePointer<UInt16>,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, transposeB: Bool = false
  ) {
    #if OneDNN
      let product = PreparedProduct(
        m: m, n: n, k: k, transposeA: false, transposeB: transposeB, factors: .bfloat16)
      guard let primitive = product.primitive else {
        fatalError("oneDNN has no \(m) × \(n) × \(k) product in bfloat16")
      }
      primitive.run([
        .source: UnsafeMutableRawPointer(a), .weights: UnsafeMutableRawPointer(b),
        .destination: UnsafeMutableRawPointer(c),
      ])
    #else
      fatalError("this build has no products in bfloat16")
    #endif
  }
}
