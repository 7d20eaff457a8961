import Foundation

/// A mel spectrogram as a grey picture.
public struct SpectrogramImage: Codable, Sendable {
  /// The song that it shows.
  public var title: String
  /// Mel bands.
  public var bands: Int
  /// Frames.
  public var frames: Int
  /// Seconds from one frame to the next.
  public var secondsPerFrame: Double
  /// The lowest band's lower edge in hertz.
  public var minimumFrequency: Double
  /// The highest band's upper edge in hertz.
  public var maximumFrequency: Double
  /// Decibels below the loudest value that black stands for, such as 80.
  public var range: Double
  /// `[bands, frames]`, lowest band first; 0 is the quietest, 255 the loudest.
  public var levels: Data

  /// Creates a picture.
  public init(
    title: String, bands: Int, frames: Int, secondsPerFrame: Double, minimumFrequency: Double,
    maximumFrequency: Double, range: Double, levels: Data
  ) {
    self.title = title
    self.bands = bands
    self.frames = frames
    self.secondsPerFrame = secondsPerFrame
    self.minimumFrequency = minimumFrequency
    self.maximumFrequency = maximumFrequency
    self.range = range
    self.levels = levels
  }
}
