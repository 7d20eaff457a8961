import SentioMetrics
import SentioTensor

/// Follows a song with a network that says an emotion a step.
///
/// A song of any length is gone through in parts, each with some steps before and behind it that are computed and
/// thrown away: memory is that of one part. A network that looks at both ends of a sequence sees these steps and no
/// others; parts of at least the length that it was trained on are as good as the whole.
///
/// ```swift
/// let tracker = SequenceTracker(step: 0.5, scale: .unit) { network($0) }
/// let track = try tracker.track(features)    // [steps, F], as a SequenceInput makes them
/// ```
public struct SequenceTracker {
  /// The seconds of a step.
  public let step: Double
  /// The scale of the network's outputs.
  public let scale: EmotionScale
  /// The steps of a part.
  public let part: Int
  /// The steps before and behind a part that are computed for their influence alone.
  public let context: Int
  private let predict: (Tensor) throws -> Tensor

  /// Creates a tracker.
  ///
  /// - Parameters:
  ///   - step: the seconds of a step, above 0.
  ///   - scale: the scale of the network's outputs.
  ///   - part: the steps of a part, at least 1.
  ///   - context: the steps before and behind a part, at least 0.
  ///   - predict: from `[1, L, F]` to `[1, L, 2]`, in inference.
  public init(
    step: Double = 0.5, scale: EmotionScale, part: Int = 240, context: Int = 60,
    predict: @escaping (Tensor) throws -> Tensor
  ) {
    precondition(
      step > 0 && step.isFinite && part >= 1 && context >= 0,
      "steps of \(step) s in parts of \(part) with \(context) around")
    self.step = step
    self.scale = scale
    self.part = part
    self.context = context
    self.predict = predict
  }

  /// The track of a song.
  ///
  /// - Parameter features: `[L, F]`, a row a step.
  /// - Returns: a point a step, at the step's start.
  /// - Throws: what the network throws.
  public func track(_ features: Tensor) throws -> EmotionTrack {
    precondition(features.rank == 2, "features are [steps, F], not \(features.shape)")
    let count = features.shape[0]
    var points: [EmotionTrack.Point] = []
    points.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: part) {
      let wanted = start..<min(start + part, count)
      let seen = max(0, start - context)..<min(wanted.upperBound + context, count)
      let outputs = try predict(features.sliced(seen, axis: 0).expanded(at: 0))
      precondition(
        outputs.shape == [1, seen.count, 2],
        "\(seen.count) steps gave outputs of shape \(outputs.shape)")
      let values = outputs.scalars
      for number in wanted {
        let place = 2 * (number - seen.lowerBound)
        points.append(
          .init(
            time: Double(number) * step,
            emotion: ValenceArousal(
              valence: Double(values[place]), arousal: Double(values[place + 1]), scale: scale)))
      }
    }
    return EmotionTrack(points: points)
  }
}
