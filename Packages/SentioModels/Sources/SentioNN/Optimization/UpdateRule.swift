/// How a gradient becomes a change of a weight.
///
/// `g` is the gradient, `w` the weight, `η` the learning rate, `t` the step from 1. Weight decay and clipping
/// act before the rule; see ``WeightDecay`` and ``GradientClipping``.
public enum UpdateRule: Sendable, Hashable, Codable {
  /// Stochastic gradient descent: `v ← μ·v + g`, `w ← w − η·v`; with Nesterov's look ahead `w ← w − η·(g + μ·v)`.
  ///
  /// `momentum` is μ, from 0 (no velocity is kept) to below 1.
  ///
  /// *Reference:* `torch.optim.SGD` 2.x with dampening 0. *Differs from:* Keras, whose velocity holds the
  /// rate, and so follows a schedule later.
  case sgd(momentum: Double = 0, nesterov: Bool = false)

  /// Gradients over the root of their mean square: `s ← α·s + (1 − α)·g²`, `w ← w − η·g / (√s + ε)`.
  ///
  /// `smoothing` is α; with `momentum` μ the quotient enters a velocity as in SGD; `isCentered` subtracts
  /// the squared mean gradient from `s`.
  ///
  /// *Reference:* `torch.optim.RMSprop` 2.x. Keras's default is a smoothing of 0.9 and an epsilon of 1e-7.
  case rmsProp(
    smoothing: Double = 0.99, momentum: Double = 0, isCentered: Bool = false, epsilon: Double = 1e-8
  )

  /// Mean gradients over the root of mean squares, both corrected for their start at 0: `w ← w − η·m̂ / (√v̂ + ε)`.
  ///
  /// `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`, `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`. With
  /// `usesLargestSquare` (AMSGrad) `v̂` is made of the largest `v` so far. With ``WeightDecay/decoupled(_:)``
  /// this is AdamW.
  ///
  /// *Reference:* `torch.optim.Adam` and `torch.optim.AdamW` 2.x; Kingma and Ba, "Adam" (2015); Loshchilov and
  /// Hutter, "Decoupled weight decay regularization" (2019); Reddi, Kale and Kumar (2018).
  case adam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    usesLargestSquare: Bool = false)

  /// Names of the tensors that the rule keeps for each weight.
  public var momentNames: [String] {
    switch self {
    case .sgd(let momentum, _): momentum == 0 ? [] : ["velocity"]
    case .rmsProp(_, let momentum, let isCentered, _):
      ["square"] + (isCentered ? ["mean"] : []) + (momentum == 0 ? [] : ["velocity"])
    case .adam(_, _, _, let usesLargestSquare):
      ["first", "second"] + (usesLargestSquare ? ["largest"] : [])
    }
  }
}
