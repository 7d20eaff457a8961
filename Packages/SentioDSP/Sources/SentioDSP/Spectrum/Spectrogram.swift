import CSentioDSPKernels

/// The power or magnitude of a signal's spectrum over time.
///
/// All spectral features are methods of it, so that one transform serves them all.
public struct Spectrogram: Hashable, Sendable {
  /// What the values are.
  public enum Quantity: String, Hashable, Codable, Sendable, CaseIterable {
    /// `|X|`.
    case magnitude
    /// `|X|²`.
    case power
  }

  /// `fftLength / 2 + 1` values ≥ 0 for each frame.
  public let values: FrameMatrix

  /// What the values are.
  public let quantity: Quantity

  /// Samples per second of the signal.
  public let sampleRate: Double

  /// Samples in a frame.
  public let fftLength: Int

  /// Samples from one frame to the next.
  public let hopLength: Int

  /// A spectrogram that was made elsewhere.
  ///
  /// - Parameters:
  ///   - values: `fftLength / 2 + 1` rows.
  ///   - quantity: what the values are.
  ///   - sampleRate: samples per second, > 0.
  ///   - fftLength: samples in a frame.
  ///   - hopLength: samples from one frame to the next.
  public init(
    values: FrameMatrix, quantity: Quantity, sampleRate: Double, fftLength: Int, hopLength: Int
  ) {
    precondition(
      values.rowCount == fftLength / 2 + 1,
      "\(values.rowCount) rows are not the bins of frames of \(fftLength) samples")
    precondition(sampleRate > 0, "a sample rate of \(sampleRate)")
    self.values = values
    self.quantity = quantity
    self.sampleRate = sampleRate
    self.fftLength = fftLength
    self.hopLength = hopLength
  }

  /// Bins of a frame.
  public var binCount: Int { values.rowCount }

  /// Frames.
  public var frameCount: Int { values.frameCount }

  /// Hertz from one bin to the next.
  public var binWidth: Double { sampleRate / Double(fftLength) }

  /// The same spectrogram as power or as magnitude.
  ///
  /// - Parameter wanted: what the values shall be.
  /// - Returns: the converted spectrogram.
  public func converted(to wanted: Quantity) -> Spectrogram {
    if wanted == quantity { return self }
    let converted = values.values.map { wanted == .power ? $0 * $0 : $0.squareRoot() }
    return Spectrogram(
      values: FrameMatrix(frameMajor: converted, rowCount: binCount), quantity: wanted,
      sampleRate: sampleRate, fftLength: fftLength, hopLength: hopLength)
  }

  /// Makes rows from blocks of sixteen frames.
  ///
  /// - Parameters:
  ///   - wanted: what the values given to the closure shall be.
  ///   - rows: rows of the result.
  ///   - parallelism: threads that may be used.
  ///   - body: is given `[bins][lanes]`, which it may change, and room for `[rows][lanes]`.
  /// - Returns: the rows of all frames.
  func mapBlocks(
    as wanted: Quantity, rows: Int, parallelism: Parallelism = .serial,
    _ body: @Sendable (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> FrameMatrix {
    FrameMatrix(frameCount: frameCount, rowCount: rows) { output in
      guard frameCount > 0 else { return }
      let destination = SendablePointer(output.baseAddress!)
      parallelism.forEachBlock(ofFrames: frameCount) { blocks in
        let lanes = AlignedBuffer(count: binCount * laneCount)
        let result = AlignedBuffer(count: rows * laneCount)
        for (first, used) in blocks {
          loadBlock(first: first, used: used, as: wanted, into: lanes)
          body(lanes.pointer, result.pointer)
          sentio_dsp_frames_from_lanes(
            result.pointer, rows, used, destination.value + first * rows, rows)
        }
      }
    }
  }

  /// Turns frames into lanes, `[bins][lanes]`.
  func loadBlock(first: Int, used: Int, as wanted: Quantity, into lanes: AlignedBuffer) {
    values.values.withUnsafeBufferPointer {
      sentio_dsp_lanes_from_frames(
        $0.baseAddress! + first * binCount, binCount, binCount, used, lanes.pointer)
    }
    switch (quantity, wanted) {
    case (.power, .magnitude):
      sentio_dsp_lane_square_root(lanes.pointer, binCount, lanes.pointer)
    case (.magnitude, .power):
      for i in 0..<lanes.count { lanes.pointer[i] *= lanes.pointer[i] }
    default: break
    }
  }
}
