import CSentioTensorKernels
import Foundation

/// A NumPy array file (`.npy`, versions 1 to 3), mapped into memory.
///
/// The header is checked against the file's length when the file is opened. Arrays of any byte order
/// and of both memory orders are read, always into row-major arrays; structured, complex and text
/// types are refused.
///
/// *Reference:* `numpy.lib.format`, NumPy 2.
public struct NPYFile: Sendable {
  /// The file.
  public let url: URL
  let array: NPYArray

  /// Opens and checks a file.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` where it cannot be read, ``NPYError`` where it is not sound.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(contentsOf: url)
    let header = try file.withUnsafeBytes { bytes throws(NPYError) in
      try NPYHeader(bytes, path: url.path)
    }
    self.url = url
    array = NPYArray(header: header, storage: .mapped(file, 0..<file.count))
  }

  /// The extents, outermost first; empty for a single number.
  public var shape: [Int] { array.shape }

  /// The type of the elements in the file.
  public var elementType: ElementType { array.elementType }

  /// The elements as `Float`, row-major, rounded to nearest where their type is wider.
  public func floats() -> [Float] { array.floats() }

  /// The elements as `Double`, row-major.
  public func doubles() -> [Double] { array.doubles() }

  /// The elements as `Int`, row-major.
  ///
  /// - Returns: the elements.
  /// - Throws: ``NPYError`` of kind `elementType` where they are no integers or above `Int.max`.
  public func integers() throws -> [Int] { try array.integers(path: url.path) }

  /// Writes `Float` elements, whole or not at all.
  ///
  /// - Parameters:
  ///   - floats: the elements, row-major.
  ///   - shape: the extents; their product is the number of elements.
  ///   - url: the file; its folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ floats: [Float], shape: [Int], to url: URL) throws {
    try write(floats, .float32, shape, url)
  }

  /// Writes `Double` elements, whole or not at all.
  ///
  /// - Parameters:
  ///   - doubles: the elements, row-major.
  ///   - shape: the extents; their product is the number of elements.
  ///   - url: the file; its folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ doubles: [Double], shape: [Int], to url: URL) throws {
    try write(doubles, .float64, shape, url)
  }

  /// Writes integers with 64 bits, whole or not at all.
  ///
  /// - Parameters:
  ///   - integers: the elements, row-major.
  ///   - shape: the extents; their product is the number of elements.
  ///   - url: the file; its folder must exist.
  /// - Throws: ``FileError``.
  public static func write(_ integers: [Int], shape: [Int], to url: URL) throws {
    try write(integers.map(Int64.init), .int64, shape, url)
  }

  private static func write<T: BitwiseCopyable>(
    _ elements: [T], _ type: ElementType, _ shape: [Int], _ url: URL
  ) throws {
    precondition(
      elementCount(shape) == elements.count,
      "shape \(shape) does not have \(elements.count) elements")
    try AtomicFile.write(to: url) { file in
      try file.write(NPYHeader(elementType: type, shape: shape).bytes)
      try elements.withUnsafeBytes { try file.write($0) }
    }
  }
}
