import SentioDSP
import SentioTensor

/// How a spectrogram from 0 to 1 becomes the picture that a network was trained on: another size, and for each channel
/// `(x − mean) / standardDeviation`.
///
/// A spectrogram is gray: all channels hold the same picture, so that the order of colours, which some networks take
/// blue first, says nothing.
public struct PictureScaling: Hashable, Codable, Sendable {
  /// Height and width of the picture.
  public var size: HeightWidth
  /// What is taken off, for each channel.
  public var mean: [Float]
  /// What is divided by, for each channel.
  public var standardDeviation: [Float]

  /// Describes pictures; by default in three channels by ImageNet's statistics.
  ///
  /// - Parameters:
  ///   - size: height and width.
  ///   - mean: what is taken off, for each channel.
  ///   - standardDeviation: what is divided by, for each channel.
  public init(
    size: HeightWidth, mean: [Float] = SpectrogramImage.mean,
    standardDeviation: [Float] = SpectrogramImage.standardDeviation
  ) {
    (self.size, self.mean, self.standardDeviation) = (size, mean, standardDeviation)
  }

  func validate() throws(DSPError) {
    try require(
      (1...4096).contains(size.height) && (1...4096).contains(size.width), "picture", size,
      "from 1 to 4096 high and wide")
    try require(
      (1...64).contains(mean.count) && mean.allSatisfy { $0.isFinite }, "mean", mean,
      "a number for each of 1 to 64 channels")
    try require(
      standardDeviation.count == mean.count
        && standardDeviation.allSatisfy { $0 > 0 && $0.isFinite }, "deviation", standardDeviation,
      "a number above 0 for each of \(mean.count) channels, as of the mean")
  }
}

extension SpectrogramInput.Form {
  /// A picture, by ImageNet's statistics where the scaling has them.
  ///
  /// - Parameter scaling: size, means and deviations.
  /// - Returns: the form.
  public static func picture(_ scaling: PictureScaling) -> SpectrogramInput.Form {
    scaling == PictureScaling(size: scaling.size) ? .picture(scaling.size) : .scaledPicture(scaling)
  }

  /// How pictures are made; nil for spectrograms that are none.
  public var scaling: PictureScaling? {
    switch self {
    case .unit, .standardized: nil
    case .picture(let size): PictureScaling(size: size)
    case .scaledPicture(let scaling): scaling
    }
  }
}
