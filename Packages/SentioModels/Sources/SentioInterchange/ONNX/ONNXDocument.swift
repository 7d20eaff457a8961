import Foundation
import SentioTensor
import SwiftProtobuf

/// An ONNX file as it is read to be checked: its operations, and where its constants lie.
///
/// It is made for what ``ONNXFile`` writes, and strict: constants stand in the file as raw numbers, every operation comes
/// after those whose values it takes, and every name is given once. The constants, which are nearly all of a file, stay in
/// it (mapped) until they are asked for; what is decoded is bounded.
public struct ONNXDocument: Sendable {
  /// A constant of the file.
  public struct Constant: Sendable, Hashable {
    /// The extents.
    public let shape: [Int]
    /// The type of the numbers.
    public let elementType: ElementType
    /// Where they lie, in bytes from the file's start.
    public let byteRange: Range<Int>
  }

  /// An operation of the file.
  public struct Node: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// ONNX's operator.
    public let type: String
    /// The names of what it takes; empty ones are left out.
    public let inputs: [String]
    /// The names of what it gives; empty ones are left out.
    public let outputs: [String]
  }

  /// The file.
  public let url: URL
  /// The version of ONNX's operators.
  public let opset: Int
  /// The program that wrote the file.
  public let producer: String
  /// The names and values beside the graph.
  public let metadata: [String: String]
  /// The inputs and outputs of the graph.
  public let inputs: [String]
  /// The outputs of the graph.
  public let outputs: [String]
  /// The operations, in their order.
  public let nodes: [Node]
  /// The constants by name.
  public let constants: [String: Constant]
  private let file: MappedFile

  /// The most bytes that are decoded: everything but constants.
  static let maximumGraphLength = 8 << 20
  /// The most constants.
  static let maximumConstants = 1 << 18

  /// Opens and checks a file.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``InterchangeError`` with the place that is wrong; `FileError`.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(contentsOf: url)
    let path = url.path
    let parts = try file.withUnsafeBytes { try ONNXParts($0, path: path) }
    let options = BinaryDecodingOptions()
    let model: ONNXModelProto
    let graph: ONNXGraphProto
    do {
      model = try ONNXModelProto(serializedBytes: parts.model, options: options)
      graph = try ONNXGraphProto(serializedBytes: parts.graph, options: options)
    } catch let error as BinaryDecodingError {
      throw InterchangeError.file(
        path: path, position: 0, expected: "ONNX's messages", found: "\(error)")
    }
    self.url = url
    self.file = file
    func fault(_ expected: String, _ found: String) -> InterchangeError {
      .file(path: path, position: 0, expected: expected, found: found)
    }
    guard (3...13).contains(model.irVersion) else {
      throw fault("an IR version from 3 to 13", "\(model.irVersion)")
    }
    guard let version = model.opsetImport.first(where: { $0.domain.isEmpty })?.version,
      (1...1000).contains(version)
    else { throw fault("the version of ONNX's operators", "none") }
    opset = Int(version)
    producer = clippedName(model.producerName)
    metadata = Dictionary(
      model.metadataProps.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    inputs = graph.input.map(\.name)
    outputs = graph.output.map(\.name)
    constants = parts.constants
    nodes = graph.node.map {
      Node(
        name: $0.name, type: $0.opType, inputs: $0.input.filter { !$0.isEmpty },
        outputs: $0.output.filter { !$0.isEmpty })
    }
    var known = Set(inputs)
    func define(_ name: String, _ what: String) throws {
      guard known.insert(name).inserted else {
        throw fault("each name once", "\(what) \(clippedName(name)) again")
      }
    }
    guard known.count == inputs.count, !inputs.isEmpty, !outputs.isEmpty else {
      throw fault(
        "inputs and outputs with names of their own", "\(inputs.count) and \(outputs.count)")
    }
    for name in constants.keys { try define(name, "the constant") }
    for node in nodes {
      for name in node.inputs where !known.contains(name) {
        throw fault(
          "values that exist before \(clippedName(node.name)) takes them", clippedName(name))
      }
      for name in node.outputs { try define(name, "the value") }
    }
    for name in outputs where !known.contains(name) {
      throw fault("a value for the output", clippedName(name))
    }
  }

  /// Reads a constant of floating-point numbers.
  ///
  /// - Parameter name: one of ``constants``.
  /// - Returns: the tensor; nil where there is none of this name, or it has more than eight axes.
  public func tensor(_ name: String) -> Tensor? {
    guard let constant = constants[name], constant.shape.count <= Shape.maximumRank else {
      return nil
    }
    return file.withUnsafeBytes { bytes in
      Tensor(
        bytes: UnsafeRawBufferPointer(rebasing: bytes[constant.byteRange]),
        elementType: constant.elementType, shape: Shape(constant.shape))
    }
  }
}

