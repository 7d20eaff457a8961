import Foundation

/// A ZIP file, mapped into memory: named members that are stored or deflated.
///
/// The directory is checked against the file when it is opened, archives above 4 GiB included; a member when it is
/// asked for, its checksum included. Nothing is allocated that the file's own length does not bound.
///
/// *Reference:* PKWARE's APPNOTE 6.3.
public struct ZIPArchive: Sendable {
  /// The file.
  public let url: URL
  /// The members' names, in the order of the directory.
  public let names: [String]
  private let file: MappedFile
  private let members: [String: ZIPMember]

  /// Opens a file and checks its directory.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``FileError`` where it cannot be read; ``NPYError`` of kind `archive` where it is no sound archive.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(contentsOf: url)
    let list = try file.withUnsafeBytes { bytes throws(NPYError) in
      try ZIPDirectory(bytes, path: url.path).members
    }
    var members: [String: ZIPMember] = [:]
    for member in list {
      guard members.updateValue(member, forKey: member.name) == nil else {
        throw NPYError(
          path: url.path, kind: .archive, position: member.headerStart, expected: "each name once",
          found: "\(clipped(member.name)) again")
      }
    }
    self.url = url
    self.file = file
    self.members = members
    names = list.map(\.name)
  }

  /// The length of a member as the directory says it.
  ///
  /// - Parameter name: the member.
  /// - Returns: its bytes when it is unpacked; nil where there is none of this name.
  public func byteCount(of name: String) -> Int? { members[name]?.count }

  /// Lends a member's bytes to a closure; the pointer must not leave it.
  ///
  /// - Parameters:
  ///   - name: the member.
  ///   - limit: the most bytes that are unpacked.
  ///   - body: what to do with the bytes.
  /// - Returns: what `body` returned.
  /// - Throws: ``NPYError`` of kind `archive` for a damaged member and one above the limit, `missing` where there is
  ///   none of this name; what `body` throws.
  public func withBytes<R>(
    of name: String, limit: Int = .max, _ body: (UnsafeRawBufferPointer) throws -> R
  ) throws -> R {
    guard let member = members[name] else {
      throw NPYError(
        path: url.path, kind: .missing, position: 0, expected: "a member \(clipped(name))",
        found: clipped(names.prefix(20).joined(separator: ", ")))
    }
    guard member.count >= 0, member.count <= limit else {
      throw NPYError(
        path: url.path, kind: .archive, position: member.headerStart,
        expected: "\(clipped(name)): at most \(limit) bytes", found: "\(member.count)")
    }
    return try file.withUnsafeBytes { bytes in
      switch try member.content(in: bytes) {
      case .mapped(let range): try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
      case .held(let held): try held.withUnsafeBytes(body)
      }
    }
  }

  /// Takes the members of an archive that is being written, one after another, uncompressed.
  public struct Writer {
    private var writer = ZIPWriter()
    private let file: AtomicFile.Writer
    private let alignment: Int

    fileprivate init(_ file: AtomicFile.Writer, alignment: Int) {
      (self.file, self.alignment) = (file, alignment)
    }

    /// The number of bytes written so far.
    public var position: Int { file.position }

    /// Writes a member.
    ///
    /// - Parameters:
    ///   - name: the member's name.
    ///   - bytes: its bytes.
    /// - Throws: ``FileError``; with the code `EFBIG` for 4 GiB and more.
    public mutating func append(_ name: String, _ bytes: UnsafeRawBufferPointer) throws {
      try writer.append(name, [], bytes, to: file, alignment: alignment)
    }

    /// Writes a member.
    ///
    /// - Parameters:
    ///   - name: the member's name.
    ///   - bytes: its bytes.
    /// - Throws: ``FileError``; with the code `EFBIG` for 4 GiB and more.
    public mutating func append(_ name: String, _ bytes: [UInt8]) throws {
      try bytes.withUnsafeBytes { try append(name, $0) }
    }

    fileprivate func finish() throws { try writer.finish(file) }
  }

  /// Writes an archive below 4 GiB, whole or not at all.
  ///
  /// - Parameters:
  ///   - url: the file; its folder must exist.
  ///   - alignment: what the place of each member's first byte in the file is a multiple of.
  ///   - body: writes the members.
  /// - Throws: ``FileError``, and what `body` throws.
  public static func write(
    to url: URL, alignment: Int = 1, _ body: (inout Writer) throws -> Void
  ) throws {
    try AtomicFile.write(to: url) { file in
      var writer = Writer(file, alignment: alignment)
      try body(&writer)
      try writer.finish()
    }
  }
}
