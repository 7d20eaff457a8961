import CSentioTensorKernels

extension Tensor {
  /// Two layers and an activation between them in single precision, for a gradient to go back through; see
  /// ``feedForward(inner:innerBias:activation:outer:outerBias:residual:file:line:)``.
  ///
  /// With a normalization the first layer reads the rows through it, and they are the residual. The derivative keeps
  /// the input and the inner sums. The normalized rows and what the activation makes of the sums it computes again:
  /// two passes over memory, where keeping them would take as much memory as the sums and more.
  func recordedFeedForward(
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
    let wanted = ([self, inner, outer] + optional).map { $0?.recordedPlace != nil }
    let (x, statistics) = normalization.map { normalizedKeepingStatistics(by: $0) } ?? (self, nil)

    let sums = Tensor(uninitialized: [rows, hidden])
    SinglePrecisionProduct.run(
      x, inner, into: sums, m: rows, n: hidden, k: inputs, transposeB: true,
      packing: inner.isConstant ? .kept : .never, bias: innerBias)
    let output = Tensor(uninitialized: outputShape)
    SinglePrecisionProduct.run(
      sums.activated(by: activation), outer, into: output, m: rows, n: outputs, k: hidden,
      transposeB: true, packing: outer.isConstant ? .kept : .never, bias: outerBias,
      addend: normalization == nil ? residual : self)

    let isThere = optional.map { $0 != nil }
    let wantsInput = wanted[0] || wanted[6] || wanted[7]
    let given = detached()
    let norm = normalization.map {
      RowNormalization(
        gain: $0.gain.detached(), offset: $0.offset.detached(), epsilon: $0.epsilon)
    }
    let (first, second, scope) = (inner.detached(), outer.detached(), Compute.scope)
    return output.derived(
      fromAll: all,
      { gradient in
        var parts: [Tensor?] = [nil, nil, nil]
        var totals: [Tensor?] = [nil, nil, gradient, nil, nil]
        let flat = gradient.reshaped([rows, outputs] as Shape)
        if wanted[4] { totals[1] = flat.sum(axes: 0) }
        scope {
          let readsOutput = activation.gradient.map { !$0.needsSum } ?? false
          var activated = wanted[2] || readsOutput ? sums.activated(by: activation) : nil
          if wanted[2] { parts[2] = flat.weightGradient(activated!) }
          if !readsOutput { activated = nil }
          guard wantsInput || wanted[1] || wanted[3] else { return }
          let between = flat.product(with: second, packing: wanted[2] ? .once : .kept)
          if let (kernel, _) = activation.gradient {
            between.become(kernel, of: activated ?? sums)
          }
          activated = nil
          if wanted[3] { totals[0] = between.sum(axes: 0) }
          if wanted[1] {
            let read = norm.map { given.normalizedKeepingStatistics(by: $0).rows } ?? given
            parts[1] = between.weightGradient(read.reshaped([rows, inputs] as Shape))
          }
          guard wantsInput else { return }
          let part = between.product(with: first, packing: wanted[1] ? .once : .kept)
            .reshaped(given.shape)
          if let norm, let statistics {
            (parts[0], totals[3], totals[4]) = given.normalizationGradients(
              part, norm.gain, statistics, input: wanted[0], gain: wanted[6], offset: wanted[7],
              adding: gradient)
          } else {
            parts[0] = part
          }
        }
        for (index, part) in totals.enumerated() where isThere[index] {
          parts.append(wanted[3 + index] ? part : nil)
        }
        return parts
      })
  }

  /// The activation of these sums.
  private func activated(by activation: Activation) -> Tensor {
    guard activation != .identity else { return self }
    let result = Tensor(uninitialized: shape)
    addBias(Tensor(0), activation, into: result)
    return result
  }

  /// Replaces this gradient of an activation's results by that of its sums, in place.
  private func become(_ kernel: sentio_binary, of kept: Tensor) {
    let columns = shape[rank - 1]
    let (x, g) = (kept.storage.pointer, storage.pointer)
    ParallelLoop.run(count / columns, cost: 4 * columns) { rows in
      let start = rows.lowerBound * columns
      kernel(x + start, columns, 1, g + start, columns, 1, g + start, rows.count, columns)
    }
    withExtendedLifetime(kept) {}
  }

  /// The gradient of a layer's weight, `[O, I]`, of whose sums this is the gradient, `[rows, O]`.
  ///
  /// - Parameter x: what the layer read, `[rows, I]`.
  /// - Returns: the gradient.
  func weightGradient(_ x: Tensor) -> Tensor {
    let (rows, outputs, inputs) = (shape[0], shape[1], x.shape[1])
    let result = Tensor(uninitialized: [outputs, inputs])
    guard result.count > 0 else { return result }
    SinglePrecisionProduct.run(
      storage.pointer, x.storage.pointer, into: result.storage.pointer, m: outputs, n: inputs,
      k: rows, transposeA: true)
    withExtendedLifetime((self, x)) {}
    return result
  }

  /// What this gradient of a layer's sums, `[rows, O]`, is to the layer's input, `[rows, I]`.
  ///
  /// - Parameters:
  ///   - weight: the layer's, `[O, I]`.
  ///   - packing: how long a packed form is kept; few rows are multiplied without one.
  /// - Returns: the gradient of the input.
  func product(with weight: Tensor, packing: SinglePrecisionProduct.Packing) -> Tensor {
    let (rows, outputs, inputs) = (shape[0], weight.shape[0], weight.shape[1])
    let result = Tensor(uninitialized: [rows, inputs])
    guard result.count > 0 else { return result }
    SinglePrecisionProduct.run(
      self, weight, into: result, m: rows, n: inputs, k: outputs, transposeB: false,
      packing: rows >= SinglePrecisionProduct.rowsWorthPacking ? packing : .never)
    return result
  }
}
