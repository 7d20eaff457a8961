import Foundation
import SentioData
import Testing

@Suite("Synthesis: sound")
struct SynthesisSoundTests {
  /// 64-bit FNV-1a over the bytes of the samples.
  static func hash(_ samples: [Int16]) -> UInt64 {
    samples.withUnsafeBytes { bytes in
      bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
  }

  @Test(
    "The samples are the recorded ones, whatever processor, thread or run", arguments: [0, 1, 2])
  func recordedBytes(_ which: Int) {
    let recorded: [(seed: UInt64, song: Int, hash: UInt64)] = [
      (1, 0, 14_140_499_745_365_923_769), (7, 5, 9_351_356_098_750_295_643),
      (2026, 13, 11_551_337_305_086_686_000),
    ]
    let expected = recorded[which]
    let score = SongComposer(seed: expected.seed, duration: 10).compose(expected.song)
    #expect(Self.hash(SongRenderer().render(score)) == expected.hash)
  }

  @Test("Rendering on several threads gives the bytes of rendering on one")
  func threads() {
    let composer = SongComposer(seed: 3, duration: 6)
    let serial = (0..<6).map { Self.hash(SongRenderer().render(composer.compose($0))) }
    nonisolated(unsafe) var parallel = [UInt64](repeating: 0, count: 6)
    let lock = NSLock()
    DispatchQueue.concurrentPerform(iterations: 6) { index in
      let value = Self.hash(SongRenderer().render(composer.compose(index)))
      lock.withLock { parallel[index] = value }
    }
    #expect(parallel == serial)
    #expect(Set(serial).count == 6)
  }

  @Test("Songs are neither silent nor clipped, and start at once", arguments: 0..<10)
  func levels(_ song: Int) {
    let score = SongComposer(seed: 11, duration: 12).compose(song)
    let samples = SongRenderer().render(score)
    #expect(samples.count == 12 * SongRenderer.sampleRate)
    let peak = samples.map { abs(Int($0)) }.max() ?? 0
    #expect(peak > 2000 && peak <= 32_000)
    let nearFullScale = samples.count { abs(Int($0)) > 31_000 }
    #expect(Double(nearFullScale) < 0.01 * Double(samples.count))
    let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
    let level = 10 * log10(power / (32_000 * 32_000))
    // The soft clip takes at most some 2 dB of a loud master.
    #expect(level < score.mastering.level + 1.5 && level > score.mastering.level - 3)
    let first = samples.firstIndex { abs(Int($0)) > 100 } ?? samples.count
    #expect(first < SongRenderer.sampleRate / 2)
    let mean = samples.reduce(0.0) { $0 + Double($1) } / Double(samples.count)
    // 26 dB below the music.
    #expect(abs(mean) < 0.05 * power.squareRoot())
  }

  /// A score with one note, made of a composed one.
  static func single(_ patch: Patch, pitch: Int) -> Score {
    var score = SongComposer(seed: 1, duration: 2).compose(0)
    var note = score.notes[0]
    note.part = 0
    note.start = 0
    note.duration = 1.8
    note.pitch = pitch
    note.velocity = 1
    score.notes = [note]
    score.strokes = []
    score.parts[0].patch = patch
    score.parts[0].isDriven = false
    score.parts[0].reverberation = 0
    for index in score.parts.indices { score.parts[index].isDriven = false }
    return score
  }

  /// A bell's partials are not multiples of one frequency, so it has no period to measure.
  static let periodic = Patch.allCases.filter { $0 != .bell }

  @Test("Every instrument plays in tune", arguments: periodic)
  func tuning(_ patch: Patch) {
    for pitch in [45, 57, 69] {
      let samples = SongRenderer().render(Self.single(patch, pitch: pitch)).map(Double.init)
      let middle = Array(samples[20_000..<36_000])
      let period = 44_100 / (440 * pow(2, Double(pitch - 69) / 12))
      // Best lag of the autocorrelation near the period, as cents from it.
      var best = (lag: 0.0, value: -Double.infinity)
      for lag in Int(period * 0.94)...Int(period * 1.06) + 1 {
        func correlation(_ lag: Int) -> Double {
          zip(middle, middle.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let value = correlation(lag)
        if value > best.value { best = (Double(lag), value) }
      }
      // A whole lag is up to half a sample off; vibrato and chorus add some cents.
      let tolerance = 0.75 / period + 0.012
      #expect(abs(best.lag / period - 1) < tolerance, "\(patch) at \(pitch): lag \(best.lag)")
    }
  }
}
