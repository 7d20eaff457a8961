/// How a window of weights moves along one axis.
///
/// Output `i` sees the inputs `i · stride + tap · dilation − before`, those beside the input being 0.
struct WindowAxis: Sendable, Hashable {
  /// The extent of the input.
  var input: Int
  /// The window's number of taps.
  var kernel: Int
  var stride = 1
  var dilation = 1
  /// Zeros before the first input.
  var before = 0
  /// Zeros after the last input.
  var after = 0

  /// An axis along which nothing moves.
  static let single = WindowAxis(input: 1, kernel: 1)

  /// The inputs that a window spans.
  var reach: Int { dilation * (kernel - 1) + 1 }

  /// The number of windows; 0 where not even one fits.
  var output: Int {
    let room = input + before + after - reach
    return room < 0 ? 0 : room / stride + 1
  }

  /// Whether windows lie side by side, each input in at most one of them, and none outside.
  var isTiling: Bool {
    stride == kernel && dilation == 1 && before == 0 && after == 0
  }
}

/// The extents of a convolution, transposed convolution or pooling over images; a signal is an image of one row.
///
/// The *input* is what the window moves over. A transposed convolution goes from this geometry's output to its
/// input.
struct ConvolutionGeometry: Sendable, Hashable {
  var batch: Int
  /// Channels of what the window moves over.
  var inputChannels: Int
  /// Channels of what the windows become.
  var outputChannels: Int
  var groups = 1
  var height: WindowAxis
  var width: WindowAxis

  /// Input channels that one output channel sees.
  var inputsPerGroup: Int { inputChannels / groups }
  /// Output channels that see the same input channels.
  var outputsPerGroup: Int { outputChannels / groups }
  /// Taps of one channel's window.
  var taps: Int { height.kernel * width.kernel }
  /// Whether every channel is filtered by itself, as often as there are outputs for one.
  var isDepthwise: Bool { groups > 1 && inputsPerGroup == 1 }

  /// The input's: `[N, C, H, W]`.
  var inputShape: Shape { [batch, inputChannels, height.input, width.input] }
  /// The output's: `[N, O, H', W']`.
  var outputShape: Shape { [batch, outputChannels, height.output, width.output] }
  /// The weights': `[O, C / groups, Kh, Kw]`.
  var weightShape: Shape { [outputChannels, inputsPerGroup, height.kernel, width.kernel] }
}

extension WindowAxis {
  /// Checks what a caller asks for along one axis, and resolves the padding.
  ///
  /// An input of no elements gives no windows; one that is shorter than the window is the caller's mistake.
  init(
    _ name: String, axis: Int, input: Int, kernel: Int, stride: Int, dilation: Int,
    padding: ConvolutionPadding, _ file: StaticString, _ line: UInt
  ) {
    require(
      kernel >= 1 && stride >= 1 && dilation >= 1,
      "\(name): kernel, stride and dilation must be at least 1, and are \(kernel), \(stride), "
        + "\(dilation)", file, line)
    self.init(input: input, kernel: kernel, stride: stride, dilation: dilation)
    guard let sides = padding.sides(axis: axis, input: input, reach: reach, stride: stride) else {
      fatalError("\(name): \(padding) says nothing of axis \(axis)", file: file, line: line)
    }
    require(
      sides.before >= 0 && sides.after >= 0, "\(name): the padding \(padding) is below 0", file,
      line)
    (before, after) = (sides.before, sides.after)
    if input == 0 { (before, after) = (0, 0) }
    require(
      output > 0 || input == 0,
      "\(name): a window over \(reach) elements does not fit \(input) with \(before) zeros before "
        + "and \(after) after", file, line)
  }
}
