/// Which of a layer's ``Fans`` its initial variance goes by.
public enum FanMode: Sendable, Hashable {
  /// The numbers that an output is made of: keeps the variance of what goes forward.
  case input
  /// The numbers that an input goes to: keeps the variance of what comes back.
  case output
  /// The mean of both.
  case average
}

/// How many numbers each output of a layer is made of, and to how many each input goes.
public struct Fans: Sendable, Hashable {
  /// The numbers that an output is made of.
  public var input: Int
  /// The numbers that an input goes to.
  public var output: Int

  /// Creates a pair of fans.
  ///
  /// - Parameters:
  ///   - input: the numbers that an output is made of.
  ///   - output: the numbers that an input goes to.
  public init(input: Int, output: Int) {
    self.input = input
    self.output = output
  }

  /// The fans of a weight `[O, I, …]`, where further axes are those of a convolution's kernel.
  ///
  /// *Reference:* `torch.nn.init._calculate_fan_in_and_fan_out`, 2.x.
  ///
  /// - Parameters:
  ///   - shape: the weight's extents, two at least.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(ofWeight shape: Shape, file: StaticString = #fileID, line: UInt = #line) {
    require(
      shape.rank >= 2, "a weight [O, I, …] is needed to count its fans, and the shape is \(shape)",
      file, line)
    let places = shape.dropFirst(2).reduce(1, *)
    input = shape[1] * places
    output = shape[0] * places
  }

  func count(_ mode: FanMode) -> Float {
    switch mode {
    case .input: Float(input)
    case .output: Float(output)
    case .average: Float(input + output) / 2
    }
  }
}
