import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Sequence models against modules of `torch.nn`: states by the same keys, outputs, and all gradients.
///
/// See Tests/Generators/generate_sequences.py.
struct GoldenSequenceTests {
  /// Single precision through two layers of both directions and attention, against double precision.
  static let tolerance = Tolerance(relative: 5e-5, absolute: 1e-5)

  static var golden: Safetensors {
    get throws {
      try Safetensors(
        contentsOf: Bundle.module.resourceURL!.appending(path: "Golden/Sequence")
          .appending(path: "sequence.safetensors"))
    }
  }

  @Test func translatorWithAttention() throws {
    var stream = RandomStream(seed: 1, "golden")
    let model = SequenceTranslator(
      .init(
        .tokens(vocabulary: 7, embedding: 5), targets: 6, targetEmbedding: 4,
        .init(.lstm, units: 3, layers: 2, isBidirectional: true), attention: 8), from: &stream)
    let targets = try Self.targets("attentive")
    try check("attentive", model) { $0($1, lengths: $2, targets: targets) }
  }

  @Test func translatorOfFramesWithoutAttention() throws {
    var stream = RandomStream(seed: 1, "golden")
    let model = SequenceTranslator(
      .init(.frames(features: 5), targets: 4, targetEmbedding: 6, .init(.gru, units: 3)),
      from: &stream)
    let targets = try Self.targets("plain")
    try check("plain", model) { $0($1, lengths: $2, targets: targets) }
  }

  @Test func residualLabeler() throws {
    var stream = RandomStream(seed: 1, "golden")
    let model = SequenceLabeler(
      .init(
        features: 6, outputs: 4,
        .init(.gru, units: 3, layers: 3, isBidirectional: true, isResidual: true)), from: &stream)
    try check("residualLabels", model) { $0($1, lengths: $2) }
  }

  @Test func residualClassifier() throws {
    var stream = RandomStream(seed: 1, "golden")
    let model = SequenceClassifier(
      .init(
        features: 5, outputs: 4,
        .init(.gru, units: 3, layers: 2, isBidirectional: true, isResidual: true)), from: &stream)
    try check("residualLast", model) { $0($1, lengths: $2) }
  }

  static func targets(_ name: String) throws -> [[Int]] {
    let table = try golden.tensor("\(name).targets")
    return (0..<table.shape[0]).map { row in
      table.selected(row, axis: 0).scalars.filter { $0 >= 0 }.map { Int($0) }
    }
  }

  private func check<Model: Layer>(
    _ name: String, _ model: Model, _ run: (Model, Tensor, [Int]) -> Tensor
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
    let (x, arriving) = (try file.tensor("\(name).x"), try file.tensor("\(name).arriving"))
    let lengths = try file.tensor("\(name).lengths").scalars.map { Int($0) }
    var out = Tensor(0)
    let (_, gradients) = valueAndGradient(of: model) { model in
      let y = run(model, x, lengths)
      out = y.detached()
      return (y * arriving).sum()
    }
    expectClose(out, try file.tensor("\(name).out"), within: Self.tolerance, name)
    let expected = try tensors("gradient")
    #expect(Set(expected.keys) == Set(model.trainablePaths))
    for (path, gradient) in zip(model.trainablePaths, gradients) {
      guard let expected = expected[path] else { continue }
      expectClose(gradient, expected, within: Self.tolerance, "\(name), gradient of \(path)")
    }
  }
}
