import Foundation

/// Writes the members of a ZIP file one after another, uncompressed, and the directory at the end.
struct ZIPWriter {
  private var directory: [UInt8] = []
  private var count = 0

  /// Writes a member of two parts.
  ///
  /// - Parameters:
  ///   - name: the member's name.
  ///   - head: its first bytes.
  ///   - body: the bytes after them.
  ///   - file: where to write.
  ///   - alignment: what the place of the first byte in the file is a multiple of.
  /// - Throws: ``FileError``; `EFBIG` where 32 bits do not hold a length.
  mutating func append(
    _ name: String, _ head: [UInt8], _ body: UnsafeRawBufferPointer, to file: AtomicFile.Writer,
    alignment: Int = 1
  ) throws {
    let start = file.position
    let length = head.count + body.count
    let name = Array(name.utf8)
    guard start + length + name.count + 34 + alignment < 0xffff_ffff, name.count < 0xffff,
      count < 0xfffe
    else {
      throw FileError(path: file.reportedPath, operation: .write, code: EFBIG)
    }
    let checksum = CyclicRedundancyCheck.checksum(
      body, after: head.withUnsafeBytes { CyclicRedundancyCheck.checksum($0) })
    // Version 2.0, names in UTF-8, stored, and the first day that the format can tell.
    var common = Self.bytes((20, 2), (0x0800, 2), (0, 2), (0, 2), (0x0021, 2))
    common += Self.bytes((Int(checksum), 4), (length, 4), (length, 4), (name.count, 2))
    // An extra field, of a kind that readers pass over, fills up to the alignment.
    var extra: [UInt8] = []
    let gap = (alignment - (start + 34 + name.count) % alignment) % alignment
    if alignment > 1 {
      extra = Self.bytes((0x4246, 2), (gap, 2)) + [UInt8](repeating: 0x5a, count: gap)
    }
    try file.write(
      Self.bytes((0x0403_4b50, 4)) + common + Self.bytes((extra.count, 2)) + name + extra)
    try file.write(head)
    try file.write(body)
    directory += Self.bytes((0x0201_4b50, 4), (0x0314, 2)) + common + Self.bytes((0, 2))
    // No comment, one disk, no attributes but the permissions rw-r--r--.
    directory += Self.bytes((0, 2), (0, 2), (0, 2), (0x81a4 << 16, 4), (start, 4)) + name
    count += 1
  }

  /// Writes the directory.
  ///
  /// - Parameter file: where to write.
  /// - Throws: ``FileError``.
  func finish(_ file: AtomicFile.Writer) throws {
    let start = file.position
    guard start + directory.count < 0xffff_ffff else {
      throw FileError(path: file.reportedPath, operation: .write, code: EFBIG)
    }
    try file.write(directory)
    try file.write(
      Self.bytes(
        (0x0605_4b50, 4), (0, 2), (0, 2), (count, 2), (count, 2), (directory.count, 4), (start, 4),
        (0, 2)))
  }

  private static func bytes(_ fields: (value: Int, size: Int)...) -> [UInt8] {
    fields.flatMap { field in
      (0..<field.size).map { UInt8(truncatingIfNeeded: field.value >> (8 * $0)) }
    }
  }
}
