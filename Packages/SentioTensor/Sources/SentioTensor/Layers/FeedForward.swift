#if OneDNN
  import CSentioOneDNN
#endif

extension Tensor {
  /// Two layers with an activation between them, and what is added after them, as one operation:
  /// `activation(x · inner' + innerBias) · outer' + outerBias + residual`.
  ///
  /// In a scope of ``ComputePrecision/bfloat16`` what passes between the layers is in bfloat16 on the way there
  /// and on the way back, and the derivative keeps x and the inner sums in bfloat16 and nothing else of
  /// their size. In single precision it is the same as two calls of
  /// ``linear(_:bias:activation:residual:file:line:)``.
  ///
  /// - Parameters:
  ///   - inner: `[H, I]`, the first layer's weight.
  ///   - innerBias: `[H]`; zeros if nil.
  ///   - activation: what is applied between the layers.
  ///   - outer: `[O, H]`, the second layer's weight.
  ///   - outerBias: `[O]`; zeros if nil.
  ///   - residual: `[…, O]`, what is added to the result; nothing if nil.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[…, O]` for this `[…, I]`.
  public func feedForward(
    inner: Tensor, innerBias: Tensor? = nil, activation: Activation = .gelu(), outer: Tensor,
    outerBias: Tensor? = nil, residual: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      rank >= 1 && inner.rank == 2 && outer.rank == 2 && inner.shape[1] == shape[rank - 1]
        && outer.shape[1] == inner.shape[0],
      "feedForward: weights of shapes \(inner.shape) and \(outer.shape) do not fit \(shape)", file,
      line)
    let outputShape = shape.replacing(rank - 1, with: outer.shape[0])
    require(
      residual == nil || residual?.shape == outputShape,
      "feedForward: a residual of shape \(residual?.shape ?? []) does not fit \(outputShape)", file,
      line)
    for (bias, weight) in [(innerBias, inner), (outerBias, outer)] {
      require(
        bias == nil || bias?.shape == [weight.shape[0]],
        "feedForward: a bias of shape \(bias?.shape ?? []) does not fit \(weight.shape)", file, line
      )
    }
    #if OneDNN
      if count > 0 && inner.count > 0 && outer.count > 0 && Compute.multipliesInBFloat16 {
        return bfloat16FeedForward(
          inner, innerBias, activation, outer, outerBias, residual, outputShape)
      }
    #endif
    return linear(inner, bias: innerBias, activation: activation, file: file, line: line)
      .linear(outer, bias: outerBias, residual: residual, file: file, line: line)
  }

  #if OneDNN
    private func bfloat16FeedForward(
      _ inner: Tensor, _ innerBias: Tensor?, _ activation: Activation, _ outer: Tensor,
      _ outerBias: Tensor?, _ residual: Tensor?, _ outputShape: Shape
    ) -> Tensor {
      let (hidden, inputs, outputs) = (inner.shape[0], inner.shape[1], outer.shape[0])
      let rows = count / inputs
      let optional = [innerBias, outerBias, residual]
      let all = [self, inner, outer] + optional.compactMap { $0 }
      let isRecorded = all.contains { $0.recordedPlace != nil }
      let x = BFloat16Tensor(self)
      let (first, second) = (BFloat16Factor(weights: inner), BFloat16Factor(weights: outer))

      // The derivative needs the sums, and the activation is a pass of its own then.
      let isSeparate = isRecorded || Compute.isRehearsal
      let sums = BFloat16Tensor(uninitialized: [rows, hidden])
      x.multiply(
        first, into: .bfloat16(sums), m: rows, n: hidden, k: inputs, transposeB: true,
        bias: innerBias, activation: isSeparate ? SENTIO_DNN_IDENTITY : activation.afterSum)
      let needsPass = activation != .identity && (isSeparate || activation.needsPass)
      let output = Tensor(uninitialized: outputShape)
      (needsPass ? sums.activated(activation) : sums).multiply(
        second, into: .float32(output), m: rows, n: outputs, k: hidden, transposeB: true,
        bias: outerBias, addend: residual)
      guard isRecorded else { return output }

      let inputShape = shape
      let wanted = ([self, inner, outer] + optional).map { $0?.recordedPlace != nil }
      let isThere = optional.map { $0 != nil }
      return output.derived(
        fromAll: all,
        { gradient in
          let (outerGradient, outerTotals) = BFloat16Tensor.gradient(
            .float32(gradient), of: .identity, at: nil, columns: outputs, wantsTotals: wanted[4])
          var parts: [Tensor?] = [nil, nil, nil]
          if wanted[2] {
            parts[2] = (activation == .identity ? sums : sums.activated(activation))
              .weightGradient(outerGradient, rows: rows, outputs: outputs, inputs: hidden)
          }
          var innerTotals: Tensor?
          if wanted[0] || wanted[1] || wanted[3] {
            let between = BFloat16Tensor(uninitialized: [rows, hidden])
            outerGradient.multiply(
              second, into: .bfloat16(between), m: rows, n: hidden, k: outputs)
            let innerGradient: BFloat16Tensor
            (innerGradient, innerTotals) = BFloat16Tensor.gradient(
              .bfloat16(between), of: activation, at: sums, columns: hidden, wantsTotals: wanted[3])
            if wanted[0] {
              let part = Tensor(uninitialized: inputShape)
              innerGradient.multiply(first, into: .float32(part), m: rows, n: inputs, k: hidden)
              parts[0] = part
            }
            if wanted[1] {
              parts[1] = x.weightGradient(
                innerGradient, rows: rows, outputs: hidden, inputs: inputs)
            }
          }
          for (index, part) in [innerTotals, outerTotals, gradient].enumerated()
          where isThere[index] {
            parts.append(wanted[3 + index] ? part : nil)
          }
          return parts
        })
    }
  #endif
}
