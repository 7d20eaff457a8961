#if OneDNN
  import CSentioTensorKernels
  import SentioBLAS

  /// Attention of sequences to themselves, from queries, keys and values that lie side by side in bfloat16, and its
  /// way back; see ``FusedAttention`` for the kernel.
  struct BFloat16Attention: Sendable {
    let sequences: Int
    let tokens: Int
    let features: Int
    let heads: Int
    let dropout: AttentionDropout?
    private let places: [sentio_attention_place]

    /// Whether the chip has the instructions.
    static var isAvailable: Bool { sentio_attention_has_bfloat16() != 0 }

    init(sequences: Int, tokens: Int, features: Int, heads: Int, dropout: AttentionDropout?) {
      (self.sequences, self.tokens, self.features) = (sequences, tokens, features)
      (self.heads, self.dropout) = (heads, dropout)
      places = placesOfHeads(
        sequences, heads, features / heads, tokens * 3 * features, tokens * 3 * features,
        tokens * features)
    }

    /// What the heads found, `[N·L, D]`, from `[N·L, 3·D]`; with `keepsSums` the logarithms of the rows' sums.
    func found(
      _ qkv: BFloat16Tensor, keepsSums: Bool
    ) -> (result: BFloat16Tensor, sums: Tensor?) {
      let result = BFloat16Tensor(uninitialized: [sequences * tokens, features])
      let sums = keepsSums ? Tensor(uninitialized: [places.count, tokens]) : nil
      // With few heads their queries are divided as well; each thread then packs the head's keys.
      let shares = places.count >= 2 * BLASRuntime.threadCount ? 1 : 2 * BLASRuntime.threadCount
      let blocks = min(shares, (tokens + 95) / 96)
      withKernel(qkv, result, sums) { kernel in
        let scratch = withUnsafePointer(to: kernel) {
          sentio_attention_scratch($0, SENTIO_ATTENTION_NARROW, 0)
        }
        ParallelLoop.run(
          places.count * blocks, cost: tokens * tokens * features / heads / (4 * blocks),
          scratch: scratch
        ) { range, scratch in
          var kernel = kernel
          var packed = Int(bitPattern: UInt.max)
          for item in range {
            let (head, block) = (item / blocks, item % blocks)
            sentio_attention_forward(
              &kernel, SENTIO_ATTENTION_NARROW, head, packed, tokens * block / blocks,
              tokens * (block + 1) / blocks, scratch)
            packed = head
          }
        }
      }
      return (result, sums)
    }

    /// The gradient of queries, keys and values, `[N·L, 3·D]`.
    func gradient(
      _ arriving: BFloat16Tensor, _ qkv: BFloat16Tensor, found: BFloat16Tensor, _ sums: Tensor
    ) -> BFloat16Tensor {
      let gradient = BFloat16Tensor(uninitialized: qkv.shape)
      withKernel(qkv, found, sums) { kernel in
        var targets = sentio_attention_gradient()
        targets.arriving = UnsafeRawPointer(arriving.pointer)
        (targets.query, targets.key, targets.value) = parts(of: gradient)
        if places.count >= BLASRuntime.threadCount {
          run(kernel, targets, blocks: 1, overKeys: false)
          return
        }
        // Too few heads for the threads: gradients of queries by their blocks, then those of keys by theirs.
        let blocks = min(BLASRuntime.threadCount, (tokens + 95) / 96)
        var (toQueries, toKeys) = (targets, targets)
        (toQueries.key, toQueries.value, toKeys.query) = (nil, nil, nil)
        run(kernel, toQueries, blocks: blocks, overKeys: false)
        run(kernel, toKeys, blocks: blocks, overKeys: true)
      }
      withExtendedLifetime(arriving) {}
      return gradient
    }

    private func run(
      _ kernel: sentio_attention, _ targets: sentio_attention_gradient, blocks: Int, overKeys: Bool
    ) {
      let scratch = withUnsafePointer(to: kernel) {
        sentio_attention_scratch($0, SENTIO_ATTENTION_NARROW, 1)
      }
      ParallelLoop.run(
        places.count * blocks, cost: tokens * tokens * features / heads / (2 * blocks),
        scratch: scratch
      ) { range, scratch in
        var (kernel, targets) = (kernel, targets)
        for item in range {
          let (head, block) = (item / blocks, item % blocks)
          let (begin, end) = (tokens * block / blocks, tokens * (block + 1) / blocks)
          sentio_attention_backward(
            &kernel, &targets, SENTIO_ATTENTION_NARROW, head, overKeys ? 0 : begin,
            overKeys ? tokens : end, overKeys ? begin : 0, overKeys ? end : tokens, scratch)
        }
      }
    }

    private func parts(
      of qkv: BFloat16Tensor
    ) -> (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) {
      let start = qkv.pointer
      return (
        UnsafeMutableRawPointer(start), UnsafeMutableRawPointer(start + features),
        UnsafeMutableRawPointer(start + 2 * features)
      )
    }

    /// Lends the call in the kernel's own terms.
    private func withKernel(
      _ qkv: BFloat16Tensor, _ result: BFloat16Tensor, _ sums: Tensor?,
      _ body: (sentio_attention) -> Void
    ) {
      var kernel = sentio_attention()
      let depth = features / heads
      kernel.heads = places.count
      (kernel.queries, kernel.keys) = (tokens, tokens)
      (kernel.depth, kernel.value_depth) = (depth, depth)
      let (query, key, value) = parts(of: qkv)
      (kernel.query, kernel.key) = (UnsafeRawPointer(query), UnsafeRawPointer(key))
      (kernel.value, kernel.out) = (
        UnsafeRawPointer(value), UnsafeMutableRawPointer(result.pointer)
      )
      (kernel.query_row, kernel.key_row) = (3 * features, 3 * features)
      (kernel.value_row, kernel.out_row) = (3 * features, features)
      kernel.log_sum_exp = sums?.storage.pointer
      kernel.scale = 1 / Float(depth).squareRoot()
      if let dropout {
        kernel.drop_below = dropout.dropBelow
        kernel.keep_scale = dropout.keepScale
        kernel.drop_key = dropout.key
      }
      places.withUnsafeBufferPointer { places in
        kernel.places = places.baseAddress
        body(kernel)
      }
      withExtendedLifetime((qkv, result, sums)) {}
    }
  }
#endif
