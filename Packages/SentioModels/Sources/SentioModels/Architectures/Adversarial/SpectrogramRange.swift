import SentioTensor

/// How spectrograms of mean 0 and deviation 1 and the (−1, 1) of a hyperbolic tangent become each other.
///
/// `compressed(x) = clamp(x / k, −1…1)` and `expanded(y) = k · y`: a line, so that what a generator finds easy or hard
/// to tell apart is what a listener's front end measured, and not what a squashing function made of it. What lies beyond
/// ±k deviations is clipped, and only that is lost.
///
/// The default k is 5, the report's own bound: its check of the data finds "all values in [−5, 5] after normalization".
///
/// Whether each spectrogram has mean 0 and deviation 1, or all of a corpus together, the report does not say. Each by
/// itself forgets how loud and how rich in contrast a song is beside others; a network that sees levels must not be
/// trained on clips that have forgotten it.
public struct SpectrogramRange: Sendable, Hashable, Codable {
  /// k: the deviations that 1 stands for, above 0.
  public let deviations: Float
  /// Whether every spectrogram has mean 0 and deviation 1 by itself, and not all of a corpus together.
  public let isBySample: Bool

  /// Creates a range.
  ///
  /// - Parameters:
  ///   - deviations: the deviations that 1 stands for, above 0.
  ///   - isBySample: whether every spectrogram has mean 0 and deviation 1 by itself, and not all of a corpus together.
  public init(deviations: Float = 5, isBySample: Bool = true) {
    precondition(deviations > 0 && deviations.isFinite, "a range of \(deviations) deviations")
    self.deviations = deviations
    self.isBySample = isBySample
  }

  /// Reads a range; in files of earlier versions every spectrogram stands by itself.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    deviations = try values.decode(Float.self, forKey: .deviations)
    isBySample = try values.decodeIfPresent(Bool.self, forKey: .isBySample) ?? true
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

  /// Generated spectrograms as real ones come: expanded, and brought to mean 0 and deviation 1 where each stands by itself.
  ///
  /// - Parameter generated: `[N, …]` in −1…1.
  /// - Returns: the same shape.
  public func clips(_ generated: Tensor) -> Tensor {
    isBySample ? expanded(generated).standardizedBySample() : expanded(generated)
  }
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
