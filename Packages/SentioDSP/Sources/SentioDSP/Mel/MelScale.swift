import Foundation

/// How the ear's scale of pitch height is approximated.
///
/// *Reference:* librosa 0.11, `librosa.hz_to_mel` and `librosa.mel_to_hz`.
public enum MelScale: String, Hashable, Codable, Sendable, CaseIterable {
  /// Linear below 1 kHz (15 mel there), logarithmic above: 27 mel for a factor of 6.4. Slaney's
  /// Auditory Toolbox, librosa's default.
  case slaney
  /// `2595 · log₁₀(1 + f/700)`: HTK, Kaldi and most speech software.
  case htk

  /// The height of a frequency.
  ///
  /// - Parameter hertz: a frequency ≥ 0.
  /// - Returns: mel.
  public func mel(hertz: Double) -> Double {
    switch self {
    case .htk: 2595 * log10(1 + hertz / 700)
    case .slaney: hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
    }
  }

  /// The frequency of a height.
  ///
  /// - Parameter mel: a height ≥ 0.
  /// - Returns: hertz.
  public func hertz(mel: Double) -> Double {
    switch self {
    case .htk: 700 * (pow(10, mel / 2595) - 1)
    case .slaney: mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
    }
  }

  /// Frequencies at equal distances on the scale, both ends included.
  ///
  /// - Parameters:
  ///   - count: frequencies, ≥ 2.
  ///   - minimum: the first, in hertz.
  ///   - maximum: the last, in hertz.
  /// - Returns: `count` frequencies in hertz.
  public func frequencies(count: Int, from minimum: Double, to maximum: Double) -> [Double] {
    precondition(count >= 2, "\(count) frequencies cannot include both ends")
    let low = mel(hertz: minimum)
    let high = mel(hertz: maximum)
    return (0..<count).map { hertz(mel: low + (high - low) * Double($0) / Double(count - 1)) }
  }
}

/// How the triangles of a mel filter bank are scaled.
public enum MelNorm: String, Hashable, Codable, Sendable, CaseIterable {
  /// Area 1 (in hertz): `2 / (upper - lower)`. librosa's default, `norm="slaney"`.
  case slaney
  /// Height 1: librosa's `norm=None`, torchaudio's default.
  case unitPeak
  /// Weights of a band add up to 1: librosa's `norm=1`.
  case unitSum
}
