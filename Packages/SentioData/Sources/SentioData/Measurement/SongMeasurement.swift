import Foundation
import SentioDSP

/// What is measured of a song, and how: all that must be the same when a model is trained and when
/// it is used.
///
/// A model file carries its measurement, so that a model can't be fed numbers that were taken
/// another way.
public struct SongMeasurement: Hashable, Codable, Sendable {
  /// Which features.
  public var featureSet: FeatureSet
  /// Rate, transform and mel bands.
  public var frontEnd: FrontEnd
  /// Where in the song the measured part begins, in seconds; at least 0.
  public var offset: Double
  /// How long the measured part is at most, in seconds; `nil` for all of the song.
  public var duration: Double?

  /// Creates a measurement; by default the report's: 164 features of the first 30 seconds.
  ///
  /// - Parameters:
  ///   - featureSet: which features.
  ///   - frontEnd: rate, transform and mel bands.
  ///   - offset: where the measured part begins, in seconds.
  ///   - duration: its length at most, in seconds; `nil` for all of the song.
  public init(
    featureSet: FeatureSet = .report164, frontEnd: FrontEnd = .report, offset: Double = 0,
    duration: Double? = 30
  ) {
    self.featureSet = featureSet
    self.frontEnd = frontEnd
    self.offset = offset
    self.duration = duration
  }

  /// The latest that a measured part may begin or end, in seconds: no song lasts a year.
  private static let latest = 31_536_000.0

  /// Checks settings that may come from a file.
  ///
  /// - Throws: `DSPError` for the first that is out of range.
  public func validate() throws(DSPError) {
    try frontEnd.validate()
    guard frontEnd.sampleRate == frontEnd.sampleRate.rounded() else {
      throw .invalidSetting(
        name: "sampleRate", value: "\(frontEnd.sampleRate)", expected: "a whole number of Hz")
    }
    guard offset >= 0, offset <= Self.latest else {
      throw .invalidSetting(
        name: "offset", value: "\(offset)", expected: "from 0 to \(Self.latest) s")
    }
    if let duration, !(duration > 0 && duration <= Self.latest) {
      throw .invalidSetting(
        name: "duration", value: "\(duration)", expected: "above 0 and up to \(Self.latest) s")
    }
  }

  /// The part of the audio file that is decoded; `nil` for all of it.
  public var range: TimeRange? {
    if let duration { return .seconds(offset..<offset + duration) }
    // The decoder's limits end it long before.
    return offset > 0 ? .seconds(offset..<max(offset, Self.latest)) : nil
  }

  /// The settings of a store that keeps these features, one row a song.
  public var storeSettings: FeatureStore.Settings {
    FeatureStore.Settings(
      shape: .vector(featureSet.names.count), columns: featureSet.names,
      parameters: [
        "features": featureSet.identifier, "offset": "\(offset)",
        "duration": duration.map { "\($0)" } ?? "all", "frontEnd": frontEndText,
      ])
  }

  /// The front end as text that changes whenever one of its settings does.
  private var frontEndText: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // Settings that are no finite numbers can't be written, nor measured with.
    return (try? encoder.encode(frontEnd)).map { String(decoding: $0, as: UTF8.self) } ?? "invalid"
  }
}
