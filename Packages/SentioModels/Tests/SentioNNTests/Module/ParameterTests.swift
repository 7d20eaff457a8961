import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct ParameterTests {
  @Test func pathsFollowKeysPropertiesAndNumbers() {
    #expect(
      Net().parameters.map(\.path) == [
        "body.first.bias", "body.first.kernel", "list.0.kernel", "list.1.kernel", "head.bias",
        "head.kernel",
      ])
    #expect(!Net(head: false).parameters.map(\.path).contains("head.kernel"))
  }

  @Test func countsSeparateTrainableFrozenAndBuffers() {
    var net = Net()
    #expect(net.parameterCount == ParameterCount(trainable: 9 + 6 + 4 + 3, buffers: 1))
    #expect(net.freeze(matching: "body") == 2)
    #expect(net.parameterCount == ParameterCount(trainable: 13, frozen: 9, buffers: 1))
    #expect(net.parameterCount.total == 22)
    #expect(net.parameterCount.nonTrainable == 10)
  }

  @Test func aCopyIsDeep() {
    let net = Net()
    var other = net
    other.first.weight = .zeros([3, 2])
    other.list[0].weight *= [2]
    #expect(net.first.weight == [[1, 2], [3, 4], [5, 6]])
    #expect(net.list[0].weight == [[1, 0, 0], [0, 1, 0]])
    #expect(other.list[0].weight == [[2, 0, 0], [0, 2, 0]])
  }

  @Test func gradientsAreThoseOfTrainableParametersInTheirOrder() {
    var net = Net()
    net.freeze()
    net.unfreeze(matching: "{head,list.1}.kernel")
    #expect(net.trainablePaths == ["list.1.kernel", "head.kernel"])
    let x: Tensor = [[1, 1]]
    let (value, gradients) = valueAndGradient(of: net) { $0(x).sum() }
    // first: [4, 8, 12]; list.0: [4, 8]; list.1: [12, 16]; head: 12 + 32 + 3.
    #expect(value.scalar == 47)
    #expect(gradients == [[[4, 8], [8, 16]], [[12, 16]]])
  }

  @Test func whatIsFrozenRecordsNothing() {
    var net = Net()
    net.freeze(matching: "{body,list}")
    var intermediate = Tensor(0)
    // A tensor that is recorded must not be changed in place; a constant may.
    let (_, gradients) = valueAndGradient(of: net) { net in
      intermediate = net.first([[1, 1]])
      intermediate.withUnsafeMutableBufferPointer { $0[0] = 100 }
      return net.head!(net.list[1](net.list[0](intermediate))).sum()
    }
    #expect(gradients.count == 2)
  }

  @Test func parametersChangeInPlaceAndComeBackAfterAnError() {
    struct Stop: Error {}
    var net = Net()
    var order: [String] = []
    #expect(throws: Stop.self) {
      try net.forEachTrainableParameter { path, value in
        order.append(path)
        if path == "list.1.kernel" { throw Stop() }
        value.withUnsafeMutableBufferPointer { $0[0] = -1 }
      }
    }
    #expect(order == ["body.first.bias", "body.first.kernel", "list.0.kernel", "list.1.kernel"])
    #expect(net.first.weight == [[-1, 2], [3, 4], [5, 6]])
    #expect(net.list[1].weight == [[1, 1], [2, 1]])
    #expect(net.head?.weight == [[1, 2]])
  }

  @Test func changingInPlaceCopiesNothing() {
    var net = Net()
    net.forEachTensor { $0.withUnsafeMutableBufferPointer { $0[0] += 1 } }
    let addresses = net.tensors.map { $0.withUnsafeBufferPointer { $0.baseAddress } }
    net.forEachTensor { $0.withUnsafeMutableBufferPointer { $0[0] += 1 } }
    #expect(net.tensors.map { $0.withUnsafeBufferPointer { $0.baseAddress } } == addresses)
  }

  @Test func regularizersAddToTheLoss() {
    var net = Net()
    net.freeze(matching: "body")
    // Half the squares of what is trainable: 2 + 7 + 5.
    #expect(net.penalty?.scalar == 7)
    net.setRegularizer(nil, matching: "**.kernel")
    #expect(net.penalty == nil)
    net.setRegularizer(Regularizer(l1: 2, l2: 1), matching: "head.kernel")
    let (value, gradient) = valueAndGradient(of: net.head!.weight) { weight in
      Regularizer(l1: 2, l2: 1).penalty(weight)
    }
    #expect(value == net.penalty)
    #expect(value.scalar == 2 * 3 + 5)
    #expect(gradient == [[4, 6]])
  }
}
