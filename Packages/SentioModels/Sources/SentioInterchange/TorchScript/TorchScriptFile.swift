import Foundation
import SentioModels
import SentioNN
import SentioTensor

/// A network as a TorchScript file, which `torch.jit.load` opens in Python and in C++.
///
/// The batch is left open. The modules and parameters have the names of the network's members, so that `state_dict()` of
/// what PyTorch loads has the paths of the network's own state dictionary.
///
/// ```swift
/// try TorchScriptFile.export(file, to: URL(filePath: "vit.pt"))
/// ```
/// ```python
/// network = torch.jit.load("vit.pt").eval()
/// emotions = network(pictures)
/// ```
///
/// *Reference:* the archives of `torch.jit.save`, PyTorch 2.x (format version 10).
public enum TorchScriptFile {
  /// What was written.
  public struct Summary: Sendable, Hashable, Codable {
    /// The number of operations.
    public let operations: Int
    /// The number of tensors.
    public let tensors: Int
    /// The bytes of the file.
    public let bytes: Int
  }

  /// The largest file: archives that are written here have lengths of 32 bits.
  public static let maximumLength = 0xf000_0000

  /// Writes a model file's network, whole or not at all.
  ///
  /// - Parameters:
  ///   - file: the network with its settings.
  ///   - url: the file to write; its folder must exist.
  ///   - embedsFrontEnd: whether the file takes samples of sound and makes the network's input itself.
  ///   - inputShape: the shape of one input, without the batch; the network's own if nil.
  /// - Returns: what was written.
  /// - Throws: ``InterchangeError`` where a layer cannot be exported or the file would be too large; `FileError`.
  @discardableResult
  public static func export(
    _ file: NetworkFile, to url: URL, embedsFrontEnd: Bool = false, inputShape: [Int]? = nil
  ) throws -> Summary {
    let exported = try ExportedGraph(
      file, embedsFrontEnd: embedsFrontEnd, takesLengths: false, inputShape: inputShape)
    return try write(exported, parameters: Set(file.network.parameters.map(\.path)), to: url)
  }

  /// Writes a network that is no model file, whole or not at all.
  ///
  /// - Parameters:
  ///   - network: the network; every layer in it must be a ``GraphLayer``.
  ///   - inputShape: the shape of one input, without the batch.
  ///   - url: the file to write; its folder must exist.
  /// - Returns: what was written.
  /// - Throws: ``InterchangeError`` where a layer cannot be exported or the file would be too large; `FileError`.
  @discardableResult
  public static func export(
    _ network: any Layer, inputShape: [Int], to url: URL
  ) throws -> Summary {
    let graph = try GraphBuilder.graph(of: network, inputShape: inputShape)
    return try write(
      ExportedGraph(graph: graph), parameters: Set(network.parameters.map(\.path)), to: url)
  }

  static func write(
    _ exported: ExportedGraph, parameters: Set<String>, to url: URL
  ) throws -> Summary {
    let graph = exported.graph
    let tree = TorchModuleTree(graph, parameters: parameters)
    let bytes = tree.tensors.reduce(0) { $0 + 4 * $1.value.count }
    guard bytes < maximumLength else {
      throw InterchangeError.tooLarge(format: "TorchScript", bytes: bytes, limit: maximumLength)
    }
    let body = try TorchScriptEmitter(graph, input: exported.inputName).lines
    var size = 0
    // The names of all members begin with that of the archive. Tensors start at multiples of 64, as PyTorch maps them.
    try ZIPArchive.write(to: url, alignment: 64) { archive in
      try archive.append("network/data.pkl", tree.pickle)
      try archive.append(
        "network/code/__torch__.py",
        Array(tree.source(input: exported.inputName, body: body).utf8))
      try archive.append("network/constants.pkl", PickleWriter.emptyTuple)
      for (index, tensor) in tree.tensors.enumerated() {
        try tensor.withElements { try archive.append("network/data/\(index)", $0) }
      }
      try archive.append("network/.data/version", Array("10\n".utf8))
      try archive.append("network/byteorder", Array("little".utf8))
      size = archive.position
    }
    return Summary(operations: graph.operationCount, tensors: tree.tensors.count, bytes: size)
  }
}
