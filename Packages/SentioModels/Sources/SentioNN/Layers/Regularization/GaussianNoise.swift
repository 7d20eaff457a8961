import SentioTensor

/// Normal noise added to every element, in training; in inference nothing happens.
///
/// The deviation may be changed from step to step, as the decaying noise on a discriminator's inputs is.
///
/// *Reference:* `keras.layers.GaussianNoise`, 3.x; Sønderby, Caballero, Theis, Shi and Huszár, "Amortised MAP
/// inference for image super-resolution", 2017 (instance noise).
public struct GaussianNoise: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The noise's standard deviation, from 0.
  public var deviation: Float

  /// Creates a noise.
  ///
  /// - Parameter deviation: the standard deviation, from 0.
  public init(_ deviation: Float) {
    precondition(deviation >= 0, "a standard deviation cannot be \(deviation)")
    self.deviation = deviation
  }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The input; in training with noise.
  public func forward(_ x: Tensor) -> Tensor {
    guard let pass = site.training, deviation > 0 else { return x }
    return x
      + pass.draw(for: site) { .normal(x.shape, standardDeviation: deviation, from: &$0) }
  }
}
