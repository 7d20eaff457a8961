import SentioNN
import SentioTensor

extension GraphBuilder {
  /// Windows of weights over signals or images, with an activation.
  ///
  /// - Parameters:
  ///   - x: `[N, C, L]` or `[N, C, H, W]`.
  ///   - weight: `[O, C / groups, K]` or `[O, C / groups, Kh, Kw]`.
  ///   - bias: `[O]`; none if nil.
  ///   - strides: from window to window, one a spatial axis.
  ///   - dilations: from tap to tap, one a spatial axis; 1 if nil.
  ///   - groups: how many parts the channels fall into.
  ///   - padding: the zeros beside the input.
  ///   - activation: what is applied to the sums.
  /// - Returns: `[N, O, …]`.
  /// - Throws: ``InterchangeError`` where weight and input do not fit.
  public mutating func convolution(
    _ x: GraphValue, _ weight: GraphConstant, bias: GraphConstant?, strides: [Int],
    dilations: [Int]? = nil, groups: Int = 1, padding: ConvolutionPadding = .valid,
    activation: Activation = .identity
  ) throws -> GraphValue {
    let kernel = Array(weight.shape.dropFirst(2))
    let dilations = dilations ?? kernel.map { _ in 1 }
    guard x.shape.rank == weight.shape.count, x.shape[1] == weight.shape[1] * groups else {
      throw unsupported("a weight of shape \(weight.shape) does not fit \(x.shape)")
    }
    var (extents, sides): ([Int], [ConvolutionPadding.Sides]) = ([weight.shape[0]], [])
    for (axis, taps) in kernel.enumerated() {
      let side = try self.sides(
        padding, axis, x.shape[axis + 2], dilations[axis] * (taps - 1) + 1, strides[axis])
      let room = x.shape[axis + 2] + side.before + side.after - dilations[axis] * (taps - 1) - 1
      guard room >= 0 else { throw unsupported("a window of \(kernel) is larger than \(x.shape)") }
      extents.append(room / strides[axis] + 1)
      sides.append(side)
    }
    let window = GraphConvolution(
      weight: weight.name, bias: bias?.name, kernel: kernel, strides: strides,
      dilations: dilations, groups: groups, sides: sides)
    let y = add(.convolution(window), [x], GraphShape(extents, multiple: x.shape.multiple))
    return function(.fused(activation), y)
  }

  /// The way from a convolution's outputs to the extents of its inputs, with an activation.
  ///
  /// - Parameters:
  ///   - x: `[N, C, L]` or `[N, C, H, W]`.
  ///   - weight: `[C, O / groups, K]` or `[C, O / groups, Kh, Kw]`.
  ///   - bias: `[O]`; none if nil.
  ///   - strides: from window to window, one a spatial axis.
  ///   - dilations: from tap to tap, one a spatial axis.
  ///   - groups: how many parts the channels fall into.
  ///   - padding: what is cut off at the edges.
  ///   - outputPadding: how much longer the result is at its ends.
  ///   - activation: what is applied to the sums.
  /// - Returns: `[N, O, …]`.
  /// - Throws: ``InterchangeError`` where weight and input do not fit.
  public mutating func transposedConvolution(
    _ x: GraphValue, _ weight: GraphConstant, bias: GraphConstant?, strides: [Int],
    dilations: [Int], groups: Int, padding: ConvolutionPadding, outputPadding: [Int],
    activation: Activation
  ) throws -> GraphValue {
    let kernel = Array(weight.shape.dropFirst(2))
    guard x.shape.rank == weight.shape.count, x.shape[1] == weight.shape[0] else {
      throw unsupported("a weight of shape \(weight.shape) does not fit \(x.shape)")
    }
    var (extents, sides): ([Int], [ConvolutionPadding.Sides]) = ([weight.shape[1] * groups], [])
    var longer = outputPadding
    for (axis, taps) in kernel.enumerated() {
      let (input, stride, reach) = (
        x.shape[axis + 2], strides[axis], dilations[axis] * (taps - 1) + 1
      )
      let full = (input - 1) * stride + reach
      var side: ConvolutionPadding.Sides
      if padding == .same {
        // The result has stride times the input's extent; where windows leave gaps it is longer than they reach.
        let cut = max(0, full - input * stride)
        side = .init(before: cut / 2, after: cut - cut / 2)
        longer[axis] = max(0, input * stride - full)
      } else {
        side = try self.sides(padding, axis, input, reach, stride)
      }
      extents.append(full - side.before - side.after + longer[axis])
      sides.append(side)
    }
    let window = GraphConvolution(
      weight: weight.name, bias: bias?.name, kernel: kernel, strides: strides,
      dilations: dilations, groups: groups, sides: sides)
    let y = add(
      .transposedConvolution(window, outputPadding: longer), [x],
      GraphShape(extents, multiple: x.shape.multiple))
    return function(.fused(activation), y)
  }

  /// The largest element, or the mean, under windows.
  ///
  /// - Parameters:
  ///   - x: `[N, C, L]` or `[N, C, H, W]`.
  ///   - kind: what is taken of a window.
  ///   - kernel: the window's extents.
  ///   - strides: from window to window.
  ///   - padding: what stands beside the input.
  ///   - roundsUp: whether what is left at the end makes a smaller window.
  /// - Returns: `[N, C, …]`.
  /// - Throws: ``InterchangeError`` for means of smaller windows, which programs count differently.
  public mutating func pool(
    _ x: GraphValue, _ kind: PoolingKind, kernel: [Int], strides: [Int],
    padding: ConvolutionPadding = .valid, roundsUp: Bool = false
  ) throws -> GraphValue {
    let isMaximum = kind == .maximum
    let countsPadding = kind == .average(countsPadding: true)
    var (extents, sides): ([Int], [ConvolutionPadding.Sides]) = ([x.shape[1]], [])
    for (axis, taps) in kernel.enumerated() {
      var side = try self.sides(padding, axis, x.shape[axis + 2], taps, strides[axis])
      let input = x.shape[axis + 2]
      let room = input + side.before + side.after - taps
      guard room >= 0 else { throw unsupported("a window of \(kernel) is larger than \(x.shape)") }
      var count = room / strides[axis] + 1
      if roundsUp && room % strides[axis] > 0 && count * strides[axis] < input + side.before {
        guard isMaximum else {
          throw unsupported("means of windows that reach over the end are not exported")
        }
        side.after += strides[axis] - room % strides[axis]
        count += 1
      }
      if !isMaximum && countsPadding && side.before != side.after {
        throw unsupported("means that count more padding on one side are not exported")
      }
      extents.append(count)
      sides.append(side)
    }
    let window = GraphPooling(
      isMaximum: isMaximum, countsPadding: countsPadding, kernel: kernel, strides: strides,
      sides: sides)
    return add(.pool(window), [x], GraphShape(extents, multiple: x.shape.multiple))
  }

  private func sides(
    _ padding: ConvolutionPadding, _ axis: Int, _ input: Int, _ reach: Int, _ stride: Int
  ) throws -> ConvolutionPadding.Sides {
    guard let sides = padding.sides(axis: axis, input: input, reach: reach, stride: stride) else {
      throw unsupported("the padding says nothing of axis \(axis)")
    }
    return sides
  }
}
