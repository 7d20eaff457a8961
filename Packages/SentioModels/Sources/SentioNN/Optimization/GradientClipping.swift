/// The bound on gradients before they change a weight.
public enum GradientClipping: Sendable, Hashable, Codable {
  /// All gradients are scaled by one factor where the root of the sum of all their squares is above the bound.
  ///
  /// *Reference:* `torch.nn.utils.clip_grad_norm_` 2.x.
  case norm(Double)
  /// Each element is clamped to ± the bound.
  ///
  /// *Reference:* `torch.nn.utils.clip_grad_value_` 2.x.
  case value(Double)
}
