import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioNN
import SentioTensor

/// A network with all that is needed to use it later: one safetensors file with its sizes in the header.
///
/// Tensors have the paths of the network's members, which for the published architectures are the names that their
/// checkpoints use. Sizes are checked against the file's header before memory is taken for them. The layers of a
/// `QuantizedNetwork` are written as 8-bit integers, and compute in them again when the file is read.
public struct NetworkFile: Sendable {
  /// Everything but the weights.
  public struct Configuration: Sendable, Hashable, Codable {
    /// Which network, and of what size.
    public var network: NetworkSettings
    /// What the outputs mean, in their order; empty where nobody said.
    public var outputs: [String]
    /// The scale of the labels that the network was trained on; nil for outputs of another kind.
    ///
    /// The outputs themselves stand on −1 … 1, and ``EmotionPredictor`` brings them to this scale.
    public var labelScale: EmotionScale?
    /// The settings of the front end that makes the network's input, as JSON text; nil where it is not known.
    ///
    /// See ``networkFrontEnd()``.
    public var frontEnd: String?
    /// Where the weights come from.
    public var provenance: Provenance
    /// What may be done with the weights, in the words of whoever made them; empty where nobody said.
    public var licence: String

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - network: which network, and of what size.
    ///   - outputs: what the outputs mean, in their order.
    ///   - labelScale: the scale of valence and arousal.
    ///   - frontEnd: the settings of the front end, as JSON text.
    ///   - provenance: where the weights come from.
    ///   - licence: what may be done with the weights.
    public init(
      _ network: NetworkSettings, outputs: [String] = [], labelScale: EmotionScale? = nil,
      frontEnd: String? = nil, provenance: Provenance = Provenance(), licence: String = ""
    ) {
      self.network = network
      self.outputs = outputs
      self.labelScale = labelScale
      self.frontEnd = frontEnd
      self.provenance = provenance
      self.licence = licence
    }
  }

  /// The version of the format that is written; older ones are read, newer ones refused.
  public static let formatVersion = 1

  /// Everything but the weights.
  public var configuration: Configuration
  /// The network, in inference.
  public var network: any Layer

  /// Collects what goes into a file.
  ///
  /// - Parameters:
  ///   - network: the network, made by `configuration.network`.
  ///   - configuration: everything but the weights.
  public init(_ network: any Layer, _ configuration: Configuration) {
    self.network = network
    self.configuration = configuration
  }

  /// Whether a file is one of these, by its header alone.
  ///
  /// - Parameter url: the file.
  /// - Returns: false for other safetensors files.
  /// - Throws: `FileError` and `SafetensorsError`.
  public static func isNetwork(_ url: URL) throws -> Bool {
    try Safetensors(contentsOf: url).metadata[Key.version] != nil
  }

  /// Reads and checks a file.
  ///
  /// - Parameter url: the file.
  /// - Throws: `ModelFileError` with the part that is wrong; `StateError` with tensors that do not fit;
  ///   `FileError` and `SafetensorsError` where the file cannot be read or is no safetensors file.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors(contentsOf: url)
    func error(_ part: String, _ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(path: url.path, part: part, expected: expected, found: found)
    }
    let version = file.metadata[Key.version]
    guard let number = version.flatMap({ Int($0) }), number >= 1 else {
      throw error(Key.version, "the version of a network's file", version ?? "nothing")
    }
    guard number <= Self.formatVersion else {
      throw error(Key.version, "at most \(Self.formatVersion); use a newer Sentio", "\(number)")
    }
    guard let text = file.metadata[Key.configuration], text.utf8.count <= Key.maximumLength else {
      throw error(
        Key.configuration, "a configuration of at most \(Key.maximumLength) bytes", "none")
    }
    do {
      configuration = try JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
    } catch let failure {
      throw error(Key.configuration, "a network's configuration", "\(failure)")
    }
    let elements = file.tensors.values.reduce(0) { $0 + $1.count }
    if let fault = configuration.network.fault(elements: elements) {
      throw error(Key.configuration, "sizes that fit the file", fault)
    }
    var stream = RandomStream(seed: 0, "placeholder")
    var network = configuration.network.makeNetwork(from: &stream)
    try QuantizedLayersInFile.load(file, into: &network)
    self.network = network
  }

  /// What the network gives for inputs.
  ///
  /// - Parameters:
  ///   - inputs: `[N, …]`, as the front end makes them.
  ///   - lengths: the real steps of each input; nil where all are real.
  /// - Returns: `[N, …]`.
  public func outputs(for inputs: Tensor, lengths: [Int]? = nil) -> Tensor {
    Self.outputs(of: network, inputs, lengths)
  }

  private static func outputs(
    of network: some Layer, _ inputs: Tensor, _ lengths: [Int]?
  ) -> Tensor {
    network(inputs, lengths: lengths)
  }

  /// What makes the network's inputs, checked against the network; nil where the file has no front end.
  func inputMaker(path: String, limits: AudioLimits) throws -> InputMaker? {
    let maker: InputMaker?
    do {
      maker = try configuration.networkFrontEnd().map { try InputMaker($0, limits: limits) }
    } catch {
      throw EmotionPredictor.Failure.badMeasurement(path: path, reason: "\(error)")
    }
    let shape = (maker?.frontEnd.inputShape).map { Shape([1] + $0) }
    if let mismatch = shape.flatMap({ configuration.network.mismatch($0) }) {
      throw EmotionPredictor.Failure.otherInput(path: path, mismatch: mismatch)
    }
    return maker
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Parameter url: the file; its folder must exist.
  /// - Throws: `FileError` where it cannot be written.
  public func write(to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(configuration), as: UTF8.self)
    var metadata = [
      "format": "pt", Key.version: String(Self.formatVersion), Key.configuration: text,
    ]
    let quantized = network.quantizedLayers
    let contents: [Safetensors.Content]
    if quantized.isEmpty {
      contents = network.stateDictionary.map { Safetensors.Content($0, $1) }
    } else {
      let (tensors, entry) = try QuantizedLayersInFile.contents(network, quantized)
      metadata[QuantizedLayersInFile.key] = entry
      contents = tensors
    }
    metadata[Key.hashes] = try Self.hashes(of: contents, metadata)
    try Safetensors.write(contents, metadata: metadata, to: url)
  }

  enum Key {
    static let version = "sentio.network"
    static let configuration = "sentio.config"
    static let hashes = "sentio.sha256"
    static let maximumLength = 16 << 20
  }
}
