import SentioData
import SentioMetrics
import SentioTensor
import Testing

@testable import SentioModels

@Suite struct SlidingTrackerTests {
  /// Frames whose first band is the frame's number and whose second is minus that.
  static func frames(_ count: Int) -> [Float] {
    (0..<count).flatMap { [Float($0), -Float($0)] }
  }

  /// Valence is the mean of an excerpt's first band, arousal its first frame's second band, in hundredths.
  @Sendable static func middle(_ x: Tensor) -> Tensor {
    let first = x.sliced(0..<1, axis: 2).mean(axes: [1, 2, 3])
    let second = x.sliced(1..<2, axis: 2).sliced(0..<1, axis: 3).mean(axes: [1, 2, 3])
    return Tensor.stack([first * 0.01, second * 0.01], axis: 1)
  }

  /// Frames of a tenth of a second, excerpts of one second.
  static func tracker(_ anchor: SlidingWindow.Anchor, batchSize: Int = 4) -> SlidingTracker {
    SlidingTracker(
      SlidingWindow(frames: 10, secondsPerFrame: 0.1, anchor: anchor, batchSize: batchSize),
      bands: 2, scale: .unit, predict: middle)
  }

  @Test func excerptsLieAboutTheirPoints() throws {
    let track = try Self.tracker(.middle).track(Self.frames(100))
    #expect(track.points.map(\.time) == (0..<20).map { Double($0) * 0.5 })
    for (number, point) in track.points.enumerated() {
      // The excerpt starts half a second before its point, but not before the song nor so late that it ends behind it.
      let start = max(0, min(number * 5 - 5, 90))
      #expect(abs(point.emotion.valence - (Double(start) + 4.5) * 0.01) < 1e-6)
      #expect(abs(point.emotion.arousal + Double(start) * 0.01) < 1e-6)
    }
    #expect(track.points[0].emotion == track.points[1].emotion)
    #expect(track.points[19].emotion == track.points[19].emotion)
  }

  @Test func anchorAtTheEndHearsNothingThatComes() throws {
    let track = try Self.tracker(.end).track(Self.frames(60))
    for (number, point) in track.points.enumerated() {
      let start = max(0, number * 5 + 1 - 10)
      #expect(abs(point.emotion.arousal + Double(start) * 0.01) < 1e-6)
    }
  }

  @Test(arguments: [1, 3, 7, 10, 64, 1000], [SlidingWindow.Anchor.middle, .end])
  func piecesDoNotMatter(_ piece: Int, _ anchor: SlidingWindow.Anchor) throws {
    let frames = Self.frames(337)
    let whole = try Self.tracker(anchor).track(frames)
    var tracker = Self.tracker(anchor)
    var points: [EmotionTrack.Point] = []
    for start in stride(from: 0, to: 337, by: piece) {
      points += try tracker.append(Array(frames[2 * start..<2 * min(start + piece, 337)]))
    }
    points += try tracker.finish()
    #expect(EmotionTrack(points: points) == whole && points.count == 68)
  }

  @Test func batchesAreBounded() throws {
    var sizes: [Int] = []
    let tracker = SlidingTracker(
      SlidingWindow(frames: 10, secondsPerFrame: 0.1, batchSize: 3), bands: 2, scale: .unit
    ) {
      sizes.append($0.shape[0])
      return Self.middle($0)
    }
    let track = try tracker.track(Self.frames(5000))
    #expect(track.points.count == 1000 && sizes.max() == 3)
    // Equal excerpts at the ends are asked for once: 4,990 / 5 + 1 different starts.
    #expect(sizes.reduce(0, +) == 999)
  }

  @Test func shortAndEmptySongs() throws {
    let short = try Self.tracker(.middle).track(Self.frames(6))
    #expect(short.points.count == 2)
    // Six frames and four of padding: (0 + … + 5) / 10.
    #expect(short.points.allSatisfy { abs($0.emotion.valence - 0.015) < 1e-6 })
    #expect(try Self.tracker(.middle).track([]).points.isEmpty)
    #expect(try Self.tracker(.middle).track([]).mean == nil)
  }

  /// An hour and a half: what is held does not grow.
  @Test func memoryIsFlat() throws {
    var tracker = SlidingTracker(
      SlidingWindow(frames: 100, secondsPerFrame: 0.05, batchSize: 16), bands: 8, scale: .unit
    ) { Tensor.zeros([$0.shape[0], 2]) }
    let piece = [Float](repeating: 0.5, count: 8 * 2000)
    var (points, most) = (0, 0)
    for _ in 0..<54 {
      points += try tracker.append(piece).count
      most = max(most, tracker.heldFrameCount)
    }
    // 16 points in waiting are 160 frames more than an excerpt and a half.
    #expect(points > 10_000 && most <= 320, "\(most)")
  }
}

@Suite struct EmotionTrackTests {
  static let track = EmotionTrack(
    points: (0..<5).map {
      .init(
        time: Double($0) * 0.5,
        emotion: ValenceArousal(
          valence: Double($0) * 0.1, arousal: -Double($0) * 0.2, scale: .unit))
    })

  @Test func betweenPoints() throws {
    let found = try #require(Self.track.emotion(at: 0.75))
    #expect(abs(found.valence - 0.15) < 1e-12 && abs(found.arousal + 0.3) < 1e-12)
    #expect(Self.track.emotion(at: -1) == Self.track.points[0].emotion)
    #expect(Self.track.emotion(at: 99) == Self.track.points[4].emotion)
    #expect(abs(try #require(Self.track.mean).valence - 0.2) < 1e-12)
    #expect(Self.track.commaSeparatedValues.hasPrefix("time,valence,arousal\n0.000,0.000000,"))
  }

  @Test func labelsMeetTheirTimes() throws {
    let said = AnnotationSequence(
      times: [0.5, 1, 1.5, 2, 2.2, 3], valence: [0.1, .nan, 0.3, 0.4, 0.5, 0.6],
      arousal: [0, 0, 0, 0, 0, 0])
    let song = try #require(Self.track.compared(as: "7", with: said))
    // One sample is missing, and one lies a second behind the track.
    #expect(song.truth.map(\.valence) == [0.1, 0.3, 0.4, 0.5])
    #expect(zip(song.prediction, [0.1, 0.3, 0.4, 0.4]).allSatisfy { abs($0.valence - $1) < 1e-12 })
    #expect(EmotionTrack(points: []).compared(as: "7", with: said) == nil)
  }
}
