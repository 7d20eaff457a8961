import CSentioTensorKernels

/// A convolution of signals or images for inference in 8-bit integers, with bias and activation.
///
/// ``Tensor/convolved2D(_:bias:stride:dilation:groups:padding:activation:file:line:)`` and its sibling for signals,
/// with the weight of each output channel rounded to −127…127 by a scale of its own, and x to 0…255 as calibrated.
/// What stands beside an image is exactly 0. The sums are exact integers, so that every engine and chip gives the
/// same; an output is off by as much as one of ``QuantizedLinear`` over what its window sees.
///
/// Channels are multiplied four by four: a group of fewer takes the time of four.
///
/// It has no derivative: a tensor that is being differentiated stops the program.
public struct QuantizedConvolution: Sendable {
  /// How x is rounded.
  public let input: ActivationQuantization
  /// What is applied to the sums, in single precision.
  public let activation: Activation
  /// Elements from window to window; for signals the width counts.
  public let stride: HeightWidth
  /// Elements from tap to tap; for signals the width counts.
  public let dilation: HeightWidth
  /// How many parts the channels fall into, each convolved by itself.
  public let groups: Int
  /// The zeros beside a signal or image.
  public let padding: ConvolutionPadding
  /// The shape of the weight, `[O, C / groups, K]` or `[O, C / groups, Kh, Kw]`.
  public let weightShape: Shape
  private let weight: QuantizedRows
  private let packed: TensorStorage
  private let bias: Tensor?
  private let zeroSums: [Int32]
  private let factors: [Float]

  /// Rounds a convolution.
  ///
  /// - Parameters:
  ///   - weight: `[O, C / groups, K]` for signals, `[O, C / groups, Kh, Kw]` for images; what one output sees are at
  ///     most ``QuantizedLinear/maximumInputs`` numbers.
  ///   - bias: `[O]`, which stays in single precision; zeros if nil.
  ///   - stride: elements from window to window, at least 1.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - groups: how many parts the channels fall into, each convolved by itself; divides C and O.
  ///   - padding: the zeros beside the signal or image.
  ///   - activation: what is applied to the sums.
  ///   - input: how x is rounded, from an ``ActivationCalibrator``.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    weight: Tensor, bias: Tensor? = nil, stride: HeightWidth = 1, dilation: HeightWidth = 1,
    groups: Int = 1, padding: ConvolutionPadding = .valid, activation: Activation = .identity,
    input: ActivationQuantization, file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = weight.shape
    require(
      (3...4).contains(shape.rank) && shape.allSatisfy { $0 > 0 }
        && weight.count / shape[0] <= QuantizedLinear.maximumInputs,
      "QuantizedConvolution: a weight of shape \(shape) is neither [O, C, K] nor [O, C, Kh, Kw] with up to "
        + "\(QuantizedLinear.maximumInputs) numbers for an output", file, line)
    require(
      groups >= 1 && shape[0] % groups == 0,
      "QuantizedConvolution: \(shape[0]) outputs do not fall into \(groups) groups", file, line)
    require(
      bias == nil || bias?.shape == [shape[0]],
      "QuantizedConvolution: a bias of shape \(bias?.shape ?? []) does not fit \(shape)", file, line
    )
    self.input = input
    self.activation = activation
    (self.stride, self.dilation, self.groups, self.padding) = (stride, dilation, groups, padding)
    self.bias = bias?.detached()
    weightShape = shape
    let rows = QuantizedRows(weight)
    self.weight = rows
    zeroSums = rows.sums.map { $0 * Int32(input.zeroPoint) }
    factors = rows.scales.map { $0 * input.scale }
    let (outputs, channels, taps) = (shape[0] / groups, shape[1], rows.columns / shape[1])
    let block = SENTIO_INTEGER_ROWS
    let groupBytes = (outputs + block - 1) / block * block * ((channels + 3) / 4) * 4 * taps
    packed = TensorStorage(bytes: groups * groupBytes)
    for group in 0..<groups {
      sentio_integer_pack(
        rows.values + group * outputs * rows.columns, outputs, channels, taps,
        packed.raw.assumingMemoryBound(to: Int8.self) + group * groupBytes)
    }
  }

  /// The number of input channels.
  public var inputs: Int { weightShape[1] * groups }

  /// The number of output channels.
  public var outputs: Int { weightShape[0] }

  /// The distance of neighbouring weights, for each output channel.
  public var weightScales: [Float] { weight.scales }

  /// The weight that the integers stand for, of ``weightShape``.
  ///
  /// - Returns: a tensor in single precision.
  public func dequantizedWeight() -> Tensor { weight.dequantized().reshaped(weightShape) }

  /// Computes the convolution.
  ///
  /// - Parameters:
  ///   - x: `[N, C, L]` or `[N, C, H, W]`; what is not a number counts as 0, what is out of the calibrated range as
  ///     its end.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, O, L']` or `[N, O, H', W']` in single precision.
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let name = "QuantizedConvolution"
    require(
      x.rank == weightShape.rank && x.shape[1] == inputs,
      "\(name): \(x.shape) does not fit a weight of shape \(weightShape) with \(groups) groups",
      file, line)
    require(
      x.recordedPlace == nil,
      "\(name) has no derivative; `detached()` makes a constant of its input", file, line)
    let isImage = x.rank == 4
    let geometry = ConvolutionGeometry(
      batch: x.shape[0], inputChannels: inputs, outputChannels: outputs, groups: groups,
      height: isImage
        ? WindowAxis(
          name, axis: 0, input: x.shape[2], kernel: weightShape[2], stride: stride.height,
          dilation: dilation.height, padding: padding, file, line) : .single,
      width: WindowAxis(
        name, axis: isImage ? 1 : 0, input: x.shape[x.rank - 1],
        kernel: weightShape[x.rank - 1], stride: stride.width, dilation: dilation.width,
        padding: padding, file, line))
    let shape = geometry.outputShape
    let result = Tensor(
      uninitialized: isImage ? shape : [shape[0], shape[1], geometry.width.output])
    if result.count > 0 { convolve(x, geometry, into: result) }
    return result
  }

  private func convolve(_ x: Tensor, _ geometry: ConvolutionGeometry, into result: Tensor) {
    let planes = BytePlanes(geometry, input)
    let bytes = planes.rounded(x)
    let words = bytes.raw.assumingMemoryBound(to: UInt32.self)
    let offsets = planes.offsets
    let out = result.storage.pointer
    let imageCount = result.count / geometry.batch
    let plain: Int32 = Compute.engine == .preferred ? 0 : 1
    offsets.withUnsafeBufferPointer { offsets in
      zeroSums.withUnsafeBufferPointer { zeroSums in
        factors.withUnsafeBufferPointer { factors in
          let convolution = sentio_integer_convolution(
            groups: groups, outputs: geometry.outputsPerGroup, group_words: planes.groupWords,
            steps: offsets.count, offsets: offsets.baseAddress,
            weights: packed.raw.assumingMemoryBound(to: Int8.self),
            out_height: geometry.height.output, out_width: geometry.width.output,
            pitch: planes.kernel.columns, zero_sums: zeroSums.baseAddress,
            factors: factors.baseAddress, bias: bias.map { UnsafePointer($0.storage.pointer) },
            activation: activation.unary)
          let parts = withUnsafePointer(to: convolution) { sentio_integer_parts($0) }
          let places = SENTIO_INTEGER_PLACES
          // A vector instruction does 64 products, and one that copies 16 elements takes as long twice over.
          let cost = places * outputs * (offsets.count / 32 + 2)
          ParallelLoop.run(geometry.batch * parts, cost: cost) { range in
            var item = range.lowerBound
            while item < range.upperBound {
              let (image, first) = (item / parts, item % parts)
              let last = min(parts, first + range.upperBound - item)
              withUnsafePointer(to: convolution) {
                sentio_integer_convolve(
                  $0, words + image * planes.imageWords, first, last, plain,
                  out + image * imageCount)
              }
              item += last - first
            }
          }
        }
      }
    }
    withExtendedLifetime((bytes, bias, packed)) {}
  }
}

