#if OneDNN
  import CSentioOneDNN
  import CSentioTensorKernels

  extension Tensor {
    /// ``addingSelfAttention(_:dropout:file:line:)`` with bfloat16 between its parts, there and back.
    func bfloat16SelfAttention(_ part: SelfAttentionPart, _ dropout: AttentionDropout?) -> Tensor {
      let features = shape[2]
      let rows = count / features
      let norm = part.normalization
      let weights = part.layers.map(\.weight)
      let biases = part.layers.map(\.bias)
      let all = [self, norm.gain, norm.offset] + weights + biases.compactMap { $0 }
      let isRecorded = all.contains { $0.recordedPlace != nil }
      let attention = BFloat16Attention(
        sequences: shape[0], tokens: shape[1], features: features, heads: part.heads,
        dropout: dropout)

      let (tokens, statistics) = normalizedInBFloat16(by: norm, keepsStatistics: isRecorded)
      let joined = JoinedWeights(Array(weights.prefix(3)), Array(biases.prefix(3)))
      let qkv = joined.product(of: tokens, rows: rows, features: features)
      let (found, sums) = attention.found(qkv, keepsSums: isRecorded)
      let last = BFloat16Factor(weights: weights[3])
      let output = Tensor(uninitialized: shape)
      found.multiply(
        last, into: .float32(output), m: rows, n: features, k: features, transposeB: true,
        bias: biases[3], addend: self)
      guard isRecorded, let statistics, let sums else { return output }

      let wanted = ([self, norm.gain, norm.offset] + weights + biases).map {
        $0?.recordedPlace != nil
      }
      let isThere = biases.map { $0 != nil }
      let wantsTokens = wanted[0..<3].contains(true)
      let wantsParts = wantsTokens || wanted[3..<6].contains(true) || wanted[7..<10].contains(true)
      let (x, gain) = (detached(), norm.gain.detached())
      return output.derived(
        fromAll: all,
        { gradient in
          var parts = [Tensor?](repeating: nil, count: 11)
          let (arriving, totals) = BFloat16Tensor.gradient(
            .float32(gradient), of: .identity, at: nil, columns: features, wantsTotals: wanted[10])
          parts[10] = totals
          if wanted[6] {
            parts[6] = found.weightGradient(
              arriving, rows: rows, outputs: features, inputs: features)
          }
          if wantsParts {
            let toFound = BFloat16Tensor(uninitialized: [rows, features])
            arriving.multiply(
              last, into: .bfloat16(toFound), m: rows, n: features, k: features)
            let toParts = attention.gradient(toFound, qkv, found: found, sums)
            if wanted[7..<10].contains(true) {
              let totals = toParts.columnSums(3 * features)
              for index in 0..<3 where wanted[7 + index] {
                parts[7 + index] = totals[index * features..<(index + 1) * features]
              }
            }
            for index in 0..<3 where wanted[3 + index] {
              parts[3 + index] = toParts.weightGradient(
                ofPart: index, from: tokens, rows: rows, features: features)
            }
            if wantsTokens {
              let toTokens = Tensor(uninitialized: x.shape)
              toParts.multiply(
                .rounded(joined.rounded), into: .float32(toTokens), m: rows, n: features,
                k: 3 * features)
              (parts[0], parts[1], parts[2]) = x.normalizationGradients(
                toTokens, gain, statistics, input: wanted[0], gain: wanted[1], offset: wanted[2],
                adding: gradient)
            }
          }
          return Array(parts.prefix(7)) + (0..<4).filter { isThere[$0] }.map { parts[7 + $0] }
        })
    }
  }

  /// The weights of queries, keys and values as those of one layer.
  private struct JoinedWeights: Sendable {
    let weights: [Tensor]
    let biases: [Tensor?]
    /// One after the other, rounded; where they are constant, each is packed for itself instead.
    private let together: BFloat16Tensor?

    init(_ weights: [Tensor], _ biases: [Tensor?]) {
      let isConstant = weights.allSatisfy(\.isConstant)
      self.weights = weights.map { $0.detached() }
      self.biases = biases.map { $0?.detached() }
      together = isConstant ? nil : Self.rounded(self.weights)
    }

    /// `[3·D, D]`.
    var rounded: BFloat16Tensor { together ?? Self.rounded(weights) }

    private static func rounded(_ weights: [Tensor]) -> BFloat16Tensor {
      let count = weights[0].count
      let result = BFloat16Tensor(
        uninitialized: [weights.count * weights[0].shape[0], weights[0].shape[1]])
      for (index, weight) in weights.enumerated() {
        let (source, target) = (weight.storage.pointer, result.pointer + index * count)
        ParallelLoop.run(count) { range in
          sentio_float_to_bfloat16(
            source + range.lowerBound, target + range.lowerBound, range.count)
        }
      }
      withExtendedLifetime(weights) {}
      return result
    }

    /// Queries, keys and values side by side, `[rows, 3·D]`.
    func product(of tokens: BFloat16Tensor, rows: Int, features: Int) -> BFloat16Tensor {
      let result = BFloat16Tensor(uninitialized: [rows, 3 * features])
      if let together {
        var bias: Tensor?
        if biases.contains(where: { $0 != nil }) {
          bias = Tensor.concatenate(biases.map { $0 ?? .zeros([features]) }, axis: 0)
        }
        tokens.multiply(
          .rounded(together), into: .bfloat16(result), m: rows, n: 3 * features, k: features,
          transposeB: true, bias: bias)
        return result
      }
      for (index, (weight, bias)) in zip(weights, biases).enumerated() {
        let product = PreparedProduct(
          m: rows, n: features, k: features, transposeB: true, factors: .bfloat16,
          result: .bfloat16, packsB: true, hasBias: bias != nil, stepC: 3 * features)
        let primitive = BFloat16Tensor.required(product)
        guard let packed = product.pack(weight, for: primitive) else {
          fatalError("oneDNN cannot pack weights of shape \(weight.shape)")
        }
        product.run(
          primitive, tokens.storage.raw, packed.raw,
          into: UnsafeMutableRawPointer(result.pointer + index * features), bias: bias)
        withExtendedLifetime(packed) {}
      }
      withExtendedLifetime(tokens) {}
      return result
    }
  }

  extension BFloat16Tensor {
    /// The gradient of the weight of queries, keys or values, from that of all three side by side.
    fileprivate func weightGradient(
      ofPart index: Int, from tokens: BFloat16Tensor, rows: Int, features: Int
    ) -> Tensor {
      let result = Tensor(uninitialized: [features, features])
      let product = PreparedProduct(
        m: features, n: features, k: rows, transposeA: true, factors: .bfloat16,
        stepA: 3 * features)
      product.run(
        Self.required(product), UnsafeMutableRawPointer(pointer + index * features),
        tokens.storage.raw, into: result.storage.raw)
      withExtendedLifetime((self, tokens)) {}
      return result
    }
  }
#endif
