import SentioTensor

/// Position embeddings of patches that lie in a grid, brought to grids of other sizes.
package enum PositionGrid {
  /// The embeddings for another grid, by bicubic interpolation; those of the tokens before the patches stay.
  ///
  /// - Parameters:
  ///   - positions: `[1, T + h·w, D]`.
  ///   - tokens: T, the tokens before the patches.
  ///   - grid: h and w.
  ///   - target: the rows and columns that are wanted.
  /// - Returns: `[1, T + rows·columns, D]`; the same tensor where the grids are one.
  ///
  /// *Reference:* `interpolate_pos_encoding` of `ViTEmbeddings`, Hugging Face's transformers, 5.x.
  package static func resized(
    _ positions: Tensor, tokens: Int, from grid: HeightWidth, to target: HeightWidth
  ) -> Tensor {
    if grid == target { return positions }
    let features = positions.shape[2]
    // [1, h·w, D] -> [1, D, h, w]
    let patches = positions.sliced(tokens..., axis: 1)
      .reshaped([1, grid.height, grid.width, features])
      .permuted([0, 3, 1, 2])
    let resized = patches.resized2D(to: target, .cubic)
      // [1, D, h', w'] -> [1, h'·w', D]
      .permuted([0, 2, 3, 1]).reshaped([1, target.height * target.width, features])
    guard tokens > 0 else { return resized }
    return Tensor.concatenate([positions.sliced(..<tokens, axis: 1), resized], axis: 1)
  }
}
