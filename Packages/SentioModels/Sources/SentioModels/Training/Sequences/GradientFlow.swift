import SentioNN
import SentioTensor

/// How much of a gradient arrives at each step of a sequence on its way back from the last one.
///
/// `g(t) = ‖∂(v · h_L)/∂x_t‖` for a random direction v of the last state, as the root of the mean of squares over
/// sequences. Each step back multiplies by the derivative of one state by the one before, so that g falls or grows by
/// a factor a step: that is what vanishes in an RNN and explodes, and what an LSTM's cell keeps.
///
/// - Parameters:
///   - layer: the layers, in one direction; truncation is kept.
///   - x: the sequences, `[N, L, D]`.
///   - stream: the stream that v is drawn from.
/// - Returns: L numbers, by step; the last is the one that nothing has shrunk.
///
/// *Reference:* Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013.
public func gradientNormsByStep(
  through layer: RecurrentLayer, _ x: Tensor, from stream: inout RandomStream
) -> [Double] {
  precondition(
    x.rank == 3 && !layer.isBidirectional,
    "gradients by step are those of one direction over [N, L, D], and the input is \(x.shape)")
  let (batch, steps, features) = (x.shape[0], x.shape[1], x.shape[2])
  let direction = Tensor.normal([batch, layer.units], from: &stream)
  let (_, gradient) = valueAndGradient(of: x) { x in
    (layer.run(x).states[layer.layerCount - 1].hidden * direction).sum()
  }
  var squares = [Double](repeating: 0, count: steps)
  gradient.withUnsafeBufferPointer { values in
    for index in values.indices {
      squares[index / features % steps] += Double(values[index]) * Double(values[index])
    }
  }
  return squares.map { ($0 / Double(max(1, batch))).squareRoot() }
}
