import SentioNN
import SentioTensor

/// Patches of a picture as tokens: `[N, C, H, W]` to `[N, L, D]`, row by row of patches.
///
/// Patches are as many as fit; what is left at the right and at the bottom is not looked at. `projection.weight`
/// `[D, C, p, p]` starts truncated normal with deviation 0.02, `projection.bias` `[D]` as zeros.
///
/// *Reference:* `ViTPatchEmbeddings` and `ASTPatchEmbeddings` of Hugging Face's transformers, 5.x.
public struct PatchProjection: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// One weight for each feature and element of a patch, `[D, C, p, p]`.
  @Parameter("projection.weight") public var weight: Tensor
  /// `[D]`.
  @Parameter("projection.bias") public var bias: Tensor?
  /// How far patches lie apart; p where they touch.
  public let stride: HeightWidth

  /// Creates a projection of random weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - features: D.
  ///   - patch: p.
  ///   - stride: how far patches lie apart; p if nil.
  ///   - stream: the stream to draw from.
  public init(
    channels: Int, features: Int, patch: Int, stride: HeightWidth? = nil,
    from stream: inout RandomStream
  ) {
    let shape: Shape = [features, channels, patch, patch]
    self.stride = stride ?? HeightWidth(patch)
    weight = Initializer.truncatedNormal(standardDeviation: 0.02).tensor(shape, from: &stream)
    bias = .zeros([features])
  }

  /// Hands over weight and bias.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
  }

  /// The number of patches that fit.
  ///
  /// - Parameters:
  ///   - height: H.
  ///   - width: W.
  /// - Returns: the rows and the columns of patches.
  public func grid(height: Int, width: Int) -> HeightWidth {
    let patch = weight.shape[2]
    return HeightWidth(
      height: max(0, (height - patch) / stride.height + 1),
      width: max(0, (width - patch) / stride.width + 1))
  }

  /// The tokens.
  public func forward(_ x: Tensor) -> Tensor {
    let (channels, patch) = (weight.shape[1], weight.shape[2])
    guard stride == HeightWidth(patch) else {
      let patches = x.convolved2D(weight, bias: bias, stride: stride)
      // [N, D, h, w] -> [N, h·w, D]
      return patches.reshaped([patches.shape[0], patches.shape[1], -1]).permuted([0, 2, 1])
    }
    // Patches that touch are rows of one product, and tokens come out in their order.
    let grid = grid(height: x.shape[2], width: x.shape[3])
    let (height, width) = (grid.height * patch, grid.width * patch)
    var whole = x
    if width < x.shape[3] { whole = whole.sliced(..<width, axis: 3) }
    if height < x.shape[2] { whole = whole.sliced(..<height, axis: 2) }
    // [N, C, h·p, w·p] -> [N, h, w, C, p, p] -> [N, h·w, C·p·p]
    return whole.reshaped([x.shape[0], channels, grid.height, patch, grid.width, patch])
      .permuted([0, 2, 4, 1, 3, 5])
      .reshaped([x.shape[0], grid.height * grid.width, channels * patch * patch])
      .linear(weight.reshaped([weight.shape[0], -1]), bias: bias)
  }

  /// Two for each weight and token, and one for each bias.
  public func operationCount(input: Shape, output: Shape) -> Int {
    output.elementCount * (2 * weight.count / weight.shape[0] + 1)
  }
}
