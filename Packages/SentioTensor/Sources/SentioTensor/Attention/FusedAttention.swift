import CSentioTensorKernels
import SentioBLAS

/// One call of the kernel that computes attention without writing scores out, and its way back.
///
/// The kernel goes head by head, blocks of queries over blocks of keys; a head's keys are packed once.
/// What the way back needs besides the inputs is the result and the logarithm of each row's sum.
struct FusedAttention: Sendable {
  /// Where a matrix of a head begins in a tensor, and how far its rows lie apart.
  struct Operand: Sendable {
    let tensor: Tensor
    let offset: Int
    let row: Int

    init(_ tensor: Tensor, offset: Int, row: Int) {
      self.tensor = tensor.detached()
      self.offset = offset
      self.row = row
    }

    var pointer: UnsafeMutablePointer<Float> { tensor.storage.pointer + offset }
  }

  /// The gradients that were asked for.
  struct Gradients {
    var query: Tensor?
    var key: Tensor?
    var value: Tensor?
  }

  let (query, key, value): (Operand, Operand, Operand)
  let batch: Shape
  let (queries, keys, depth, valueDepth): (Int, Int, Int, Int)
  let resultShape: Shape
  let resultRow: Int
  let places: [sentio_attention_place]
  let (mask, bias): (Tensor?, Tensor?)
  let (maskStrides, biasStrides): ([Int], [Int])
  let isCausal: Bool
  let dropout: AttentionDropout?
  let scale: Float
  let precision: sentio_attention_precision

  init(
    query: Operand, key: Operand, value: Operand, batch: Shape, queries: Int, keys: Int, depth: Int,
    valueDepth: Int, resultShape: Shape, resultRow: Int, places: [sentio_attention_place],
    mask: Tensor?, bias: Tensor?, isCausal: Bool, dropout: AttentionDropout?, scale: Float,
    _ file: StaticString, _ line: UInt
  ) {
    (self.query, self.key, self.value) = (query, key, value)
    self.batch = batch
    (self.queries, self.keys, self.depth, self.valueDepth) = (queries, keys, depth, valueDepth)
    (self.resultShape, self.resultRow) = (resultShape, resultRow)
    let full = Shape(Array(batch) + [queries, keys])
    if let mask { requireBroadcast(mask, to: full, "mask", file, line) }
    if let bias { requireBroadcast(bias, to: full, "bias", file, line) }
    (self.mask, self.bias) = (mask, bias?.detached())
    maskStrides = mask.map { broadcastStrides(of: $0.shape, to: full) } ?? []
    biasStrides = bias.map { broadcastStrides(of: $0.shape, to: full) } ?? []
    var places = places
    for index in places.indices {
      var rest = index
      for axis in stride(from: batch.rank - 1, through: 0, by: -1) {
        if mask != nil { places[index].mask += rest % batch[axis] * maskStrides[axis] }
        if bias != nil { places[index].bias += rest % batch[axis] * biasStrides[axis] }
        rest /= batch[axis]
      }
    }
    self.places = places
    self.isCausal = isCausal
    self.dropout = dropout
    self.scale = scale
    precision =
      Compute.precision == .bfloat16
        && Compute.hasOwnBFloat16(sentio_attention_has_bfloat16() != 0)
      ? SENTIO_ATTENTION_BFLOAT16 : SENTIO_ATTENTION_SINGLE
  }

  /// The result, recorded where one of the inputs is.
  ///
  /// - Parameters:
  ///   - inputs: what queries, keys and values come from.
  ///   - bias: the bias as it was given.
  ///   - arrange: makes the gradients of `inputs` from those of queries, keys and values.
  /// - Returns: the attention.
  func result(
    of inputs: [Tensor], bias: Tensor?, _ arrange: @escaping @Sendable (Gradients) -> [Tensor?]
  ) -> Tensor {
    let all = inputs + [bias].compactMap { $0 }
    let wanted = all.map { $0.recordedPlace != nil }
    let isRecorded = wanted.contains(true)
    let sums = isRecorded ? Tensor(uninitialized: [places.count, queries]) : nil
    let result = Tensor(uninitialized: resultShape)
    forward(into: result, sums)
    guard let sums else { return result }
    // Where all three come from one tensor, one answer is for all.
    let parts = inputs.count == 3 ? Array(wanted[0..<3]) : [wanted[0], wanted[0], wanted[0]]
    let wantsBias = bias != nil && wanted[inputs.count]
    return result.derived(
      fromAll: all,
      { arriving in
        let (gradients, biasGradient) = backward(
          arriving, result: result, sums, wanting: parts, wantsBias: wantsBias)
        return arrange(gradients) + (all.count > inputs.count ? [biasGradient] : [])
      })
  }

  private func forward(into result: Tensor, _ sums: Tensor?) {
    guard result.count > 0 else { return }
    // With few heads their queries are divided as well; each thread then packs the head's keys.
    let shares = places.count >= 2 * BLASRuntime.threadCount ? 1 : 2 * BLASRuntime.threadCount
    let blocks = min(shares, (queries + 95) / 96)
    withKernel(result, sums) { kernel in
      let scratchCount = withUnsafePointer(to: kernel) {
        sentio_attention_scratch($0, precision, 0)
      }
      ParallelLoop.run(
        places.count * blocks, cost: queries * keys * (depth + valueDepth) / (8 * blocks),
        scratch: scratchCount
      ) { range, scratch in
        var kernel = kernel
        var packed = Int(bitPattern: UInt.max)
        for item in range {
          let (head, block) = (item / blocks, item % blocks)
          sentio_attention_forward(
            &kernel, precision, head, packed, queries * block / blocks,
            queries * (block + 1) / blocks, scratch)
          packed = head
        }
      }
    }
  }

