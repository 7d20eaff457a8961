import CSentioDSPKernels
import Foundation

/// How powers and amplitudes become levels in decibels.
///
/// `L = 10·log₁₀(max(P, floor) / reference)`; then levels more than `dynamicRange` below the
/// largest level of the whole array are raised to that bound. An amplitude `A` counts as the power
/// `A²`. NaN stays NaN and does not count as the largest; infinity stays infinite.
///
/// The logarithm's relative error is below 2e-7.
///
/// *Reference:* librosa 0.11, `librosa.power_to_db` and `librosa.amplitude_to_db`.
public struct DecibelScale: Hashable, Codable, Sendable {
  /// Which power is 0 dB.
  public enum Reference: Hashable, Codable, Sendable {
    /// A fixed power.
    case power(Double)
    /// The largest power of the array.
    case maximum
  }

  /// Which power is 0 dB.
  public var reference: Reference

  /// The least power that is told apart, > 0.
  public var floor: Double

  /// Decibels that are kept below the largest level, ≥ 0; nil keeps all.
  public var dynamicRange: Double?

  /// A scale; the defaults are those of librosa's `power_to_db`.
  ///
  /// - Parameters:
  ///   - reference: the power of 0 dB.
  ///   - floor: the least power that is told apart, > 0. (librosa's `amplitude_to_db` has 1e-10
  ///     too: the square of its `amin` 1e-5.)
  ///   - dynamicRange: decibels that are kept below the largest level; nil keeps all.
  public init(
    reference: Reference = .power(1), floor: Double = 1e-10, dynamicRange: Double? = 80
  ) {
    self.reference = reference
    self.floor = floor
    self.dynamicRange = dynamicRange
  }

  /// Checks the settings.
  func validate() throws(DSPError) {
    guard floor >= Double(Float.leastNormalMagnitude), floor <= 1e30 else {
      throw .invalidSetting(
        name: "floor", value: "\(floor)", expected: "a power from 1.2e-38 to 1e30")
    }
    if let dynamicRange, !(dynamicRange >= 0) {
      throw .invalidSetting(
        name: "dynamicRange", value: "\(dynamicRange)", expected: "at least 0 dB, or nil")
    }
    if case .power(let power) = reference, !(power > 0 && power.isFinite) {
      throw .invalidSetting(name: "reference", value: "\(power)", expected: "a positive power")
    }
  }

  /// The level of 0 dB relative to a power of 1, in decibels.
  func offset(largestPower: Float) -> Float {
    switch reference {
    case .power(let power): Float(-10 * log10(max(power, floor)))
    case .maximum: Float(-10 * log10(max(Double(largestPower), floor)))
    }
  }

  /// Natural logarithm to decibels.
  static let factor = Float(10 / log(10.0))

  /// Replaces powers by levels.
  ///
  /// - Parameter values: powers ≥ 0; becomes levels.
  public func convertPowers(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress, !values.isEmpty else { return }
    var largestPower: Float = 0
    if case .maximum = reference {
      for value in values where value > largestPower { largestPower = value }
    }
    let largest = sentio_dsp_levels(
      base, base, values.count, Float(floor), Self.factor, offset(largestPower: largestPower))
    limit(values, largest: largest)
  }

  /// Raises levels to the bound that the dynamic range sets.
  func limit(_ levels: UnsafeMutableBufferPointer<Float>, largest: Float) {
    if let dynamicRange, let base = levels.baseAddress {
      sentio_dsp_raise_to(base, levels.count, largest - Float(dynamicRange))
    }
  }

  /// The levels of powers.
  ///
  /// - Parameter powers: values ≥ 0; negative ones count as 0.
  /// - Returns: levels in decibels.
  public func levels(ofPowers powers: [Float]) -> [Float] {
    var levels = powers
    levels.withUnsafeMutableBufferPointer { convertPowers($0) }
    return levels
  }

  /// The levels of amplitudes.
  ///
  /// - Parameter amplitudes: values of any sign; the magnitude counts.
  /// - Returns: levels in decibels.
  public func levels(ofAmplitudes amplitudes: [Float]) -> [Float] {
    levels(ofPowers: amplitudes.map { $0 * $0 })
  }

  /// The levels of a matrix of powers, such as a mel spectrogram.
  ///
  /// - Parameter powers: values ≥ 0.
  /// - Returns: levels in decibels, of the same shape.
  public func levels(ofPowers powers: FrameMatrix) -> FrameMatrix {
    var levels = powers
    levels.withUnsafeMutableValues { convertPowers($0) }
    return levels
  }

  /// The powers of levels: `reference · 10^(L/10)`.
  ///
  /// With ``Reference/maximum`` the largest power is taken as 1, as it is not known any more.
  ///
  /// *Reference:* librosa 0.11, `librosa.db_to_power`.
  ///
  /// - Parameter levels: levels in decibels.
  /// - Returns: powers.
  public func powers(ofLevels levels: [Float]) -> [Float] {
    let scale =
      if case .power(let power) = reference { max(power, floor) } else { 1.0 }
    return levels.map { Float(scale * pow(10, Double($0) / 10)) }
  }

  /// The amplitudes of levels: the square roots of their powers.
  ///
  /// - Parameter levels: levels in decibels.
  /// - Returns: amplitudes ≥ 0.
  public func amplitudes(ofLevels levels: [Float]) -> [Float] {
    powers(ofLevels: levels).map { $0.squareRoot() }
  }
}
