import CSentioTensorKernels
import SentioBLAS

/// What a layer applies to its sums.
public enum Activation: Sendable, Hashable {
  /// The sums themselves.
  case identity
  /// ``Tensor/relu()``
  case relu
  /// ``Tensor/gelu(_:)``
  case gelu(GELUApproximation = .none)
  /// ``Tensor/silu()``
  case silu
  /// ``Tensor/sigmoid()``
  case sigmoid
  /// ``Tensor/tanh()``
  case tanh

  /// The function of a sum, in one pass over it and the bias.
  var fused: sentio_binary {
    switch self {
    case .identity: sentio_add
    case .relu: sentio_add_relu
    case .gelu(.none): sentio_add_gelu
    case .gelu(.tanh): sentio_add_gelu_tanh
    case .silu: sentio_add_silu
    case .sigmoid: sentio_add_sigmoid
    case .tanh: sentio_add_hyperbolic_tangent
    }
  }

  /// The function's number in C.
  var number: Int32 {
    switch self {
    case .identity: Int32(SENTIO_IDENTITY.rawValue)
    case .relu: Int32(SENTIO_RELU.rawValue)
    case .gelu(.none): Int32(SENTIO_GELU.rawValue)
    case .gelu(.tanh): Int32(SENTIO_GELU_TANH.rawValue)
    case .silu: Int32(SENTIO_SILU.rawValue)
    case .sigmoid: Int32(SENTIO_SIGMOID.rawValue)
    case .tanh: Int32(SENTIO_TANH.rawValue)
    }
  }

  /// The gradient of the sum, from that of the output and the sum or the output; nil where it is the same.
  var gradient: (kernel: sentio_binary, needsSum: Bool)? {
    switch self {
    case .identity: nil
    case .relu: (sentio_relu_gradient, false)
    case .gelu(.none): (sentio_gelu_gradient, true)
    case .gelu(.tanh): (sentio_gelu_tanh_gradient, true)
    case .silu: (sentio_silu_gradient, true)
    case .sigmoid: (sentio_sigmoid_gradient, false)
    case .tanh: (sentio_hyperbolic_tangent_gradient, false)
    }
  }
}

extension Tensor {
  /// A layer of weighted sums: `activation(x · weight' + bias) + residual`, as one operation.
  ///
  /// A weight that no gradient is asked for is packed at its first use and stays packed until it changes. In a
  /// scope of ``ComputePrecision/bfloat16`` x and the weight are rounded to bfloat16, each by at most 2⁻⁸ of its
  /// size; sums, bias, activation and result are in single precision, and so are the
  /// sums of all gradients. There the derivative keeps x and the sums in bfloat16.
  ///
  /// - Parameters:
  ///   - weight: `[O, I]`, one row for each output, as PyTorch and its checkpoints store it.
  ///   - bias: `[O]`; zeros if nil.
  ///   - activation: what is applied to the sums.
  ///   - residual: `[…, O]`, what is added to the result; nothing if nil.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[…, O]` for this `[…, I]`.
  ///
  /// *Reference:* `torch.nn.functional.linear`, 2.x.
  public func linear(
    _ weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    residual: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank >= 1 && weight.rank == 2 && weight.shape[1] == shape[rank - 1],
      "linear: a weight of shape \(weight.shape) does not fit \(shape)", file, line)
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let rows = shape.dropLast().reduce(1, *)
    require(
      bias == nil || bias?.shape == [outputs],
      "linear: a bias of shape \(bias?.shape ?? []) does not fit \(outputs) outputs", file, line)
    let resultShape = shape.replacing(rank - 1, with: outputs)
    require(
      residual == nil || residual?.shape == resultShape,
      "linear: a residual of shape \(residual?.shape ?? []) does not fit \(resultShape)", file, line
    )
    let all = [self, weight] + [bias].compactMap { $0 }
    let isRecorded = all.contains { $0.recordedPlace != nil }

    let rounds = rows > 0 && outputs > 0 && inputs > 0 && Compute.multipliesInBFloat16
    #if OneDNN
      if rounds { return bfloat16Linear(weight, bias, activation, residual) }
    #else
      precondition(!rounds, "this build has no products in bfloat16")
    #endif
    if let residual {
      // One pass over the result where nothing has to be kept for a derivative.
      if isRecorded || activation != .identity || residual.recordedPlace != nil {
        return linear(weight, bias: bias, activation: activation, file: file, line: line) + residual
      }
    }
    let keepsSum = isRecorded && activation.gradient?.needsSum == true
    let sum = Tensor(uninitialized: resultShape)
    guard sum.count > 0 else { return sum }
    if !isRecorded && activation == .identity {
      SinglePrecisionProduct.run(
        self, weight, into: sum, m: rows, n: outputs, k: inputs, transposeB: true,
        packing: weight.isConstant ? .kept : .never, bias: bias, addend: residual)
      return sum
    }
    // An activation's own pass adds the bias on its way.
    let addsBias = keepsSum || activation == .identity
    SinglePrecisionProduct.run(
      self, weight, into: sum, m: rows, n: outputs, k: inputs, transposeB: true,
      packing: weight.isConstant ? .kept : .never, bias: addsBias ? bias : nil)
    var output = sum
    if keepsSum {
      output = Tensor(uninitialized: sum.shape)
      sum.addBias(Tensor(0), activation, into: output)
    } else if activation != .identity {
      sum.addBias(bias ?? Tensor(0), activation, into: sum)
    }
    guard isRecorded else { return output }

    let kept = activation.gradient.map { $0.needsSum ? sum : output }
    let (x, wanted, scope) = (self, all.map { $0.recordedPlace != nil }, Compute.scope)
    return output.derived(
      fromAll: all,
      { gradient in
        var gradient = gradient
        if let (kernel, _) = activation.gradient, let kept {
          gradient = kept.combined(with: gradient, "linear", kernel)
        }
        let flat = gradient.reshaped([rows, outputs] as Shape)
        var parts: [Tensor?] = scope {
          [
            // A weight that is being trained changes before a second product meets it.
            wanted[0]
              ? flat.product(with: weight, packing: wanted[1] ? .once : .kept).reshaped(x.shape)
              : nil,
            wanted[1] ? flat.weightGradient(x.reshaped([rows, inputs] as Shape)) : nil,
          ]
        }
        if wanted.count > 2 { parts.append(wanted[2] ? flat.sum(axes: 0) : nil) }
        return parts
      })
  }

  /// Writes `activation(self + bias)`; the output may be this tensor.
  func addBias(_ bias: Tensor, _ activation: Activation, into output: Tensor) {
    let kernel = activation.fused
    let columns = shape[rank - 1]
    let step: Int32 = bias.rank == 0 ? 0 : 1
    let (sums, biases, out) = (
      storage.pointer, bias.storage.pointer, output.storage.pointer
    )
    ParallelLoop.run(count / columns, cost: 2 * columns) { range in
      let start = range.lowerBound * columns
      kernel(sums + start, columns, 1, biases, 0, step, out + start, range.count, columns)
    }
    withExtendedLifetime(bias) {}
  }
}
