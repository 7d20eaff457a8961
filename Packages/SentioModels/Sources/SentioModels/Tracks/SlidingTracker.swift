import SentioMetrics
import SentioTensor

/// Follows a song with a network that says one emotion an excerpt: by excerpts that slide over it.
///
/// Frames are handed over as they come, in pieces of any size, and points come out as soon as their excerpts are
/// complete; what lies behind is forgotten. Memory is that of an excerpt and a batch of excerpts, whatever the length of
/// the song, and the points do not depend on the pieces.
///
/// ```swift
/// var tracker = SlidingTracker(
///   SlidingWindow(frames: 1292, secondsPerFrame: 512 / 22_050), bands: 128, scale: .unit
/// ) { network(SpectrogramImage.make($0)) }
/// for piece in pieces { track.points += try tracker.append(piece) }
/// track.points += try tracker.finish()
/// ```
///
/// **Edges.** Excerpts consist of the song's own frames only. Where one would reach beyond the start or the end it is
/// moved inside, so the first and the last points of a track share their excerpts and are equal: for 30 s about the time
/// of the point, those of the first and the last 15 s. A song shorter than an excerpt has one excerpt, filled up with
/// `padding` behind its end.
public struct SlidingTracker {
  /// How excerpts lie.
  public let window: SlidingWindow
  /// The bands of a frame.
  public let bands: Int
  /// The scale of the network's outputs.
  public let scale: EmotionScale
  private let padding: Float
  private let predict: (Tensor) throws -> Tensor
  /// Frames from `firstFrame` on, one behind the other.
  private var held: [Float] = []
  private var firstFrame = 0
  private var frameCount = 0
  /// The number of the next point.
  private var next = 0
  private var isFinished = false
  /// Of the excerpt that was asked for last, where it starts and what came out.
  private var latest: (start: Int, emotion: ValenceArousal)?

  /// Starts a song.
  ///
  /// - Parameters:
  ///   - window: how excerpts lie.
  ///   - bands: the bands of a frame.
  ///   - scale: the scale of the network's outputs.
  ///   - padding: what stands behind the end of a song that is shorter than an excerpt.
  ///   - predict: from `[N, 1, bands, frames]` to valence and arousal `[N, 2]`, in inference.
  public init(
    _ window: SlidingWindow, bands: Int, scale: EmotionScale, padding: Float = 0,
    predict: @escaping (Tensor) throws -> Tensor
  ) {
    precondition(bands >= 1, "a frame of \(bands) bands")
    self.window = window
    self.bands = bands
    self.scale = scale
    self.padding = padding
    self.predict = predict
  }

  /// Takes frames.
  ///
  /// - Parameter frames: the next frames, `bands` values each, one behind the other.
  /// - Returns: the points whose excerpts are complete, possibly none.
  /// - Throws: what the network throws.
  public mutating func append(_ frames: [Float]) throws -> [EmotionTrack.Point] {
    precondition(!isFinished, "frames appended to a finished song")
    precondition(
      frames.count.isMultiple(of: bands),
      "\(frames.count) values are no whole number of frames of \(bands) bands")
    var points: [EmotionTrack.Point] = []
    // Long pieces are taken in parts, so that a whole song at once needs no more memory either.
    let part = max(window.frames, 1024) * bands
    for start in stride(from: 0, to: frames.count, by: part) {
      let taken = frames[start..<min(start + part, frames.count)]
      held += taken
      frameCount += taken.count / bands
      while readyCount() >= window.batchSize { points += try makePoints(window.batchSize) }
      forget()
    }
    return points
  }

  /// Ends the song.
  ///
  /// - Returns: the points that are left; none for a song without frames.
  /// - Throws: what the network throws.
  public mutating func finish() throws -> [EmotionTrack.Point] {
    precondition(!isFinished, "a finished song finished again")
    isFinished = true
    var points: [EmotionTrack.Point] = []
    while next < pointCount { points += try makePoints(min(window.batchSize, pointCount - next)) }
    held = []
    return points
  }

  /// The track of a whole song.
  ///
  /// - Parameter frames: all frames, `bands` values each.
  /// - Returns: the track; without points for a song without frames.
  /// - Throws: what the network throws.
  public func track(_ frames: [Float]) throws -> EmotionTrack {
    var tracker = self
    return EmotionTrack(points: try tracker.append(frames) + tracker.finish())
  }

  /// The frames that are remembered.
  var heldFrameCount: Int { held.count / bands }

  /// The points of a song that has as many frames as came so far.
  private var pointCount: Int {
    let duration = Double(frameCount) * window.secondsPerFrame
    return Int((duration / window.hop - 1e-9).rounded(.up))
  }

