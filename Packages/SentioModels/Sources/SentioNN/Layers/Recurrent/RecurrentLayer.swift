import SentioTensor

/// Recurrent cells over sequences: an RNN, an LSTM or a GRU, in several layers and both directions.
///
/// Input `[N, L, D]`; output `[N, L, H]`, or `[N, L, 2H]` with the forward units first, or without L where only
/// the last state is wanted. The formulas are those of `RecurrentCell`. Parameters of layer l, with G
/// gates: `weight_ih_l` `[G·H, D]`, `weight_hh_l` `[G·H, H]`, `bias_ih_l` and `bias_hh_l` `[G·H]`; those of the
/// reverse direction end in `_reverse`.
///
/// | start | `.pyTorch` | `.keras` |
/// |---|---|---|
/// | `weight_ih` | uniform up to 1/√H | Glorot uniform |
/// | `weight_hh` | uniform up to 1/√H | orthogonal |
/// | biases | uniform up to 1/√H | 0; 1 at an LSTM's forget gate; one bias a gate but for GRUs that reset after |
///
/// ```swift
/// let lstm = RecurrentLayer(.lstm, 256, 128, layers: 2, isBidirectional: true, from: &stream)
/// let (y, states) = lstm.run(x, mask: .lengths([600, 412]))
/// ```
///
/// *Reference:* `torch.nn.RNN`, `LSTM` and `GRU` with `batch_first`, 2.x; `keras.layers.SimpleRNN`, `LSTM`, `GRU` and
/// `Bidirectional` (`merge_mode="concat"`), 3.x.
public struct RecurrentLayer: Layer {
  /// What comes out of the layer.
  public enum Output: String, Sendable, Hashable, CaseIterable {
    /// The hidden units after every step, `[N, L, …]`; Keras's `return_sequences=True`.
    case sequence
    /// The hidden units after the last step that counts, and of the reverse direction after the first, `[N, …]`.
    case last
  }

  /// Where the layer stands.
  public var site = Site()
  /// The weights, by layer, and the reverse direction's after the forward one's.
  @Child("") public var directions: RecurrentDirections
  /// What happens in a step.
  public let cell: RecurrentCell
  /// H, the hidden units of each direction.
  public let units: Int
  /// How many layers there are.
  public let layerCount: Int
  /// Whether sequences are gone through from both ends.
  public let isBidirectional: Bool
  /// What comes out.
  public let output: Output
  /// Whether a layer's input is added to its output, where both have the same features.
  public let isResidual: Bool
  /// The probabilities to drop.
  public var dropout: RecurrentDropoutRates
  /// The steps after which the gradient goes no further back; nil for no end.
  public var truncation: Int?

  /// Creates layers of random weights.
  ///
  /// - Parameters:
  ///   - cell: what happens in a step.
  ///   - features: D.
  ///   - units: H, the hidden units of each direction.
  ///   - layers: how many layers there are, each on the one before.
  ///   - isBidirectional: whether sequences are gone through from both ends.
  ///   - output: what comes out of the last layer.
  ///   - isResidual: whether a layer's input is added to its output, where both have the same features; with
  ///     ``Output/sequence`` only.
  ///   - bias: whether there are biases.
  ///   - dropout: the probabilities to drop, in training.
  ///   - truncation: the steps after which the gradient goes no further back; nil for no end.
  ///   - convention: how weights start.
  ///   - regularizer: what the size of input weights adds to the loss.
  ///   - recurrentRegularizer: what the size of recurrent weights adds to the loss.
  ///   - stream: the stream to draw from.
  public init(
    _ cell: RecurrentCell, _ features: Int, _ units: Int, layers: Int = 1,
    isBidirectional: Bool = false, output: Output = .sequence, isResidual: Bool = false,
    bias: Bool = true, dropout: RecurrentDropoutRates = .none, truncation: Int? = nil,
    convention: RecurrentConvention = .pyTorch, regularizer: Regularizer? = nil,
    recurrentRegularizer: Regularizer? = nil, from stream: inout RandomStream
  ) {
    precondition(
      features >= 1 && units >= 1 && layers >= 1,
      "\(layers) recurrent layers of \(units) units on \(features) features")
    precondition(
      !isResidual || output == .sequence,
      "a sum with the input is a sequence: residual layers have no last state of their own")
    self.cell = cell
    self.units = units
    layerCount = layers
    self.isBidirectional = isBidirectional
    self.output = output
    self.isResidual = isResidual
    self.dropout = dropout
    self.truncation = truncation
    var list: [RecurrentDirection] = []
    for layer in 0..<layers {
      let inputs = layer == 0 ? features : units * (isBidirectional ? 2 : 1)
      for suffix in isBidirectional ? ["", "_reverse"] : [""] {
        var direction = RecurrentDirection(
          cell, inputs, units, bias: bias, convention, key: "l\(layer)\(suffix)", from: &stream)
        direction.$input.regularizer = regularizer
        direction.$recurrent.regularizer = recurrentRegularizer
        list.append(direction)
      }
    }
    directions = RecurrentDirections(list)
  }

  /// Hands over the weights.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_directions) }

  /// The output for sequences whose steps all count.
  public func forward(_ x: Tensor) -> Tensor { compute(x, from: nil, mask: nil).output }

  /// The output for sequences some of whose steps do not count.
  ///
  /// What stands at those steps, NaN included, influences nothing; outputs there are 0.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - mask: which steps count; all if nil.
  /// - Returns: `[N, L, …]` or `[N, …]`.
  public func callAsFunction(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    run(x, mask: mask).output
  }

  /// The output and the final states, for a sequence that goes on from given states.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - states: the state of each layer before the first step; zeros if nil.
  ///   - mask: which steps count; all if nil.
  /// - Returns: the output, and the state of each layer after the last step that counts.
  public func run(
    _ x: Tensor, from states: [RecurrentState]? = nil, mask: SequenceMask? = nil
  ) -> (output: Tensor, states: [RecurrentState]) {
    let result = compute(x, from: states, mask: mask)
    report([x], result.output)
    return result
  }

  /// Two for each weight, at every step.
  public func operationCount(input: Shape, output: Shape) -> Int {
    guard input.rank == 3 else { return 0 }
    let weights = directions.list.reduce(0) { $0 + $1.input.count + $1.recurrent.count }
    return 2 * input[0] * input[1] * weights
  }
}
