import SentioTensor

/// What makes both networks heed the emotion, beside the report's cross-entropy; none by default.
///
/// The report's discriminator sees real clips with their own emotions and synthetic ones with the emotions that were
/// asked for. Nothing ever shows it a good clip with a wrong emotion, and so it may well look at the clip alone; then the
/// generator is never told to heed the emotion either. Two remedies:
///
/// - ``mismatch``: real clips with other clips' emotions are judged, too, and should be called fake. With w the share,
///   the discriminator's loss is `½ · (BCE(D(x, y), realTarget) + (1 − w) · BCE(D(G(z, y), y), 0) + w · BCE(D(x, y'), 0))`.
/// - ``reading``: the discriminator's second head says the emotion of real clips, and the generator is told how far the
///   emotion that is read in its clips is from the one asked for. With λ the weight, each network's loss has
///   `λ · mean((read − asked)²)` more. The planes show other clips' emotions meanwhile, so that there is nothing to copy.
///
/// *Reference:* Reed et al., "Generative adversarial text to image synthesis" (2016), algorithm 1 (w = ½); Odena, Olah and
/// Shlens, "Conditional image synthesis with auxiliary classifier GANs" (2017).
public struct EmotionTerms: Sendable, Hashable, Codable {
  /// The share of real clips with wrong emotions in what should be called fake, from 0 to below 1.
  public let mismatch: Float
  /// The weight of the emotions that are read, at least 0; the discriminator must have the head for it.
  public let reading: Float

  /// Chooses terms.
  ///
  /// - Parameters:
  ///   - mismatch: the share of real clips with wrong emotions in what should be called fake, from 0 to below 1.
  ///   - reading: the weight of the emotions that are read, at least 0.
  public init(mismatch: Float = 0, reading: Float = 0) {
    precondition(
      mismatch >= 0 && mismatch < 1 && reading >= 0 && reading.isFinite,
      "a mismatch of \(mismatch), a reading of \(reading)")
    self.mismatch = mismatch
    self.reading = reading
  }

  /// The report's losses to the letter.
  public static let none = EmotionTerms()

  /// Whether the discriminator is shown real clips with other emotions.
  var showsOthers: Bool { mismatch > 0 || reading > 0 }
}

extension Tensor {
  /// The rows of the batch, each in its neighbour's place: every clip is given another one's emotion.
  ///
  /// Batches are shuffled, so that the neighbour is any clip.
  func ofOthers() -> Tensor {
    let count = shape[0]
    return gathered((0..<count).map { $0 + 1 < count ? $0 + 1 : 0 })
  }
}
