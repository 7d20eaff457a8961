import Foundation
import SentioDSP
import Testing

@Suite struct STFTTests {
  /// The reconstruction that the package promises.
  static let reconstruction: Float = 1e-5

  @Test(arguments: [
    STFT(), STFT(fftLength: 1024, hopLength: 256, framing: .centered(.reflect)),
    STFT(fftLength: 1001, hopLength: 250, window: .hamming, framing: .centered(.edge)),
    STFT(fftLength: 512, hopLength: 128, windowLength: 400),
  ])
  func theInverseGivesTheSignalBack(stft: STFT) throws {
    for count in [1, 300, 5003, 12_001] {
      let signal = SyntheticSignals.mixture(count: count, sampleRate: 22_050)
      let back = try stft.complexSpectrogram(signal).signal()
      // Frames end at the last whole hop: samples beyond the last frame's reach stay unknown.
      let covered = min(
        count,
        (stft.frameCount(sampleCount: count) - 1) * stft.hopLength + stft.windowLength / 2 - 8
      )
      expectClose(
        Array(back[..<max(0, covered)]), Array(signal[..<max(0, covered)]),
        absolute: Self.reconstruction, "\(stft) \(count)")
      #expect(back.count == count)
    }
  }

  @Test func aLeftAlignedInverseGivesTheInnerSamplesBack() throws {
    let stft = STFT(fftLength: 512, hopLength: 128, framing: .leftAligned)
    let signal = SyntheticSignals.noise(count: 4096)
    let back = try stft.complexSpectrogram(signal).signal()
    // At either end one window alone covers the samples, and nearly vanishes.
    expectClose(
      Array(back[32..<4064]), Array(signal[32..<4064]), absolute: Self.reconstruction)
  }

  @Test func aToneStandsInItsBin() throws {
    let tone = SyntheticSignals.tones(count: 8192, sampleRate: 8192, [(512, 1)])
    let spectrogram = try STFT(fftLength: 1024, hopLength: 256, framing: .leftAligned)
      .spectrogram(tone, sampleRate: 8192, quantity: .magnitude)
    for t in 0..<spectrogram.frameCount {
      // The Hann window's gain is N/4 at the bin and N/8 beside it.
      expectClose(spectrogram.values[row: 64, frame: t], 256, relative: 1e-5)
      expectClose(spectrogram.values[row: 63, frame: t], 128, relative: 1e-5)
      expectClose(spectrogram.values[row: 60, frame: t], 0, absolute: 2e-3)
    }
  }

  @Test func framesAreCountedAsLibrosaDoes() {
    #expect(STFT().frameCount(sampleCount: 661_500) == 1292)
    #expect(STFT().frameCount(sampleCount: 1) == 1)
    #expect(STFT().frameCount(sampleCount: 0) == 0)
    #expect(STFT(framing: .leftAligned).frameCount(sampleCount: 2047) == 0)
    #expect(STFT(framing: .leftAligned).frameCount(sampleCount: 2560) == 2)
  }

  @Test func lanesAndFFTWAgree() throws {
    // 1000 is no power of two: the same signal at both kinds of length, each against the sum.
    for length in [16, 128, 1000, 1024] {
      let signal = SyntheticSignals.noise(count: length, seed: 5)
      let found = try STFT(fftLength: length, window: .rectangular, framing: .leftAligned)
        .complexSpectrogram(signal)
      expectClose(
        found.interleaved.values, RealFFT.ofLength(length).forward(signal), absolute: 3e-5)
    }
  }

  @Test(arguments: [
    STFT(fftLength: 256, hopLength: 64), STFT(fftLength: 200, hopLength: 75),
    STFT(fftLength: 256, hopLength: 64, framing: .centered(.reflect)),
    STFT(fftLength: 256, hopLength: 100, framing: .centered(.edge)),
    STFT(fftLength: 256, hopLength: 64, framing: .leftAligned),
    STFT(fftLength: 64, hopLength: 150),
  ])
  func anyPiecesGiveTheFramesOfTheWhole(stft: STFT) throws {
    for count in [1, 90, 255, 256, 5000, 20_001] {
      let signal = SyntheticSignals.noise(count: count, seed: UInt64(count))
      let whole =
        stft.frameCount(sampleCount: count) == 0
        ? [] : try stft.complexSpectrogram(signal).interleaved.values
      for piece in [1, 63, 64, 1000, 30_000] where piece > 1 || count < 6000 {
        var stream = StreamingSTFT(stft)
        var frames = FrameMatrix(frameMajor: [], rowCount: 2 * stft.binCount)
        for start in stride(from: 0, to: count, by: piece) {
          frames.append(stream.append(signal[start..<min(count, start + piece)]))
        }
        frames.append(stream.finish())
        #expect(frames.values == whole, "\(count) samples in pieces of \(piece)")
      }
    }
  }

  @Test func aStreamGivesFramesAsSoonAsTheyAreComplete() {
    var stream = StreamingSTFT(STFT(fftLength: 256, hopLength: 64))
    #expect(stream.append([Float](repeating: 1, count: 255)).frameCount == 0)
    #expect(stream.append([1]).frameCount == 3)
    #expect(stream.append([Float](repeating: 1, count: 64)).frameCount == 1)
  }

  @Test func melStreamsGiveTheFramesOfTheWhole() throws {
    let mel = try MelSpectrogram(
      frontEnd: FrontEnd(decibels: DecibelScale(dynamicRange: nil)))
    let signal = SyntheticSignals.mixture(count: 50_001, sampleRate: 22_050)
    let whole = try mel.levels(signal)
    for piece in [333, 512, 4096] {
      var stream = try StreamingMelSpectrogram(mel, output: .levels)
      var frames = FrameMatrix(frameMajor: [], rowCount: 128)
      for start in stride(from: 0, to: signal.count, by: piece) {
        frames.append(stream.append(signal[start..<min(signal.count, start + piece)]))
      }
      frames.append(stream.finish())
      #expect(frames == whole)
    }
  }

  @Test(arguments: [Parallelism.serial, .threads(2), .threads(3), .threads(7), .automatic])
  func threadsDoNotChangeABit(parallelism: Parallelism) throws {
    let signal = SyntheticSignals.mixture(count: 200_003, sampleRate: 22_050)
    let mel = try MelSpectrogram()
    #expect(
      try mel.levels(signal, parallelism: parallelism)
        == mel.levels(signal, parallelism: .serial))
    let stft = STFT(fftLength: 1000, hopLength: 250)
    #expect(
      try stft.complexSpectrogram(signal, parallelism: parallelism)
        == stft.complexSpectrogram(signal, parallelism: .serial))
  }

  @Test func impossibleSignalsAreErrors() {
    #expect(throws: DSPError.emptySignal) { try STFT().complexSpectrogram([]) }
    #expect(throws: DSPError.self) {
      try STFT(framing: .leftAligned).complexSpectrogram([Float](repeating: 0, count: 2047))
    }
  }

  @Test func notANumberStaysInItsFrames() throws {
    var signal = SyntheticSignals.noise(count: 20_000)
    signal[10_000] = .nan
    let spectrogram = try STFT().spectrogram(signal, sampleRate: 22_050)
    for t in 0..<spectrogram.frameCount {
      let touches = abs(t * 512 - 10_000) < 1024
      #expect(spectrogram.values[row: 17, frame: t].isNaN == touches, "frame \(t)")
    }
  }
}
