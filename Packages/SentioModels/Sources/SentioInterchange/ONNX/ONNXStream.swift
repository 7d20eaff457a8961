import Foundation
import SentioTensor
import SwiftProtobuf

/// The bytes of an ONNX file, in which large constants are written from where they lie.
///
/// A message is a row of fields in any order, and a message inside a message is its length and its bytes. So the model
/// without its graph, the graph without its constants, and each constant without its numbers are encoded as usual, and
/// what is large is put between them with the lengths that follow from shapes.
struct ONNXStream {
  /// A constant: the bytes before its numbers, and the numbers.
  private struct Part {
    let head: [UInt8]
    let initializer: ONNXEmitter.Initializer
  }

  private let model: Data
  private let graphHead: [UInt8]
  private let graph: Data
  private let parts: [Part]
  /// The bytes of the whole file.
  let byteCount: Int

  init(
    _ emitter: ONNXEmitter, _ exported: ExportedGraph, limit: Int = ONNXFile.maximumLength
  ) throws {
    var model = ONNXModelProto()
    // IR versions that onnx released with these operators.
    model.irVersion = emitter.opset <= 18 ? 8 : emitter.opset <= 20 ? 9 : 10
    model.producerName = "Sentio"
    model.docString = exported.title
    var operators = ONNXOperatorSetIdProto()
    operators.version = Int64(emitter.opset)
    model.opsetImport = [operators]
    model.metadataProps = exported.metadata.sorted { $0.key < $1.key }.map { key, value in
      var entry = ONNXStringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    var graph = ONNXGraphProto()
    graph.name = "network"
    graph.node = emitter.nodes
    graph.input = [Self.value(exported.inputName, exported.graph.input.shape)]
    if exported.graph.takesLengths {
      graph.input.append(Self.value(ONNXEmitter.lengths, GraphShape([]), elementType: 7))
    }
    graph.output = [Self.value(exported.outputName, exported.graph.output.shape)]

    self.model = try model.serializedData()
    self.graph = try graph.serializedData()
    parts = try emitter.initializers.map { initializer in
      var tensor = ONNXTensorProto()
      tensor.dims = initializer.shape.map(Int64.init)
      tensor.name = initializer.name
      tensor.dataType = initializer.content.dataType
      let header = [UInt8](try tensor.serializedData())
      let raw = Self.lead(field: 9, length: initializer.byteCount)
      return Part(
        head: Self.lead(field: 5, length: header.count + raw.count + initializer.byteCount)
          + header + raw, initializer: initializer)
    }
    let graphLength =
      self.graph.count + parts.reduce(0) { $0 + $1.head.count + $1.initializer.byteCount }
    graphHead = Self.lead(field: 7, length: graphLength)
    byteCount = self.model.count + graphHead.count + graphLength
    guard byteCount <= limit else {
      throw InterchangeError.tooLarge(
        format: "ONNX", bytes: byteCount, limit: limit)
    }
  }

  /// Writes the file.
  func write(to file: AtomicFile.Writer) throws {
    let start = file.position
    try file.write(model)
    try file.write(graphHead)
    try file.write(graph)
    for part in parts {
      try file.write(part.head)
      switch part.initializer.content {
      case .integers(let values): try file.write(values.withUnsafeBytes { [UInt8]($0) })
      case .bytes(_, let make):
        let bytes = make()
        precondition(
          bytes.count == part.initializer.byteCount,
          "\(part.initializer.name) has \(bytes.count) bytes, not \(part.initializer.byteCount)")
        try file.write(bytes)
      case .floats(let make):
        let tensor = make()
        precondition(
          Array(tensor.shape) == part.initializer.shape,
          "\(part.initializer.name) has the shape \(tensor.shape), not \(part.initializer.shape)")
        try tensor.withUnsafeBufferPointer { try file.write(UnsafeRawBufferPointer($0)) }
      }
    }
    precondition(file.position - start == byteCount, "the file has another length than it says")
  }

  /// The tag of a field that has a length, and the length.
  private static func lead(field: Int, length: Int) -> [UInt8] {
    var bytes = [UInt8(field << 3 | 2)]
    var rest = length
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// An input or output: the batch by a name, the rest as numbers.
  private static func value(
    _ name: String, _ shape: GraphShape, elementType: Int32 = 1
  ) -> ONNXValueInfoProto {
    var first = ONNXTensorShapeProto.Dimension()
    first.dimParam = shape.multiple == 1 ? "batch" : "\(shape.multiple)*batch"
    let rest = shape.extents.map { extent in
      var dimension = ONNXTensorShapeProto.Dimension()
      dimension.dimValue = Int64(extent)
      return dimension
    }
    var info = ONNXValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = elementType
    info.type.tensorType.shape.dim = [first] + rest
    return info
  }
}
