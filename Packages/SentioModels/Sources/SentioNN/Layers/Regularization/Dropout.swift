import SentioTensor

/// Elements, channels or features set to 0 with a probability, in training; in inference nothing happens.
///
/// What is kept is multiplied by `1 / (1 − p)`, so that the expectation stays. Which elements are dropped follows
/// from the run's seed, the layer's path and the step's number: see ``TrainingPass``.
///
/// | unit | drops | as |
/// |---|---|---|
/// | `.element` | each element by itself | `torch.nn.Dropout`, Keras's `Dropout` |
/// | `.channel` | channels of `[N, C, …]` | `torch.nn.Dropout1d` and `Dropout2d` |
/// | `.along([1])` | features of `[N, L, D]` for the whole sequence | Keras's `SpatialDropout1D`; variational dropout |
public struct Dropout: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// p, from 0 to 1.
  public var probability: Float
  /// What is dropped as one.
  public let unit: DropoutUnit

  /// Creates a dropout.
  ///
  /// - Parameters:
  ///   - probability: p, from 0 to 1.
  ///   - unit: what is dropped as one.
  public init(_ probability: Float, by unit: DropoutUnit = .element) {
    precondition((0...1).contains(probability), "a probability cannot be \(probability)")
    self.probability = probability
    self.unit = unit
  }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The input; in training with zeros in it.
  public func forward(_ x: Tensor) -> Tensor {
    guard let pass = site.training, probability > 0 else { return x }
    return pass.draw(for: site) { x.dropout(probability, by: unit, from: &$0) }
  }
}
