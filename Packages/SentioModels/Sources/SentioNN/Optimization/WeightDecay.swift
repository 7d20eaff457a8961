/// The pull of weights towards zero.
public enum WeightDecay: Sendable, Hashable, Codable {
  /// None.
  case none
  /// `λ·w` is added to the gradient, and passes through the rule's moments: L2 regularization, `λ/2·‖w‖²` in the loss.
  case coupled(Float)
  /// `w ← (1 − η·λ)·w` beside the rule: the moments never see it. With Adam this is AdamW.
  case decoupled(Float)
}

/// The bound on gradients before they change a weight.
public enum GradientClipping: Sendable, Hashable, Codable {
  /// All gradients are scaled by one factor where the root of the sum of all their squares is above the bound.
  ///
  /// *Reference:* `torch.nn.utils.clip_grad_norm_` 2.x.
  case norm(Float)
  /// Each element is clamped to ± the bound.
  ///
  /// *Reference:* `torch.nn.utils.clip_grad_value_` 2.x.
  case value(Float)
}
