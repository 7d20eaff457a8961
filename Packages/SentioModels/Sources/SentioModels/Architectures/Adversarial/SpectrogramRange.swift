import SentioTensor

/// How spectrograms of mean 0 and deviation 1 and the (−1, 1) of a hyperbolic tangent become each other.
///
/// `compressed(x) = clamp(x / k, −1…1)` and `expanded(y) = k · y`: a line, so that what a generator finds easy or hard
/// to tell apart is what a listener's front end measured, and not what a squashing function made of it. What lies beyond
/// ±k deviations is clipped, and only that is lost.
///
/// The default k is 5, the report's own bound: its check of the data finds "all values in [−5, 5] after normalization".
public struct SpectrogramRange: Sendable, Hashable, Codable {
  /// k: the deviations that 1 stands for, above 0.
  public let deviations: Float

  /// Creates a range.
  ///
  /// - Parameter deviations: the deviations that 1 stands for, above 0.
  public init(deviations: Float = 5) {
    precondition(deviations > 0 && deviations.isFinite, "a range of \(deviations) deviations")
    self.deviations = deviations
  }

  /// Spectrograms as a generator gives them.
  ///
  /// - Parameter spectrograms: of mean 0 and deviation 1 each, any shape.
  /// - Returns: values in −1…1, of that shape.
  public func compressed(_ spectrograms: Tensor) -> Tensor {
    (spectrograms / deviations).clamped(to: -1...1)
  }

  /// Spectrograms as front ends give them.
  ///
  /// - Parameter generated: values in −1…1, any shape.
  /// - Returns: values in −k…k, of that shape.
  public func expanded(_ generated: Tensor) -> Tensor { generated * deviations }
}

extension Tensor {
  /// Every sample brought to mean 0 and deviation 1 (the population's), as the front ends bring real ones.
  ///
  /// - Parameter epsilon: the least deviation that is divided by; a constant sample becomes zeros.
  /// - Returns: `[N, …]` of the same shape.
  func standardizedBySample(epsilon: Float = 1e-6) -> Tensor {
    let axes = Array(1..<rank)
    let mean = self.mean(axes: axes, keepingAxes: true)
    let deviation = variance(axes: axes, keepingAxes: true).squareRoot()
    return (self - mean) / deviation.maximum(Tensor(epsilon))
  }
}
