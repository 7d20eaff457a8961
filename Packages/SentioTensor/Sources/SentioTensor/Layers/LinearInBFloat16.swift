#if OneDNN
  import CSentioOneDNN
  import CSentioTensorKernels

  extension Activation {
    /// What oneDNN applies to a sum before it is stored; the identity where it would lose a NaN, and a pass
    /// of our own follows.
    var afterSum: sentio_dnn_activation {
      switch self {
      case .gelu(.none): SENTIO_DNN_GELU
      case .gelu(.tanh): SENTIO_DNN_GELU_TANH
      case .silu: SENTIO_DNN_SILU
      default: SENTIO_DNN_IDENTITY
      }
    }

    /// Whether a pass over the sums has to follow.
    var needsPass: Bool { self != .identity && afterSum == SENTIO_DNN_IDENTITY }
  }

  extension Tensor {
    /// ``linear(_:bias:activation:residual:file:line:)`` with x and the weight rounded to bfloat16.
    func bfloat16Linear(
      _ weight: Tensor, _ bias: Tensor?, _ activation: Activation, _ residual: Tensor?
    ) -> Tensor {
      let (outputs, inputs) = (weight.shape[0], weight.shape[1])
      let rows = count / inputs
      let optional = [bias, residual]
      let all = [self, weight] + optional.compactMap { $0 }
      let isRecorded = all.contains { $0.recordedPlace != nil }
      let keepsSums = (isRecorded || Compute.isRehearsal) && activation != .identity
      let needsPass = keepsSums || activation.needsPass
      if let residual, needsPass {
        return bfloat16Linear(weight, bias, activation, nil) + residual
      }
      let x = BFloat16Tensor(self)
      let factor = BFloat16Factor(weights: weight)
      let output = Tensor(uninitialized: shape.replacing(rank - 1, with: outputs))
      x.multiply(
        factor, into: .float32(output), m: rows, n: outputs, k: inputs, transposeB: true,
        bias: bias, activation: keepsSums ? SENTIO_DNN_IDENTITY : activation.afterSum,
        addend: residual)
      guard isRecorded else {
        if needsPass { output.addBias(Tensor(0), activation, into: output) }
        return output
      }
      let sums = keepsSums ? BFloat16Tensor(keeping: output, thenApplying: activation) : nil
      let wanted = ([self, weight] + optional).map { $0?.recordedPlace != nil }
      let isThere = optional.map { $0 != nil }
      let inputShape = shape
      return output.derived(
        fromAll: all,
        { gradient in
          var parts: [Tensor?] = [nil, nil]
          var biasGradient: Tensor?
          if wanted[0] || wanted[1] || wanted[2] {
            let sumGradient: BFloat16Tensor
            (sumGradient, biasGradient) = BFloat16Tensor.gradient(
              .float32(gradient), of: activation, at: sums, columns: outputs,
              wantsTotals: wanted[2])
            if wanted[0] {
              let part = Tensor(uninitialized: inputShape)
              sumGradient.multiply(factor, into: .float32(part), m: rows, n: inputs, k: outputs)
              parts[0] = part
            }
            if wanted[1] {
              parts[1] = x.weightGradient(sumGradient, rows: rows, outputs: outputs, inputs: inputs)
            }
          }
          for (index, part) in [biasGradient, gradient].enumerated() where isThere[index] {
            parts.append(wanted[2 + index] ? part : nil)
          }
          return parts
        })
    }
  }

  extension BFloat16Tensor {
    /// Rounds sums, and applies an activation to the sums themselves.
    init(keeping sums: Tensor, thenApplying activation: Activation) {
      self.init(uninitialized: sums.shape)
      let (source, kept) = (sums.storage.pointer, pointer)
      ParallelLoop.run(sums.count, cost: 4) { range in
        sentio_bfloat16_keep_and_activate(
          activation.number, source + range.lowerBound, kept + range.lowerBound, range.count)
      }
    }

    /// The activation of these sums.
    func activated(_ activation: Activation) -> BFloat16Tensor {
      let result = BFloat16Tensor(uninitialized: shape)
      let (source, target) = (pointer, result.pointer)
      ParallelLoop.run(count, cost: 4) { range in
        sentio_bfloat16_activate(
          activation.number, source + range.lowerBound, target + range.lowerBound, range.count)
      }
      return result
    }

    /// The gradient of a layer's sums, rounded, and its total over the rows.
    ///
    /// - Parameters:
    ///   - arriving: the gradient of the layer's output.
    ///   - activation: the layer's.
    ///   - sums: what it was applied to; not read for the identity.
    ///   - columns: the layer's outputs.
    ///   - wantsTotals: whether the bias wants its gradient.
    /// - Returns: the gradient of the sums, and that of the bias where wanted.
    static func gradient(
      _ arriving: Destination, of activation: Activation, at sums: BFloat16Tensor?, columns: Int,
      wantsTotals: Bool
    ) -> (sums: BFloat16Tensor, totals: Tensor?) {
      let shape: Shape
      switch arriving {
      case .float32(let gradient):
        if activation == .identity && !wantsTotals { return (BFloat16Tensor(gradient), nil) }
        shape = gradient.shape
      case .bfloat16(let gradient):
        if activation == .identity && !wantsTotals { return (gradient, nil) }
        shape = gradient.shape
      }
      let result = BFloat16Tensor(uninitialized: shape)
      let rows = shape.elementCount / columns
      let blocks = (rows + blockRows - 1) / blockRows
      let totals = wantsTotals ? Tensor(uninitialized: [blocks, columns]) : nil
      let (out, at, number) = (result.pointer, sums?.pointer, activation.number)
      // Blocks of a fixed number of rows, whose shares of the totals are added up afterwards.
      ParallelLoop.run(blocks, cost: blockRows * columns * 4) { range in
        for block in range {
          let row = block * blockRows
          let (start, count) = (row * columns, min(blockRows, rows - row))
          let (kept, total) = (
            at.map { $0 + start }, totals.map { $0.storage.pointer + block * columns }
          )
          switch arriving {
          case .float32(let gradient):
            sentio_bfloat16_gradient(
              number, gradient.storage.pointer + start, kept, out + start, total, count, columns,
              columns)
          case .bfloat16(let gradient):
            sentio_bfloat16_gradient_narrow(
              number, gradient.pointer + start, kept, out + start, total, count, columns, columns)
          }
        }
      }
      return (result, totals?.summed([0]))
    }

    /// Rows whose sums over each column are taken together, in single precision.
    private static let blockRows = 64

    /// The gradient of a layer's sums, rounded, its total over the rows, and the activation of the sums.
    static func gradientAndValue(
      _ arriving: BFloat16Tensor, of activation: Activation, at sums: BFloat16Tensor, columns: Int
    ) -> (sums: BFloat16Tensor, totals: Tensor, values: BFloat16Tensor) {
      let result = BFloat16Tensor(uninitialized: arriving.shape)
      let values = BFloat16Tensor(uninitialized: arriving.shape)
      let rows = arriving.count / columns
      let blocks = (rows + blockRows - 1) / blockRows
      let totals = Tensor(uninitialized: [blocks, columns])
      let (g, at, out, value) = (arriving.pointer, sums.pointer, result.pointer, values.pointer)
      let (total, number) = (totals.storage.pointer, activation.number)
      ParallelLoop.run(blocks, cost: blockRows * columns * 4) { range in
        for block in range {
          let row = block * blockRows
          let start = row * columns
          sentio_bfloat16_gradient_and_value(
            number, g + start, at + start, out + start, value + start, total + block * columns,
            min(blockRows, rows - row), columns)
        }
      }
      return (result, totals.summed([0]), values)
    }

    /// The sums over all rows, `[columns]`.
    func columnSums(_ columns: Int) -> Tensor {
      let rows = count / columns
      let blocks = (rows + Self.blockRows - 1) / Self.blockRows
      let totals = Tensor(uninitialized: [blocks, columns])
      let (source, total) = (pointer, totals.storage.pointer)
      ParallelLoop.run(blocks, cost: Self.blockRows * columns) { range in
        for block in range {
          let row = block * Self.blockRows
          sentio_bfloat16_column_sums(
            source + row * columns, total + block * columns, min(Self.blockRows, rows - row),
            columns)
        }
      }
      return totals.summed([0])
    }

    /// The gradient of a layer's weight, `[O, I]`, whose input this is, from that of its sums.
    func weightGradient(
      _ sumGradient: BFloat16Tensor, rows: Int, outputs: Int, inputs: Int
    ) -> Tensor {
      let result = Tensor(uninitialized: [outputs, inputs])
      sumGradient.multiply(
        .rounded(self), into: .float32(result), m: outputs, n: inputs, k: rows, transposeA: true)
      return result
    }
  }
#endif
