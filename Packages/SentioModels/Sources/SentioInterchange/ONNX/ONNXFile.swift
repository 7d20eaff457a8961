import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SwiftProtobuf

/// A network as an ONNX file, which ONNX Runtime and other programs compute.
///
/// The input is called `input` (with a front end `samples`), the output `output`; the first axis of both is left open.
/// Weights have the paths of the network's members as names. They are written one after the other from where they lie:
/// the memory that an export takes beside the network is that of its largest weight.
///
/// ```swift
/// let file = try NetworkFile(contentsOf: url)
/// try ONNXFile.export(file, to: URL(filePath: "vit.onnx"))
/// ```
///
/// *Reference:* ONNX 1.23, IR version 8 (opset 17 and 18), 9 (19 and 20), 10 (21).
public enum ONNXFile {
  /// How a file is written.
  public struct Options: Sendable, Hashable {
    /// The version of ONNX's operators.
    public var opset: Int
    /// Whether the file takes samples of sound and makes the network's input itself.
    public var embedsFrontEnd: Bool
    /// Whether the file takes the lengths of sequences as a second input, for networks that can leave out frames.
    public var takesLengths: Bool
    /// The shape of one input, without the batch; the network's own if nil.
    public var inputShape: [Int]?

    /// Creates options.
    ///
    /// - Parameters:
    ///   - opset: the version of ONNX's operators, in ``ONNXFile/opsets``.
    ///   - embedsFrontEnd: whether the file takes samples of sound.
    ///   - takesLengths: whether the file takes the lengths of sequences.
    ///   - inputShape: the shape of one input, without the batch; the network's own if nil.
    public init(
      opset: Int = 17, embedsFrontEnd: Bool = false, takesLengths: Bool = false,
      inputShape: [Int]? = nil
    ) {
      self.opset = opset
      self.embedsFrontEnd = embedsFrontEnd
      self.takesLengths = takesLengths
      self.inputShape = inputShape
    }
  }

  /// What was written.
  public struct Summary: Sendable, Hashable, Codable {
    /// The number of operations.
    public let nodes: Int
    /// The number of constants.
    public let initializers: Int
    /// The bytes of the file.
    public let bytes: Int
  }

  /// The versions of ONNX's operators that can be written.
  public static let opsets = 17...21

  /// The largest file: what Protocol Buffers hold in one message.
  public static let maximumLength = Int(Int32.max)

  /// Writes a model file's network, whole or not at all.
  ///
  /// - Parameters:
  ///   - file: the network with its settings.
  ///   - url: the file to write; its folder must exist.
  ///   - options: how it is written.
  /// - Returns: what was written.
  /// - Throws: ``InterchangeError`` where a layer cannot be exported or the file would be too large; `FileError`.
  @discardableResult
  public static func export(
    _ file: NetworkFile, to url: URL, options: Options = Options()
  ) throws -> Summary {
    let graph = try ExportedGraph(
      file, embedsFrontEnd: options.embedsFrontEnd, takesLengths: options.takesLengths,
      inputShape: options.inputShape)
    return try write(graph, to: url, opset: options.opset)
  }

  /// Writes a network that is no model file, whole or not at all.
  ///
  /// - Parameters:
  ///   - network: the network; every layer in it must be a ``GraphLayer``.
  ///   - inputShape: the shape of one input, without the batch.
  ///   - url: the file to write; its folder must exist.
  ///   - opset: the version of ONNX's operators, in ``opsets``.
  /// - Returns: what was written.
  /// - Throws: ``InterchangeError`` where a layer cannot be exported or the file would be too large; `FileError`.
  @discardableResult
  public static func export(
    _ network: any Layer, inputShape: [Int], to url: URL, opset: Int = 17
  ) throws -> Summary {
    let graph = try GraphBuilder.graph(of: network, inputShape: inputShape)
    return try write(ExportedGraph(graph: graph), to: url, opset: opset)
  }

  static func write(_ exported: ExportedGraph, to url: URL, opset: Int) throws -> Summary {
    guard opsets.contains(opset) else {
      throw InterchangeError.unsupported(
        path: "",
        reason: "opset \(opset) is not one of \(opsets.lowerBound) to \(opsets.upperBound)")
    }
    let emitter = try ONNXEmitter(
      exported.graph, opset: opset, input: exported.inputName, output: exported.outputName)
    let stream = try ONNXStream(emitter, exported)
    try AtomicFile.write(to: url) { try stream.write(to: $0) }
    return Summary(
      nodes: emitter.nodes.count, initializers: emitter.initializers.count,
      bytes: stream.byteCount)
  }
}
