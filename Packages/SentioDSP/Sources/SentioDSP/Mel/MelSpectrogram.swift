import CSentioDSPKernels

/// Makes mel spectrograms of signals with one front end, again and again.
///
/// Window, transform, power, filters and logarithm of sixteen frames follow each other while the
/// frames are in the cache; no spectrogram is stored.
///
/// *Reference:* librosa 0.11, `librosa.feature.melspectrogram` and `librosa.power_to_db`.
public struct MelSpectrogram: Sendable {
  /// The settings.
  public let frontEnd: FrontEnd

  /// The filters.
  public let filterBank: MelFilterBank

  let transform: FrameTransform

  /// Prepares transform and filters.
  ///
  /// - Parameter frontEnd: the settings.
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)``.
  public init(frontEnd: FrontEnd = .report) throws(DSPError) {
    try frontEnd.validate()
    self.frontEnd = frontEnd
    filterBank = frontEnd.melFilterBank
    transform = FrameTransform(frontEnd.stft)
  }

  /// Sums of power (or magnitude, as the front end says) in each band.
  ///
  /// - Parameters:
  ///   - samples: the signal at the front end's rate; silence gives zeros. NaN and infinity spread
  ///     over their frames.
  ///   - parallelism: threads that may be used; the result does not depend on it.
  /// - Returns: `melBands` values ≥ 0 for each frame.
  /// - Throws: ``DSPError/emptySignal``; ``DSPError/signalTooShort(sampleCount:minimum:reason:)``
  ///   where frames are left-aligned and not one fits.
  public func powers(
    _ samples: [Float], parallelism: Parallelism = .automatic
  ) throws(DSPError) -> FrameMatrix {
    try bands(samples, parallelism: parallelism, asLevels: false)
  }

  /// Levels of the bands in decibels.
  ///
  /// - Parameters:
  ///   - samples: the signal at the front end's rate; silence gives the floor, -100 dB by default.
  ///   - parallelism: threads that may be used; the result does not depend on it.
  /// - Returns: `melBands` levels for each frame.
  /// - Throws: as ``powers(_:parallelism:)``.
  public func levels(
    _ samples: [Float], parallelism: Parallelism = .automatic
  ) throws(DSPError) -> FrameMatrix {
    try bands(samples, parallelism: parallelism, asLevels: true)
  }

  private func bands(
    _ samples: [Float], parallelism: Parallelism, asLevels: Bool
  ) throws(DSPError) -> FrameMatrix {
    let stft = transform.stft
    let frameCount = try stft.checkedFrameCount(sampleCount: samples.count)
    let rows = frontEnd.melBands
    // A reference that depends on the whole signal needs all powers first.
    let fused = asLevels && frontEnd.decibels.reference != .maximum
    let maxima = BlockMaxima(frameCount: frameCount)
    var matrix = FrameMatrix(frameCount: frameCount, rowCount: rows) { output in
      samples.withUnsafeBufferPointer { input in
        let signal = SendableSignal(stft.framed(input))
        let destination = SendablePointer(output.baseAddress!)
        parallelism.forEachBlock(ofFrames: frameCount) { blocks in
          let workspace = MelWorkspace(self)
          for (first, used) in blocks {
            let largest = workspace.bands(
              of: signal.value, first: first, used: used, asLevels: fused)
            maxima.record(largest, block: first / laneCount)
            sentio_dsp_frames_from_lanes(
              workspace.bands.pointer, rows, used, destination.value + first * rows, rows)
          }
        }
      }
    }
    if fused {
      matrix.withUnsafeMutableValues {
        frontEnd.decibels.limit($0, largest: maxima.largest)
      }
    } else if asLevels {
      matrix.withUnsafeMutableValues { frontEnd.decibels.convertPowers($0) }
    }
    return matrix
  }
}

/// The memory of one thread that makes mel bands.
final class MelWorkspace {
  private let mel: MelSpectrogram
  private let scratch: FrameTransform.Scratch
  let power: AlignedBuffer
  let bands: AlignedBuffer

  init(_ mel: MelSpectrogram) {
    self.mel = mel
    scratch = FrameTransform.Scratch(mel.transform)
    power = AlignedBuffer(count: mel.transform.binCount * laneCount)
    bands = AlignedBuffer(count: mel.frontEnd.melBands * laneCount)
  }

  /// Writes `bands`, `[bands][lanes]`, and returns the largest level where levels are made.
  func bands(of signal: FramedSignal, first: Int, used: Int, asLevels: Bool) -> Float {
    mel.transform.power(
      of: signal, first: first, used: used, scratch: scratch, into: power.pointer)
    if mel.frontEnd.quantity == .magnitude {
      sentio_dsp_lane_square_root(power.pointer, mel.transform.binCount, power.pointer)
    }
    mel.filterBank.apply(power.pointer, into: bands.pointer)
    guard asLevels else { return 0 }
    return sentio_dsp_levels(
      bands.pointer, bands.pointer, bands.count, Float(mel.frontEnd.decibels.floor),
      DecibelScale.factor, mel.frontEnd.decibels.offset(largestPower: 0))
  }
}

/// The largest value of each block, recorded by several threads.
final class BlockMaxima: @unchecked Sendable {
  // Sendable: each block's place is written by the one thread that works on it.
  private let values: AlignedBuffer

  init(frameCount: Int) {
    values = AlignedBuffer(count: (frameCount + laneCount - 1) / laneCount)
    values.fill(-.infinity)
  }

  func record(_ value: Float, block: Int) { values.pointer[block] = value }

  var largest: Float { values.buffer.max() ?? -.infinity }
}
