import Foundation
import SentioClassical
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// A folder of a test's own, gone with the object.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "sentio-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func callAsFunction(_ name: String) -> URL { url.appending(path: name) }
}

/// Checkpoints that transformers wrote, read and computed; see Tests/Generators/generate_transformers.py.
struct CheckpointTests {
  /// What twelve products of length 24 to 40 and two normalizations leave of single precision.
  static let tolerance = Tolerance(relative: 1e-4, absolute: 1e-4)

  static let golden = Bundle.module.url(
    forResource: "Transformers", withExtension: nil, subdirectory: "Golden")!

  static func results() throws -> Safetensors {
    try Safetensors(contentsOf: golden.appendingPathComponent("results.safetensors"))
  }

  @Test(arguments: [
    ("vit-model", "plain"), ("vit-model", "resized"), ("vit-classifier", "plain"),
    ("ast-model", "plain"), ("ast-classifier", "plain"), ("mobilevit-classifier", "plain"),
    ("mobilevit-classifier", "stretched"),
  ])
  func outputsAreThoseOfTransformers(_ name: String, _ input: String) throws {
    let results = try Self.results()
    let file = try HuggingFaceCheckpoint(folder: Self.golden.appendingPathComponent(name)).network()
    let x = try results.tensor("\(name).\(input).input")
    #expect(file.configuration.network.mismatch(x.shape) == nil)
    let y = file.network(x)
    expectClose(
      y, try results.tensor("\(name).\(input).output"), within: Self.tolerance)
  }

  @Test func weightsInPartsAreOneNetwork() throws {
    let parts = try HuggingFaceCheckpoint(
      folder: Self.golden.appendingPathComponent("vit-classifier-parts")
    ).network()
    let whole = try HuggingFaceCheckpoint(
      folder: Self.golden.appendingPathComponent("vit-classifier")
    ).network()
    #expect(parts.network.stateDictionary == whole.network.stateDictionary)
    #expect(parts.configuration.outputs.count == 5)
  }

  @Test(arguments: ["vit-classifier", "ast-classifier", "mobilevit-classifier"])
  func aFileGivesTheSameNetworkBack(_ name: String) throws {
    let file = try HuggingFaceCheckpoint(folder: Self.golden.appendingPathComponent(name)).network()
    let folder = try TemporaryFolder()
    let url = folder("network.sentio")
    try file.write(to: url)
    let again = try NetworkFile(contentsOf: url)
    #expect(again.configuration == file.configuration)
    #expect(again.network.stateDictionary == file.network.stateDictionary)
    #expect(try NetworkFile.isNetwork(url))
  }

  @Test func attentionIsThatOfTheFusedBlock() throws {
    let file = try HuggingFaceCheckpoint(folder: Self.golden.appendingPathComponent("vit-model"))
      .network()
    let network = try #require(file.network as? VisionTransformer)
    let x = try Self.results().tensor("vit-model.plain.input")
    let steps = network.encoder.steps(network.embedded(x))
    expectClose(
      network.norm(try #require(steps.last).tokens), network(x), within: Self.tolerance)
    let weights = try #require(steps[0].attention)
    #expect(weights.shape == [2, 3, 10, 10])
    expectClose(weights.sum(axes: 3), .ones([2, 3, 10]))
  }

  @Test func hostileSettingsAreErrors() throws {
    let source = Self.golden.appendingPathComponent("vit-classifier")
    let text = try String(contentsOf: source.appendingPathComponent("config.json"), encoding: .utf8)
    for (from, to) in [
      ("\"hidden_size\": 24", "\"hidden_size\": 1073741824"),
      ("\"hidden_size\": 24", "\"hidden_size\": -3"),
      ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 999999999"),
      ("\"num_attention_heads\": 3", "\"num_attention_heads\": 5"),
      ("\"patch_size\": 8", "\"patch_size\": 4000"),
      ("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"mystery\""),
      ("\"ViTForImageClassification\"", "\"BertModel\""),
      ("\"intermediate_size\": 40", "\"intermediate_size\": \"forty\""), ("{", "["),
    ] {
      let folder = try TemporaryFolder()
      for name in ["config.json", "model.safetensors"] {
        try FileManager.default.copyItem(
          at: source.appendingPathComponent(name), to: folder(name))
      }
      let changed = text.replacingOccurrences(of: from, with: to)
      #expect(changed != text)
      try changed.write(
        to: folder("config.json"), atomically: true, encoding: .utf8)
      #expect(throws: ModelFileError.self, "\(to)") {
        _ = try HuggingFaceCheckpoint(folder: folder.url).network()
      }
    }
  }

  @Test func aMissingTensorIsNamed() throws {
    let folder = try TemporaryFolder()
    let source = Self.golden.appendingPathComponent("vit-model")
    try FileManager.default.copyItem(
      at: source.appendingPathComponent("config.json"),
      to: folder("config.json"))
    let file = try Safetensors(contentsOf: source.appendingPathComponent("model.safetensors"))
    let left = file.names.filter { $0 != "layernorm.bias" }
    try Safetensors.write(
      try left.map { Safetensors.Content($0, try file.tensor($0)) }
        + [Safetensors.Content("stranger", Tensor.ones([3]))],
      metadata: [:], to: folder("model.safetensors"))
    do {
      _ = try HuggingFaceCheckpoint(folder: folder.url).network()
      Issue.record("a checkpoint without layernorm.bias was read")
    } catch let error as StateError {
      #expect(error.missing == ["layernorm.bias"])
      #expect(error.unexpected == ["stranger"])
    }
  }
}
