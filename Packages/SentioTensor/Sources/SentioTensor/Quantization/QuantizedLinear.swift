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

  /// Takes a layer that is rounded already, as a file holds it.
  ///
  /// - Parameters:
  ///   - integers: the weight, −127…127, row after row: as many for each scale, up to ``maximumInputs``.
  ///   - scales: the distance of neighbouring weights, for each output.
  ///   - bias: `[O]`; zeros if nil.
  ///   - activation: what is applied to the sums.
  ///   - input: how x is rounded.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    integers: [Int8], scales: [Float], bias: Tensor? = nil, activation: Activation = .identity,
    input: ActivationQuantization, file: StaticString = #fileID, line: UInt = #line
  ) {
    let inputs = integers.count / max(1, scales.count)
    require(
      !scales.isEmpty && integers.count == scales.count * inputs && inputs <= Self.maximumInputs,
      "QuantizedLinear: \(integers.count) weights do not make \(scales.count) rows of up to "
        + "\(Self.maximumInputs)", file, line)
    require(
      bias == nil || bias?.shape == [scales.count],
      "QuantizedLinear: a bias of shape \(bias?.shape ?? []) does not fit \(scales.count) outputs",
      file, line)
    self.input = input
    self.activation = activation
    self.bias = bias?.detached()
    weight = QuantizedRows(integers: integers, scales: scales)
    offsets = weight.sums.map { $0 * Int32(input.zeroPoint) }
    factors = scales.map { $0 * input.scale }
  }

  /// The number of inputs.
  public var inputs: Int { weight.columns }

  /// The number of outputs.
  public var outputs: Int { weight.rows }

  /// The distance of neighbouring weights, for each output.
  public var weightScales: [Float] { weight.scales }

  /// The weight as integers, −127…127, row after row.
  public var weightIntegers: [Int8] { weight.integers }

  /// The weight that the integers stand for, `[O, I]`.
  ///
  /// - Returns: a tensor in single precision.
  public func dequantizedWeight() -> Tensor { weight.dequantized() }

  /// Computes the layer.
  ///
  /// Layers that read one tensor, rounded in one way, round it once.
  ///
  /// - Parameters:
  ///   - x: `[…, I]`; what is not a number counts as 0, what is out of the calibrated range as its end.
  ///   - residual: `[…, O]`, what is added to the result; nothing if nil.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[…, O]` in single precision.
  public func callAsFunction(
    _ x: Tensor, residual: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let result = checkedResult(x, inputs, residual, file, line)
    guard result.count > 0 else { return result }
    let count = result.count / outputs
    write(product(of: input.rounded(x), count: count), count, residual, into: result)
    return result
  }

  /// Two layers one after the other, with 8-bit integers between them: `outer(self(x)) + residual`.
  ///
  /// The same numbers as from two calls, without a tensor in single precision between them.
  ///
  /// - Parameters:
  ///   - outer: the second layer, with as many inputs as this has outputs.
  ///   - x: `[…, I]`.
  ///   - residual: what is added to the result; nothing if nil.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the second layer's output in single precision.
  public func followed(
    by outer: QuantizedLinear, _ x: Tensor, residual: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      outer.inputs == outputs,
      "QuantizedLinear: \(outputs) outputs do not fit a layer of \(outer.inputs) inputs", file, line
    )
    let result = outer.checkedResult(x, inputs, residual, file, line)
    guard result.count > 0 else { return result }
    let count = result.count / outer.outputs
    let between = rounded(
      product(of: input.rounded(x), count: count), count, as: outer.input)
    outer.write(outer.product(of: between, count: count), count, residual, into: result)
    return result
  }

  /// The result, not yet computed, of an input that was checked.
  private func checkedResult(
    _ x: Tensor, _ inputs: Int, _ residual: Tensor?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    require(
      x.rank >= 1 && x.shape[x.rank - 1] == inputs,
      "QuantizedLinear: \(inputs) inputs do not fit a shape of \(x.shape)", file, line)
    require(
      x.recordedPlace == nil && residual?.recordedPlace == nil,
      "QuantizedLinear has no derivative; `detached()` makes a constant of its input", file, line)
    let shape = x.shape.replacing(x.rank - 1, with: outputs)
    require(
      residual == nil || residual?.shape == shape,
      "QuantizedLinear: a residual of shape \(residual?.shape ?? []) does not fit \(shape)", file,
      line)
    return Tensor(uninitialized: shape)
  }

  private func product(of bytes: TensorStorage, count: Int) -> TensorStorage {
    weight.product(bytes, count: count, engine: Compute.engine)
  }

  /// Writes the layer's outputs, a row at a time, so that the activation finds it in the nearest cache.
  private func write(
    _ sums: TensorStorage, _ count: Int, _ residual: Tensor?, into result: Tensor
  ) {
    let integers = sums.raw.assumingMemoryBound(to: Int32.self)
    let (out, biases) = (result.storage.pointer, bias?.storage.pointer)
    let (after, addend) = (activation.unary, residual?.storage.pointer)
    ParallelLoop.run(count, cost: 6 * outputs) { range in
      for row in range {
        let start = row * outputs
        if let addend, after == nil {
          sentio_dequantize_onto(
            integers + start, offsets, factors, biases, addend + start, out + start, 1, outputs)
          continue
        }
        sentio_dequantize(integers + start, offsets, factors, biases, out + start, 1, outputs)
        after?(out + start, out + start, outputs)
        if let addend {
          sentio_add(
            out + start, outputs, 1, addend + start, outputs, 1, out + start, 1, outputs)
        }
      }
    }
    withExtendedLifetime((sums, bias, residual)) {}
  }

  /// The layer's outputs, rounded for a layer that reads them.
  private func rounded(
    _ sums: TensorStorage, _ count: Int, as target: ActivationQuantization
  ) -> TensorStorage {
    let bytes = TensorStorage(bytes: count * outputs)
    let integers = sums.raw.assumingMemoryBound(to: Int32.self)
    let out = bytes.raw.assumingMemoryBound(to: UInt8.self)
    let (biases, after) = (bias?.storage.pointer, activation.unary)
    ParallelLoop.run(count, cost: 10 * outputs, scratch: outputs) { range, row in
      for index in range {
        let start = index * outputs
        sentio_dequantize(integers + start, offsets, factors, biases, row, 1, outputs)
        after?(row, row, outputs)
        sentio_quantize(row, out + start, outputs, 1 / target.scale, Int32(target.zeroPoint))
      }
    }
    withExtendedLifetime((sums, bias)) {}
    return bytes
  }
}

extension ActivationQuantization {
  /// The elements of a tensor in 8 bits, which stay with the tensor until it changes.
  func rounded(_ x: Tensor) -> TensorStorage {
    let rounded = x.storage.form(.bytes(self)) {
      let result = TensorStorage(bytes: max(1, x.count))
      let (source, target) = (x.storage.pointer, result.raw.assumingMemoryBound(to: UInt8.self))
      ParallelLoop.run(x.count, cost: 4) { range in
        sentio_quantize(
          source + range.lowerBound, target + range.lowerBound, range.count, 1 / scale,
          Int32(zeroPoint))
      }
      return result
    }
    withExtendedLifetime(x) {}
    return rounded!
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