/// An ONNX file taken apart: the model without its graph, the graph without its constants, and these.
private struct ONNXParts {
  var model: [UInt8] = []
  var graph: [UInt8] = []
  var constants: [String: ONNXDocument.Constant] = [:]
  private let path: String

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
    self.path = path
    var reader = WireReader(bytes, 0..<bytes.count, path: path)
    var graphs = 0
    while let field = try reader.next() {
      if field.number == 7, case .bytes(let range) = field.value {
        graphs += 1
        guard graphs == 1 else { throw reader.fault("one graph", "another", range.lowerBound) }
        try readGraph(bytes, range)
      } else {
        try Self.keep(bytes, field, in: &model, reader)
      }
    }
    guard graphs == 1 else { throw reader.fault("a graph", "none", bytes.count) }
  }

  private static func keep(
    _ bytes: UnsafeRawBufferPointer, _ field: WireReader.Field, in kept: inout [UInt8],
    _ reader: WireReader
  ) throws {
    guard kept.count + field.range.count <= ONNXDocument.maximumGraphLength else {
      throw reader.fault(
        "at most \(ONNXDocument.maximumGraphLength) bytes beside constants", "more",
        field.range.lowerBound)
    }
    kept += bytes[field.range]
  }

  private mutating func readGraph(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws {
    var reader = WireReader(bytes, range, path: path)
    while let field = try reader.next() {
      if field.number == 5, case .bytes(let range) = field.value {
        let (name, constant) = try readConstant(bytes, range)
        guard constants.count < ONNXDocument.maximumConstants else {
          throw reader.fault(
            "at most \(ONNXDocument.maximumConstants) constants", "more", range.lowerBound)
        }
        guard constants.updateValue(constant, forKey: name) == nil else {
          throw reader.fault(
            "each constant once", "\(clippedName(name)) again", range.lowerBound)
        }
      } else {
        try Self.keep(bytes, field, in: &graph, reader)
      }
    }
  }

  private func readConstant(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws -> (String, ONNXDocument.Constant) {
    var reader = WireReader(bytes, range, path: path)
    var (shape, name, type): ([Int], String, ElementType?) = ([], "", nil)
    var raw: Range<Int>?
    while let field = try reader.next() {
      let start = field.range.lowerBound
      switch (field.number, field.value) {
      case (1, .number(let extent)): shape.append(Int(truncatingIfNeeded: extent))
      case (1, .bytes(let range)):
        shape += try WireReader.packedNumbers(bytes, range, path: path, limit: 64)
          .map { Int(truncatingIfNeeded: $0) }
      case (2, .number(let number)):
        type = Self.types[number]
        guard type != nil else {
          throw reader.fault("numbers", "elements of type \(number)", start)
        }
      case (8, .bytes(let range)) where range.count <= 4096:
        name = String(decoding: bytes[range], as: UTF8.self)
      case (9, .bytes(let range)): raw = range
      case (12, _): break
      default:
        throw reader.fault(
          "a constant with raw numbers in the file", "field \(field.number)", start)
      }
      guard shape.count <= 64 else { throw reader.fault("at most 64 axes", "more", start) }
    }
    guard let type, !name.isEmpty else {
      throw reader.fault("a name and a type", "a constant without", range.lowerBound)
    }
    let raws = raw ?? range.upperBound..<range.upperBound
    var count = type.byteCount
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else {
        throw reader.fault("extents of a constant", "\(shape)", range.lowerBound)
      }
      count = product
    }
    guard count == raws.count else {
      throw reader.fault(
        "\(clippedName(name)): \(count) bytes for \(shape)", "\(raws.count)", raws.lowerBound)
    }
    return (name, .init(shape: shape, elementType: type, byteRange: raws))
  }

  /// ONNX's numbers of element types.
  private static let types: [UInt64: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool,
    10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
  ]
}
