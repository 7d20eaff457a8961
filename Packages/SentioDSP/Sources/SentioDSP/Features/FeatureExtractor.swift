import CSentioDSPKernels
import Synchronization

/// Measures a set of features of songs, again and again, with one front end.
///
/// One short-time Fourier transform serves all features. Two passes go over the frames, sixteen at
/// a time: the first transforms and takes what needs no knowledge of the whole song; the second
/// takes what needs it (the largest level, which bounds the dynamic range, and the tuning). What
/// the samples themselves give is measured beside them.
///
/// An extractor may be used by several threads at once.
///
/// *Reference:* librosa 0.11 for each row: see ``FeatureSet/report164`` and the functions named
/// there, called on the signal with the front end's settings; `onset_strength` is taken of the front
/// end's own mel levels (librosa's default would make a second mel spectrogram up to half the
/// sample rate).
public final class FeatureExtractor: Sendable {
  /// What is measured.
  public let set: FeatureSet

  /// How.
  public let frontEnd: FrontEnd

  let mel: MelSpectrogram
  let cepstrum: MFCC
  let contrast: SpectralContrast
  let onset: OnsetStrength
  let peakBins: Range<Int>
  let texture: TextureRows?
  private let chromaFilters = Mutex<[Int: ChromaFilterBank]>([:])
  private let storage = Pool<SongStorage>(limit: 4)

  /// Prepares transform and filters.
  ///
  /// - Parameters:
  ///   - set: what is measured.
  ///   - frontEnd: how; `report164` needs at least 13 mel bands and a sample rate above 12.8 kHz, as its
  ///     highest octave begins at 6.4 kHz.
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)``.
  public init(set: FeatureSet = .report164, frontEnd: FrontEnd = .report) throws(DSPError) {
    mel = try MelSpectrogram(frontEnd: frontEnd)
    guard frontEnd.melBands >= 13 else {
      throw .invalidSetting(
        name: "melBands", value: "\(frontEnd.melBands)", expected: "at least 13, for 13 MFCC")
    }
    guard frontEnd.decibels.reference != .maximum else {
      throw .invalidSetting(
        name: "decibels.reference", value: "maximum",
        expected: "a fixed power, or features would not tell loud songs from soft ones")
    }
    if set.groups.contains(.texture) {
      guard frontEnd.melBands >= TextureRows.levelCount else {
        throw .invalidSetting(
          name: "melBands", value: "\(frontEnd.melBands)",
          expected: "at least \(TextureRows.levelCount), for the set \(set.identifier)")
      }
      texture = TextureRows(bandCount: frontEnd.melBands)
    } else {
      texture = nil
    }
    contrast = try SpectralContrast(
      sampleRate: frontEnd.sampleRate, fftLength: frontEnd.fftLength)
    cepstrum = MFCC(coefficientCount: 13, bandCount: frontEnd.melBands)
    onset = OnsetStrength(fftLength: frontEnd.fftLength, hopLength: frontEnd.hopLength)
    peakBins = SpectralPeaks.bins(
      sampleRate: frontEnd.sampleRate, fftLength: frontEnd.fftLength)
    self.set = set
    self.frontEnd = frontEnd
  }

  /// The features of a song, in the order of ``FeatureSet/names``.
  ///
  /// Silence is legal: levels at the floor, zeros elsewhere. So is a signal shorter than a frame;
  /// with fewer than nine frames, slopes over time take the end frames as repeated.
  ///
  /// - Parameters:
  ///   - samples: one channel, full scale ±1; up to ±10¹² does not overflow.
  ///   - sampleRate: samples per second: the front end's.
  ///   - parallelism: threads that may be used; the result does not depend on it.
  /// - Returns: one number for each name.
  /// - Throws: ``DSPError/emptySignal``, ``DSPError/nonFiniteSample(index:value:)``,
  ///   ``DSPError/sampleRateMismatch(expected:found:)``, and
  ///   ``DSPError/signalTooShort(sampleCount:minimum:reason:)`` where frames are left-aligned.
  public func extract(
    _ samples: [Float], sampleRate: Double, parallelism: Parallelism = .automatic
  ) throws(DSPError) -> [Float] {
    let frameRate = frontEnd.sampleRate / Double(frontEnd.hopLength)
    let rows = try rows(samples, sampleRate: sampleRate, parallelism: parallelism)
    return rows.statistics(set.statistics, frameRate: frameRate)
      + set.summaries.flatMap { $0.values(of: rows, set: set, frameRate: frameRate) }
  }

  /// The features over time of which ``extract(_:sampleRate:parallelism:)`` takes statistics.
  ///
  /// - Parameters:
  ///   - samples: one channel.
  ///   - sampleRate: samples per second: the front end's.
  ///   - parallelism: threads that may be used; the result does not depend on it.
  /// - Returns: one row for each of ``FeatureSet/rowNames``.
  /// - Throws: as ``extract(_:sampleRate:parallelism:)``.
  public func rows(
    _ samples: [Float], sampleRate: Double, parallelism: Parallelism = .automatic
  ) throws(DSPError) -> FrameMatrix {
    try frontEnd.requireRate(sampleRate)
    let frameCount = try mel.transform.stft.checkedFrameCount(sampleCount: samples.count)
    let wrong = samples.withUnsafeBufferPointer {
      sentio_dsp_first_non_finite($0.baseAddress, $0.count)
    }
    if wrong < samples.count {
      throw .nonFiniteSample(index: wrong, value: samples[wrong])
    }
    let kept = storage.take { SongStorage() }
    defer { storage.giveBack(kept) }
    let song = SongAnalysis(self, frameCount: frameCount, storage: kept)
    return song.rows(samples, parallelism: parallelism)
  }

  /// The chroma filters of a tuning, which has a hundred values; made when first needed.
  func chromaFilters(tuning: Double) -> ChromaFilterBank {
    let step = Int((tuning * 100).rounded())
    return chromaFilters.withLock { known in
      if let filters = known[step] { return filters }
      let filters = ChromaFilterBank(
        sampleRate: frontEnd.sampleRate, fftLength: frontEnd.fftLength, tuning: tuning)
      known[step] = filters
      return filters
    }
  }
}
