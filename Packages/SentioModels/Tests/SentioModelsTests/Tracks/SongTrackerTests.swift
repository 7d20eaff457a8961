import Foundation
import SentioDSP
import SentioData
import SentioMetrics
import SentioNN
import SentioTensor
import Testing

@testable import SentioModels

/// Songs of files and signals, followed with tiny networks of random weights.
@Suite struct SongTrackerTests {
  static let rate = 22_050

  /// A tone whose pitch and loudness move.
  static func signal(seconds: Double) -> [Float] {
    var phase = 0.0
    return (0..<Int(seconds * Double(rate))).map { index in
      let time = Double(index) / Double(rate)
      phase += 2 * .pi * (300 + 250 * sin(time * 0.9)) / Double(rate)
      return Float((0.2 + 0.15 * sin(time * 0.31)) * sin(phase))
    }
  }

  static let clips = NetworkFrontEnd(
    .spectrogram(SpectrogramInput(duration: 3, frontEnd: FrontEnd(melBands: 16), form: .unit)))

  static let transformer: AudioEmotionTransformer = {
    var stream = RandomStream(seed: 3, "followed")
    var network = AudioEmotionTransformer(
      .init(
        spectrogramSize: HeightWidth(height: 16, width: 130), patchSize: 8,
        transformer: TransformerSettings(features: 12, layers: 2, heads: 2)), from: &stream)
    network.forEachTensor { $0 = $0 * 4 }
    return network
  }()

  static let steps = NetworkFrontEnd(.sequence(SequenceInput(frames: 20)))

  static let sequence: SequenceEmotionNetwork = {
    var stream = RandomStream(seed: 4, "followed")
    return SequenceEmotionNetwork(.init(filters: [8], kernel: 3, units: 6), from: &stream)
  }()

  @Test func clipsAreThoseOfTraining() throws {
    let samples = Self.signal(seconds: 8.2)
    let tracker = try SongTracker(Self.transformer, frontEnd: Self.clips, batchSize: 3)
    let track = try tracker.track(samples: samples)
    #expect(track.points.map(\.time) == (0..<17).map { Double($0) * 0.5 })
    let maker = try InputMaker(Self.clips)
    let length = 3 * Self.rate
    for (number, point) in track.points.enumerated() {
      let middle = Int((Double(number) * 0.5 * Double(Self.rate)).rounded())
      let start = max(0, min(middle - length / 2, samples.count - length))
      let record = try maker.record(of: Array(samples[start..<start + length]))
      let y = Self.transformer(maker.input(record).values).scalars
      #expect(abs(point.emotion.valence - Double(y[0])) < 1e-5)
      #expect(abs(point.emotion.arousal - Double(y[1])) < 1e-5)
    }
    #expect(Set(track.points.map(\.emotion.valence)).count > 8)
  }

  @Test func shortSongsAreOneClip() throws {
    let tracker = try SongTracker(Self.transformer, frontEnd: Self.clips)
    let samples = Self.signal(seconds: 1.2)
    let track = try tracker.track(samples: samples)
    let maker = try InputMaker(Self.clips)
    let y = Self.transformer(maker.input(try maker.record(of: samples)).values).scalars
    #expect(track.points.count == 3)
    #expect(track.points.allSatisfy { abs($0.emotion.arousal - Double(y[1])) < 1e-6 })
    #expect(try tracker.track(samples: []).points.isEmpty)
  }

  @Test func filesAreFollowedAsTheirSamples() throws {
    let folder = try TemporaryFolder()
    let samples = Self.signal(seconds: 7.3)
    try AudioEncoder(.wav(.float32)).write(
      samples, sampleRate: Self.rate, to: folder("song.wav"))
    for tracker in [
      try SongTracker(Self.transformer, frontEnd: Self.clips),
      try SongTracker(Self.sequence, frontEnd: Self.steps),
    ] {
      let found = try tracker.track(audio: folder("song.wav"))
      #expect(found.track == (try tracker.track(samples: samples)) && found.warnings.isEmpty)
    }
    let tracker = try SongTracker(Self.sequence, frontEnd: Self.steps)
    #expect(throws: AudioError.self) { try tracker.track(audio: folder("none.wav")) }
  }

  /// Pieces join without a seam, whatever the codec, and with a change of rate.
  @Test(arguments: [2, 3, 60], [22_050, 16_000])
  func piecesAreTheWhole(_ seconds: Int, _ rate: Int) throws {
    let folder = try TemporaryFolder()
    for (name, encoding) in [("a.wav", AudioEncoding.wav(.int16)), ("b.flac", .flac())] {
      let url = folder(name)
      try AudioEncoder(encoding).write(
        Self.signal(seconds: 9.4), sampleRate: Self.rate, to: url)
      let whole = try AudioDecoder().decode(url, as: AudioFormat(sampleRate: rate)).samples
      var pieces = AudioPieces(url, rate: rate, seconds: seconds, limits: .standard)
      var joined: [Float] = []
      while let piece = try pieces.next() { joined += piece }
      #expect(joined.count == whole.count)
      let gap = zip(joined, whole).map { abs($0 - $1) }.max() ?? .nan
      #expect(gap < 1e-5, "\(name): \(gap)")
    }
  }

  /// Clips of twenty steps that share eight: the four nearest to either end are a neighbour's to tell.
  @Test func stepsGoOnFromClipToClip() throws {
    let samples = Self.signal(seconds: 31)
    let track = try SongTracker(Self.sequence, frontEnd: Self.steps).track(samples: samples)
    #expect(track.points.map(\.time) == (0..<62).map { Double($0) * 0.5 })
    let maker = try InputMaker(Self.steps)
    let half = Self.rate / 2
    for (start, kept) in [
      (0, 0..<12), (8, 12..<24), (20, 24..<36), (32, 36..<48), (44, 48..<62),
    ] {
      let clip = samples[start * half..<min((start + 20) * half, samples.count)]
      let input = maker.input(try maker.record(of: Array(clip)))
      let real = try #require(input.lengths?.first)
      let y = Self.sequence(input.values.sliced(..<real, axis: 1)).scalars
      for step in kept {
        let place = 2 * (step - start)
        #expect(abs(track.points[step].emotion.valence - Double(y[place])) < 1e-6)
        #expect(abs(track.points[step].emotion.arousal - Double(y[place + 1])) < 1e-6)
      }
    }
  }

  @Test func refusals() throws {
    #expect(throws: SongTracker.Failure.noSteps) {
      try SongTracker(Self.sequence, frontEnd: Self.clips)
    }
    var stream = RandomStream(seed: 1, "r")
    let settings = NetworkSettings.genreMLP(
      .init(frames: 6, coefficients: 5, units: [4], genres: 3))
    let genres = NetworkFile(settings.makeNetwork(from: &stream), .init(settings))
    #expect(throws: SongTracker.Failure.self) { try SongTracker(genres) }
    let bare = NetworkFile(
      Self.sequence, .init(.sequenceEmotion(Self.sequence.settings)))
    #expect(throws: SongTracker.Failure.noFrontEnd) { try SongTracker(bare) }
  }
}
