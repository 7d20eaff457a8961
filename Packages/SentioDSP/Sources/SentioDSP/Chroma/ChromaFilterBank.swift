import CSentioDSPKernels
import Foundation

/// Filters that fold a spectrum into pitch classes, whatever the octave.
///
/// Each bin's energy goes to the classes around its pitch with a Gaussian weight; a bin's weights
/// have the Euclidean norm 1, times a Gaussian over octaves that is largest around the fifth
/// (880 Hz). Row 0 is C.
///
/// *Reference:* librosa 0.11, `librosa.filters.chroma`.
public struct ChromaFilterBank: Sendable {
  /// Pitch classes.
  public let classCount: Int

  /// Bins of the spectra that the filters apply to.
  public let binCount: Int

  /// All weights: `[classes, bins]`, row-major.
  public let weights: [Float]

  /// Filters for spectra of a sample rate and frame length.
  ///
  /// - Parameters:
  ///   - sampleRate: samples per second, > 0.
  ///   - fftLength: samples in a frame, ≥ 4.
  ///   - tuning: deviation from A = 440 Hz in classes, -0.5 … 0.5.
  ///   - classCount: pitch classes, a multiple of 12.
  ///   - octaveCenter: the octave of the largest weight; 5 is 880 Hz.
  ///   - octaveWidth: its standard deviation in octaves; nil weights all octaves alike.
  public init(
    sampleRate: Double, fftLength: Int, tuning: Double = 0, classCount: Int = 12,
    octaveCenter: Double = 5, octaveWidth: Double? = 2
  ) {
    precondition(
      sampleRate > 0 && fftLength >= 4 && classCount >= 12 && classCount % 12 == 0,
      "\(classCount) pitch classes, frames of \(fftLength) at \(sampleRate) Hz")
    let binCount = fftLength / 2 + 1
    let classes = Double(classCount)
    let reference = 440 * pow(2, tuning / classes) / 16
    // Pitch of each bin in classes; bin 0 stands one and a half octaves below bin 1.
    var pitch = (1...binCount).map {
      classes * log2(Double($0) * sampleRate / Double(fftLength) / reference)
    }
    pitch.insert(pitch[0] - 1.5 * classes, at: 0)
    let half = (classes / 2).rounded(.toNearestOrEven)
    var weights = [Float](repeating: 0, count: classCount * binCount)
    for bin in 0..<binCount {
      let width = max(pitch[bin + 1] - pitch[bin], 1)
      var column = (0..<classCount).map { index in
        let turned = (pitch[bin] - Double(index) + half + 10 * classes)
          .truncatingRemainder(dividingBy: classes)
        let distance = (turned < 0 ? turned + classes : turned) - half
        return exp(-0.5 * pow(2 * distance / width, 2))
      }
      let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let octave = octaveWidth.map {
        exp(-0.5 * pow((pitch[bin] / classes - octaveCenter) / $0, 2))
      }
      for index in column.indices {
        column[index] *= (octave ?? 1) / (norm < .leastNormalMagnitude ? 1 : norm)
      }
      // Pitch is counted from A; rows begin at C, three semitones up.
      for index in column.indices {
        let row = (index - 3 * (classCount / 12) + classCount) % classCount
        weights[row * binCount + bin] = Float(column[index])
      }
    }
    self.classCount = classCount
    self.binCount = binCount
    self.weights = weights
  }

  /// `[bins][lanes]` powers to `[classes][lanes]`, each frame divided by its largest class.
  func apply(_ power: UnsafePointer<Float>, into classes: UnsafeMutablePointer<Float>) {
    sentio_dsp_lane_matrix(power, weights, classCount, binCount, classes)
    sentio_dsp_lane_normalize_by_maximum(classes, classCount)
  }
}

extension Spectrogram {
  /// Energy of each pitch class, divided by the frame's largest.
  ///
  /// *Reference:* librosa 0.11, `librosa.feature.chroma_stft`.
  ///
  /// - Parameters:
  ///   - tuning: deviation from A = 440 Hz in classes; estimated from this spectrogram where nil.
  ///   - classCount: pitch classes, a multiple of 12.
  ///   - parallelism: threads that may be used.
  /// - Returns: `classCount` rows from C upwards, 0 … 1; zeros in silence.
  public func chroma(
    tuning: Double? = nil, classCount: Int = 12, parallelism: Parallelism = .serial
  ) -> FrameMatrix {
    let filters = ChromaFilterBank(
      sampleRate: sampleRate, fftLength: fftLength,
      tuning: tuning ?? estimatedTuning(classCount: classCount), classCount: classCount)
    return mapBlocks(as: .power, rows: classCount, parallelism: parallelism) {
      filters.apply($0, into: $1)
    }
  }
}
