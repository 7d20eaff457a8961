import SentioNN
import SentioTensor

/// Loss, gradients and judgements of one update of a network against the other.
///
/// ```swift
/// let update = AdversarialUpdate.ofDiscriminator(
///   &networks, real: clips, fake: fakes, emotions: labels, realTarget: 0.9, pass: pass)
/// optimizer.update(&networks.discriminator, names: names, gradients: update.gradients)
/// ```
public struct AdversarialUpdate: Sendable {
  /// The loss before the update, without what is said of emotions that are read.
  public let loss: Float
  /// The mean squared error of the emotions that were read, before the update; nil where none were.
  public private(set) var readingLoss: Float?
  /// The gradients of the network's trainable parameters, in their order.
  public let gradients: [Tensor]
  /// The logits of the real clips, `[N, 1]`; none in an update of the generator.
  public let realLogits: Tensor?
  /// The logits of the synthetic ones, `[N, 1]`.
  public let fakeLogits: Tensor

  /// The share of clips that the discriminator judged right: a positive logit means real.
  ///
  /// Real clips with wrong emotions do not count.
  public var accuracy: Double {
    let fakes = fakeLogits.scalars
    let reals = realLogits?.scalars ?? []
    let right = fakes.count { $0 <= 0 } + reals.count { $0 > 0 }
    return Double(right) / Double(fakes.count + reals.count)
  }

  /// What the discriminator should change: `½ · (BCE(D(real), realTarget) + BCE(D(fake), 0))`, and the ``EmotionTerms``.
  ///
  /// Real and synthetic clips are two batches, each normalized by its own statistics, as in the usual PyTorch code:
  /// in one batch every clip's output would tell of the other kind. ½ makes it a mean over all clips: at chance it is
  /// about ln 2. Real clips with other emotions are a third batch.
  ///
  /// - Parameters:
  ///   - networks: the discriminator takes up the statistics of all batches.
  ///   - real: real clips, `[N, 1, mels, frames]` in −1…1.
  ///   - fake: synthetic ones, of the same shape.
  ///   - emotions: the labels of both, `[N, 2]`.
  ///   - realTarget: what should be said of real ones.
  ///   - terms: what makes the network heed the emotion.
  ///   - judges: false for a discriminator that rests: it learns to read emotions and nothing else.
  ///   - pass: the pass of training.
  /// - Returns: the update.
  public static func ofDiscriminator(
    _ networks: inout AdversarialNetworks, real: Tensor, fake: Tensor, emotions: Tensor,
    realTarget: Float, terms: EmotionTerms = .none, judges: Bool = true, pass: TrainingPass
  ) -> AdversarialUpdate {
    var logits: (real: Tensor, fake: Tensor)?
    var losses: (judging: Float, reading: Float?) = (0, nil)
    let (_, gradients) = pass.run(on: &networks.discriminator) { discriminator in
      valueAndGradient(of: discriminator) { discriminator in
        let ofReal = discriminator(real, emotions: emotions)
        let ofFake = discriminator(fake, emotions: emotions)
        logits = (ofReal.detached(), ofFake.detached())
        var loss = entropy(ofReal: ofReal, ofFake: ofFake, realTarget: realTarget, terms)
        guard terms.showsOthers else {
          losses.judging = loss.scalar
          return loss
        }
        let others = discriminator.reading(real, emotions: emotions.ofOthers())
        if terms.mismatch > 0 {
          loss =
            loss + binaryCrossEntropy(logits: others.logits, .zeros(others.logits.shape))
            * (0.5 * terms.mismatch)
        }
        losses.judging = loss.scalar
        if !judges { loss = loss * 0 }
        if terms.reading > 0, let read = others.emotions {
          let error = meanSquaredError(read, emotions)
          losses.reading = error.scalar
          loss = loss + error * terms.reading
        }
        return loss
      }
    }
    var update = AdversarialUpdate(
      loss: losses.judging, gradients: gradients, realLogits: logits?.real,
      fakeLogits: logits?.fake ?? Tensor([]))
    update.readingLoss = losses.reading
    return update
  }

  /// What an update of the discriminator would be, without gradients.
  static func judgement(
    _ networks: inout AdversarialNetworks, real: Tensor, fake: Tensor, emotions: Tensor,
    realTarget: Float, pass: TrainingPass
  ) -> AdversarialUpdate {
    let (ofReal, ofFake) = pass.run(on: &networks.discriminator) { discriminator in
      (discriminator(real, emotions: emotions), discriminator(fake, emotions: emotions))
    }
    return AdversarialUpdate(
      loss: entropy(ofReal: ofReal, ofFake: ofFake, realTarget: realTarget, .none).scalar,
      gradients: [], realLogits: ofReal, fakeLogits: ofFake)
  }

  private static func entropy(
    ofReal: Tensor, ofFake: Tensor, realTarget: Float, _ terms: EmotionTerms
  ) -> Tensor {
    let real = binaryCrossEntropy(logits: ofReal, Tensor(repeating: realTarget, ofReal.shape))
    let fake = binaryCrossEntropy(logits: ofFake, .zeros(ofFake.shape))
    return (real + (terms.mismatch > 0 ? fake * (1 - terms.mismatch) : fake)) * 0.5
  }

  /// What the generator should change: `BCE(D(G(noise, emotions)), 1)`, the form that does not saturate, and how far the
  /// emotions that are read in its clips are from those asked for.
  ///
  /// The discriminator judges as it does in its own updates, by the statistics of the batch, but does not take
  /// them up: its running statistics are of its own updates, half of them real clips. *Differs from:* the usual PyTorch
  /// code, where two updates of the generator would make them three quarters synthetic.
  ///
  /// - Parameters:
  ///   - networks: the generator takes up the statistics of the batch.
  ///   - noise: `[N, noise]`, independent and normal.
  ///   - emotions: `[N, 2]`, each in −1…1.
  ///   - terms: what makes the network heed the emotion.
  ///   - pass: the pass of training.
  ///   - disguise: what is done to synthetic clips before they are judged, such as noise.
  /// - Returns: the update.
  public static func ofGenerator(
    _ networks: inout AdversarialNetworks, noise: Tensor, emotions: Tensor,
    terms: EmotionTerms = .none, pass: TrainingPass, disguise: (Tensor) -> Tensor = { $0 }
  ) -> AdversarialUpdate {
    var judge = networks.discriminator
    var logits = Tensor([])
    var losses: (judging: Float, reading: Float?) = (0, nil)
    // A pass of its own: both networks have a `norm.0`, and a pass tells modules apart by their paths.
    let judgesPass = TrainingPass(seed: pass.seed, step: pass.step)
    let (_, gradients) = judgesPass.run(on: &judge) { judge in
      pass.run(on: &networks.generator) { generator in
        valueAndGradient(of: generator) { generator in
          let fake = disguise(generator(noise: noise, emotions: emotions))
          let ofFake = judge(fake, emotions: emotions)
          logits = ofFake.detached()
          var loss = binaryCrossEntropy(logits: ofFake, .ones(ofFake.shape))
          losses.judging = loss.scalar
          if terms.reading > 0,
            let read = judge.reading(fake, emotions: emotions.ofOthers()).emotions
          {
            let error = meanSquaredError(read, emotions)
            losses.reading = error.scalar
            loss = loss + error * terms.reading
          }
          return loss
        }
      }
    }
    var update = AdversarialUpdate(
      loss: losses.judging, gradients: gradients, realLogits: nil, fakeLogits: logits)
    update.readingLoss = losses.reading
    return update
  }
}
