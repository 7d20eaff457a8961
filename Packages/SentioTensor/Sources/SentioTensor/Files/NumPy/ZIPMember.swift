/// A member of a ZIP file, as the directory describes it.
struct ZIPMember: Sendable {
  let path: String
  let name: String
  let headerStart: Int
  let method: Int
  let flags: Int
  let checksum: UInt32
  let packedCount: Int
  let count: Int

  /// A little-endian number of the file, which the caller has made sure is there.
  ///
  /// It is negative where the number is 2^63 or more.
  static func field(_ bytes: UnsafeRawBufferPointer, _ position: Int, _ size: Int) -> Int {
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(bytes[position + index]) << (8 * index) }
    return Int(truncatingIfNeeded: value)
  }

  private func fault(_ position: Int, _ expected: String, _ found: String) -> NPYError {
    NPYError(
      path: path, kind: .archive, position: position, expected: "\(clipped(name)): \(expected)",
      found: found)
  }

  /// A member's bytes: where they lie in the file, or unpacked.
  enum Content {
    case mapped(Range<Int>)
    case held([UInt8])
  }

  /// Checks the member's bytes and reads the array's header.
  func array(in bytes: UnsafeRawBufferPointer, file: MappedFile) throws(NPYError) -> NPYArray {
    switch try content(in: bytes) {
    case .mapped(let range):
      let packed = UnsafeRawBufferPointer(rebasing: bytes[range])
      let header = try NPYHeader(packed, path: path, offset: range.lowerBound)
      return NPYArray(header: header, storage: .mapped(file, range))
    case .held(let held):
      let start = headerStart
      let header = held.withUnsafeBytes { bytes in
        Result { () throws(NPYError) in try NPYHeader(bytes, path: path, offset: start) }
      }
      return NPYArray(header: try header.get(), storage: .held(held))
    }
  }

  /// Checks the member's bytes, its checksum included, and unpacks them where they are packed.
  func content(in bytes: UnsafeRawBufferPointer) throws(NPYError) -> Content {
    let range = try packedRange(bytes)
    let packed = UnsafeRawBufferPointer(rebasing: bytes[range])
    switch method {
    case 0:
      guard count == packedCount else {
        throw fault(headerStart, "\(packedCount) stored bytes", "\(count)")
      }
      try verify(packed)
      return .mapped(range)
    case 8:
      let held: [UInt8]
      do throws(Inflate.Fault) {
        held = try Inflate.bytes(packed, count: count)
      } catch {
        throw fault(
          range.lowerBound + error.position, "\(count) bytes by deflate", error.found)
      }
      let checked = held.withUnsafeBytes { bytes in
        Result { () throws(NPYError) in try verify(bytes) }
      }
      try checked.get()
      return .held(held)
    default:
      throw fault(headerStart, "a member stored (0) or deflated (8)", "method \(method)")
    }
  }

  /// Where the member's bytes lie, behind a header that repeats some of the directory.
  private func packedRange(_ bytes: UnsafeRawBufferPointer) throws(NPYError) -> Range<Int> {
    guard flags & 1 == 0 else { throw fault(headerStart, "a plain member", "an encrypted one") }
    guard headerStart >= 0, headerStart <= bytes.count - 30,
      Self.field(bytes, headerStart, 4) == 0x0403_4b50
    else { throw fault(headerStart, "the member's header", "none") }
    let start =
      headerStart + 30 + Self.field(bytes, headerStart + 26, 2)
      + Self.field(bytes, headerStart + 28, 2)
    guard packedCount >= 0, count >= 0, start <= bytes.count, packedCount <= bytes.count - start
    else {
      throw fault(
        headerStart, "\(packedCount) bytes from \(start) on", "a file of \(bytes.count)")
    }
    return start..<start + packedCount
  }

  private func verify(_ bytes: UnsafeRawBufferPointer) throws(NPYError) {
    let found = CyclicRedundancyCheck.checksum(bytes)
    guard found == checksum else {
      throw fault(
        headerStart, "the checksum \(String(checksum, radix: 16))", String(found, radix: 16))
    }
  }
}

/// The checksum of ZIP files: CRC-32 with the polynomial 0x04C11DB7, bits reversed.
enum CyclicRedundancyCheck {
  // Eight bytes a step: table k holds the effect of a byte that k others follow.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
      tables[byte] = value
    }
    for index in 256..<8 * 256 {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xff)]
    }
    return tables
  }()

  /// The checksum of bytes, or of bytes that continue others.
  static func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var value = ~previous
      var position = 0
      while position + 8 <= bytes.count {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
          ^ UInt64(value)
        value = 0
        for byte in 0..<8 {
          value ^= tables[(7 - byte) * 256 + Int(word >> (8 * UInt64(byte)) & 0xff)]
        }
        position += 8
      }
      while position < bytes.count {
        value = value >> 8 ^ tables[Int((value ^ UInt32(bytes[position])) & 0xff)]
        position += 1
      }
      return ~value
    }
  }
}
