/// The pull of weights towards zero.
public enum WeightDecay: Sendable, Hashable, Codable {
  /// None.
  case none
  /// `λ·w` is added to the gradient, and passes through the rule's moments: L2 regularization, `λ/2·‖w‖²` in the loss.
  case coupled(Double)
  /// `w ← (1 − η·λ)·w` beside the rule: the moments never see it. With Adam this is AdamW.
  case decoupled(Double)
}

/// Which tensors decay.
public enum WeightDecayScope: String, Sendable, Hashable, Codable {
  /// All of them.
  case everything
  /// Those of two axes or more: weights and kernels, but no biases and no gains of normalizations.
  ///
  /// Pulling a bias or a gain to zero does not make a function simpler.
  case matricesAndKernels
}