/// An input in bytes, four channels a word, with its padding, every phase of the stride as a plane of its own.
private struct BytePlanes {
  let geometry: ConvolutionGeometry
  let kernel: sentio_byte_planes

  init(_ geometry: ConvolutionGeometry, _ input: ActivationQuantization) {
    self.geometry = geometry
    let (height, width) = (geometry.height, geometry.width)
    kernel = sentio_byte_planes(
      height: height.input, width: width.input, stride_y: height.stride, stride_x: width.stride,
      top: height.before, left: width.before, rows: height.phaseCount, columns: width.phaseCount,
      inverse_scale: 1 / input.scale, zero_point: Int32(input.zeroPoint))
  }

  /// Quads of channels in a group.
  var quads: Int { (geometry.inputsPerGroup + 3) / 4 }
  /// Words of a phase.
  var planeWords: Int { kernel.rows * kernel.columns }
  /// Words of a quad's phases.
  var quadWords: Int { geometry.height.stride * geometry.width.stride * planeWords }
  var groupWords: Int { quads * quadWords }
  var imageWords: Int { geometry.groups * groupWords }

  /// Words from an output's place to what each quad's taps see there.
  var offsets: [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(quads * geometry.taps)
    let (height, width) = (geometry.height, geometry.width)
    for quad in 0..<quads {
      for row in 0..<height.kernel {
        let y = row * height.dilation
        for column in 0..<width.kernel {
          let x = column * width.dilation
          let phase = y % height.stride * width.stride + x % width.stride
          offsets.append(
            quad * quadWords + phase * planeWords + y / height.stride * kernel.columns
              + x / width.stride)
        }
      }
    }
    return offsets
  }

  func rounded(_ x: Tensor) -> TensorStorage {
    // Behind the last plane: the places up to a whole part, and those between the last two rows.
    let slack = SENTIO_INTEGER_PLACES + kernel.columns
    let all = geometry.batch * imageWords
    let result = TensorStorage(bytes: 4 * (all + slack))
    let words = result.raw.assumingMemoryBound(to: UInt32.self)
    (words + all).update(repeating: 0, count: slack)
    let source = x.storage.pointer
    ParallelLoop.run(geometry.batch * geometry.groups * quads, cost: 4 * quadWords) { range in
      withUnsafePointer(to: kernel) {
        sentio_byte_planes_fill(
          $0, source, geometry.inputsPerGroup, range.lowerBound, range.upperBound, words)
      }
    }
    withExtendedLifetime(x) {}
    return result
  }
}

extension WindowAxis {
  /// Elements of one phase of the stride: enough for every tap of every window.
  fileprivate var phaseCount: Int { output + (reach - 1) / stride }
}
