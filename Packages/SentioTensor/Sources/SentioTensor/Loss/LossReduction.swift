/// How the losses of several elements or rows become one number.
public enum LossReduction: Sendable, Hashable {
  /// Their mean.
  case mean
  /// Their sum.
  case sum

  func callAsFunction(_ losses: Tensor) -> Tensor {
    switch self {
    case .mean: losses.mean()
    case .sum: losses.sum()
    }
  }
}

/// Stops where predictions and targets do not have one shape; broadcasting one of them would give a
/// number, and a wrong one.
func requireEqualShapes(
  _ predictions: Tensor, _ targets: Tensor, _ name: StaticString, _ file: StaticString,
  _ line: UInt
) {
  require(
    predictions.shape == targets.shape,
    "\(name): predictions of shape \(predictions.shape), targets of shape \(targets.shape)", file,
    line)
}
