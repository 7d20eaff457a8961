/// What a recurrent layer knows between two steps.
///
/// Of a layer of both directions each row holds the forward one's units and then the reverse one's, as its
/// output does.
public struct RecurrentState: Sendable, TensorGroup {
  /// `[N, H]`, or `[N, 2H]` for both directions.
  public var hidden: Tensor
  /// The content of an LSTM's cells, in the same shape; nil for other cells.
  public var cell: Tensor?

  /// Creates a state.
  ///
  /// - Parameters:
  ///   - hidden: `[N, H]`, or `[N, 2H]` for both directions.
  ///   - cell: the same for an LSTM's cells; nil for other cells.
  public init(hidden: Tensor, cell: Tensor? = nil) {
    self.hidden = hidden
    self.cell = cell
  }

  /// Calls the closure with the tensors.
  public mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try body(&hidden)
    try cell.forEachTensor(body)
  }

  /// The same numbers as constants: a sequence that goes on from here sends no gradient back.
  ///
  /// - Returns: a state that shares the elements.
  public func detached() -> RecurrentState {
    RecurrentState(hidden: hidden.detached(), cell: cell?.detached())
  }
}

/// What a recurrent layer makes of a sequence.
public struct RecurrentResult: Sendable {
  /// `[N, L, H]`, or `[N, L, 2H]` for both directions: the hidden units after each step; zeros at steps that
  /// the mask leaves out.
  public let output: Tensor
  /// The state after the last step that counts, and for the reverse direction after the first.
  public let state: RecurrentState
}
