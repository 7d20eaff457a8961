import Foundation
import SentioDSP
import Testing

@Suite struct HarmonicPercussiveSeparatorTests {
  /// Medians are the same numbers; a quotient of squares rounds a few times.
  static let maskTolerance: Float = 1e-6
  /// The parts are bins whose magnitudes and masks went through other sums: relative to a largest bin of 60.
  static let partTolerance: Float = 1e-3

  struct Parameters: Decodable, Sendable {
    let bins: Int
    let frames: Int
    let harmonic: Int
    let percussive: Int
    let margins: [Float]
    let power: Float?
  }

  /// Absolute noise with lines along both axes, as `generate_separation.py` makes it.
  static func magnitudes(bins: Int, frames: Int) -> FrameMatrix {
    var values = SyntheticSignals.noise(count: bins * frames, seed: 3).map(\.magnitude)
    for frame in 0..<frames {
      for bin in 0..<bins {
        let index = frame * bins + bin
        if bin % 7 == 0 { values[index] += 2 }
        if frame % 9 == 0 { values[index] += 1 }
        if (frames / 2..<frames / 2 + 3).contains(frame), bin < bins / 2 { values[index] = 0 }
      }
    }
    return FrameMatrix(frameMajor: values, rowCount: bins)
  }

  @Test func masksEqualLibrosas() throws {
    for golden in try goldenCases("Separation/hpss-masks", of: Parameters.self) {
      let parameters = golden.parameters
      let separator = HarmonicPercussiveSeparator(
        harmonicWidth: parameters.harmonic, percussiveWidth: parameters.percussive,
        power: parameters.power ?? .infinity, harmonicMargin: parameters.margins[0],
        percussiveMargin: parameters.margins[1])
      let masks = try separator.masks(
        of: Self.magnitudes(bins: parameters.bins, frames: parameters.frames))
      expectClose(
        masks.harmonic.values + masks.percussive.values, golden.values,
        absolute: Self.maskTolerance, "\(parameters)")
    }
  }

  @Test func partsEqualLibrosas() throws {
    for golden in try goldenCases("Separation/hpss-parts", of: PlainCase.self) {
      let spectrogram = try STFT(fftLength: 512, hopLength: 256)
        .complexSpectrogram(golden.parameters.samples)
      let parts = try HarmonicPercussiveSeparator().separate(spectrogram)
      expectClose(
        parts.harmonic.interleaved.values + parts.percussive.interleaved.values, golden.values,
        absolute: Self.partTolerance)
    }
  }

  /// The definition, written down: a sort for each value.
  static func median(_ values: (Int) -> Float, at index: Int, count: Int, width: Int) -> Float {
    let window = (index - width / 2...index + width / 2).map { position in
      let phase = ((position % (2 * count)) + 2 * count) % (2 * count)
      return values(phase < count ? phase : 2 * count - 1 - phase)
    }
    return window.sorted()[width / 2]
  }

  @Test(arguments: [(1, 1), (31, 31), (31, 3), (7, 31), (255, 31)])
  func hardMasksAreComparisonsOfMedians(widths: (Int, Int)) throws {
    let (bins, frames) = (37, 53)
    // Few values, so that windows hold equal ones.
    let values = SyntheticSignals.noise(count: bins * frames).map { ($0 * 6).rounded().magnitude }
    let separator = HarmonicPercussiveSeparator(
      harmonicWidth: widths.0, percussiveWidth: widths.1, power: .infinity)
    let masks = try separator.masks(of: FrameMatrix(frameMajor: values, rowCount: bins))
    for frame in 0..<frames {
      for bin in 0..<bins {
        let along = Self.median(
          { values[$0 * bins + bin] }, at: frame, count: frames, width: widths.0)
        let across = Self.median(
          { values[frame * bins + $0] }, at: bin, count: bins, width: widths.1)
        #expect(masks.harmonic[row: bin, frame: frame] == (along > across ? 1 : 0))
        #expect(masks.percussive[row: bin, frame: frame] == (across > along ? 1 : 0))
      }
    }
  }

  @Test func aToneIsHarmonicAndAClickPercussive() throws {
    let count = 44_100
    let tone = SyntheticSignals.tones(count: count, sampleRate: 22_050, [(1000, 0.5)])
    var signal = tone
    for start in stride(from: 4000, to: count, by: 9000) { signal[start] += 8 }
    let spectrogram = try STFT().complexSpectrogram(signal)
    let parts = try HarmonicPercussiveSeparator().separate(spectrogram)
    let harmonic = parts.harmonic.signal()
    let percussive = parts.percussive.signal()
    func energy(_ values: some Sequence<Float>) -> Double {
      values.reduce(0) { $0 + Double($1) * Double($1) }
    }
    let missed = zip(harmonic, tone).map { $0 - $1 }[4096..<count - 4096]
    #expect(energy(missed) < 0.05 * energy(tone[4096..<count - 4096]))
    #expect(percussive[4000] > 6 && harmonic[4000] < 2)
    // With margins of 1 nothing is lost.
    expectClose(
      zip(harmonic, percussive).map { $0 + $1 }, signal, absolute: 2e-5, "the sum of the parts")
  }

  @Test func silenceIsSharedOrLeftOut() throws {
    let silence = FrameMatrix(repeating: 0, frameCount: 20, rowCount: 33)
    let shared = try HarmonicPercussiveSeparator().masks(of: silence)
    #expect(shared.harmonic.values.allSatisfy { $0 == 0.5 } && shared.percussive == shared.harmonic)
    let left = try HarmonicPercussiveSeparator(percussiveMargin: 2).masks(of: silence)
    #expect(left.harmonic.values.allSatisfy { $0 == 0 } && left.percussive == left.harmonic)
    let none = try HarmonicPercussiveSeparator().masks(
      of: FrameMatrix(frameMajor: [], rowCount: 33))
    #expect(none.harmonic.frameCount == 0)
  }

  @Test func valuesThatAreNotFiniteAreRefused() {
    var values = FrameMatrix(repeating: 1, frameCount: 5, rowCount: 4)
    values[row: 2, frame: 3] = .infinity
    #expect(throws: DSPError.nonFiniteSample(index: 14, value: .infinity)) {
      try HarmonicPercussiveSeparator().masks(of: values)
    }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let magnitudes = Self.magnitudes(bins: 1025, frames: 301)
    let separator = HarmonicPercussiveSeparator()
    let expected = try separator.masks(of: magnitudes, parallelism: .serial)
    let found = try separator.masks(of: magnitudes, parallelism: .threads(3))
    #expect(found.harmonic == expected.harmonic && found.percussive == expected.percussive)
  }
}
