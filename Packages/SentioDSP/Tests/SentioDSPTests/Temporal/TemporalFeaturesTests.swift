import Foundation
import SentioDSP
import Testing

@Suite struct TemporalFeaturesTests {
  /// The peers' own agreement; sums in other orders differ by less.
  static let relativeTolerance: Float = 1e-5
  static let absoluteTolerance: Float = 1e-6

  struct Parameters: Decodable, Sendable {
    let signal: String
    let count: Int
    let rate: Double
    let frameLength: Int
    let hopLength: Int
    let center: Bool
    let blocks: Int
    let threshold: Float
    let zeroPos: Bool
  }

  @Test(arguments: ["signals", "rates", "framing", "crossings"])
  func framesEqualLibrosaAndPyAudioAnalysis(file: String) throws {
    for (index, golden) in try goldenCases("Temporal/" + file, of: Parameters.self).enumerated() {
      let parameters = golden.parameters
      let features = TemporalFeatures(
        frameLength: parameters.frameLength, hopLength: parameters.hopLength,
        isCentered: parameters.center, crossingThreshold: parameters.threshold,
        zeroIsPositive: parameters.zeroPos, energyBlocks: parameters.blocks)
      let signal = KaldiGoldenTests.signal(
        parameters.signal, count: parameters.count, rate: parameters.rate)
      let found = features(signal)
      #expect([found.frameCount, found.rowCount] == golden.shape)
      #expect(features.frameCount(forSampleCount: parameters.count) == golden.shape[0])
      expectClose(
        found.values, golden.values, relative: Self.relativeTolerance,
        absolute: Self.absoluteTolerance, "\(file) \(index)")
      // A rate is a count over a length: nothing may be rounded away.
      #expect(
        found.row(1) == stride(from: 1, to: golden.values.count, by: 3).map { golden.values[$0] })
    }
  }

  @Test func closedForms() {
    // Alternating signs cross at every pair: N - 1 of N.
    let alternating = (0..<4096).map { Float($0 % 2 == 0 ? 0.5 : -0.5) }
    let features = TemporalFeatures(frameLength: 1000, hopLength: 1000, isCentered: false)
    let found = features(alternating)
    #expect(found.frameCount == 4)
    #expect(found.row(0) == [0.5, 0.5, 0.5, 0.5])
    #expect(found.row(1) == Array(repeating: 0.999, count: 4))
    // Even energy in ten blocks: log2 10 bits.
    expectClose(found.row(2), Array(repeating: Float(log2(10.0)), count: 4), relative: 1e-6)

    // All energy in one block: no uncertainty.
    var click = [Float](repeating: 0, count: 1000)
    click[371] = 1
    let onset = features(click)
    expectClose(onset.row(0), [Float(0.001).squareRoot()], relative: 1e-6)
    expectClose(onset.row(2), [0], absolute: 1e-12)
  }

  @Test func silenceNothingAndTooLittle() {
    let features = TemporalFeatures()
    let silence = features(SyntheticSignals.silence(count: 2048))
    #expect(silence.frameCount == 5)
    #expect(silence.values.allSatisfy { $0 == 0 })
    #expect(features([]).frameCount == 0)
    #expect(features([0.5]).frameCount == 1)
    let left = TemporalFeatures(isCentered: false)
    #expect(left(SyntheticSignals.noise(count: 2047)).frameCount == 0)
    #expect(left(SyntheticSignals.noise(count: 2048)).frameCount == 1)
  }

  @Test func aNaNSpoilsOnlyItsFrames() {
    var signal = SyntheticSignals.noise(count: 8192)
    let features = TemporalFeatures(isCentered: false)
    let clean = features(signal)
    signal[3000] = .nan
    let found = features(signal)
    for frame in 0..<found.frameCount {
      let covers = frame * 512 <= 3000 && frame * 512 + 2048 > 3000
      for row in [0, 2] {
        if covers {
          #expect(found[row: row, frame: frame].isNaN)
        } else {
          #expect(found[row: row, frame: frame] == clean[row: row, frame: frame])
        }
      }
      #expect(!found[row: 1, frame: frame].isNaN)
    }
  }
}
