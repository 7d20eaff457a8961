import SentioNN
import SentioTensor

/// The blocks of a transformer, one after the other: `[N, L, D]` to `[N, L, D]`.
public struct TransformerEncoder: Layer {
  /// Where the encoder stands.
  public var site = Site()
  /// The blocks.
  @Child("layer") public var layers: [TransformerBlock]

  /// Creates blocks of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: TransformerSettings, from stream: inout RandomStream) {
    layers = (0..<settings.layers).map { _ in TransformerBlock(settings, from: &stream) }
  }

  /// Hands over the blocks.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_layers) }

  /// The tokens after the last block.
  public func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }

  /// The first tokens after the last block; the others are left out of it but as keys and values.
  ///
  /// The same numbers as those of all tokens: for one class token this saves most of the last block.
  ///
  /// - Parameters:
  ///   - count: the number of tokens that are wanted.
  ///   - x: the tokens, `[N, L, D]`.
  /// - Returns: `[N, count, D]`.
  public func first(_ count: Int, of x: Tensor) -> Tensor {
    guard let last = layers.last, !site.isObserved else {
      return self(x).sliced(..<count, axis: 1)
    }
    return last.first(count, of: layers.dropLast().reduce(x) { $1($0) })
  }

  /// The tokens after every block, and the weights with which they met each other in it.
  ///
  /// - Parameters:
  ///   - x: the tokens, `[N, L, D]`.
  ///   - attention: whether the weights are wanted; the memory is that of all pairs of tokens.
  /// - Returns: for each block the tokens `[N, L, D]`, and the weights `[N, heads, L, L]`, nil where not wanted.
  public func steps(
    _ x: Tensor, attention: Bool = true
  ) -> [(tokens: Tensor, attention: Tensor?)] {
    var x = x
    return layers.map { layer in
      guard attention else {
        x = layer(x)
        return (x, nil)
      }
      let (output, weights) = layer.withAttention(x)
      x = output
      return (output, weights)
    }
  }
}
