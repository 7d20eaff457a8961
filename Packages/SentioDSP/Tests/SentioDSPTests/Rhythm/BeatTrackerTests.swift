import Foundation
import SentioDSP
import Testing

@Suite struct BeatTrackerTests {
  struct Parameters: Decodable, Sendable {
    let frameRate: Double
    let tightness: Double
    let trim: Bool
    let startBpm: Double
    let bpm: Double?
    let estimate: Double
    let tempo: Double
    let beats: [Int]
  }

  @Test func tempoAndBeatsEqualLibrosa() throws {
    for (index, golden) in try goldenCases("Rhythm/beats", of: Parameters.self).enumerated() {
      let parameters = golden.parameters
      let estimator = TempoEstimator(expectedTempo: parameters.startBpm)
      if golden.values.contains(where: { $0 != 0 }) {
        let estimate = estimator(golden.values, frameRate: parameters.frameRate)
        // A tempo is 60 · rate / lag of a whole lag: equal or a lag apart.
        #expect(abs((estimate ?? 0) / parameters.estimate - 1) < 1e-9, "case \(index)")
      }
      let tracker = BeatTracker(
        tightness: parameters.tightness, trimsWeakEnds: parameters.trim, tempo: parameters.bpm,
        estimator: estimator)
      let found = tracker(golden.values, frameRate: parameters.frameRate)
      #expect(abs(found.tempo - parameters.tempo) <= 1e-9 * parameters.tempo, "case \(index)")
      #expect(found.frames == parameters.beats, "case \(index)")
    }
  }

  struct SignalParameters: Decodable, Sendable, SignalCase {
    let kind: String
    let count: Int
    let rate: Int
    let hop: Int
    let tempo: Double
    let beats: [Int]
  }

  /// Levels agree to 2e-3 dB, and a rise is a difference of two.
  static let strengthTolerance: Float = 4e-3

  @Test func beatsOfSignalsEqualLibrosa() throws {
    for golden in try goldenCases("Rhythm/signal-beats", of: SignalParameters.self) {
      let parameters = golden.parameters
      let rate = Double(parameters.rate)
      let mel = try MelSpectrogram(
        frontEnd: FrontEnd(
          sampleRate: rate, hopLength: parameters.hop, minimumFrequency: 0,
          maximumFrequency: rate / 2))
      let onset = OnsetStrength(hopLength: parameters.hop, aggregation: .median)
      expectClose(
        onset.strength(ofLevels: try mel.levels(parameters.samples)), golden.values,
        absolute: Self.strengthTolerance, parameters.name)
      for parallelism in [Parallelism.serial, .threads(3)] {
        let found = try BeatTracker().beats(
          of: parameters.samples, sampleRate: rate, hopLength: parameters.hop,
          parallelism: parallelism)
        #expect(abs(found.tempo - parameters.tempo) <= 1e-9 * parameters.tempo)
        #expect(found.frames == parameters.beats, "\(parameters.name)")
      }
    }
  }

  @Test(arguments: [1, 2, 5, 8, 129]) func theMedianRiseIsTheMiddleOne(bands: Int) {
    let noise = SyntheticSignals.noise(count: 40 * bands, seed: 11).map { ($0 * 8).rounded() }
    let levels = FrameMatrix(frameMajor: noise, rowCount: bands)
    var onset = OnsetStrength(lag: 2, aggregation: .median)
    onset.shift = 3
    let expected = (0..<40).map { frame -> Float in
      guard frame >= 5 else { return 0 }
      let rises = (0..<bands).map {
        max(0, noise[(frame - 3) * bands + $0] - noise[(frame - 5) * bands + $0])
      }.sorted()
      return (rises[(bands - 1) / 2] + rises[bands / 2]) / 2
    }
    #expect(onset.strength(ofLevels: levels) == expected)
    #expect(onset.strength(ofLevels: levels.frames(0..<2)) == [0, 0])
    var spoilt = levels
    spoilt[row: bands - 1, frame: 10] = .nan
    let found = onset.strength(ofLevels: spoilt)
    #expect(found.indices.filter { found[$0].isNaN } == [13, 15])
  }

  @Test func signalsThatAreNoneAreRefused() throws {
    #expect(throws: DSPError.emptySignal) { try BeatTracker().beats(of: [], sampleRate: 22_050) }
    #expect(throws: DSPError.self) { try BeatTracker().beats(of: [0.1], sampleRate: -1) }
    var signal = SyntheticSignals.clicks(count: 60_000, period: 9000)
    signal[20_000] = .nan
    #expect(try BeatTracker().beats(of: signal, sampleRate: 22_050).frames.isEmpty)
  }

  @Test(arguments: [10, 16, 20, 25, 40]) func evenPulsesAreTheBeats(period: Int) {
    // 43.07 frames a second: 258 … 65 beats a minute.
    let frameRate = 22_050.0 / 512
    // Up to the last pulse: the frames after it would offer a weak last beat in its stead.
    let pulses = (0..<period * 29 + 4).map { Float($0 % period == 3 ? 1 : 0) }
    let tempo = 60 * frameRate / Double(period)
    let beats = BeatTracker(tempo: tempo)(pulses, frameRate: frameRate)
    #expect(beats.tempo == tempo)
    #expect(beats.frames == (0..<30).map { 3 + period * $0 })
    #expect(beats.times(frameRate: frameRate)[1] == Double(3 + period) / frameRate)
  }

  @Test func whatHasNoOnsetsHasNoBeats() {
    let silence = [Float](repeating: 0, count: 500)
    let tooShort = BeatTracker(tempo: 1e5)([0, 1, 0, 1], frameRate: 43)
    let inputs: [[Float]] = [[], [1], silence, [0, 1, .nan, 0, 1, 0]]
    for found in inputs.map({ BeatTracker()($0, frameRate: 43) }) + [tooShort] {
      #expect(found.tempo == 0 && found.frames.isEmpty)
    }
    #expect(TempoEstimator()([], frameRate: 43) == nil)
    // A beat longer than the piece.
    #expect(BeatTracker(tempo: 1e-3)([0, 1, 0, 1, 0], frameRate: 43).frames.count == 1)
  }
}