  private func backward(
    _ arriving: Tensor, result: Tensor, _ sums: Tensor, wanting wanted: [Bool], wantsBias: Bool
  ) -> (Gradients, bias: Tensor?) {
    var gradients = Gradients()
    let shared = [query, key, value].map { $0.tensor.storage === query.tensor.storage }
    let isPacked = shared[1] && shared[2] && query.offset != key.offset
    if isPacked {
      gradients.query = Tensor(uninitialized: query.tensor.shape)
      (gradients.key, gradients.value) = (gradients.query, gradients.query)
    } else {
      if wanted[0] { gradients.query = Tensor(uninitialized: query.tensor.shape) }
      if wanted[1] { gradients.key = Tensor(uninitialized: key.tensor.shape) }
      if wanted[2] { gradients.value = Tensor(uninitialized: value.tensor.shape) }
    }
    let full = Shape(Array(batch) + [queries, keys])
    let slopes = wantsBias ? Tensor.zeros(full) : nil
    guard arriving.count > 0 else {
      gradients.query = gradients.query.map { .zeros($0.shape) }
      gradients.key = gradients.key.map { .zeros($0.shape) }
      gradients.value = gradients.value.map { .zeros($0.shape) }
      return (gradients, slopes.flatMap { s in bias.map { s.reduced(to: $0.shape) } })
    }
    var targets = sentio_attention_gradient()
    targets.arriving = UnsafeRawPointer(arriving.storage.raw)
    targets.query = gradients.query.map {
      UnsafeMutableRawPointer($0.storage.pointer + query.offset)
    }
    targets.key = gradients.key.map { UnsafeMutableRawPointer($0.storage.pointer + key.offset) }
    targets.value = gradients.value.map {
      UnsafeMutableRawPointer($0.storage.pointer + value.offset)
    }
    targets.bias = slopes?.storage.pointer
    withKernel(result, sums) { kernel in
      if places.count >= BLASRuntime.threadCount {
        runBackward(kernel, targets, blocks: 1, overKeys: false)
      } else {
        // Too few heads for the threads: gradients of queries by their blocks, then those of keys by theirs.
        var (toQueries, toKeys) = (targets, targets)
        (toQueries.key, toQueries.value) = (nil, nil)
        (toKeys.query, toKeys.bias) = (nil, nil)
        let blocks = BLASRuntime.threadCount
        if targets.query != nil || targets.bias != nil {
          runBackward(kernel, toQueries, blocks: min(blocks, (queries + 95) / 96), overKeys: false)
        }
        if targets.key != nil || targets.value != nil {
          runBackward(kernel, toKeys, blocks: min(blocks, (keys + 95) / 96), overKeys: true)
        }
      }
    }
    withExtendedLifetime((arriving, slopes)) {}
    return (gradients, slopes.flatMap { s in bias.map { s.reduced(to: $0.shape) } })
  }

  private func runBackward(
    _ kernel: sentio_attention, _ targets: sentio_attention_gradient, blocks: Int, overKeys: Bool
  ) {
    let scratchCount = withUnsafePointer(to: kernel) { sentio_attention_scratch($0, precision, 1) }
    ParallelLoop.run(
      places.count * blocks, cost: queries * keys * (depth + valueDepth) / (3 * blocks),
      scratch: scratchCount
    ) { range, scratch in
      var (kernel, targets) = (kernel, targets)
      for item in range {
        let (head, block) = (item / blocks, item % blocks)
        let extent = overKeys ? keys : queries
        let (begin, end) = (extent * block / blocks, extent * (block + 1) / blocks)
        sentio_attention_backward(
          &kernel, &targets, precision, head, overKeys ? 0 : begin, overKeys ? queries : end,
          overKeys ? begin : 0, overKeys ? end : keys, scratch)
      }
    }
  }

  /// Lends the call in the kernel's own terms.
  private func withKernel(_ result: Tensor, _ sums: Tensor?, _ body: (sentio_attention) -> Void) {
    var kernel = sentio_attention()
    kernel.heads = places.count
    (kernel.queries, kernel.keys) = (queries, keys)
    (kernel.depth, kernel.value_depth) = (depth, valueDepth)
    kernel.query = UnsafeRawPointer(query.pointer)
    kernel.key = UnsafeRawPointer(key.pointer)
    kernel.value = UnsafeRawPointer(value.pointer)
    kernel.out = result.storage.raw
    (kernel.query_row, kernel.key_row) = (query.row, key.row)
    (kernel.value_row, kernel.out_row) = (value.row, resultRow)
    if let mask {
      kernel.mask = UnsafePointer(mask.storage.pointer)
      (kernel.mask_row, kernel.mask_column) = (maskStrides[batch.rank], maskStrides[batch.rank + 1])
    }
    if let bias {
      kernel.bias = UnsafePointer(bias.storage.pointer)
      (kernel.bias_row, kernel.bias_column) = (biasStrides[batch.rank], biasStrides[batch.rank + 1])
    }
    kernel.log_sum_exp = sums?.storage.pointer
    kernel.scale = scale
    kernel.causal = isCausal ? 1 : 0
    if let dropout {
      kernel.drop_below = dropout.dropBelow
      kernel.keep_scale = dropout.keepScale
      kernel.drop_key = dropout.key
    }
    places.withUnsafeBufferPointer { places in
      kernel.places = places.baseAddress
      body(kernel)
    }
    withExtendedLifetime((self, result, sums)) {}
  }
}
