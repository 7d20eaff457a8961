import Foundation
import SentioTensor

/// Waves of many lengths added to a sequence, from which a place can be told.
///
/// `p[l, 2i] = sin(l / 10000^(2i/D))`, `p[l, 2i + 1] = cos(l / 10000^(2i/D))`, added to an input `[N, L, D]`. There
/// are no parameters; the table is not in checkpoints.
///
/// *Reference:* Vaswani et al., "Attention is all you need", 2017.
public struct SinusoidalPositions: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The waves, `[maximum, D]`.
  @Buffer(persistent: false) public var table: Tensor

  /// Creates the waves.
  ///
  /// - Parameters:
  ///   - maximum: the longest sequence.
  ///   - features: D.
  public init(maximum: Int, features: Int) {
    table = Tensor(uninitialized: [maximum, features]) { buffer in
      for place in 0..<maximum {
        for feature in 0..<features {
          let rate = pow(10_000, -Double(feature / 2 * 2) / Double(features))
          let angle = Double(place) * rate
          buffer[place * features + feature] = Float(feature % 2 == 0 ? sin(angle) : cos(angle))
        }
      }
    }
  }

  /// Hands over the table.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_table) }

  /// The sequence with the waves.
  public func forward(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 3 && x.shape[1] <= table.shape[0] && x.shape[2] == table.shape[1],
      "SinusoidalPositions of shape \(table.shape) do not fit a sequence of shape \(x.shape)")
    return x + table[0..<x.shape[1]]
  }

  /// One for each element.
  public func operationCount(input: Shape, output: Shape) -> Int { output.elementCount }
}

/// A vector for each place of a sequence, learned, added to an input `[N, L, D]`.
///
/// `weight` `[1, L, D]` starts truncated normal with deviation 0.02.
///
/// *Reference:* the position embeddings of Hugging Face's ViT and AST, whose shape this is.
public struct LearnedPositions: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// `[1, L, D]`.
  @Parameter public var weight: Tensor

  /// Creates positions.
  ///
  /// - Parameters:
  ///   - length: L, the length of every sequence.
  ///   - features: D.
  ///   - key: the parameter's key.
  ///   - initializer: how vectors start.
  ///   - stream: the stream to draw from.
  public init(
    _ length: Int, _ features: Int, key: String = "weight",
    initializer: Initializer = .truncatedNormal(standardDeviation: 0.02),
    from stream: inout RandomStream
  ) {
    _weight = Parameter(
      wrappedValue: initializer.tensor([1, length, features], from: &stream), key)
  }

  /// Hands over the vectors.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_weight) }

  /// The sequence with the vectors.
  public func forward(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 3 && x.shape[1] == weight.shape[1] && x.shape[2] == weight.shape[2],
      "LearnedPositions of shape \(weight.shape) do not fit a sequence of shape \(x.shape)")
    return x + weight
  }

  /// One for each element.
  public func operationCount(input: Shape, output: Shape) -> Int { output.elementCount }
}
