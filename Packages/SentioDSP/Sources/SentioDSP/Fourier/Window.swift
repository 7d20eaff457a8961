import Foundation

/// A window function, by which a frame is weighted before its Fourier transform.
///
/// *Reference:* SciPy 1.17, `scipy.signal.get_window`; `povey` is Kaldi's.
public enum Window: Hashable, Codable, Sendable {
  /// All ones.
  case rectangular
  /// `0.5 - 0.5·cos θ`.
  case hann
  /// `0.54 - 0.46·cos θ`.
  case hamming
  /// `0.42 - 0.5·cos θ + 0.08·cos 2θ`.
  case blackman
  /// Four cosine terms, side lobes 92 dB down.
  case blackmanHarris
  /// A triangle that is zero at both ends.
  case bartlett
  /// Kaiser's window; `beta` ≥ 0 trades the main lobe's width for lower side lobes.
  case kaiser(beta: Double)
  /// Hann to the power 0.85, Kaldi's default.
  case povey

  /// Which of two nearly equal windows of one length is meant.
  public enum Symmetry: String, Hashable, Codable, Sendable, CaseIterable {
    /// One period of an infinite sequence, `θ = 2πn/N`: for spectral analysis (`fftbins=True`).
    case periodic
    /// First and last coefficient equal, `θ = 2πn/(N-1)`: for filter design, and in Kaldi.
    case symmetric
  }

  /// The coefficients of the window.
  ///
  /// Computed in double precision. A window of one sample is `[1]`.
  ///
  /// - Parameters:
  ///   - count: coefficients, `N` ≥ 0.
  ///   - symmetry: periodic (the default) or symmetric.
  /// - Returns: `count` values, 0 … 1.
  public func coefficients(count: Int, symmetry: Symmetry = .periodic) -> [Float] {
    precondition(count >= 0, "a window of \(count) coefficients was asked for")
    if count <= 1 { return [Float](repeating: 1, count: count) }
    let period = symmetry == .periodic ? count : count - 1
    return (0..<count).map { Float(value(at: Double($0) / Double(period))) }
  }

  /// The window at a position, 0 … 1, of its symmetric extent.
  private func value(at position: Double) -> Double {
    let angle = 2 * Double.pi * position
    switch self {
    case .rectangular: return 1
    case .hann: return 0.5 - 0.5 * cos(angle)
    case .hamming: return 0.54 - 0.46 * cos(angle)
    case .blackman: return 0.42 - 0.5 * cos(angle) + 0.08 * cos(2 * angle)
    case .blackmanHarris:
      return 0.35875 - 0.48829 * cos(angle) + 0.14128 * cos(2 * angle) - 0.01168 * cos(3 * angle)
    case .bartlett: return position <= 0.5 ? 2 * position : 2 - 2 * position
    case .kaiser(let beta):
      let offset = 2 * position - 1
      return besselI0(beta * max(0, 1 - offset * offset).squareRoot()) / besselI0(beta)
    case .povey: return pow(max(0, 0.5 - 0.5 * cos(angle)), 0.85)
    }
  }
}

/// The modified Bessel function of the first kind and order 0, by its power series.
///
/// All terms are positive, so nothing cancels; the loop ends when a term no longer counts.
func besselI0(_ x: Double) -> Double {
  let quarter = x * x / 4
  var term = 1.0
  var sum = 1.0
  var k = 1.0
  while term > sum * 1e-17 {
    term *= quarter / (k * k)
    sum += term
    k += 1
  }
  return sum
}
