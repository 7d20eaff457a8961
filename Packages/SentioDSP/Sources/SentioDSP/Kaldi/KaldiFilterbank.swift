import CSentioDSPKernels
import Foundation

/// Kaldi's log-mel filter bank ("fbank"), the front end of speech models and of the audio spectrogram transformer.
///
/// Per frame: dither, mean removal, (raw energy,) pre-emphasis, window, (energy,) zero padding, transform, power,
/// triangular bands in mel, natural logarithm.
///
/// - A signal shorter than a window has no frames with ``KaldiConfiguration/Framing/snipEdges``; an empty signal
///   has none at all. Silence gives `ln(1.1920929e-7) = -15.9424` in every band.
/// - A NaN or an infinity makes NaN of the frames that contain it, in every band that has a bin.
///
/// *Reference:* `torchaudio.compliance.kaldi.fbank` 2.11 (Kaldi's `compute-fbank-feats`).
/// *Differs from* it: no VTLN; `blackman` is its default coefficient 0.42; short signals are mirrored
/// repeatedly with ``KaldiConfiguration/Framing/reflect``, as Kaldi does, where torchaudio refuses them; the dither's
/// noise is another sequence.
public struct KaldiFilterbank: Sendable {
  /// The settings.
  public let configuration: KaldiConfiguration
  private let bank: KaldiMelBank
  private let window: [Float]
  private let transform: RealFFT

