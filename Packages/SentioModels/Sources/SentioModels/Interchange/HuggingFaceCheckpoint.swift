import Foundation
import SentioClassical
import SentioNN
import SentioTensor

/// A folder as Hugging Face's libraries write it: `config.json`, and weights in one safetensors file or several.
///
/// `ViTModel`, `ViTForImageClassification`, `ASTModel`, `ASTForAudioClassification`, `MobileViTModel` and
/// `MobileViTForImageClassification` can be read. Their settings are checked, and what Sentio does not compute
/// (a hidden activation of another name, a dilated MobileViT) is refused instead of computed wrongly.
public struct HuggingFaceCheckpoint {
  /// The folder.
  public let folder: URL
  /// Which network, and of what size.
  public let settings: NetworkSettings
  /// The names of the logits, in their order; empty for a network without logits.
  public let labels: [String]
  private let weightFiles: [URL]

  /// The largest `config.json` and `model.safetensors.index.json` that are read.
  static let maximumTextLength = 64 << 20

  /// Reads a folder's settings, and finds its weights.
  ///
  /// - Parameter folder: the folder.
  /// - Throws: `ModelFileError` with the key that is wrong; `FileError` where a file cannot be read.
  public init(folder: URL) throws {
    self.folder = folder
    let url = folder.appendingPathComponent("config.json")
    let configuration = try HuggingFaceConfiguration(contentsOf: url)
    (settings, labels) = try configuration.network()
    weightFiles = try Self.weightFiles(in: folder)
    var elements = 0
    for file in weightFiles {
      let tensors = try Safetensors(contentsOf: file).tensors
      elements += tensors.values.reduce(0) { $0 + $1.count }
    }
    if let fault = settings.fault(elements: elements) {
      throw configuration.error("sizes", "sizes that fit the weights", fault)
    }
  }

  /// The front end of the checkpoint's own `preprocessor_config.json`; nil where there is none.
  ///
  /// Of pictures it says size, means and deviations, and the spectrogram that becomes a picture is the report's.
  ///
  /// - Returns: the front end, checked, and fit for the network.
  /// - Throws: `ModelFileError` with the key that is wrong, or that asks for what is not computed.
  public func frontEnd() throws -> NetworkFrontEnd? {
    let url = folder.appendingPathComponent("preprocessor_config.json")
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return try HuggingFacePreprocessor(contentsOf: url).frontEnd(of: settings)
  }

  /// Makes the network and reads its weights.
  ///
  /// - Parameter takesFrontEnd: whether the front end of ``frontEnd()`` goes with it.
  /// - Returns: the network, ready to be written to a file of its own.
  /// - Throws: what ``frontEnd()`` throws; `StateError` with every name that is missing, unexpected or of another shape; `FileError` and
  ///   `SafetensorsError`.
  public func network(takesFrontEnd: Bool = true) throws -> NetworkFile {
    let frontEnd = takesFrontEnd ? try frontEnd() : nil
    var stream = RandomStream(seed: 0, "placeholder")
    var network = settings.makeNetwork(from: &stream)
    var state: [String: Tensor] = [:]
    for url in weightFiles {
      let file = try Safetensors(contentsOf: url)
      // The pooler of ViTModel stands after the last hidden state, which is what the network gives.
      for name in file.names where !name.hasPrefix("pooler.") {
        guard state[name] == nil else {
          throw ModelFileError(
            path: url.path, part: name, expected: "each tensor in one file", found: "it in two")
        }
        state[name] = try file.tensor(name)
      }
    }
    try network.load(state, from: folder.path)
    var provenance = Provenance()
    provenance.notes["imported"] = folder.lastPathComponent
    return NetworkFile(
      network,
      NetworkFile.Configuration(
        settings, outputs: labels, frontEnd: try frontEnd?.json(), provenance: provenance))
  }

  /// The one file of weights, or those that the index names.
  private static func weightFiles(in folder: URL) throws -> [URL] {
    let single = folder.appendingPathComponent("model.safetensors")
    if FileManager.default.fileExists(atPath: single.path) { return [single] }
    let index = folder.appendingPathComponent("model.safetensors.index.json")
    func error(_ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(path: index.path, part: "weight_map", expected: expected, found: found)
    }
    guard FileManager.default.fileExists(atPath: index.path) else {
      throw ModelFileError(
        path: folder.path, part: "weights",
        expected: "model.safetensors, or model.safetensors.index.json with its parts",
        found: "neither; a folder of PyTorch's own format has to be saved as safetensors first")
    }
    let table = try JSONTable(contentsOf: index, limit: maximumTextLength)
    guard let map = table.values["weight_map"] as? [String: String], !map.isEmpty else {
      throw error("names of files by names of tensors", "none")
    }
    let names = Set(map.values).sorted()
    for name in names where name.contains("/") || name.hasPrefix(".") {
      throw error("files of the same folder", name)
    }
    guard names.count <= 1000 else { throw error("at most 1000 files", "\(names.count)") }
    return names.map { folder.appendingPathComponent($0) }
  }
}

/// A JSON file whose top is an object.
struct JSONTable {
  let values: [String: Any]

  init(contentsOf url: URL, limit: Int) throws {
    func error(_ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(path: url.path, part: "file", expected: expected, found: found)
    }
    let data = try MappedFile(contentsOf: url).withUnsafeBytes { bytes in
      bytes.count <= limit ? Data(bytes) : nil
    }
    guard let data else { throw error("at most \(limit) bytes", "more") }
    do {
      guard let table = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
        throw error("a JSON object", "another kind of value")
      }
      values = table
    } catch let failure as ModelFileError {
      throw failure
    } catch let failure {
      throw error("JSON", failure.localizedDescription)
    }
  }
}