  /// How many points have their excerpts complete whatever else comes.
  private func readyCount() -> Int {
    var count = 0
    while count < window.batchSize,
      window.start(ofPoint: next + count) + window.frames <= frameCount
    {
      count += 1
    }
    return count
  }

  /// Where the excerpt of a point starts when no more frames come, or need not.
  private func start(ofPoint number: Int) -> Int {
    let start = window.start(ofPoint: number)
    return isFinished ? max(0, min(start, frameCount - window.frames)) : start
  }

  private mutating func makePoints(_ count: Int) throws -> [EmotionTrack.Point] {
    let starts = (next..<next + count).map { start(ofPoint: $0) }
    var wanted: [Int] = []
    for start in starts where start != latest?.start && wanted.last != start {
      wanted.append(start)
    }
    var found: [Int: ValenceArousal] = [:]
    if let latest { found[latest.start] = latest.emotion }
    if !wanted.isEmpty {
      let outputs = try predict(excerpts(wanted))
      precondition(
        outputs.shape == [wanted.count, 2],
        "\(wanted.count) excerpts gave outputs of shape \(outputs.shape), not valence and arousal")
      let values = outputs.scalars
      for (row, start) in wanted.enumerated() {
        found[start] = ValenceArousal(
          valence: Double(values[2 * row]), arousal: Double(values[2 * row + 1]), scale: scale)
      }
    }
    var points: [EmotionTrack.Point] = []
    for (offset, start) in starts.enumerated() {
      guard let emotion = found[start] else { continue }
      points.append(.init(time: Double(next + offset) * window.hop, emotion: emotion))
      latest = (start, emotion)
    }
    next += count
    return points
  }

  /// `[N, 1, bands, frames]`, from frames that lie one behind the other.
  private func excerpts(_ starts: [Int]) -> Tensor {
    let (bands, frames) = (bands, window.frames)
    return Tensor(uninitialized: [starts.count, 1, bands, frames]) { target in
      held.withUnsafeBufferPointer { held in
        for (row, start) in starts.enumerated() {
          for frame in 0..<frames {
            let source = (start - firstFrame + frame) * bands
            for band in 0..<bands {
              target[(row * bands + band) * frames + frame] =
                start + frame < frameCount ? held[source + band] : padding
            }
          }
        }
      }
    }
  }

  /// Drops the frames that no excerpt will want.
  private mutating func forget() {
    let needed = max(0, min(window.start(ofPoint: next), frameCount - window.frames))
    // Moving what is left costs; do it when it is worth it.
    guard needed - firstFrame >= window.frames / 2 else { return }
    held.removeFirst((needed - firstFrame) * bands)
    firstFrame = needed
  }
}

/// Which excerpts of a song a network is asked about.
public struct SlidingWindow: Sendable, Hashable, Codable {
  /// The frames of an excerpt.
  public var frames: Int
  /// The seconds from one frame to the next.
  public var secondsPerFrame: Double
  /// The seconds from one point to the next.
  public var hop: Double
  /// Where in its excerpt the time of a point lies.
  public var anchor: Anchor
  /// The excerpts that a network is asked about at once.
  public var batchSize: Int

  /// Where in its excerpt the time of a point lies.
  public enum Anchor: String, Sendable, Hashable, Codable, CaseIterable {
    /// In its middle: what comes counts as much as what was.
    case middle
    /// At its end: only what was heard so far counts, once an excerpt has been.
    case end
  }

  /// Chooses excerpts.
  ///
  /// - Parameters:
  ///   - frames: the frames of an excerpt, at least 1.
  ///   - secondsPerFrame: the seconds from one frame to the next, above 0.
  ///   - hop: the seconds from one point to the next, above 0.
  ///   - anchor: where in its excerpt the time of a point lies.
  ///   - batchSize: the excerpts that a network is asked about at once, at least 1.
  public init(
    frames: Int, secondsPerFrame: Double, hop: Double = 0.5, anchor: Anchor = .middle,
    batchSize: Int = 8
  ) {
    precondition(
      frames >= 1 && secondsPerFrame > 0 && hop > 0 && batchSize >= 1
        && secondsPerFrame.isFinite && hop.isFinite,
      "excerpts of \(frames) frames of \(secondsPerFrame) s every \(hop) s, \(batchSize) at once")
    self.frames = frames
    self.secondsPerFrame = secondsPerFrame
    self.hop = hop
    self.anchor = anchor
    self.batchSize = batchSize
  }

  /// The first frame of a point's excerpt, at least 0.
  func start(ofPoint number: Int) -> Int {
    let frame = Int((Double(number) * hop / secondsPerFrame).rounded())
    return max(0, anchor == .middle ? frame - frames / 2 : frame + 1 - frames)
  }
}