  /// Makes the window, the bands and the transform of the settings.
  ///
  /// - Parameter configuration: The settings.
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)``.
  public init(_ configuration: KaldiConfiguration = KaldiConfiguration()) throws {
    try configuration.validate()
    self.configuration = configuration
    bank = KaldiMelBank(configuration)
    window = configuration.window.coefficients(
      count: configuration.frameLength, symmetry: .symmetric)
    transform = .ofLength(configuration.transformLength)
  }

  /// All weights of the bands, zeros included: `[bands, transformLength / 2 + 1]`, row-major.
  public var denseWeights: [Float] {
    let bins = configuration.transformLength / 2 + 1
    var dense = [Float](repeating: 0, count: configuration.melCount * bins)
    var spectrum = [Float](repeating: 0, count: bins)
    var bands = [Float](repeating: 0, count: configuration.melCount)
    for bin in 0..<bins {
      spectrum[bin] = 1
      bank.apply(spectrum, into: &bands)
      for band in bands.indices { dense[band * bins + bin] = bands[band] }
      spectrum[bin] = 0
    }
    return dense
  }

  /// The filter bank's output for a signal.
  ///
  /// - Parameter signal: One channel at the configured rate. Kaldi's own models expect the range of 16-bit integers,
  ///   AST the range -1 … 1: the logarithm shifts by a constant, except at its floor.
  /// - Returns: Frames of ``KaldiConfiguration/columnCount`` values.
  public func callAsFunction(_ signal: [Float]) -> FrameMatrix {
    let frames = configuration.frameCount(forSampleCount: signal.count)
    return features(signal, frameCount: frames)
  }

  /// The first `frameCount` frames; later ones are not computed.
  func features(_ signal: [Float], frameCount: Int) -> FrameMatrix {
    let columns = configuration.columnCount
    var result = FrameMatrix(frameCount: frameCount, rowCount: columns) { output in
      guard let base = output.baseAddress, frameCount > 0 else { return }
      let frame = AlignedBuffer(count: transform.length)
      let spectrum = AlignedBuffer(count: 2 * transform.binCount)
      let power = AlignedBuffer(count: transform.binCount)
      withExtendedLifetime((frame, spectrum, power)) {
        signal.withUnsafeBufferPointer { signal in
          for index in 0..<frameCount {
            cut(frame: index, of: signal, into: frame.pointer)
            let energy = prepare(frame.pointer)
            transform.forward(frame.pointer, into: spectrum.pointer)
            if configuration.usesPower {
              sentio_dsp_power(spectrum.pointer, power.pointer, transform.binCount)
            } else {
              sentio_dsp_magnitude(spectrum.pointer, power.pointer, transform.binCount)
            }
            write(power.pointer, energy: energy, to: base + index * columns)
          }
        }
      }
    }
    if configuration.subtractsColumnMeans { subtractColumnMeans(&result) }
    return result
  }

  /// Copies a frame's samples, mirrored where they lie outside the signal, and dithers them.
  private func cut(
    frame index: Int, of signal: UnsafeBufferPointer<Float>,
    into frame: UnsafeMutablePointer<Float>
  ) {
    let (length, shift) = (configuration.frameLength, configuration.shiftLength)
    var start = index * shift
    if configuration.framing == .reflect { start -= length / 2 - shift / 2 }
    if start >= 0 && start + length <= signal.count {
      frame.update(from: signal.baseAddress! + start, count: length)
    } else {
      for offset in 0..<length {
        frame[offset] = signal[mirrored(start + offset, count: signal.count)]
      }
    }
    if configuration.dither > 0 {
      for offset in 0..<length {
        frame[offset] +=
          configuration.dither
          * gaussian(seed: configuration.ditherSeed, index: UInt64(index * length + offset))
      }
    }
  }

  /// Removes the mean, emphasizes, windows and pads in place, and returns the log energy.
  private func prepare(_ frame: UnsafeMutablePointer<Float>) -> Float {
    let length = configuration.frameLength
    if configuration.removesMean {
      var sum = 0.0
      for index in 0..<length { sum += Double(frame[index]) }
      let mean = Float(sum / Double(length))
      for index in 0..<length { frame[index] -= mean }
    }
    var energy: Float = 0
    let wantsEnergy = configuration.energyColumn != .none
    if wantsEnergy && configuration.usesRawEnergy { energy = logEnergy(frame) }
    let coefficient = configuration.preEmphasis
    if coefficient != 0 {
      for index in stride(from: length - 1, to: 0, by: -1) {
        frame[index] -= coefficient * frame[index - 1]
      }
      frame[0] -= coefficient * frame[0]
    }
    window.withUnsafeBufferPointer {
      for index in 0..<length { frame[index] *= $0[index] }
    }
    for index in length..<transform.length { frame[index] = 0 }
    if wantsEnergy && !configuration.usesRawEnergy { energy = logEnergy(frame) }
    return energy
  }

  private func logEnergy(_ frame: UnsafeMutablePointer<Float>) -> Float {
    var sum = 0.0
    for index in 0..<configuration.frameLength {
      sum += Double(frame[index]) * Double(frame[index])
    }
    let energy = floored(Float(sum))
    let floor = configuration.energyFloor
    return floor == 0 || !(log(energy) < log(floor)) ? log(energy) : log(floor)
  }

  private func write(
    _ spectrum: UnsafePointer<Float>, energy: Float, to row: UnsafeMutablePointer<Float>
  ) {
    let bands = configuration.energyColumn == .first ? row + 1 : row
    bank.apply(spectrum, into: bands)
    if configuration.usesLogarithm {
      for band in 0..<configuration.melCount { bands[band] = log(floored(bands[band])) }
    }
    switch configuration.energyColumn {
    case .none: break
    case .first: row[0] = energy
    case .last: row[configuration.melCount] = energy
    }
  }

  private func subtractColumnMeans(_ matrix: inout FrameMatrix) {
    for column in 0..<matrix.rowCount {
      var sum = 0.0
      for frame in 0..<matrix.frameCount { sum += Double(matrix[row: column, frame: frame]) }
      let mean = Float(sum / Double(matrix.frameCount))
      for frame in 0..<matrix.frameCount { matrix[row: column, frame: frame] -= mean }
    }
  }
}

/// At least the smallest step of `Float` at 1, Kaldi's guard of the logarithm; NaN stays NaN.
private func floored(_ value: Float) -> Float { value < .ulpOfOne ? .ulpOfOne : value }

/// The index inside `0 ..< count` that mirroring with repeated edges (`2 1 0 0 1 2`) leads to.
private func mirrored(_ index: Int, count: Int) -> Int {
  let period = 2 * count
  let wrapped = ((index % period) + period) % period
  return wrapped < count ? wrapped : period - 1 - wrapped
}

/// A standard normal number that depends on its seed and index alone (SplitMix64, then Box and Muller).
private func gaussian(seed: UInt64, index: UInt64) -> Float {
  func uniform(_ counter: UInt64) -> Double {
    var z = (seed &* 0xD1B5_4A32_D192_ED03) &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return (Double(z >> 11) + 0.5) * 0x1p-53
  }
  return Float((-2 * log(uniform(2 * index))).squareRoot() * cos(2 * .pi * uniform(2 * index + 1)))
}
