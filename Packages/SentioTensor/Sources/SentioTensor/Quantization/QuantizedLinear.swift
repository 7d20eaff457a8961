import CSentioTensorKernels

/// A linear layer for inference in 8-bit integers: `activation(x · weight' + bias)`.
///
/// Each row of the weight is rounded to −127…127 with a scale of its own, x to 0…255 as calibrated, and the sums are
/// exact integers, so that every engine and chip gives the same. With x inside of the calibrated range an output is
/// off by at most `Σᵢ (s/2·|wᵢ| + t/2·|xᵢ| + s·t/4)`, for the steps s of x and t of the row.
///
/// It has no derivative: a tensor that is being differentiated stops the program.
public struct QuantizedLinear: Sendable {
  /// How x is rounded.
  public let input: ActivationQuantization
  /// What is applied to the sums, in single precision.
  public let activation: Activation
  private let weight: QuantizedRows
  private let bias: Tensor?
  // What an output's integer sum is shifted and multiplied by.
  private let offsets: [Int32]
  private let factors: [Float]

  /// The most inputs, so that no sum of 32 bits overflows: 2³¹ / (255 · 127).
  public static let maximumInputs = 66_311

  /// Rounds a layer.
  ///
  /// - Parameters:
  ///   - weight: `[O, I]`, one row for each output; I at most ``maximumInputs``.
  ///   - bias: `[O]`, which stays in single precision; zeros if nil.
  ///   - activation: what is applied to the sums.
  ///   - input: how x is rounded, from an ``ActivationCalibrator``.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    input: ActivationQuantization, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      weight.rank == 2 && weight.shape[1] <= Self.maximumInputs,
      "QuantizedLinear: a weight of shape \(weight.shape) is not [O, I] with I up to "
        + "\(Self.maximumInputs)", file, line)
    require(
      bias == nil || bias?.shape == [weight.shape[0]],
      "QuantizedLinear: a bias of shape \(bias?.shape ?? []) does not fit \(weight.shape)", file,
      line)
    self.input = input
    self.activation = activation
    self.bias = bias?.detached()
    let rows = QuantizedRows(weight)
    self.weight = rows
    offsets = rows.sums.map { $0 * Int32(input.zeroPoint) }
    factors = rows.scales.map { $0 * input.scale }
  }

  /// The number of inputs.
  public var inputs: Int { weight.columns }

  /// The number of outputs.
  public var outputs: Int { weight.rows }

  /// The distance of neighbouring weights, for each output.
  public var weightScales: [Float] { weight.scales }

  /// The weight that the integers stand for, `[O, I]`.
  ///
  /// - Returns: a tensor in single precision.
  public func dequantizedWeight() -> Tensor { weight.dequantized() }

  /// Computes the layer.
  ///
  /// - Parameters:
  ///   - x: `[…, I]`; what is not a number counts as 0, what is out of the calibrated range as its end.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[…, O]` in single precision.
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      x.rank >= 1 && x.shape[x.rank - 1] == inputs,
      "QuantizedLinear: \(inputs) inputs do not fit a shape of \(x.shape)", file, line)
    require(
      x.recordedPlace == nil,
      "QuantizedLinear has no derivative; `detached()` makes a constant of its input", file, line)
    let result = Tensor(uninitialized: x.shape.replacing(x.rank - 1, with: outputs))
    guard result.count > 0 else { return result }
    let count = result.count / outputs
    let sums = weight.product(input.rounded(x), count: count, engine: Compute.engine)
    let integers = sums.raw.assumingMemoryBound(to: Int32.self)
    let (out, biases) = (result.storage.pointer, bias?.storage.pointer)
    let after = activation.unary
    ParallelLoop.run(count, cost: 2 * outputs) { range in
      // A row at a time, so that the activation finds it in the nearest cache.
      for row in range {
        let start = row * outputs
        sentio_dequantize(integers + start, offsets, factors, biases, out + start, 1, outputs)
        after?(out + start, out + start, outputs)
      }
    }
    withExtendedLifetime((sums, bias)) {}
    return result
  }
}

extension ActivationQuantization {
  /// The elements of a tensor in 8 bits.
  func rounded(_ x: Tensor) -> TensorStorage {
    let result = TensorStorage(bytes: max(1, x.count))
    let (source, target) = (x.storage.pointer, result.raw.assumingMemoryBound(to: UInt8.self))
    ParallelLoop.run(x.count) { range in
      sentio_quantize(
        source + range.lowerBound, target + range.lowerBound, range.count, 1 / scale,
        Int32(zeroPoint))
    }
    withExtendedLifetime(x) {}
    return result
  }
}

extension Activation {
  /// The function of the sums alone; nil for the identity.
  var unary: sentio_unary? {
    switch self {
    case .identity: nil
    case .relu: sentio_relu
    case .gelu(.none): sentio_gelu
    case .gelu(.tanh): sentio_gelu_tanh
    case .silu: sentio_silu
    case .sigmoid: sentio_sigmoid
    case .tanh: sentio_hyperbolic_tangent
    }
  }
}
