import SentioNN
import SentioTensor

/// Where a transformer's position embeddings stand: the tokens before the patches, and the patches' grid.
struct PositionPlaces: Hashable {
  let tokens: Int
  let grid: HeightWidth

  /// The places of a network; nil for networks without position embeddings, and for those whose own are of one size.
  init?(_ network: NetworkSettings) {
    switch network {
    case .visionTransformer(let sizes), .visionClassifier(let sizes, _), .visionEmotion(let sizes):
      tokens = 1
      grid = Self.grid(sizes.imageSize, sizes.patchSize, HeightWidth(sizes.patchSize))
    case .audioTransformer(let sizes), .audioClassifier(let sizes, _),
      .publishedAudioEmotion(let sizes):
      tokens = 2
      grid = Self.grid(
        HeightWidth(height: sizes.mels, width: sizes.frames), sizes.patchSize, sizes.stride)
    case .audioEmotion(let sizes):
      tokens = 0
      grid = Self.grid(sizes.spectrogramSize, sizes.patchSize, HeightWidth(sizes.patchSize))
    case .mobileStudent(let sizes):
      tokens = 1
      grid = Self.grid(sizes.imageSize, sizes.patchSize, HeightWidth(sizes.patchSize))
    default: return nil
    }
  }

  private static func grid(_ size: HeightWidth, _ patch: Int, _ stride: HeightWidth) -> HeightWidth
  {
    HeightWidth(
      height: (size.height - patch) / stride.height + 1,
      width: (size.width - patch) / stride.width + 1)
  }

  /// Embeddings of these places for others.
  ///
  /// - Parameters:
  ///   - positions: `[1, T + h·w, D]`.
  ///   - other: places with as many tokens before the patches.
  /// - Returns: `[1, T + h'·w', D]`; nil where these are no embeddings of these places, or the tokens are others.
  func resized(_ positions: Tensor, to other: PositionPlaces?) -> Tensor? {
    guard let other, other.tokens == tokens, positions.rank == 3,
      positions.shape[1] == tokens + grid.height * grid.width
    else { return nil }
    return PositionGrid.resized(positions, tokens: tokens, from: grid, to: other.grid)
  }
}
