import SentioNN
import SentioTensor

/// How much each place of a spectrogram matters, on the spectrogram's own axes.
///
/// Row 0 is the lowest mel band and column 0 the first frame, as in the spectrogram.
public struct SpectrogramMap: Sendable, Equatable {
  /// The rows: mel bands.
  public let bands: Int
  /// The columns: frames.
  public let frames: Int
  /// The values, row by row.
  public let values: [Float]

  /// Takes values.
  ///
  /// - Parameters:
  ///   - bands: the rows.
  ///   - frames: the columns.
  ///   - values: `bands · frames` values, row by row.
  public init(bands: Int, frames: Int, values: [Float]) {
    precondition(
      bands >= 1 && frames >= 1 && values.count == bands * frames,
      "\(values.count) values are no map of \(bands) bands and \(frames) frames")
    self.bands = bands
    self.frames = frames
    self.values = values
  }

  /// The value of a band at a frame.
  public subscript(band: Int, frame: Int) -> Float { values[band * frames + frame] }

  /// The mean over the bands: what matters when, one value a frame.
  public var byFrame: [Float] {
    (0..<frames).map { frame in
      (0..<bands).reduce(0) { $0 + self[$1, frame] } / Float(bands)
    }
  }

  /// The mean over the frames: which bands matter, one value a band.
  public var byBand: [Float] {
    (0..<bands).map { band in
      (0..<frames).reduce(0) { $0 + self[band, $1] } / Float(frames)
    }
  }

  /// The same map of another size, by bilinear interpolation.
  ///
  /// A map over patches becomes one over mel bands and frames: patches divide either axis evenly, however the picture
  /// was resized before.
  ///
  /// - Parameters:
  ///   - bands: the rows.
  ///   - frames: the columns.
  /// - Returns: the map.
  public func resized(bands: Int, frames: Int) -> SpectrogramMap {
    let tensor = Tensor(values, shape: [1, 1, self.bands, self.frames])
      .resized2D(to: HeightWidth(height: bands, width: frames))
    return SpectrogramMap(
      bands: bands, frames: frames, values: tensor.withUnsafeBufferPointer { Array($0) })
  }

  /// The places with the largest values: what to point at in a picture.
  ///
  /// - Parameter share: the share of all places, more than 0 and at most 1.
  /// - Returns: the smallest value among them; everything from it on is marked.
  public func threshold(top share: Double) -> Float {
    precondition(share > 0 && share <= 1, "no places are a share of \(share)")
    let ordered = values.sorted(by: >)
    return ordered[max(0, Int((Double(ordered.count) * share).rounded()) - 1)]
  }
}
