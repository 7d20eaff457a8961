import Dispatch
import Foundation
import SentioData
import SentioMetrics
import SentioNN
import SentioTensor
import Synchronization

/// Valence and arousal over time of an audio file, with any network for emotions and its front end.
///
/// A network that says one emotion a clip is asked about clips that slide over the song, each made into an input exactly
/// as the clips that it was trained on (``SlidingTracker`` tells how they lie at a song's ends). A
/// ``SequenceEmotionNetwork`` says an emotion a step.
///
/// ```swift
/// let tracker = try SongTracker(NetworkFile(contentsOf: URL(filePath: "vit.sentio")))
/// let song = try tracker.track(audio: URL(filePath: "song.mp3"))
/// for point in song.track.points { print(point.time, point.emotion.valence, point.emotion.arousal) }
/// ```
///
/// Files are decoded in pieces of minutes: memory does not depend on their length.
public struct SongTracker: Sendable {
  /// What was followed of one song.
  public struct Tracked: Sendable {
    /// The track, with outputs on `EmotionScale/unit`.
    public var track: EmotionTrack
    /// What was found while decoding, such as damage to the file.
    public var warnings: [AudioWarning]
  }

  /// Why a network cannot follow songs.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file does not say how songs become inputs.
    case noFrontEnd
    /// The network's outputs are no emotions.
    case otherOutputs(network: String)
    /// A network that says an emotion a step needs a front end of steps.
    case noSteps

