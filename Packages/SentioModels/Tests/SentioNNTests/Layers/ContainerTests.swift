import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct ContainerTests {
  @Test func pathsAreNumbersOrKeys() {
    var stream = RandomStream(seed: 1, "weights")
    let model = Sequential {
      Linear(4, 3, from: &stream)
      for _ in 0..<2 { Residual(Linear(3, 3, bias: false, from: &stream)) }
      Parallel(axis: -1) {
        Linear(3, 2, bias: false, from: &stream)
        Linear(3, 1, bias: false, from: &stream).keyed("one")
      }
      Linear(3, 1, from: &stream).keyed("head")
    }
    #expect(
      model.parameters.map(\.path) == [
        "0.weight", "0.bias", "1.body.weight", "2.body.weight", "3.0.weight", "3.one.weight",
        "head.weight", "head.bias",
      ])
    #expect(model(.zeros([2, 4])).shape == [2, 1])
  }

  @Test func aResidualIsTheSumOfItsBranches() {
    let x: Tensor = [[1, 2]]
    let body = Linear(weight: [[1, 1], [0, 1]])
    #expect(Residual(body)(x) == [[4, 4]])
    #expect(Residual(body, shortcut: Linear(weight: [[0, 1], [1, 0]]))(x) == [[5, 3]])
  }

  @Test func branchesAreConcatenated() {
    let x: Tensor = [[1, 2]]
    let model = Parallel {
      Linear(weight: [[1, 1]])
      Linear(weight: [[0, 1], [1, 0]])
    }
    #expect(model(x) == [[3, 2, 1]])
  }

  @Test func shapesChange() {
    let x = Tensor.ramp(24).reshaped([2, 3, 4])
    #expect(Flatten()(x).shape == [2, 12])
    #expect(Flatten(from: 2)(x).shape == [2, 3, 4])
    #expect(Reshape([2, -1])(x).shape == [2, 2, 6])
    #expect(Permute([0, 2, 1])(x) == x.permuted([0, 2, 1]))
  }

  @Test func thingsBecomeLarger() {
    let x = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    #expect(
      Upsample(HeightWidth(height: 1, width: 2))(x).reshaped([2, 4]) == [
        [1, 1, 2, 2], [3, 3, 4, 4],
      ])
    #expect(Upsample(2, .linear)(x.reshaped([1, 2, 2])).shape == [1, 2, 4])
  }

  @Test func emptySequencesPassTheirInput() {
    #expect(Sequential([])([[1, 2]]) == [[1, 2]])
  }

  @Test func positionsAreWaves() {
    let layer = SinusoidalPositions(maximum: 6, features: 4)
    let y = layer(.zeros([2, 3, 4]))
    // Place 2: sin 2, cos 2, sin 0.02, cos 0.02.
    expectClose(y[1][2], [0.909_297_43, -0.416_146_84, 0.019_998_667, 0.999_800_01])
    #expect(layer.stateDictionary.isEmpty)
  }

  @Test func learnedPositionsHaveTheirKey() {
    var stream = RandomStream(seed: 1, "weights")
    let layer = LearnedPositions(3, 4, key: "position_embeddings", from: &stream)
    #expect(layer.parameters.map(\.path) == ["position_embeddings"])
    #expect(layer(.zeros([2, 3, 4]))[1] == layer.weight[0])
  }
}
