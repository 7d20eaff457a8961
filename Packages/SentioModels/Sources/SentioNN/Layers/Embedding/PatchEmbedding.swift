import SentioTensor

/// Images cut into patches, each projected to a vector: `[N, C, H, W]` to `[N, L, D]`.
///
/// The patches come row by row. With a stride below the patch's extent they overlap, as AST's do. The child
/// `projection` is the convolution whose window is the patch.
///
/// *Reference:* the patch embeddings of Hugging Face's ViT and AST; Dosovitskiy et al., "An image is worth 16x16
/// words", 2021.
public struct PatchEmbedding: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The convolution whose window is the patch.
  @Child public var projection: Conv2D

  /// Creates an embedding.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - features: D.
  ///   - patch: rows and columns of a patch.
  ///   - stride: rows and columns from patch to patch; the patch's if nil.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ features: Int, patch: HeightWidth, stride: HeightWidth? = nil,
    weights: WeightSettings = .pyTorch, from stream: inout RandomStream
  ) {
    projection = Conv2D(
      channels, features, kernel: patch, stride: stride ?? patch, weights: weights, from: &stream)
  }

  /// Hands over the projection.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_projection) }

  /// The patches' vectors.
  public func forward(_ x: Tensor) -> Tensor {
    let grid = projection(x)
    // [N, D, H', W'] -> [N, D, L] -> [N, L, D]
    return grid.reshaped([grid.shape[0], grid.shape[1], -1]).permuted([0, 2, 1])
  }
}
