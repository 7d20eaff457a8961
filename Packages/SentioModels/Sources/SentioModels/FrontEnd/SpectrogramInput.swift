import SentioDSP
import SentioData
import SentioTensor

/// A mel spectrogram of fixed length.
///
/// The record of a song is `[mels, frames]`: levels as numbers from 0 to 1. 1 is the loudest point of the clip, 0 is
/// the front end's dynamic range (80 dB) below it and everything softer. Digital silence is 0 everywhere.
///
/// Shorter audio is followed by silence, longer audio is cropped. A network that is meant for short clips should
/// therefore have a short ``duration``: 24 seconds of silence after a clip of 6 say nothing about it.
public struct SpectrogramInput: Hashable, Codable, Sendable {
  /// How a network is given a spectrogram.
  public enum Form: Hashable, Codable, Sendable {
    /// As it is, from 0 to 1: `[N, 1, mels, frames]`.
    case unit
    /// Every song by itself with mean 0 and standard deviation 1: `[N, 1, mels, frames]`.
    case standardized
    /// A picture: resized, in three equal channels, less ImageNet's mean over its deviation: `[N, 3, height, width]`.
    case picture(HeightWidth)
    /// A picture of other channels, means and deviations: `[N, channels, height, width]`.
    case scaledPicture(PictureScaling)
  }

  /// The length in seconds.
  public var duration: Double
  /// Rate, transform, bands and decibels.
  public var frontEnd: FrontEnd
  /// How the network is given it.
  public var form: Form

  /// Describes a spectrogram; by default the report's, 128 bands from 20 Hz to 8 kHz in 1,292 frames.
  ///
  /// - Parameters:
  ///   - duration: the length in seconds, up to 3600.
  ///   - frontEnd: rate, transform, bands and decibels, re a fixed power and with a dynamic range.
  ///   - form: how the network is given it.
  public init(
    duration: Double = 30, frontEnd: FrontEnd = .report, form: Form = .standardized
  ) {
    self.duration = duration
    self.frontEnd = frontEnd
    self.form = form
  }

  /// The samples of a clip.
  public var sampleCount: Int { Int((duration * frontEnd.sampleRate).rounded()) }

  /// The frames of a spectrogram.
  public var frames: Int { frontEnd.stft.frameCount(sampleCount: sampleCount) }

  var inputShape: [Int] {
    switch form {
    case .unit, .standardized: [1, frontEnd.melBands, frames]
    case .picture(let size): [3, size.height, size.width]
    case .scaledPicture(let scaling):
      [scaling.mean.count, scaling.size.height, scaling.size.width]
    }
  }

  func validate() throws(DSPError) {
    try frontEnd.validateForNetworks(duration: duration)
    try require(
      frontEnd.decibels.reference != .maximum, "decibels.reference", "maximum",
      "a fixed power, or silence could not be told from sound")
    try require(
      (frontEnd.decibels.dynamicRange ?? 0) > 0, "decibels.dynamicRange",
      frontEnd.decibels.dynamicRange ?? 0, "above 0 dB")
    try form.scaling?.validate()
  }

  /// The record of a clip.
  func record(_ samples: [Float], mel: MelSpectrogram) throws(DSPError) -> [Float] {
    var clip = Array(samples.prefix(sampleCount))
    clip += repeatElement(0, count: sampleCount - clip.count)
    var levels = try mel.levels(clip, parallelism: .serial).rowMajorValues()
    let largest = levels.max() ?? 0
    // Bands without power stand at the floor, re the reference.
    let range = Float(frontEnd.decibels.dynamicRange ?? 80)
    let isSilent = clip.allSatisfy { $0 == 0 }
    for index in levels.indices {
      levels[index] = isSilent ? 0 : max(0, min(1, (levels[index] - largest) / range + 1))
    }
    return levels
  }

  /// From records, `[N, mels, frames]`, to inputs.
  func inputs(_ records: Tensor) -> Tensor {
    let spectrograms = records.expanded(at: 1)
    guard let scaling = form.scaling else {
      return form == .unit ? spectrograms : Self.standardized(spectrograms)
    }
    // Each number of the picture is a mean of those that it stands for; without that most frames would not be seen.
    return SpectrogramImage.make(
      spectrograms, size: scaling.size, mean: scaling.mean,
      standardDeviation: scaling.standardDeviation, antialiased: true)
  }

  /// Each sample less its mean, over its population standard deviation; 0 where all its values are equal.
  ///
  /// - Parameter x: `[N, …]`.
  /// - Returns: the same shape.
  public static func standardized(_ x: Tensor) -> Tensor {
    let count = x.shape[0]
    let size = count > 0 ? x.count / count : 0
    return x.withUnsafeBufferPointer { source in
      Tensor(uninitialized: x.shape) { target in
        for start in stride(from: 0, to: count * size, by: max(size, 1)) {
          let values = source[start..<start + size]
          let mean = values.reduce(0.0) { $0 + Double($1) } / Double(size)
          let variance =
            values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(size)
          // Rounding leaves a constant sample with a deviation of almost nothing, which must not be divided by.
          let scale = variance > 1e-12 ? 1 / variance.squareRoot() : 0
          for index in start..<start + size {
            target[index] = Float((Double(source[index]) - mean) * scale)
          }
        }
      }
    }
  }
}
