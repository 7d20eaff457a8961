import SentioNN
import SentioTensor

/// The recurrent layers of a sequence model: which cell, how many units and layers, both directions, sums, dropout.
///
/// | dropout | what is set to 0 in training |
/// |---|---|
/// | `inputDropout` | input features of each layer, the same ones at all steps (variational) |
/// | `stateDropout` | units of the state on its way into the products, the same ones at all steps (recurrent) |
/// | `layerDropout` | numbers that a layer passes to the next, at each step anew |
/// | `outputDropout` | numbers that the last layer passes to what follows, at each step anew |
///
/// *Reference:* Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks",
/// 2016, for masks that stay the same; Zaremba, Sutskever and Vinyals, "Recurrent neural network regularization",
/// 2014, for the other two.
public struct RecurrentStack: Sendable, Hashable, Codable {
  /// What happens in a step.
  public var cell: SequenceCell
  /// H, the hidden units of each direction.
  public var units: Int
  /// How many layers there are, each on the one before.
  public var layers: Int
  /// Whether sequences are gone through from both ends.
  public var isBidirectional: Bool
  /// Whether a layer's input is added to its output, where both have the same features.
  public var isResidual: Bool
  /// The probability to drop an input feature, from 0 and below 1.
  public var inputDropout: Float
  /// The probability to drop a unit of the state, from 0 and below 1.
  public var stateDropout: Float
  /// The probability to drop a number between layers, from 0 and below 1.
  public var layerDropout: Float
  /// The probability to drop a number behind the last layer, from 0 and below 1.
  public var outputDropout: Float
  /// The steps after which the gradient goes no further back; nil for no end.
  public var truncation: Int?
  /// Where the bias of the gate starts that keeps the state: an LSTM's f, a GRU's z; the convention's start if nil.
  ///
  /// A bias of b keeps σ(b) of the state a step: half of it at 0, after 100 steps nothing. Memories of a hundred steps want
  /// 3 or more from the start, since no gradient tells of what was forgotten.
  ///
  /// *Reference:* Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network architectures", 2015;
  /// Tallec and Ollivier, "Can recurrent neural networks warp time?", 2018.
  public var memoryBias: Float?
  /// How weights start.
  public var convention: RecurrentConvention

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - cell: what happens in a step.
  ///   - units: H, the hidden units of each direction.
  ///   - layers: how many layers there are.
  ///   - isBidirectional: whether sequences are gone through from both ends.
  ///   - isResidual: whether a layer's input is added to its output.
  ///   - inputDropout: the probability to drop an input feature.
  ///   - stateDropout: the probability to drop a unit of the state.
  ///   - layerDropout: the probability to drop a number between layers.
  ///   - outputDropout: the probability to drop a number behind the last layer.
  ///   - truncation: the steps after which the gradient goes no further back; nil for no end.
  ///   - memoryBias: where the bias of the gate starts that keeps the state.
  ///   - convention: how weights start.
  public init(
    _ cell: SequenceCell, units: Int, layers: Int = 1, isBidirectional: Bool = false,
    isResidual: Bool = false, inputDropout: Float = 0, stateDropout: Float = 0,
    layerDropout: Float = 0, outputDropout: Float = 0, truncation: Int? = nil,
    memoryBias: Float? = nil, convention: RecurrentConvention = .pyTorch
  ) {
    self.cell = cell
    self.units = units
    self.layers = layers
    self.isBidirectional = isBidirectional
    self.isResidual = isResidual
    self.inputDropout = inputDropout
    self.stateDropout = stateDropout
    self.layerDropout = layerDropout
    self.outputDropout = outputDropout
    self.truncation = truncation
    self.memoryBias = memoryBias
    self.convention = convention
  }

  /// The features of a step that comes out: H, or 2H for both directions.
  public var outputFeatures: Int { isBidirectional ? 2 * units : units }

  /// The weights and biases of layers on `features` inputs, as PyTorch counts them.
  ///
  /// - Parameter features: D, the features of an input step.
  /// - Returns: `G·H·(D + H + 2)` summed over layers and directions; one bias less in Keras's convention where it has one.
  public func parameterCount(features: Int) -> Int {
    var stream = RandomStream(seed: 0, "count")
    return makeLayer(features, from: &stream).parameterCount.total
  }

  /// Makes the layers with random weights; they give whole sequences.
  ///
  /// - Parameters:
  ///   - features: D, the features of an input step.
  ///   - stream: the stream to draw from.
  /// - Returns: the layers.
  public func makeLayer(_ features: Int, from stream: inout RandomStream) -> RecurrentLayer {
    var layer = RecurrentLayer(
      cell.recurrent, features, units, layers: layers, isBidirectional: isBidirectional,
      isResidual: isResidual,
      dropout: RecurrentDropoutRates(
        betweenLayers: layerDropout, input: inputDropout, state: stateDropout),
      truncation: truncation, convention: convention, from: &stream)
    guard let memoryBias, let gate = cell.keepingGate else { return layer }
    for index in layer.directions.list.indices {
      // The two biases of PyTorch's convention add up; the second one gives way to the start that is asked for.
      layer.directions.list[index].inputBias?.setRows(of: gate, units: units, to: memoryBias)
      layer.directions.list[index].recurrentBias?.setRows(of: gate, units: units, to: 0)
    }
    return layer
  }

  /// The same layers in one direction, as a decoder and a generator need them.
  var forwardOnly: RecurrentStack {
    var copy = self
    copy.isBidirectional = false
    return copy
  }
}

extension Tensor {
  /// Sets one gate's part of a bias.
  fileprivate mutating func setRows(of gate: Int, units: Int, to value: Float) {
    withUnsafeMutableBufferPointer {
      $0[gate * units..<(gate + 1) * units].update(repeating: value)
    }
  }

  /// Of each sequence of `[N, L, F]` the last step that counts: `[N, F]`.
  ///
  /// With `firstFrom` the features from there on are those of the first step: the reverse direction ends there.
  func lastSteps(_ lengths: [Int]?, firstFrom split: Int? = nil) -> Tensor {
    let (batch, steps) = (shape[0], shape[1])
    func rows(_ part: Tensor, _ place: (Int) -> Int) -> Tensor {
      // [N, L, F] -> [N·L, F] -> [N, F]
      part.reshaped([batch * steps, part.shape[2]])
        .gathered((0..<batch).map { $0 * steps + place($0) })
    }
    let last = { (row: Int) in Swift.max(0, (lengths?[row] ?? steps) - 1) }
    guard let split else { return rows(self, last) }
    return Tensor.concatenate(
      [
        rows(sliced(0..<split, axis: 2), last),
        rows(sliced(split..., axis: 2)) { _ in 0 },
      ], axis: 1)
  }
}
