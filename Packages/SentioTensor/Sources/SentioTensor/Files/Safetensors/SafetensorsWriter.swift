import CSentioTensorKernels
import Foundation

extension Safetensors {
  /// A named tensor on its way into a file.
  public struct Content: Sendable, Hashable {
    /// The name; must be unique in the file, and not `__metadata__`.
    public let name: String
    /// The type of the elements in the file.
    public let elementType: ElementType
    /// The extents, outermost first; empty for a single number.
    public let shape: [Int]
    let elements: Elements

    /// Lends the bytes as they will stand in the file to a closure; the pointer must not leave it.
    ///
    /// - Parameter body: what to do with the bytes.
    /// - Returns: what `body` returned.
    /// - Throws: what `body` throws.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
      try elements.withBytes(body)
    }

    /// Where the elements are; a tensor's are written from where they lie.
    enum Elements: Sendable, Hashable {
      case bytes([UInt8])
      case tensor(Tensor)

      var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .tensor(let tensor): tensor.count * MemoryLayout<Float>.stride
        }
      }

      func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        switch self {
        case .bytes(let bytes): try bytes.withUnsafeBytes(body)
        case .tensor(let tensor):
          try tensor.withUnsafeBufferPointer { try body(UnsafeRawBufferPointer($0)) }
        }
      }

      static func == (a: Elements, b: Elements) -> Bool {
        a.byteCount == b.byteCount
          && a.withBytes { a in b.withBytes { b in a.elementsEqual(b) } }
      }

      func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }
    }

    /// Takes elements that are bytes already.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - shape: the extents.
    ///   - elementType: the type of the elements.
    ///   - bytes: the elements, little-endian and row-major.
    public init(_ name: String, shape: [Int], elementType: ElementType, bytes: [UInt8]) {
      let count = elementCount(shape).map { $0 * elementType.byteCount }
      precondition(
        count == bytes.count,
        "\(name): shape \(shape) of \(elementType.rawValue) needs \(count ?? -1) bytes, "
          + "and there are \(bytes.count)")
      precondition(name != "__metadata__", "the name __metadata__ belongs to the format")
      self.name = name
      self.shape = shape
      self.elementType = elementType
      elements = .bytes(bytes)
    }

    /// Takes a tensor, to be stored as it is; the tensor is not copied.
    init(_ name: String, whole tensor: Tensor) {
      precondition(name != "__metadata__", "the name __metadata__ belongs to the format")
      self.name = name
      shape = Array(tensor.shape)
      elementType = .float32
      elements = .tensor(tensor.detached())
    }

    /// Takes `Float` elements, to be stored as they are or in a narrower format.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - shape: the extents.
    ///   - floats: the elements, row-major.
    ///   - elementType: `float32`, or `float16` or `bfloat16`, rounded to nearest, ties to even.
    public init(
      _ name: String, shape: [Int], floats: [Float], as elementType: ElementType = .float32
    ) {
      let bytes: [UInt8]
      switch elementType {
      case .float32: bytes = rawBytes(floats)
      case .float16: bytes = narrowed(floats, sentio_float_to_half)
      case .bfloat16: bytes = narrowed(floats, sentio_float_to_bfloat16)
      default: preconditionFailure("floats cannot be stored as \(elementType.rawValue)")
      }
      self.init(name, shape: shape, elementType: elementType, bytes: bytes)
    }

    /// Takes `Double` elements.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - shape: the extents.
    ///   - doubles: the elements, row-major.
    public init(_ name: String, shape: [Int], doubles: [Double]) {
      self.init(name, shape: shape, elementType: .float64, bytes: rawBytes(doubles))
    }

    /// Takes integers, to be stored with 64 bits.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - shape: the extents.
    ///   - integers: the elements, row-major.
    public init(_ name: String, shape: [Int], integers: [Int]) {
      self.init(name, shape: shape, elementType: .int64, bytes: rawBytes(integers.map(Int64.init)))
    }
  }

  /// Writes a file, whole or not at all.
  ///
  /// The same tensors and metadata give the same bytes, whatever their order here: tensors stand in
  /// the order of element size, largest first, then of name, so that each is aligned to its
  /// elements; the data start at a multiple of 8.
  ///
  /// - Parameters:
  ///   - contents: the tensors; their names must differ.
  ///   - metadata: the table of text.
  ///   - url: the file; its folder must exist.
  /// - Throws: ``FileError``.
  public static func write(
    _ contents: [Content], metadata: [String: String] = [:], to url: URL
  ) throws {
    let ordered = contents.sorted {
      ($1.elementType.byteCount, $0.name) < ($0.elementType.byteCount, $1.name)
    }
    precondition(
      Set(contents.map(\.name)).count == contents.count, "two tensors have the same name")
    var header = header(of: ordered, metadata: metadata)
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    precondition(header.utf8.count <= maximumHeaderLength, "the header exceeds the format's limit")
    try AtomicFile.write(to: url) { file in
      try file.write(rawBytes([UInt64(header.utf8.count).littleEndian]))
      try file.write(header)
      for content in ordered { try content.elements.withBytes { try file.write($0) } }
    }
  }

  private static func header(of contents: [Content], metadata: [String: String]) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let table = metadata.sorted { $0.key < $1.key }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(table.joined(separator: ","))}")
    }
    var offset = 0
    for content in contents {
      let end = offset + content.elements.byteCount
      let shape = content.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(content.name)):{\"dtype\":\"\(content.elementType.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }
}

/// A JSON string.
private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

/// The memory of an array; the machines that Swift runs on are little-endian.
func rawBytes<T: BitwiseCopyable>(_ elements: [T]) -> [UInt8] {
  elements.withUnsafeBytes { [UInt8]($0) }
}

private func narrowed(
  _ floats: [Float],
  _ kernel: (UnsafePointer<Float>?, UnsafeMutablePointer<UInt16>?, Int) -> Void
) -> [UInt8] {
  var halves = [UInt16](repeating: 0, count: floats.count)
  kernel(floats, &halves, floats.count)
  return rawBytes(halves)
}
