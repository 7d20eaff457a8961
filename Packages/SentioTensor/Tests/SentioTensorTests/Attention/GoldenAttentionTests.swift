import SentioTensor
import SentioTensorTestSupport
import Testing

/// Attention and its gradients against PyTorch's, computed in double precision.
@Suite struct GoldenAttentionTests {
  static let files = ["attention", "sequences"].map {
    try! Safetensors(contentsOf: golden("Attention/\($0).safetensors"))
  }
  static let names = files.flatMap { $0.tensors.keys }.filter { $0.hasSuffix(".out") }
    .map { String($0.dropLast(4)) }.sorted()

  /// Sums of a few hundred terms in single precision.
  static let single = Tolerance(relative: 1e-5, absolute: 5e-6)
  /// Factors of 8 bits: each is off by up to 1 in 512, and the errors of a sum's terms mostly cancel.
  static let bfloat16 = Tolerance(relative: 2e-2, absolute: 4e-2)

  static func find(_ name: String) throws -> Tensor? {
    try files.first { $0.tensors[name] != nil }?.tensor(name)
  }

  static func tensor(_ name: String) throws -> Tensor { try #require(try find(name)) }

  /// What a case's name says about how to compute it.
  static func attention(
    _ name: String, _ inputs: [Tensor], _ mask: Tensor?
  ) -> Tensor {
    let isCausal = name.contains("causal")
    if name.hasPrefix("heads") {
      return multiHeadAttention(qkv: inputs[0], heads: 3, isCausal: isCausal)
    }
    return scaledDotProductAttention(
      inputs[0], inputs[1], inputs[2], mask: mask.map { .pairs($0) },
      bias: inputs.count > 3 ? inputs[3] : nil, isCausal: isCausal,
      scale: name == "scaled" ? 0.7 : nil)
  }

  static func compare(_ name: String, _ tolerance: Tolerance, _ comment: String) throws {
    let keys = try ["qkv", "query", "key", "value", "bias"].filter {
      try find("\(name).\($0)") != nil
    }
    let inputs = try keys.map { try tensor("\(name).\($0)") }
    let (mask, arriving) = (try find("\(name).mask"), try tensor("\(name).arriving"))
    var result = Tensor(0)
    let (_, gradients) = valueAndGradient(of: inputs) { inputs in
      let out = attention(name, inputs, mask)
      result = out.detached()
      return (out * arriving).sum()
    }
    expectClose(result, try tensor("\(name).out"), within: tolerance, "\(comment) \(name)")
    for (key, gradient) in zip(keys, gradients) {
      expectClose(
        gradient, try tensor("\(name).gradient.\(key)"), within: tolerance,
        "\(comment) \(name), gradient of \(key)")
    }
    // Outside of a recording nothing is kept, and the result is the same.
    #expect(attention(name, inputs, mask) == result)
  }

  @Test(arguments: names) func equalsPyTorchs(_ name: String) throws {
    try Self.compare(name, Self.single, "fused")
    try Compute.with(engine: .openBLAS) { try Self.compare(name, Self.single, "plain") }
    try Compute.with(precision: .bfloat16) { try Self.compare(name, Self.bfloat16, "bfloat16") }
  }

  @Test func theFileHoldsTheCases() {
    #expect(Self.names.count == 23)
  }

  /// A bias of -infinity for what a mask takes out, and a padding mask by sequences, are the same.
  @Test func waysToSayAMaskAgree() throws {
    let inputs = try ["query", "key", "value"].map { try Self.tensor("mask.keys.\($0)") }
    let mask = try Self.tensor("mask.keys.mask")
    let expected = try Self.tensor("mask.keys.out")
    let byKeys = scaledDotProductAttention(
      inputs[0], inputs[1], inputs[2], mask: .keys(mask.reshaped([2, 11])))
    expectClose(byKeys, expected, within: Self.single)
    let byBias = scaledDotProductAttention(
      inputs[0], inputs[1], inputs[2],
      bias: Tensor.select(where: mask, Tensor(0), else: Tensor(-.infinity)))
    expectClose(byBias, expected, within: Self.single)
  }
}