    /// One sentence that says what is wrong and what to do.
    public var description: String {
      switch self {
      case .noFrontEnd:
        "the network's file does not say how audio becomes its input; train it with --data, or import it "
          + "with its front end"
      case .otherOutputs(let network):
        "a \(network) gives no valence and arousal, so there is nothing to follow over time"
      case .noSteps:
        "a network that says an emotion a step needs a front end that makes steps; train it again"
      }
    }
  }

  /// How songs become inputs.
  public let frontEnd: NetworkFrontEnd
  /// The seconds from one point to the next; of a network over steps the length of a step.
  public let hop: Double
  private let network: any Layer
  private let anchor: SlidingWindow.Anchor
  private let batchSize: Int
  private let limits: AudioLimits
  private let maker: InputMaker

  /// Takes a network from its file.
  ///
  /// - Parameters:
  ///   - file: the network with its front end.
  ///   - hop: the seconds from one point to the next; of no effect for a network over steps.
  ///   - anchor: where in its clip the time of a point lies.
  ///   - batchSize: the clips that the network is asked about at once.
  ///   - limits: what decoding may cost at most.
  /// - Throws: ``Failure``, and what a front end that can't be followed is refused with.
  public init(
    _ file: NetworkFile, hop: Double = 0.5, anchor: SlidingWindow.Anchor = .middle,
    batchSize: Int = 8, limits: AudioLimits = .standard
  ) throws {
    let settings = file.configuration.network
    guard settings.outputKind == .emotion || settings.outputKind == .emotions else {
      throw Failure.otherOutputs(network: settings.title)
    }
    guard let frontEnd = try file.configuration.networkFrontEnd() else {
      throw Failure.noFrontEnd
    }
    try self.init(
      file.network, frontEnd: frontEnd, hop: hop, anchor: anchor, batchSize: batchSize,
      limits: limits)
  }

  /// Takes a network and its front end.
  ///
  /// - Parameters:
  ///   - network: the network, in inference: `[N, …]` to `[N, 2]`, or a ``SequenceEmotionNetwork``.
  ///   - frontEnd: how songs become inputs; its offset is passed over.
  ///   - hop: the seconds from one point to the next; of no effect for a network over steps.
  ///   - anchor: where in its clip the time of a point lies.
  ///   - batchSize: the clips that the network is asked about at once.
  ///   - limits: what decoding may cost at most.
  /// - Throws: ``Failure/noSteps``, and `DSPError` for a front end that can't be followed.
  public init(
    _ network: some Layer, frontEnd: NetworkFrontEnd, hop: Double = 0.5,
    anchor: SlidingWindow.Anchor = .middle, batchSize: Int = 8, limits: AudioLimits = .standard
  ) throws {
    precondition(
      hop > 0 && hop.isFinite && batchSize >= 1, "points every \(hop) s, \(batchSize) at once")
    self.network = network
    self.frontEnd = frontEnd
    self.anchor = anchor
    self.batchSize = batchSize
    self.limits = limits
    maker = try InputMaker(frontEnd, limits: limits)
    if network is SequenceEmotionNetwork {
      guard case .sequence(let steps) = frontEnd.input else { throw Failure.noSteps }
      self.hop = steps.step
    } else {
      self.hop = hop
    }
  }

  /// Follows the song of an audio file, from its beginning to its end.
  ///
  /// - Parameter url: a file of any format that FFmpeg reads.
  /// - Returns: the track, and warnings about the file.
  /// - Throws: `AudioError` that names the file, or `DSPError` where its samples can't be transformed.
  public func track(audio url: URL) throws -> Tracked {
    var pieces = AudioPieces(url, rate: frontEnd.sampleRate, limits: limits)
    let track = try track { try pieces.next() }
    return Tracked(track: track, warnings: pieces.warnings)
  }

  /// Follows a signal.
  ///
  /// - Parameter samples: one channel at the front end's rate.
  /// - Returns: the track; without points for a signal without samples.
  /// - Throws: `DSPError` for a sample that is no number.
  public func track(samples: [Float]) throws -> EmotionTrack {
    var rest: [Float]? = samples.isEmpty ? nil : samples
    return try track {
      defer { rest = nil }
      return rest
    }
  }

  /// Follows pieces of a signal.
  private func track(_ next: () throws -> [Float]?) throws -> EmotionTrack {
    if let network = network as? SequenceEmotionNetwork {
      return try trackSteps(network, next)
    }
    let rate = Double(frontEnd.sampleRate)
    let clip = max(1, Int((frontEnd.duration * rate).rounded()))
    guard let first = try next() else { return EmotionTrack(points: []) }
    var tracker = SlidingTracker(
      SlidingWindow(
        frames: clip, secondsPerFrame: 1 / rate, hop: hop, anchor: anchor, batchSize: batchSize),
      bands: 1, scale: .unit
    ) { clips in
      // [N, 1, 1, samples]
      try self.outputs(
        clips.withUnsafeBufferPointer { values in
          (0..<clips.shape[0]).map { Array(values[$0 * clip..<($0 + 1) * clip]) }
        })
    }
    if first.count < clip {
      // The front end knows better than zeros what to do with a clip that is too short.
      let emotion = try emotions(of: outputs([first]))[0]
      let count = Int((Double(first.count) / rate / hop - 1e-9).rounded(.up))
      return EmotionTrack(
        points: (0..<count).map { .init(time: Double($0) * hop, emotion: emotion) })
    }
    var points = try tracker.append(first)
    while let piece = try next() { points += try tracker.append(piece) }
    return EmotionTrack(points: points + (try tracker.finish()))
  }

  /// The outputs for clips, `[N, 2]`; those of a clip's segments are averaged.
  private func outputs(_ clips: [[Float]]) throws -> Tensor {
    let records = try concurrentMap(clips) { try maker.record(of: $0) }
    let inputs = records.map { maker.input($0) }
    let values = Tensor.concatenate(inputs.map(\.values), axis: 0)
    let lengths = inputs[0].lengths == nil ? nil : inputs.flatMap { $0.lengths ?? [] }
    let outputs = network(values, lengths: lengths)
    let segments = values.shape[0] / clips.count
    return segments == 1
      ? outputs : outputs.reshaped([clips.count, segments, -1]).mean(axes: 1)
  }

  private func emotions(of outputs: Tensor) -> [ValenceArousal] {
    let values = outputs.scalars
    return (0..<outputs.shape[0]).map {
      ValenceArousal(
        valence: Double(values[2 * $0]), arousal: Double(values[2 * $0 + 1]), scale: .unit)
    }
  }

  /// Follows steps, clip after clip, with some steps of the neighbours around each.
  private func trackSteps(
    _ network: SequenceEmotionNetwork, _ next: () throws -> [Float]?
  ) throws -> EmotionTrack {
    guard case .sequence(let input) = frontEnd.input else { throw Failure.noSteps }
    let tracker = SequenceTracker(
      step: input.step, scale: .unit, part: input.frames, context: 0
    ) { network($0) }
    // At most a fifth of a clip, and a minute, on either side.
    let context = min(input.frames / 5, Int((60 / input.step).rounded()))
    let kept = input.frames - 2 * context
    func sample(_ step: Int) -> Int {
      Int((Double(step) * input.step * Double(frontEnd.sampleRate)).rounded())
    }
    var held: [Float] = []
    var (heldFrom, first) = (0, 0)
    var points: [EmotionTrack.Point] = []
    /// Points of the steps from `first` on, of a clip that starts with the context before them.
    func follow(upTo end: Int?) throws {
      let start = max(0, first - context)
      let clip = Array(
        held[min(sample(start) - heldFrom, held.count)...].prefix(
          sample(start + input.frames) - sample(start)))
      guard !clip.isEmpty else { return }
      let record = maker.input(try maker.record(of: clip))
      let real = record.lengths?[0] ?? input.frames
      let features = record.values.selected(0, axis: 0).sliced(..<real, axis: 0)
      let track = try tracker.track(features)
      for (offset, point) in track.points.enumerated() {
        let step = start + offset
        guard step >= first, step < end ?? .max else { continue }
        points.append(.init(time: Double(step) * input.step, emotion: point.emotion))
      }
      first = end ?? (start + real)
      let needed = sample(max(0, first - context))
      if needed > heldFrom {
        held.removeFirst(min(needed - heldFrom, held.count))
        heldFrom = needed
      }
    }
    while let piece = try next() {
      held += piece
      while heldFrom + held.count > sample(max(0, first - context) + input.frames) {
        try follow(upTo: first + kept)
      }
    }
    try follow(upTo: nil)
    return EmotionTrack(points: points)
  }
}

/// The results for several elements, computed at once, in order.
private func concurrentMap<Element: Sendable, Result: Sendable>(
  _ elements: [Element], _ body: @Sendable (Element) throws -> Result
) throws -> [Result] {
  let results = Mutex([Int: Swift.Result<Result, any Error>]())
  DispatchQueue.concurrentPerform(iterations: elements.count) { index in
    let result = Swift.Result { try body(elements[index]) }
    results.withLock { $0[index] = result }
  }
  return try results.withLock { results in
    try elements.indices.compactMap { try results[$0]?.get() }
  }
}
