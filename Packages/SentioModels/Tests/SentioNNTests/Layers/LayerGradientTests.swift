import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Gradients through many layers at once, in training, against differences of values.
@Suite struct LayerGradientTests {
  static func network() -> (encoder: Sequential, recurrent: RecurrentLayer, head: Sequential) {
    var stream = RandomStream(seed: 1, "weights")
    let encoder = Sequential {
      Conv1D(4, 6, kernel: 3, padding: .same, activation: .tanh, from: &stream)
      BatchNorm(6)
      Dropout(0.3, by: .channel)
      Permute([0, 2, 1])
    }
    let recurrent = RecurrentLayer(
      .gru(), 6, 5, dropout: RecurrentDropoutRates(input: 0.2, state: 0.2), from: &stream)
    let head = Sequential {
      AttentionPooling(5, units: 7, from: &stream)
      LayerNorm(5)
      Linear(5, 2, from: &stream)
    }
    return (encoder, recurrent, head)
  }

  @Test func ofAWholeNetwork() {
    let (encoder, recurrent, head) = Self.network()
    let model = Sequential {
      encoder
      recurrent
      head
    }
    var stream = RandomStream(seed: 2, "x")
    let x = Tensor.normal([3, 4, 9], from: &stream)
    checkGradient(
      of: model.tensors + [x], within: Tolerance(relative: 3e-3, absolute: 1e-3), "network"
    ) { inputs in
      var moved = model
      var index = 0
      moved.forEachTensor {
        $0 = inputs[index]
        index += 1
      }
      // Every evaluation is the same step: what is dropped must not change.
      return TrainingPass(seed: 7, step: 3).run(on: &moved) { $0(inputs[index]) }
    }
  }
}
