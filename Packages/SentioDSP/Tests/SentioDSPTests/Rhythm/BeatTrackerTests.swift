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
