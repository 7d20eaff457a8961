import Foundation
import SentioDSP

/// Takes one measurement of many songs: decodes the part that is wanted and extracts its features.
///
/// May be used by several threads at once; each song is measured on the calling thread, because
/// many songs side by side use the cores better than many threads a song.
public final class SongMeter: Sendable {
  /// What is measured, and how.
  public let measurement: SongMeasurement
  private let extractor: FeatureExtractor
  private let decoder: AudioDecoder

  /// What was measured of one song.
  public struct Measured: Sendable {
    /// One number for each of `FeatureSet.names`.
    public var features: [Float]
    /// What was found on the way, such as damage to the file.
    public var warnings: [AudioWarning]
    /// Seconds of audio that the features describe.
    public var seconds: Double
  }

  /// Prepares transform and filters.
  ///
  /// - Parameters:
  ///   - measurement: what is measured, and how.
  ///   - limits: what one file may cost at most.
  /// - Throws: `DSPError` where settings are out of range or don't fit together.
  public init(_ measurement: SongMeasurement, limits: AudioLimits = .standard) throws {
    try measurement.validate()
    self.measurement = measurement
    extractor = try FeatureExtractor(
      set: measurement.featureSet, frontEnd: measurement.frontEnd)
    decoder = AudioDecoder(limits: limits)
  }

  /// Measures one song.
  ///
  /// - Parameter url: an audio file of any format that FFmpeg reads.
  /// - Returns: the features, and warnings about the file.
  /// - Throws: ``AudioError`` that names the file, or `DSPError` where its samples can't be measured.
  public func measure(_ url: URL) throws -> Measured {
    let audio = try decoder.decode(
      url, as: AudioFormat(sampleRate: Int(measurement.frontEnd.sampleRate)),
      range: measurement.range, threads: 1)
    let features = try extractor.extract(
      audio.samples, sampleRate: measurement.frontEnd.sampleRate, parallelism: .serial)
    return Measured(
      features: features, warnings: audio.warnings, seconds: audio.duration)
  }
}
