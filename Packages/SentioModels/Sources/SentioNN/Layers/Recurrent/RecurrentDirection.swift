import SentioTensor

/// The weights of one direction of one recurrent layer, under PyTorch's keys.
public struct RecurrentDirection: Module {
  /// `[G·H, D]`, the gates in the order that `RecurrentCell` names.
  @Parameter public var input: Tensor
  /// `[G·H, H]`, in the same order.
  @Parameter public var recurrent: Tensor
  /// `[G·H]`; none adds nothing.
  @Parameter public var inputBias: Tensor?
  /// `[G·H]`; none adds nothing.
  @Parameter public var recurrentBias: Tensor?

  /// Draws weights under keys that end as a layer's do.
  init(
    _ cell: RecurrentCell, _ features: Int, _ units: Int, bias: Bool,
    _ convention: RecurrentConvention, key: String, from stream: inout RandomStream
  ) {
    let rows = cell.gateCount * units
    let start = convention.draw(cell, features, units, from: &stream)
    _input = Parameter(wrappedValue: start.input, "weight_ih_\(key)")
    _recurrent = Parameter(wrappedValue: start.recurrent, "weight_hh_\(key)")
    precondition(start.input.shape == [rows, features] && start.recurrent.shape == [rows, units])
    _inputBias = Parameter(wrappedValue: bias ? start.inputBias : nil, "bias_ih_\(key)")
    _recurrentBias = Parameter(wrappedValue: bias ? start.recurrentBias : nil, "bias_hh_\(key)")
  }

  /// Hands over weights and biases.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_input)
    visit(&_recurrent)
    visit(&_inputBias)
    visit(&_recurrentBias)
  }

  /// The weights as the operation takes them.
  var weights: RecurrentWeights {
    RecurrentWeights(
      input: input, recurrent: recurrent, inputBias: inputBias, recurrentBias: recurrentBias)
  }
}

/// The directions of all layers; their parameters stand directly in the recurrent layer, as in PyTorch.
public struct RecurrentDirections: ModuleGroup {
  /// The directions, by layer, and the reverse one after the forward one.
  public var list: [RecurrentDirection]

  init(_ list: [RecurrentDirection]) { self.list = list }

  /// Hands over the directions.
  public mutating func visitModules(_ visitor: inout MemberVisitor) {
    for index in list.indices { list[index].visitModules(&visitor) }
  }
}

/// How the weights of recurrent layers start.
public enum RecurrentConvention: String, Sendable, Hashable, Codable, CaseIterable {
  /// All uniform up to 1/√H. *Reference:* `torch.nn.RNNBase`, 2.x.
  case pyTorch
  /// Glorot uniform, orthogonal, zeros, and ones at an LSTM's forget gate.
  ///
  /// *Reference:* `keras.layers.LSTM`, 3.x: `glorot_uniform`, `orthogonal`, `zeros`, `unit_forget_bias`.
  case keras

  func draw(
    _ cell: RecurrentCell, _ features: Int, _ units: Int, from stream: inout RandomStream
  ) -> RecurrentWeights {
    let rows = cell.gateCount * units
    switch self {
    case .pyTorch:
      let uniform = Initializer.uniform(limit: 1 / Float(units).squareRoot())
      return RecurrentWeights(
        input: uniform.tensor([rows, features], from: &stream),
        recurrent: uniform.tensor([rows, units], from: &stream),
        inputBias: uniform.tensor([rows], from: &stream),
        recurrentBias: uniform.tensor([rows], from: &stream))
    case .keras:
      var bias = Tensor.zeros([rows])
      if cell == .lstm {
        // The gates are i, f, g, o.
        bias.withUnsafeMutableBufferPointer { $0[units..<2 * units].update(repeating: 1) }
      }
      return RecurrentWeights(
        input: Initializer.glorot().tensor([rows, features], from: &stream),
        recurrent: Initializer.orthogonal().tensor([rows, units], from: &stream), inputBias: bias,
        recurrentBias: cell == .gru(resetAfter: true) ? .zeros([rows]) : nil)
    }
  }
}

/// The probabilities to drop in recurrent layers, in training.
public struct RecurrentDropoutRates: Sendable, Hashable {
  /// Of each number that a layer passes to the next; `dropout` of `torch.nn.LSTM`.
  public var betweenLayers: Float
  /// Of each input feature, the same ones at all steps; Keras's `dropout`.
  public var input: Float
  /// Of each unit of the state on its way into the products, the same ones at all steps; Keras's
  /// `recurrent_dropout`.
  public var state: Float

  /// Nothing is dropped.
  public static let none = RecurrentDropoutRates()

  /// Creates the probabilities.
  ///
  /// - Parameters:
  ///   - betweenLayers: of each number that a layer passes to the next, from 0 to 1.
  ///   - input: of each input feature, the same ones at all steps, from 0 and below 1.
  ///   - state: of each unit of the state, the same ones at all steps, from 0 and below 1.
  public init(betweenLayers: Float = 0, input: Float = 0, state: Float = 0) {
    precondition(
      (0...1).contains(betweenLayers) && (0..<1).contains(input) && (0..<1).contains(state),
      "recurrent dropout of \(betweenLayers) between layers, \(input) of inputs, \(state) of states"
    )
    self.betweenLayers = betweenLayers
    self.input = input
    self.state = state
  }
}
