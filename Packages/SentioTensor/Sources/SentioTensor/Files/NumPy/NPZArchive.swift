import Foundation

/// A NumPy archive (`.npz`): several named arrays in one ZIP file, mapped into memory.
///
/// What `numpy.savez` and `numpy.savez_compressed` write is read, archives above 4 GiB included. The
/// directory is checked against the file when it is opened; a member when it is asked for, its checksum
/// included. Arrays are written uncompressed, as `numpy.savez` does.
///
/// ```swift
/// let archive = try NPZArchive(contentsOf: url)
/// let weights = try archive.tensor("weights")
/// ```
public struct NPZArchive: Sendable {
  /// The file.
  public let url: URL
  private let file: MappedFile
  private let members: [String: ZIPMember]

  /// Opens a file and checks its directory.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` where it cannot be read, ``NPYError`` where it is no sound archive.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(contentsOf: url)
    let list = try file.withUnsafeBytes { bytes throws(NPYError) in
      try ZIPDirectory(bytes, path: url.path).members
    }
    var members: [String: ZIPMember] = [:]
    for member in list {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard members.updateValue(member, forKey: name) == nil else {
        throw NPYError(
          path: url.path, kind: .archive, position: member.headerStart, expected: "each name once",
          found: "\(clipped(name)) again")
      }
    }
    self.url = url
    self.file = file
    self.members = members
  }

  /// The arrays' names, sorted.
  public var names: [String] { members.keys.sorted() }

  /// The extents of an array, outermost first.
  ///
  /// - Parameter name: the array.
  /// - Returns: the extents; empty for a single number.
  /// - Throws: ``NPYError``.
  public func shape(_ name: String) throws -> [Int] { try array(name).shape }

  /// The elements of an array as `Float`, row-major, rounded to nearest where their type is wider.
  ///
  /// - Parameter name: the array.
  /// - Returns: the elements.
  /// - Throws: ``NPYError``.
  public func floats(_ name: String) throws -> [Float] { try array(name).floats() }

  /// The elements of an array as `Double`, row-major.
  ///
  /// - Parameter name: the array.
  /// - Returns: the elements.
  /// - Throws: ``NPYError``.
  public func doubles(_ name: String) throws -> [Double] { try array(name).doubles() }

  /// The elements of an array as `Int`, row-major.
  ///
  /// - Parameter name: the array.
  /// - Returns: the elements.
  /// - Throws: ``NPYError``, of kind `elementType` where they are no integers or above `Int.max`.
  public func integers(_ name: String) throws -> [Int] {
    try array(name).integers(path: url.path)
  }

  /// An array as a tensor.
  ///
  /// - Parameter name: an array of rank up to eight.
  /// - Returns: the tensor.
  /// - Throws: ``NPYError``.
  public func tensor(_ name: String) throws -> Tensor {
    try array(name).tensor(path: url.path)
  }

  private func array(_ name: String) throws(NPYError) -> NPYArray {
    guard let member = members[name] else {
      throw NPYError(
        path: url.path, kind: .missing, position: 0, expected: "an array \(clipped(name))",
        found: clipped(names.joined(separator: ", ")))
    }
    return try file.withUnsafeBytes { bytes throws(NPYError) in
      try member.array(in: bytes, file: file)
    }
  }

  /// Writes tensors as an archive of `<f4` arrays below 4 GiB, whole or not at all.
  ///
  /// - Parameters:
  ///   - tensors: the tensors by name; the names must not be empty.
  ///   - url: the file; its folder must exist.
  /// - Throws: ``FileError``; with the code `EFBIG` for 4 GiB and more, which ``Safetensors`` holds.
  public static func write(_ tensors: [String: Tensor], to url: URL) throws {
    precondition(tensors.keys.allSatisfy { !$0.isEmpty }, "an array needs a name")
    try AtomicFile.write(to: url) { file in
      var writer = ZIPWriter()
      for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
        let header = NPYHeader(elementType: .float32, shape: Array(tensor.shape)).bytes
        try tensor.withUnsafeBufferPointer {
          try writer.append("\(name).npy", header, UnsafeRawBufferPointer($0), to: file)
        }
      }
      try writer.finish(file)
    }
  }
}
