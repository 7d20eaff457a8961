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
  /// The loss before the update.
  public let loss: Float
  /// The gradients of the network's trainable parameters, in their order.
  public let gradients: [Tensor]
  /// The logits of the real clips, `[N, 1]`; none in an update of the generator.
  public let realLogits: Tensor?
  /// The logits of the synthetic ones, `[N, 1]`.
  public let fakeLogits: Tensor

  /// The share of clips that the discriminator judged right: a positive logit means real.
  public var accuracy: Double {
    let fakes = fakeLogits.scalars
    let reals = realLogits?.scalars ?? []
    let right = fakes.count { $0 <= 0 } + reals.count { $0 > 0 }
    return Double(right) / Double(fakes.count + reals.count)
  }

  /// What the discriminator should change: `½ · (BCE(D(real), realTarget) + BCE(D(fake), 0))`.
  ///
  /// Real and synthetic clips are two batches, each normalized by its own statistics, as in the usual PyTorch code:
  /// in one batch every clip's output would tell of the other kind. ½ makes it a mean over all clips: at chance it is
  /// about ln 2.
  ///
  /// - Parameters:
  ///   - networks: the discriminator takes up the statistics of both batches.
  ///   - real: real clips, `[N, 1, mels, frames]` in −1…1.
  ///   - fake: synthetic ones, of the same shape.
  ///   - emotions: the labels of both, `[N, 2]`.
  ///   - realTarget: what should be said of real ones.
  ///   - pass: the pass of training.
  /// - Returns: the update.
  public static func ofDiscriminator(
    _ networks: inout AdversarialNetworks, real: Tensor, fake: Tensor, emotions: Tensor,
    realTarget: Float, pass: TrainingPass
  ) -> AdversarialUpdate {
    var logits: (real: Tensor, fake: Tensor)?
    let (loss, gradients) = pass.run(on: &networks.discriminator) { discriminator in
      valueAndGradient(of: discriminator) { discriminator in
        let ofReal = discriminator(real, emotions: emotions)
        let ofFake = discriminator(fake, emotions: emotions)
        logits = (ofReal.detached(), ofFake.detached())
        return entropy(ofReal: ofReal, ofFake: ofFake, realTarget: realTarget)
      }
    }
    return AdversarialUpdate(
      loss: loss.scalar, gradients: gradients, realLogits: logits?.real,
      fakeLogits: logits?.fake ?? Tensor([]))
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
      loss: entropy(ofReal: ofReal, ofFake: ofFake, realTarget: realTarget).scalar, gradients: [],
      realLogits: ofReal, fakeLogits: ofFake)
  }

  private static func entropy(ofReal: Tensor, ofFake: Tensor, realTarget: Float) -> Tensor {
    (binaryCrossEntropy(logits: ofReal, Tensor(repeating: realTarget, ofReal.shape))
      + binaryCrossEntropy(logits: ofFake, .zeros(ofFake.shape))) * 0.5
  }

  /// What the generator should change: `BCE(D(G(noise, emotions)), 1)`, the form that does not saturate.
  ///
  /// The discriminator judges as it does in its own updates, by the statistics of the batch, but does not take
  /// them up: its running statistics are of its own updates, half of them real clips. *Differs from:* the usual PyTorch
  /// code, where two updates of the generator would make them three quarters synthetic.
  ///
  /// - Parameters:
  ///   - networks: the generator takes up the statistics of the batch.
  ///   - noise: `[N, noise]`, independent and normal.
  ///   - emotions: `[N, 2]`, each in −1…1.
  ///   - pass: the pass of training.
  ///   - disguise: what is done to synthetic clips before they are judged, such as noise.
  /// - Returns: the update.
  public static func ofGenerator(
    _ networks: inout AdversarialNetworks, noise: Tensor, emotions: Tensor, pass: TrainingPass,
    disguise: (Tensor) -> Tensor = { $0 }
  ) -> AdversarialUpdate {
    var judge = networks.discriminator
    var logits = Tensor([])
    // A pass of its own: both networks have a `norm.0`, and a pass tells modules apart by their paths.
    let judgesPass = TrainingPass(seed: pass.seed, step: pass.step)
    let (loss, gradients) = judgesPass.run(on: &judge) { judge in
      pass.run(on: &networks.generator) { generator in
        valueAndGradient(of: generator) { generator in
          let fake = disguise(generator(noise: noise, emotions: emotions))
          let ofFake = judge(fake, emotions: emotions)
          logits = ofFake.detached()
          return binaryCrossEntropy(logits: ofFake, .ones(ofFake.shape))
        }
      }
    }
    return AdversarialUpdate(
      loss: loss.scalar, gradients: gradients, realLogits: nil, fakeLogits: logits)
  }
}
