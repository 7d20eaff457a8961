import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@testable import SentioInterchange

@Suite("Graphs of networks")
struct GraphTests {
  /// Networks fuse what a graph has one after the other, so that sums are taken in another order.
  private static let otherOrder = Tolerance(relative: 1e-4, absolute: 1e-4)

  @Test("A graph computes what its network does", arguments: SmallNetwork.all)
  func equalsNetwork(_ small: SmallNetwork) throws {
    let network = small.network()
    let graph = try GraphBuilder.graph(of: network, inputShape: small.inputShape)
    var stream = RandomStream(seed: 3, "input")
    for batch in [3, 1] {
      let x = small.inputs(batch, from: &stream)
      expectClose(
        GraphInterpreter(graph: graph)(x), network(x), within: Self.otherOrder)
    }
  }

  @Test("Quantized layers stand in a graph as what they compute")
  func quantized() throws {
    var stream = RandomStream(seed: 4, "weights")
    let network = Sequential {
      Linear(6, 16, activation: .relu, from: &stream).keyed("first")
      Linear(16, 8, from: &stream).keyed("second")
      Linear(8, 2, from: &stream).keyed("head")
    }
    let x = Tensor.normal([32, 5, 6], from: &stream)
    let quantized = QuantizedNetwork(network, calibration: [x])
    let graph = try GraphBuilder.graph(of: quantized.network, inputShape: [5, 6])
    #expect(graph.integers.keys.sorted() == ["first.weight", "second.weight"])
    let found = GraphInterpreter(graph: graph)(x)
    expectClose(found, quantized(x), within: Self.otherOrder)
    // What single precision gives is further away.
    #expect((found - network(x)).absolute().max().scalars[0] > 1e-3)
  }

  /// A layer that does not say what it computes.
  private struct Silent: Layer {
    var site = Site()
    mutating func visitMembers(_ visit: inout MemberVisitor) {}
    func forward(_ x: Tensor) -> Tensor { x }
  }

  @Test("A layer that cannot be exported is named by its path")
  func unknownLayer() throws {
    var stream = RandomStream(seed: 1, "weights")
    let network = Sequential {
      Linear(3, 3, from: &stream)
      Sequential { Silent() }.keyed("inner")
    }
    #expect(
      throws: InterchangeError.unsupported(
        path: "inner.0", reason: "Silent does not say its operations: conform it to GraphLayer")
    ) { try GraphBuilder.graph(of: network, inputShape: [3]) }
  }

  @Test("Networks that decode in a loop are told, with what can be done")
  func decoders() throws {
    var stream = RandomStream(seed: 2, "decoders")
    let network = SequenceTranslator(
      .init(.frames(features: 3), targets: 4, .init(.gru, units: 5)), from: &stream)
    #expect {
      try GraphBuilder.graph(of: network, inputShape: [6, 3])
    } throws: {
      "\($0)".contains("keep the .sentio file")
    }
  }

  @Test("Inputs that do not fit are told before anything is written")
  func wrongShape() throws {
    let small = SmallNetwork.transformers[0]
    #expect(throws: InterchangeError.self) {
      try GraphBuilder.graph(of: small.network(), inputShape: [4, 32, 48])
    }
    #expect(throws: InterchangeError.self) {
      try GraphBuilder.graph(of: small.network(), inputShape: [3, 4, 4])
    }
  }
}
