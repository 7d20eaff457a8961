import CSentioNNKernels
import Foundation
import SentioTensor

/// Changes weights by their gradients: a rule, a schedule, decay, clipping, and the moments of every weight.
///
/// A value: a copy goes on alone. Each weight is changed in place in one pass over its memory and that
/// of its moments. Moments start at zero with a parameter's first gradient, and so does the count of
/// steps that Adam's corrections need: a layer that is unfrozen later starts as the others did.
///
/// ```swift
/// var optimizer = Optimizer(.adam(), learningRate: .cosine(3e-4, over: steps), decay: .decoupled(0.05))
/// let (loss, gradients) = valueAndGradient(of: model) { meanSquaredError($0(x), y) }
/// optimizer.update(&model, names: names, gradients: gradients)
/// ```
///
/// **Reduced precision.** Under `Compute.with(precision: .bfloat16)` weights, gradients and moments stay in single
/// precision, the factors of products alone are rounded: the weights here are the masters. No scaling of the
/// loss is needed, as it is for half precision, because bfloat16 has the exponent of single precision, and a
/// small gradient does not become 0.
public struct Optimizer: Sendable {
  /// How a gradient becomes a change.
  public let rule: UpdateRule
  /// The rate of each step.
  public let learningRate: LearningRate
  /// The pull towards zero.
  public let decay: WeightDecay
  /// Which tensors it pulls.
  public let decayScope: WeightDecayScope
  /// Parameters with a rate or decay of their own.
  public let groups: [ParameterGroup]
  /// The bound on gradients; nil for none.
  public let clipping: GradientClipping?

  /// Multiplies the schedule's rate, as a plateau asks for.
  public var rateFactor = 1.0
  /// Updates so far.
  public internal(set) var step = 0

  /// What the rule keeps of one parameter.
  struct Slot: Sendable {
    var steps = 0
    var moments: [Tensor]
  }
  var slots: [String: Slot] = [:]

  /// Creates an optimizer that has seen nothing.
  ///
  /// - Parameters:
  ///   - rule: how a gradient becomes a change.
  ///   - learningRate: the rate of each step.
  ///   - decay: the pull towards zero.
  ///   - decayScope: which tensors it pulls.
  ///   - groups: parameters with a rate or decay of their own.
  ///   - clipping: the bound on gradients; nil for none.
  public init(
    _ rule: UpdateRule, learningRate: LearningRate, decay: WeightDecay = .none,
    decayScope: WeightDecayScope = .matricesAndKernels, groups: [ParameterGroup] = [],
    clipping: GradientClipping? = nil
  ) {
    self.rule = rule
    self.learningRate = learningRate
    self.decay = decay
    self.decayScope = decayScope
    self.groups = groups
    self.clipping = clipping
  }

  /// What an update did.
  public struct Update: Sendable, Hashable {
    /// The norm of all gradients, before clipping.
    public let gradientNorm: Double
    /// The schedule's rate, times ``Optimizer/rateFactor``.
    public let learningRate: Double
    /// False where a gradient was not finite: then nothing was changed.
    public var isApplied: Bool { gradientNorm.isFinite }
  }

  /// The rate of the next update: the schedule's, times ``rateFactor``.
  public var nextLearningRate: Double { learningRate(step: step) * rateFactor }

  /// Changes the weights of a model.
  ///
  /// - Parameters:
  ///   - model: the weights.
  ///   - names: their paths, in the order in which the model hands them over; they find the moments again.
  ///   - gradients: their gradients, in that order and of their shapes.
  ///   - scale: what the gradients are multiplied by first, as 1/k after the sum of k batches.
  /// - Returns: the gradients' norm and the rate. Gradients that are not finite change nothing.
  @discardableResult
  public mutating func update<Model: TensorGroup>(
    _ model: inout Model, names: [String], gradients: [Tensor], scale: Double = 1
  ) -> Update {
    precondition(
      names.count == gradients.count, "\(names.count) names for \(gradients.count) gradients")
    let update = Update(
      gradientNorm: gradientNorm(gradients) * abs(scale), learningRate: nextLearningRate)
    guard update.isApplied else { return update }
    var factor = scale
    var limit = Double.infinity
    switch clipping {
    case .norm(let bound): factor *= min(1, bound / (update.gradientNorm + 1e-6))
    case .value(let bound): limit = bound
    case nil: break
    }
    var index = 0
    model.forEachTensor { weight in
      precondition(index < names.count, "the model hands over more than \(names.count) tensors")
      let (name, gradient) = (names[index], gradients[index])
      precondition(
        weight.shape == gradient.shape,
        "\(name): a gradient of shape \(gradient.shape) for a weight of \(weight.shape)")
      apply(name, &weight, gradient, Step(rate: update.learningRate, factor, limit))
      index += 1
    }
    precondition(index == names.count, "\(names.count) names for \(index) tensors of the model")
    step += 1
    return update
  }

  private struct Step {
    let rate: Double
    let factor: Double
    let limit: Double

    init(rate: Double, _ factor: Double, _ limit: Double) {
      (self.rate, self.factor, self.limit) = (rate, factor, limit)
    }
  }

  private mutating func apply(
    _ name: String, _ weight: inout Tensor, _ gradient: Tensor, _ step: Step
  ) {
    guard weight.count > 0 else { return }
    let group = groups.first { $0.contains(name) }
    let rate = step.rate * (group?.rateFactor ?? 1)
    let decays = decayScope == .everything || weight.rank >= 2
    // A group that names a decay means it, whatever the tensor's rank.
    let decay = group?.decay ?? (decays ? self.decay : .none)
    var before = sentio_preparation(
      scale: Float(step.factor), limit: Float(step.limit), coupled: 0, shrink: 1)
    switch decay {
    case .none: break
    case .coupled(let strength): before.coupled = Float(strength)
    case .decoupled(let strength): before.shrink = Float(1 - rate * strength)
    }
    // Moved out and back, so that the moments have one owner while they change.
    var slot =
      slots.removeValue(forKey: name)
      ?? Slot(moments: rule.momentNames.map { _ in .zeros(weight.shape) })
    slot.steps += 1
    rule.apply(&weight, gradient, &slot, rate: rate, before)
    slots[name] = slot
  }
}
