import SentioNN
import SentioTensor

/// A network of transformer blocks whose inside can be looked at: the tokens after each block, and its attention.
///
/// Distillation compares two of them block by block; explanations follow the attention from the output back to the
/// patches of the input.
public protocol AttentiveNetwork: Layer {
  /// The number of blocks.
  var blockCount: Int { get }
  /// The features of a token.
  var tokenFeatures: Int { get }
  /// How many tokens stand before those of the patches: class and distillation tokens.
  var leadingTokens: Int { get }
  /// Where the output is read from the tokens.
  var readout: TokenReadout { get }
  /// The channels of an input.
  var inputChannels: Int { get }
  /// Height and width of the inputs that the network was made for.
  var inputSize: HeightWidth { get }

  /// The rows and columns of patches of an input.
  ///
  /// - Parameter size: the input's height and width.
  /// - Returns: how many patches stand below and beside each other.
  func patchGrid(of size: HeightWidth) -> HeightWidth

  /// Computes the network and shows each block.
  ///
  /// - Parameters:
  ///   - x: the input.
  ///   - attention: whether attention is shown too, which needs memory for all pairs of tokens.
  ///   - visit: takes the blocks, the first one first.
  /// - Returns: the output, as `forward` gives it but for the order of sums.
  func forward(_ x: Tensor, attention: Bool, visit: (BlockTrace) -> Void) -> Tensor
}

/// Where a network over tokens reads its output.
public enum TokenReadout: Sendable, Hashable {
  /// The mean of the first tokens, such as the class token alone.
  case leading(Int)
  /// The mean of all tokens.
  case mean
}

/// One block of an ``AttentiveNetwork`` at work.
public struct BlockTrace: Sendable {
  /// The number of the block, from 0.
  public let index: Int
  /// The tokens after it, `[N, T, D]`, not normalized.
  public let tokens: Tensor
  /// What each token took from each other, `[N, heads, T, T]`, rows that sum to 1; nil where it was not asked for.
  public let attention: Tensor?
}

extension TransformerEncoder {
  /// The tokens after the last block, with each block shown.
  func forward(_ x: Tensor, attention: Bool, visit: (BlockTrace) -> Void) -> Tensor {
    var x = x
    for (index, layer) in layers.enumerated() {
      if attention {
        let (tokens, weights) = layer.withAttention(x)
        x = tokens
        visit(BlockTrace(index: index, tokens: x, attention: weights))
      } else {
        x = layer(x)
        visit(BlockTrace(index: index, tokens: x, attention: nil))
      }
    }
    return x
  }
}
