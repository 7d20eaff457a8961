import Foundation
import SentioDSP
import Testing

@Suite struct KaldiFilterbankTests {
  @Test func silenceGivesTheFloorInEveryBand() throws {
    let bands = try KaldiFilterbank()(SyntheticSignals.silence(count: 1600))
    #expect(bands.frameCount == 8)
    expectClose(
      bands.values, Array(repeating: log(Float.ulpOfOne), count: bands.values.count),
      relative: 1e-6)
  }

  @Test func aSignalShorterThanAWindowHasNoSnippedFrames() throws {
    let bank = try KaldiFilterbank()
    #expect(bank(SyntheticSignals.noise(count: 399)).frameCount == 0)
    #expect(bank([]).frameCount == 0)
    #expect(bank([]).rowCount == 23)
  }

  @Test func shortSignalsAreMirroredAgainAndAgain() throws {
    var configuration = KaldiConfiguration()
    configuration.framing = .reflect
    let bank = try KaldiFilterbank(configuration)
    #expect(bank([]).frameCount == 0)
    // 100 samples mirrored: the one frame of 400 begins 120 before the signal.
    let short = SyntheticSignals.noise(count: 100)
    let period = short + short.reversed()
    let long = (0..<400).map { period[($0 - 120 + 200) % 200] }
    expectClose(bank(short).values, try KaldiFilterbank()(long).values, relative: 1e-6)
  }

  @Test func scalingTheSignalShiftsTheLogarithm() throws {
    let signal = SyntheticSignals.noise(count: 4000)
    let bank = try KaldiFilterbank()
    expectClose(
      bank(signal.map { $0 * 32_768 }).values, bank(signal).values.map { $0 + 30 * log(2) },
      absolute: 1e-4)
  }

  @Test func ditherRepeatsBySeedAndHasItsDeviation() throws {
    var configuration = KaldiConfiguration()
    configuration.dither = 0.5
    configuration.ditherSeed = 11
    configuration.energyColumn = .first
    configuration.energyFloor = 0
    configuration.removesMean = false
    let silence = SyntheticSignals.silence(count: 16_000)
    let first = try KaldiFilterbank(configuration)(silence)
    let again = try KaldiFilterbank(configuration)(silence)
    #expect(again == first)
    let energies = first.row(0).map { Double(exp($0)) / 400 }
    let variance = energies.reduce(0, +) / Double(energies.count)
    // 98 frames of 400 samples: the variance's own deviation is 0.7 %.
    #expect(abs(variance - 0.25) < 0.01, "\(variance)")
    configuration.ditherSeed = 12
    let other = try KaldiFilterbank(configuration)(silence)
    #expect(other != first)
  }

  @Test func aNaNSpoilsOnlyItsFrames() throws {
    var signal = SyntheticSignals.noise(count: 4000)
    let bank = try KaldiFilterbank()
    let clean = bank(signal)
    signal[1000] = .nan
    let found = bank(signal)
    for frame in 0..<found.frameCount {
      if frame * 160 <= 1000 && frame * 160 + 400 > 1000 {
        #expect(found.frame(frame).allSatisfy { $0.isNaN }, "frame \(frame)")
      } else {
        #expect(found.frame(frame) == clean.frame(frame), "frame \(frame)")
      }
    }
  }

  @Test func impossibleSettingsAreRefused() {
    let changes: [(inout KaldiConfiguration) -> Void] = [
      { $0.sampleRate = .nan }, { $0.sampleRate = -1 }, { $0.frameMilliseconds = 0.01 },
      { $0.shiftMilliseconds = 0 }, { $0.melCount = 0 }, { $0.lowFrequency = 8000 },
      { $0.highFrequency = 8001 }, { $0.highFrequency = -7990 }, { $0.preEmphasis = 1.5 },
      { $0.dither = -1 }, { $0.energyFloor = .nan },
      {
        $0.sampleRate = 22_050
        $0.padsToPowerOfTwo = false
      },
    ]
    for (index, change) in changes.enumerated() {
      var configuration = KaldiConfiguration()
      change(&configuration)
      #expect(throws: DSPError.self, "change \(index)") { try KaldiFilterbank(configuration) }
    }
  }

  @Test func astPadsWithTheNormalizedZeroAndCrops() throws {
    let frontEnd = ASTFrontEnd()
    let short = try frontEnd(SyntheticSignals.noise(count: 1600), sampleRate: 16_000)
    #expect(short.frameCount == 1024 && short.rowCount == 128)
    let padding: Float = 4.2677393 / (2 * 4.5689974)
    #expect(short.frame(8).allSatisfy { $0 == padding })
    #expect(short.frame(7).contains { $0 != padding })
    let empty = try frontEnd([], sampleRate: 16_000)
    #expect(empty.values.allSatisfy { $0 == padding })

    let long = SyntheticSignals.noise(count: 16_000 * 11)
    let cropped = try frontEnd(long, sampleRate: 16_000)
    let exact = try frontEnd(Array(long.prefix(400 + 160 * 1023)), sampleRate: 16_000)
    #expect(cropped == exact)
    #expect(throws: DSPError.sampleRateMismatch(expected: 16_000, found: 22_050)) {
      try frontEnd(long, sampleRate: 22_050)
    }
  }
}
