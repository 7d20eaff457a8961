import SentioTensor

/// Frames of a spectrogram as features of steps of half a second: the mean and the deviation of each band.
///
/// Step k covers the frames whose middle lies in `k · step ..< (k + 1) · step` seconds. A last step that is not full
/// is kept where at least half of its frames are there.
public struct StepFeatures: Sendable, Hashable, Codable {
  /// The bands of a frame.
  public var bands: Int
  /// The seconds from one frame to the next.
  public var secondsPerFrame: Double
  /// The seconds of a step.
  public var step: Double

  /// Chooses steps.
  ///
  /// - Parameters:
  ///   - bands: the bands of a frame, at least 1.
  ///   - secondsPerFrame: the seconds from one frame to the next, above 0 and at most a step.
  ///   - step: the seconds of a step.
  public init(bands: Int, secondsPerFrame: Double, step: Double = 0.5) {
    precondition(
      bands >= 1 && secondsPerFrame > 0 && step >= secondsPerFrame && step.isFinite,
      "steps of \(step) s cannot be made of \(bands) bands every \(secondsPerFrame) s")
    self.bands = bands
    self.secondsPerFrame = secondsPerFrame
    self.step = step
  }

  /// The features of a step: as many means as bands, then as many deviations.
  public var featureCount: Int { 2 * bands }

  /// The features of a song.
  ///
  /// - Parameter frames: frames of `bands` values each, one behind the other, such as levels in decibels.
  /// - Returns: `[steps, featureCount]`; without rows for a song shorter than half a step.
  public func callAsFunction(_ frames: [Float]) -> Tensor {
    precondition(
      frames.count.isMultiple(of: bands),
      "\(frames.count) values are no whole number of frames of \(bands) bands")
    let count = frames.count / bands
    var rows: [Float] = []
    var start = 0
    while start < count {
      let number = rows.count / featureCount
      let end = Int((Double(number + 1) * step / secondsPerFrame).rounded(.up))
      let taken = start..<min(end, count)
      guard 2 * taken.count >= end - start else { break }
      rows += summary(frames, taken)
      start = end
    }
    return Tensor(rows, shape: [rows.count / featureCount, featureCount])
  }

  private func summary(_ frames: [Float], _ taken: Range<Int>) -> [Float] {
    var (sums, squares) = (
      [Double](repeating: 0, count: bands), [Double](repeating: 0, count: bands)
    )
    // About the first frame, so that levels far from 0 keep their digits.
    let base = taken.lowerBound * bands
    for frame in taken {
      for band in 0..<bands {
        let gap = Double(frames[frame * bands + band]) - Double(frames[base + band])
        sums[band] += gap
        squares[band] += gap * gap
      }
    }
    let count = Double(taken.count)
    let means = (0..<bands).map { Float(Double(frames[base + $0]) + sums[$0] / count) }
    let deviations = (0..<bands).map { band in
      let mean = sums[band] / count
      return Float(max(0, squares[band] / count - mean * mean).squareRoot())
    }
    return means + deviations
  }
}
