import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

@testable import SentioInterchange

@Suite("ONNX files")
struct ONNXTests {
  @Test("What is written is read again, with every weight", arguments: SmallNetwork.all)
  func roundTrip(_ small: SmallNetwork) throws {
    try withTemporaryFolder { folder in
      let network = small.network()
      let url = folder.appendingPathComponent("network.onnx")
      let summary = try ONNXFile.export(network, inputShape: small.inputShape, to: url)
      let document = try ONNXDocument(contentsOf: url)
      #expect(document.opset == 17)
      #expect(document.producer == "Sentio")
      #expect((document.inputs, document.outputs) == (["input"], ["output"]))
      #expect(document.nodes.count == summary.nodes)
      #expect(document.constants.count == summary.initializers)
      #expect(try Data(contentsOf: url).count == summary.bytes)
      let state = network.stateDictionary
      for (name, constant) in document.constants {
        guard let weight = state[name] else { continue }
        #expect(constant.shape == Array(weight.shape))
        #expect(document.tensor(name)!.scalars == weight.scalars, "\(name)")
      }
    }
  }

  @Test("Weights of products are transposed, and gates stand in ONNX's order")
  func forms() throws {
    try withTemporaryFolder { folder in
      var stream = RandomStream(seed: 1, "weights")
      let network = Sequential {
        Linear(3, 4, from: &stream)
        RecurrentLayer(.lstm, 4, 2, isBidirectional: true, from: &stream)
      }
      let url = folder.appendingPathComponent("network.onnx")
      try ONNXFile.export(network, inputShape: [5, 3], to: url)
      let document = try ONNXDocument(contentsOf: url)
      let state = network.stateDictionary
      #expect(
        document.tensor("0.weight:transposed")!.scalars == state["0.weight"]!.transposed().scalars)
      let gates = document.tensor("1.weight_ih_l0:gates")!
      #expect(gates.shape == [2, 8, 4])
      // Ours are i, f, g, o of two units each; ONNX's are i, o, f, g.
      for (place, own) in [0, 3, 1, 2].enumerated() {
        for (direction, name) in ["1.weight_ih_l0", "1.weight_ih_l0_reverse"].enumerated() {
          let found = gates.selected(direction, axis: 0).sliced(place * 2..<place * 2 + 2, axis: 0)
          let weight = state[name]!.sliced(own * 2..<own * 2 + 2, axis: 0)
          #expect(found.scalars == weight.scalars, "\(name), gate \(place)")
        }
      }
      let biases = document.tensor("1.bias_ih_l0:biases")!
      #expect(biases.shape == [2, 16])
      let first = state["1.bias_ih_l0"]!.scalars
      let expected = [0, 1, 6, 7, 2, 3, 4, 5].map { first[$0] }
      #expect(Array(biases.scalars.prefix(8)) == expected)
    }
  }

  @Test("Layers in 8-bit integers keep them")
  func integers() throws {
    try withTemporaryFolder { folder in
      var stream = RandomStream(seed: 1, "weights")
      let network = Sequential {
        Linear(64, 96, activation: .relu, from: &stream).keyed("inner")
        Linear(96, 2, from: &stream).keyed("head")
      }
      let quantized = QuantizedNetwork(
        network, calibration: [Tensor.normal([16, 64], from: &stream)])
      let url = folder.appendingPathComponent("network.onnx")
      let summary = try ONNXFile.export(quantized.network, inputShape: [64], to: url)
      #expect(try Data(contentsOf: url).count == summary.bytes && summary.bytes < 64 * 96 * 4 / 2)
      let document = try ONNXDocument(contentsOf: url)
      #expect(document.constants["inner.weight"] == nil)
      let integers = try #require(document.constants["inner.weight:integers"])
      #expect(integers.elementType == .int8 && integers.shape == [64, 96])
      let scales = document.tensor("inner.weight:scales")!
      let weight = quantized.network.stateDictionary["inner.weight"]!
      #expect(
        (document.tensor("inner.weight:integers")! * scales).scalars == weight.transposed().scalars)
      #expect(
        document.nodes.map(\.type)
          == [
            "QuantizeLinear", "DequantizeLinear", "DequantizeLinear", "MatMul", "Add", "Relu",
            "Gemm", "Identity",
          ])
    }
  }

  @Test("GELU is one operator from opset 20 on, and five before")
  func opsets() throws {
    try withTemporaryFolder { folder in
      var stream = RandomStream(seed: 1, "weights")
      let network = Linear(3, 4, activation: .gelu(), from: &stream)
      for (opset, isOne) in [(17, false), (18, false), (20, true), (21, true)] {
        let url = folder.appendingPathComponent("\(opset).onnx")
        try ONNXFile.export(network, inputShape: [3], to: url, opset: opset)
        let document = try ONNXDocument(contentsOf: url)
        #expect(document.opset == opset)
        #expect(document.nodes.contains { $0.type == "Gelu" } == isOne)
        #expect(document.nodes.contains { $0.type == "Erf" } == !isOne)
      }
      #expect(throws: InterchangeError.self) {
        try ONNXFile.export(
          network, inputShape: [3], to: folder.appendingPathComponent("x.onnx"), opset: 16)
      }
    }
  }

  @Test("A file that the format does not hold is refused before it is begun")
  func tooLarge() throws {
    var stream = RandomStream(seed: 1, "weights")
    let graph = try GraphBuilder.graph(
      of: Linear(30, 40, from: &stream), inputShape: [30])
    let emitter = try ONNXEmitter(graph, opset: 17, input: "input", output: "output")
    #expect(throws: InterchangeError.self) {
      try ONNXStream(emitter, ExportedGraph(graph: graph), limit: 4000)
    }
  }

  @Test("Damaged files are refused, and take no memory that they only claim")
  func hostile() throws {
    try withTemporaryFolder { folder in
      let small = SmallNetwork.recurrent[0]
      let url = folder.appendingPathComponent("network.onnx")
      try ONNXFile.export(small.network(), inputShape: small.inputShape, to: url)
      let bytes = [UInt8](try Data(contentsOf: url))
      func expectRefusal(_ bytes: [UInt8], _ comment: Comment) throws {
        let damaged = folder.appendingPathComponent("damaged.onnx")
        try Data(bytes).write(to: damaged)
        #expect(throws: InterchangeError.self, comment) { try ONNXDocument(contentsOf: damaged) }
      }
      for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
        try expectRefusal(Array(bytes.prefix(count)), "cut after \(count) bytes")
      }
      // A graph that says it has 2^62 bytes, and one after the other without end.
      try expectRefusal(
        [0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f], "a long graph")
      try expectRefusal(Array(repeating: 0x80, count: 64), "a number without an end")
      try expectRefusal(bytes + bytes, "two graphs")
      // Nine million empty nodes.
      let nodes = Array(repeating: [0x0a, 0x00] as [UInt8], count: 9 << 20).joined()
      try expectRefusal([0x3a, 0x80, 0x80, 0x80, 0x09] + nodes, "empty nodes")
    }
  }
}

/// Makes a folder for a test, and removes it afterwards.
func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("sentio-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}
