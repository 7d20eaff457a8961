/// The weights of one direction of a recurrent layer, as PyTorch and its checkpoints store them.
///
/// G is the cell's ``RecurrentCell/gateCount``; the rows of a gate lie together, in the order that
/// ``RecurrentCell`` names.
public struct RecurrentWeights: Sendable, TensorGroup {
  /// `[G·H, D]`: PyTorch's `weight_ih`.
  public var input: Tensor
  /// `[G·H, H]`: PyTorch's `weight_hh`.
  public var recurrent: Tensor
  /// `[G·H]`: PyTorch's `bias_ih`; zeros if nil.
  public var inputBias: Tensor?
  /// `[G·H]`: PyTorch's `bias_hh`; zeros if nil.
  public var recurrentBias: Tensor?

  /// Puts the weights of a direction together.
  ///
  /// - Parameters:
  ///   - input: `[G·H, D]`.
  ///   - recurrent: `[G·H, H]`.
  ///   - inputBias: `[G·H]`; zeros if nil.
  ///   - recurrentBias: `[G·H]`; zeros if nil.
  public init(
    input: Tensor, recurrent: Tensor, inputBias: Tensor? = nil, recurrentBias: Tensor? = nil
  ) {
    self.input = input
    self.recurrent = recurrent
    self.inputBias = inputBias
    self.recurrentBias = recurrentBias
  }

  /// Calls the closure with the weights and then the biases that there are.
  public mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try body(&input)
    try body(&recurrent)
    try inputBias.forEachTensor(body)
    try recurrentBias.forEachTensor(body)
  }
}

extension RecurrentWeights {
  /// The same weights as constants.
  func detached() -> RecurrentWeights {
    RecurrentWeights(
      input: input.detached(), recurrent: recurrent.detached(), inputBias: inputBias?.detached(),
      recurrentBias: recurrentBias?.detached())
  }
}
