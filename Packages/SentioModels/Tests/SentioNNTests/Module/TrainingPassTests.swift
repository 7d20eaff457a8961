import SentioNN
import SentioTensor
import Testing

@Suite struct TrainingPassTests {
  @Test func buffersOfTheModelFollowTheRun() {
    var net = Net()
    let x: Tensor = [[1, 1]]
    _ = net(x)
    #expect(net.calls.scalar == 0)
    let pass = TrainingPass(seed: 1, step: 0)
    pass.run(on: &net) { model in
      _ = model(x)
      _ = model(x)
      // Another model is not in training.
      _ = Net()(x)
    }
    #expect(net.calls.scalar == 2)
    pass.run(on: &net) { _ = $0(x) }
    #expect(net.calls.scalar == 3)
    #expect(net.site.training == nil)
  }

  @Test func anErrorLeavesTheModelAsItWas() {
    struct Stop: Error {}
    var net = Net()
    #expect(throws: Stop.self) {
      try TrainingPass(seed: 1, step: 0).run(on: &net) { model in
        _ = model([[1, 1]])
        throw Stop()
      }
    }
    #expect(net.calls.scalar == 0)
  }

  @Test func modulesMayStayInInference() {
    var net = Net()
    net.setMode(.inference, matching: "list.1")
    TrainingPass(seed: 1, step: 0).run(on: &net) { model in
      #expect(model.site.training != nil)
      #expect(model.list[0].site.training != nil)
      #expect(model.list[1].site.training == nil)
      #expect(model.list[1].site.path == "list.1")
    }
    net.setMode(.following)
    TrainingPass(seed: 1, step: 0).run(on: &net) {
      #expect($0.list[1].site.training != nil)
    }
  }

  @Test func drawsDependOnSeedPathAndStepAlone() {
    func draws(seed: UInt64, step: Int, first: Bool) -> [Tensor] {
      let pass = TrainingPass(seed: seed, step: step)
      var net = Net()
      return pass.run(on: &net) { net in
        if first { _ = pass.draw(for: net.first.site) { Tensor.uniform([3], from: &$0) } }
        return (0..<2).map { _ in
          pass.draw(for: net.list[0].site) { Tensor.uniform([4], from: &$0) }
        }
      }
    }
    let reference = draws(seed: 1, step: 5, first: false)
    #expect(reference == draws(seed: 1, step: 5, first: true))
    #expect(reference[0] != reference[1])
    #expect(reference != draws(seed: 1, step: 6, first: false))
    #expect(reference != draws(seed: 2, step: 5, first: false))
  }
}
