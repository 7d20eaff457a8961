import CSentioTensorKernels
import Foundation

/// A safetensors file: named tensors and a table of text, mapped into memory.
///
/// The whole header is checked when the file is opened, before anything is allocated that it asks
/// for, so that afterwards every tensor is known to lie inside the file. Tensors are read when
/// they are asked for. The checks are those of the reference implementation: header of at most
/// 100 MB, unique names, known element types, ranges that fit their shapes and cover the data without
/// gaps or overlaps.
///
/// ```swift
/// let file = try Safetensors(contentsOf: url)
/// let weights = try file.floats("encoder.weight")     // [Float], row-major
/// let shape = file.tensors["encoder.weight"]!.shape
/// ```
///
/// *Reference:* the format of the `safetensors` library, 0.4.
public struct Safetensors: Sendable {
  /// What the header says of one tensor.
  public struct Entry: Sendable, Hashable {
    /// The type of its elements.
    public let elementType: ElementType
    /// Its extents, outermost first; empty for a single number.
    public let shape: [Int]
    /// Its bytes, counted from the file's start.
    public let byteRange: Range<Int>

    /// The number of elements.
    public var count: Int { byteRange.count / elementType.byteCount }
  }

  /// The file.
  public let url: URL
  /// The header's table of text; empty where it has none.
  public let metadata: [String: String]
  /// The tensors by name.
  public let tensors: [String: Entry]
  private let file: MappedFile

  /// The longest header that is read, as in the reference implementation.
  public static let maximumHeaderLength = 100_000_000

  /// Opens and checks a file.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` where it cannot be read, ``SafetensorsError`` where it is not sound.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(contentsOf: url)
    let header = try file.withUnsafeBytes { bytes throws(SafetensorsError) in
      try SafetensorsHeader(bytes, path: url.path)
    }
    self.url = url
    self.file = file
    metadata = header.metadata
    tensors = header.tensors
  }

  /// The tensors' names, in the order of their bytes in the file.
  public var names: [String] {
    tensors.sorted {
      ($0.value.byteRange.lowerBound, $0.key) < ($1.value.byteRange.lowerBound, $1.key)
    }
    .map(\.key)
  }

  /// Lends a tensor's raw little-endian bytes to a closure; the pointer must not leave it.
  ///
  /// The bytes need not be aligned to their element type: files of other writers may be packed.
  ///
  /// - Parameters:
  ///   - name: the tensor.
  ///   - body: what to do with the bytes.
  /// - Returns: what `body` returned.
  /// - Throws: ``SafetensorsError`` of kind `missing`, or what `body` throws.
  public func withBytes<R>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> R
  ) throws -> R {
    let entry = try entry(name)
    return try file.withUnsafeBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[entry.byteRange]))
    }
  }

  /// A tensor's elements as `Float`, row-major, rounded to nearest where its type is wider.
  ///
  /// - Parameter name: the tensor, of any element type.
  /// - Returns: its elements.
  /// - Throws: ``SafetensorsError`` of kind `missing`.
  public func floats(_ name: String) throws -> [Float] {
    let type = try entry(name).elementType
    return try withBytes(of: name) { ElementDecoding.floats($0, type) }
  }

  /// A tensor's elements as `Double`, row-major.
  ///
  /// - Parameter name: the tensor, of any element type.
  /// - Returns: its elements.
  /// - Throws: ``SafetensorsError`` of kind `missing`.
  public func doubles(_ name: String) throws -> [Double] {
    let type = try entry(name).elementType
    return try withBytes(of: name) { ElementDecoding.doubles($0, type) }
  }

  /// A tensor's elements as `Int`, row-major.
  ///
  /// - Parameter name: the tensor, of an integer element type.
  /// - Returns: its elements.
  /// - Throws: ``SafetensorsError`` of kind `missing`, or of kind `elementType` where the elements
  ///   are no integers or are above `Int.max`.
  public func integers(_ name: String) throws -> [Int] {
    let entry = try entry(name)
    let elements = try withBytes(of: name) { ElementDecoding.integers($0, entry.elementType) }
    guard let elements else {
      throw SafetensorsError(
        path: url.path, kind: .elementType, position: entry.byteRange.lowerBound, name: name,
        expected: "integers up to \(Int.max)",
        found: "elements of type \(entry.elementType.rawValue)")
    }
    return elements
  }

  func entry(_ name: String) throws(SafetensorsError) -> Entry {
    if let entry = tensors[name] { return entry }
    let near = tensors.keys.sorted().prefix(5).joined(separator: ", ")
    throw SafetensorsError(
      path: url.path, kind: .missing, position: 0, name: name, expected: "a tensor of this name",
      found: "\(tensors.count) others: \(near)\(tensors.count > 5 ? ", …" : "")")
  }
}
