import SentioMetrics
import SentioNN
import SentioTensor

/// Clips that a trained generator makes, for emotions from all over the plane, as far as the discriminator takes them for
/// real.
///
/// ```swift
/// let (clips, tally) = try SyntheticSpectrograms(from: outcome.best, seed: 7).clips(3200)
/// print(tally.rejected, tally.meanConfidence)
/// ```
///
/// Valence and arousal are independent and uniform in −1…1. A clip is kept where the discriminator's confidence is
/// above the threshold; one that is not is counted, and another emotion is drawn. Both networks are in inference, so
/// that a clip does not depend on which others are made with it: the clip of a number has the same emotion and noise
/// whatever the size of batches. Kept clips are led back from the tanh range, and brought to mean 0 and deviation 1 where
/// the real ones were, each by itself (``SpectrogramRange/isBySample``).
public struct SyntheticSpectrograms: Sendable {
  /// What is made and what is kept.
  public struct Settings: Sendable, Hashable {
    /// The confidence that a clip must exceed, from 0 to 1; the report's is 0.3.
    public var threshold: Float = 0.3
    /// Clips that are made at once.
    public var batchSize = 16
    /// Clips that may be made for each that is wanted, before it is an error.
    public var tries = 20

    /// The report's threshold.
    public init() {}
  }

  /// What came of the clips that were made.
  public struct Tally: Sendable, Hashable, Codable {
    /// Clips that were made, up to the last that was kept.
    public internal(set) var made = 0
    /// Clips that were kept.
    public internal(set) var kept = 0
    /// The mean confidence of all that were made.
    public var meanConfidence: Double { made > 0 ? confidence / Double(made) : .nan }
    /// Clips made and kept in each quadrant of the plane, in the order of `Quadrant.allCases`: where the filter takes
    /// more, labels are no longer uniform.
    public internal(set) var quadrants = [[Int]](
      repeating: [0, 0], count: Quadrant.allCases.count)
    var confidence = 0.0

    /// Clips that were not taken for real.
    public var rejected: Int { made - kept }
  }

  /// The networks.
  public let networks: AdversarialNetworks
  /// The seed of emotions and noise.
  public let seed: UInt64
  /// What is made and what is kept.
  public let settings: Settings

  /// Prepares the making of clips.
  ///
  /// - Parameters:
  ///   - networks: trained networks, such as ``AdversarialOutcome/best``.
  ///   - seed: the seed of emotions and noise.
  ///   - settings: what is made and what is kept.
  public init(from networks: AdversarialNetworks, seed: UInt64, settings: Settings = Settings()) {
    precondition(
      settings.batchSize >= 1 && settings.tries >= 1,
      "batches of \(settings.batchSize), \(settings.tries) tries")
    self.networks = networks
    self.seed = seed
    self.settings = settings
  }

  /// Makes clips until enough are kept.
  ///
  /// - Parameters:
  ///   - count: how many are wanted.
  ///   - onProgress: told after each batch how many are kept, and may end the work by an error.
  /// - Returns: the clips, `[count, 1, mels, frames]` as the real ones were, with their emotions in −1…1 and ids
  ///   `synthetic-000001`…, by the number of the clip among all that were made; and what came of the others.
  /// - Throws: ``AdversarialError/tooFewPassed(wanted:passed:made:threshold:meanConfidence:)`` where
  ///   ``Settings/tries`` clips for each did not suffice, and what `onProgress` throws.
  public func clips(
    _ count: Int, onProgress: (_ kept: Int) throws -> Void = { _ in }
  ) throws -> (clips: LabelledBatch, tally: Tally) {
    var parts: [LabelledBatch] = []
    let tally = try make(count) { batch in
      parts.append(batch)
      try onProgress(parts.reduce(0) { $0 + $1.ids.count })
    }
    guard !parts.isEmpty else { return (empty, tally) }
    return (
      LabelledBatch(
        ids: parts.flatMap(\.ids), inputs: .concatenate(parts.map(\.inputs)),
        targets: .concatenate(parts.map(\.targets))), tally
    )
  }

  /// Makes clips until enough are kept, and hands them over batch by batch: for more than memory should hold.
  ///
  /// - Parameters:
  ///   - count: how many are wanted.
  ///   - onBatch: takes the kept clips of a batch; none comes without clips.
  /// - Returns: what came of the clips.
  /// - Throws: as ``clips(_:onProgress:)``, and what `onBatch` throws.
  @discardableResult
  public func make(_ count: Int, onBatch: (LabelledBatch) throws -> Void) throws -> Tally {
    precondition(count >= 0, "\(count) clips")
    var tally = Tally()
    let limit = count.multipliedReportingOverflow(by: settings.tries).partialValue
    while tally.kept < count {
      guard tally.made < limit else {
        throw AdversarialError.tooFewPassed(
          wanted: count, passed: tally.kept, made: tally.made, threshold: settings.threshold,
          meanConfidence: Float(tally.meanConfidence))
      }
      let candidates = candidates(tally.made..<min(tally.made + settings.batchSize, limit))
      var rows: [Int] = []
      for (row, confidence) in candidates.confidences.enumerated() where tally.kept < count {
        let isKept = confidence > settings.threshold
        let emotion = ValenceArousal(
          valence: Double(candidates.clips.targets[element: row, 0]),
          arousal: Double(candidates.clips.targets[element: row, 1]), scale: .unit)
        let quadrant = emotion.quadrant.rawValue - 1
        tally.made += 1
        tally.confidence += Double(confidence)
        tally.quadrants[quadrant][0] += 1
        guard isKept else { continue }
        tally.kept += 1
        tally.quadrants[quadrant][1] += 1
        rows.append(row)
      }
      if !rows.isEmpty { try onBatch(candidates.clips.rows(rows)) }
    }
    return tally
  }

  private func candidates(_ numbers: Range<Int>) -> (clips: LabelledBatch, confidences: [Float]) {
    let sizes = networks.generator.settings
    let streams = numbers.map { RandomStream(seed: seed, "synthetic").substream("clip \($0)") }
    var (emotions, noises): ([Tensor], [Tensor]) = ([], [])
    for var stream in streams {
      emotions.append(.uniform([1, SpectrogramGenerator.emotionCount], in: -1..<1, from: &stream))
      noises.append(.normal([1, sizes.noise], from: &stream))
    }
    let targets = Tensor.concatenate(emotions)
    let made = networks.generator(noise: .concatenate(noises), emotions: targets)
    let clips = LabelledBatch(
      ids: numbers.map { "synthetic-" + String(String($0 + 1_000_001).dropFirst()) },
      inputs: sizes.range.clips(made), targets: targets)
    return (clips, networks.discriminator.confidence(made, emotions: targets))
  }

  private var empty: LabelledBatch {
    let sizes = networks.generator.settings
    return LabelledBatch(
      ids: [], inputs: .zeros([0, 1, sizes.mels, sizes.frames]), targets: .zeros([0, 2]))
  }
}
