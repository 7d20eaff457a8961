import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Networks against those of `torch.nn`: states by its keys, outputs, all gradients, running statistics.
///
/// See Tests/Generators/generate_crnn.py.
struct GoldenRecurrentTests {
  /// Single precision through up to three normalizations and two LSTMs, against double precision.
  static let tolerance = Tolerance(relative: 5e-5, absolute: 1e-5)

  static var golden: Safetensors {
    get throws {
      try Safetensors(
        contentsOf: Bundle.module.resourceURL!.appending(path: "Golden/Recurrent")
          .appending(path: "recurrent.safetensors"))
    }
  }

  static func crnn() -> CRNN {
    var stream = RandomStream(seed: 1, "golden")
    let settings = CRNN.Settings(
      features: 5, frames: 16, filters: [3, 4, 6], units: [3, 2], denseUnits: 7,
      recurrentDropout: 0, dropout: 0, convention: .pyTorch)
    return CRNN(settings, from: &stream)
  }

  @Test func crnnInInference() throws {
    try check("crnn", Self.crnn()) { $0($1) }
  }

  @Test func crnnInTraining() throws {
    try check("crnnTraining", Self.crnn(), isTraining: true) { $0($1) }
  }

  /// Sequences of several lengths in one batch, against each of them alone.
  @Test func crnnWithMask() throws {
    let lengths = try Self.golden.tensor("crnnLengths.lengths").scalars.map { Int($0) }
    try check("crnnLengths", Self.crnn()) { $0($1, mask: .lengths(lengths)) }
  }

  @Test func spectrogramCRNN() throws {
    var stream = RandomStream(seed: 1, "golden")
    let settings = SpectrogramCRNN.Settings(
      mels: 7, frames: 41, filters: [3, 4, 5], units: [3, 2], denseUnits: 6, dropout: 0,
      convention: .pyTorch)
    try check("spectrogram", SpectrogramCRNN(settings, from: &stream)) { $0($1) }
  }

  @Test func genreCNN() throws {
    var stream = RandomStream(seed: 1, "golden")
    let settings = GenreCNN.Settings(
      frames: 22, coefficients: 13, filters: [2, 3, 4], denseUnits: 5, dropout: 0, genres: 6)
    try check("genreCNN", GenreCNN(settings, from: &stream)) { $0($1) }
  }

  private func check<Model: Layer>(
    _ name: String, _ model: Model, isTraining: Bool = false, _ run: (Model, Tensor) -> Tensor
  ) throws {
    let file = try Self.golden
    func tensors(_ word: String) throws -> [String: Tensor] {
      let prefix = "\(name).\(word)."
      var table: [String: Tensor] = [:]
      for key in file.names where key.hasPrefix(prefix) {
        table[String(key.dropFirst(prefix.count))] = try file.tensor(key)
      }
      return table
    }
    var model = model
    try model.load(tensors("state"), from: name)
    let x = try file.tensor("\(name).x")
    let arriving = try file.tensor("\(name).arriving")
    var out = Tensor(0)
    func gradients(_ model: Model) -> ([Tensor], Tensor) {
      let (_, gradients, input) = valueAndGradient(of: model, at: x) { model, x in
        let y = run(model, x)
        out = y.detached()
        return (y * arriving).sum()
      }
      return (gradients, input)
    }
    let (all, input) =
      isTraining
      ? TrainingPass(seed: 1, step: 0).run(on: &model, gradients) : gradients(model)
    expectClose(out, try file.tensor("\(name).out"), within: Self.tolerance, name)
    expectClose(
      input, try file.tensor("\(name).d"), within: Self.tolerance, "\(name), gradient of the input")
    let expected = try tensors("gradient")
    #expect(Set(expected.keys) == Set(model.trainablePaths))
    for (path, gradient) in zip(model.trainablePaths, all) {
      guard let expected = expected[path] else { continue }
      expectClose(gradient, expected, within: Self.tolerance, "\(name), gradient of \(path)")
    }
    for (path, value) in try tensors("after") {
      expectClose(
        try #require(model.stateDictionary[path]), value, within: Self.tolerance,
        "\(name), \(path) afterwards")
    }
  }
}
