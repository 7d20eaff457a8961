import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// The layers against `torch.nn`: state dictionaries by its keys, outputs, all gradients, and buffers.
@Suite struct GoldenLayerTests {
  static let families: [String: [String: LayerCase]] = [
    "basic": basicCases, "normalization": normalizationCases, "attention": attentionCases,
    "convolution": convolutionCases, "spatial": spatialCases, "recurrent": recurrentCases,
  ]

  /// Single precision through a few layers, against double precision.
  ///
  /// Where terms cancel, as in gradients through a normalization, the error is that of the terms.
  static let tolerance = Tolerance(relative: 2e-5, absolute: 1e-5)

  @Test(arguments: families.keys.sorted())
  func equalPyTorchs(_ family: String) throws {
    let file = try goldenLayers(family)
    let cases = try #require(Self.families[family])
    let names = file.names.filter { $0.hasSuffix(".out") }.map { String($0.dropLast(4)) }
    #expect(Set(names) == Set(cases.keys))
    for name in names.sorted() {
      if let layer = cases[name] { try check(name, layer, file) }
    }
  }

  private func check(_ name: String, _ layer: LayerCase, _ file: Safetensors) throws {
    /// The tensors whose names go on from the case's and a word.
    func tensors(_ word: String) throws -> [String: Tensor] {
      let prefix = "\(name).\(word)."
      var table: [String: Tensor] = [:]
      for key in file.names where key.hasPrefix(prefix) {
        table[String(key.dropFirst(prefix.count))] = try file.tensor(key)
      }
      return table
    }
    var stream = RandomStream(seed: 5, name)
    var module = layer.make(&stream)
    try module.load(tensors("state"), from: name)
    var inputs: [Tensor] = []
    while file.tensors["\(name).\(inputs.count)"] != nil {
      inputs.append(try file.tensor("\(name).\(inputs.count)"))
    }
    let arriving = try file.tensor("\(name).arriving")
    var result = Tensor(0)
    func gradients(_ module: any Module) -> [Tensor] {
      valueAndGradient(of: LayerCase.Call(module: module, inputs: inputs)) { call in
        let out = layer.run(call.module, call.inputs)
        result = out.detached()
        return out.shape == arriving.shape ? (out * arriving).sum() : out.sum()
      }.gradient
    }
    let pass = TrainingPass(seed: 1, step: 0)
    let all = layer.isTraining ? pass.run(onAny: &module, gradients) : gradients(module)
    expectClose(result, try file.tensor("\(name).out"), within: Self.tolerance, name)
    let expected = try tensors("gradient")
    #expect(Set(expected.keys) == Set(module.trainablePaths))
    for (path, gradient) in zip(module.trainablePaths, all) {
      guard let expected = expected[path] else { continue }
      expectClose(gradient, expected, within: Self.tolerance, "\(name), gradient of \(path)")
    }
    for index in inputs.indices {
      expectClose(
        all[all.count - inputs.count + index], try file.tensor("\(name).d.\(index)"),
        within: Self.tolerance, "\(name), gradient of input \(index)")
    }
    for (path, value) in try tensors("after") {
      expectClose(
        try #require(module.stateDictionary[path]), value, within: Self.tolerance,
        "\(name), \(path) afterwards")
    }
  }
}

extension TrainingPass {
  /// Runs a closure with a module of any type in training.
  func run<R>(onAny module: inout any Module, _ body: (any Module) -> R) -> R {
    func open<M: Module>(_ typed: M) -> (M, R) {
      var typed = typed
      let result = run(on: &typed) { body($0) }
      return (typed, result)
    }
    let (changed, result) = open(module)
    module = changed
    return result
  }
}
