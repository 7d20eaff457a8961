#if OneDNN
  import CSentioOneDNN

  extension Tensor {
    /// Two layers and an activation between them, with bfloat16 on the way there and back; see
    /// ``feedForward(inner:innerBias:activation:outer:outerBias:residual:file:line:)``.
    ///
    /// With a normalization the first layer reads the rows through it, and they are the residual.
    func bfloat16FeedForward(
      _ normalization: RowNormalization?, _ inner: Tensor, _ innerBias: Tensor?,
      _ activation: Activation, _ outer: Tensor, _ outerBias: Tensor?, _ residual: Tensor?,
      _ outputShape: Shape
    ) -> Tensor {
      let (hidden, inputs, outputs) = (inner.shape[0], inner.shape[1], outer.shape[0])
      let rows = count / inputs
      let optional = [
        innerBias, outerBias, residual, normalization?.gain, normalization?.offset,
      ]
      let all = [self, inner, outer] + optional.compactMap { $0 }
      let isRecorded = all.contains { $0.recordedPlace != nil }
      let (x, statistics) =
        normalization.map { normalizedInBFloat16(by: $0, keepsStatistics: isRecorded) }
        ?? (BFloat16Tensor(self), nil)
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
        bias: outerBias, addend: normalization == nil ? residual : self)
      guard isRecorded else { return output }

      let wanted = ([self, inner, outer] + optional).map { $0?.recordedPlace != nil }
      let isThere = optional.map { $0 != nil }
      let wantsInput = wanted[0] || wanted[6] || wanted[7]
      // In single precision the input is kept for a normalization's derivative alone.
      let (given, gain) = (
        normalization == nil ? nil : detached(), normalization?.gain.detached()
      )
      let givenShape = shape
      return output.derived(
        fromAll: all,
        { gradient in
          let (outerGradient, outerTotals) = BFloat16Tensor.gradient(
            .float32(gradient), of: .identity, at: nil, columns: outputs, wantsTotals: wanted[4])
          var parts: [Tensor?] = [nil, nil, nil]
          var totals: [Tensor?] = [nil, outerTotals, gradient, nil, nil]
          var activated = activation == .identity ? sums : nil
          if wantsInput || wanted[1] || wanted[3] {
            let between = BFloat16Tensor(uninitialized: [rows, hidden])
            outerGradient.multiply(
              second, into: .bfloat16(between), m: rows, n: hidden, k: outputs)
            let innerGradient: BFloat16Tensor
            if wanted[2] && activation != .identity {
              (innerGradient, totals[0], activated) = BFloat16Tensor.gradientAndValue(
                between, of: activation, at: sums, columns: hidden)
            } else {
              (innerGradient, totals[0]) = BFloat16Tensor.gradient(
                .bfloat16(between), of: activation, at: sums, columns: hidden,
                wantsTotals: wanted[3])
            }
            if wantsInput {
              let part = Tensor(uninitialized: givenShape)
              innerGradient.multiply(first, into: .float32(part), m: rows, n: inputs, k: hidden)
              if let given, let statistics {
                (parts[0], totals[3], totals[4]) = given.normalizationGradients(
                  part, gain, statistics, input: wanted[0], gain: wanted[6], offset: wanted[7],
                  adding: gradient)
              } else {
                parts[0] = part
              }
            }
            if wanted[1] {
              parts[1] = x.weightGradient(
                innerGradient, rows: rows, outputs: hidden, inputs: inputs)
            }
          }
          if wanted[2] {
            parts[2] = (activated ?? sums.activated(activation))
              .weightGradient(outerGradient, rows: rows, outputs: outputs, inputs: hidden)
          }
          for (index, part) in totals.enumerated() where isThere[index] {
            parts.append(wanted[3 + index] ? part : nil)
          }
          return parts
        })
    }
  }
#endif
