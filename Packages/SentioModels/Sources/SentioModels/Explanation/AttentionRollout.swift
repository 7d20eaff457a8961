import SentioNN
import SentioTensor

/// What of the input an output of an ``AttentiveNetwork`` was made of, as far as attention says it.
///
/// Each block mixes tokens by `Â = (A + I) / 2`: what a token takes from the others by attention (the mean over heads)
/// and, through the residual connection, from itself. The product of all blocks, `Â_L · … · Â_1`, says what share of a
/// last token comes from each first one. The row of the class token, or the mean of all rows where the network takes the
/// mean of its tokens, is the share of each patch in the output.
///
/// ```swift
/// let rollout = attentionRollout(of: network, input)[0]
/// let map = rollout.map.resized(bands: 128, frames: 1292)    // the spectrogram's own axes
/// ```
///
/// Attention says where a network looked, and not what it made of it: a patch can be looked at and change nothing. Check
/// a claim with ``Occlusion``.
///
/// *Reference:* Abnar and Zuidema, "Quantifying attention flow in transformers", 2020.
public struct AttentionRollout: Sendable {
  /// The product of all blocks, `[T, T]`; rows sum to 1.
  public let product: Tensor
  /// The share of each token in the output, the leading tokens first; they sum to 1.
  public let shares: [Float]
  /// The rows and columns of patches.
  public let grid: HeightWidth
  /// How many tokens stand before those of the patches.
  public let leadingTokens: Int

  /// The shares of the patches alone, row by row.
  ///
  /// Rows of a picture are mel bands from the lowest on, columns frames.
  public var map: SpectrogramMap {
    SpectrogramMap(
      bands: grid.height, frames: grid.width, values: Array(shares[leadingTokens...]))
  }
}

/// How heads become one.
public enum HeadFusion: String, Sendable, Hashable, CaseIterable {
  /// Their mean, as in the paper.
  case mean
  /// The largest of them.
  case maximum
  /// The smallest of them.
  case minimum
}

/// Follows attention from a network's output back to the patches of its input.
///
/// Inputs are gone through one by one, and of each block only its share in the product is kept: memory is that of one
/// block's attention and of three matrices of all pairs of tokens, whatever the number of inputs and blocks.
///
/// - Parameters:
///   - network: the network, in inference.
///   - inputs: `[N, C, H, W]`.
///   - fusion: how heads become one.
/// - Returns: one rollout an input.
public func attentionRollout(
  of network: some AttentiveNetwork, _ inputs: Tensor, fusion: HeadFusion = .mean
) -> [AttentionRollout] {
  precondition(inputs.rank == 4, "inputs are [N, C, H, W], not \(inputs.shape)")
  let grid = network.patchGrid(
    of: HeightWidth(height: inputs.shape[2], width: inputs.shape[3]))
  return (0..<inputs.shape[0]).map { row in
    var product: Tensor?
    _ = network.forward(inputs.sliced(row..<row + 1, axis: 0), attention: true) { block in
      guard let weights = block.attention else { return }
      // [1, heads, T, T] -> [T, T]
      let heads = weights.selected(0, axis: 0)
      let fused =
        switch fusion {
        case .mean: heads.mean(axes: 0)
        case .maximum: heads.max(axes: 0)
        case .minimum: heads.min(axes: 0)
        }
      let mixed = fused + Tensor.identity(fused.shape[0])
      let step = mixed / mixed.sum(axes: 1, keepingAxes: true)
      product = product.map { step.matmul($0) } ?? step
    }
    let tokens = network.leadingTokens + grid.height * grid.width
    let whole = product ?? Tensor.identity(tokens)
    let share: Tensor =
      switch network.readout {
      case .leading(let count): whole.sliced(..<count, axis: 0).mean(axes: 0)
      case .mean: whole.mean(axes: 0)
      }
    return AttentionRollout(
      product: whole, shares: share.withUnsafeBufferPointer { Array($0) }, grid: grid,
      leadingTokens: network.leadingTokens)
  }
}
