import SentioTensor

/// Signals or images made larger by a whole factor.
///
/// `[N, C, L]` becomes `[N, C, L · factor]`, and images grow along both axes.
///
/// *Reference:* `torch.nn.Upsample` without aligned corners, 2.x; `keras.layers.UpSampling2D`, 3.x.
public struct Upsample: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// How many times larger the result is; for signals only the width counts.
  public let factor: HeightWidth
  /// What stands between the input's elements.
  public let interpolation: Interpolation

  /// Creates an enlargement.
  ///
  /// - Parameters:
  ///   - factor: how many times larger the result is; for signals only the width counts.
  ///   - interpolation: what stands between the input's elements.
  public init(_ factor: HeightWidth = 2, _ interpolation: Interpolation = .nearest) {
    precondition(
      factor.height >= 1 && factor.width >= 1,
      "nothing is made larger by \(factor.height) and \(factor.width)")
    self.factor = factor
    self.interpolation = interpolation
  }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The larger input.
  public func forward(_ x: Tensor) -> Tensor {
    if x.rank == 3 { return x.resized1D(to: x.shape[2] * factor.width, interpolation) }
    precondition(x.rank == 4, "Upsample takes [N, C, L] or [N, C, H, W], and this is \(x.shape)")
    let size = HeightWidth(height: x.shape[2] * factor.height, width: x.shape[3] * factor.width)
    return x.resized2D(to: size, interpolation)
  }

  /// One for each element.
  public func operationCount(input: Shape, output: Shape) -> Int { output.elementCount }
}
