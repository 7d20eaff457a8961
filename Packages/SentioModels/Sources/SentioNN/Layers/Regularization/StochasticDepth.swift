import SentioTensor

/// Whole examples set to 0 with a probability, in training: the branch of a residual block that is skipped.
///
/// Input and output `[N, …]`. What is kept is multiplied by `1 / (1 − p)`.
///
/// ```swift
/// func forward(_ x: Tensor) -> Tensor { x + depth(body(x)) }
/// ```
///
/// *Reference:* Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with stochastic depth", 2016; timm's
/// `DropPath`; `torchvision.ops.stochastic_depth` by `row`.
public struct StochasticDepth: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// p, from 0 to 1.
  public var probability: Float

  /// Creates a stochastic depth.
  ///
  /// - Parameter probability: p, from 0 to 1; usually growing from block to block.
  public init(_ probability: Float) {
    precondition((0...1).contains(probability), "a probability cannot be \(probability)")
    self.probability = probability
  }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The input; in training with some examples 0.
  public func forward(_ x: Tensor) -> Tensor {
    guard let pass = site.training, probability > 0 else { return x }
    return pass.draw(for: site) {
      x.dropout(probability, by: .along(Array(1..<max(1, x.rank))), from: &$0)
    }
  }
}
