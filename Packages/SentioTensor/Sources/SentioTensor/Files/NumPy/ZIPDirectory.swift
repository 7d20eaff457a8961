/// The list of members at the end of a ZIP file.
///
/// *Reference:* PKWARE's APPNOTE 6.3, with the 64-bit records of its section 4.3.14.
struct ZIPDirectory {
  private(set) var members: [ZIPMember] = []

  private let bytes: UnsafeRawBufferPointer
  private let path: String

  /// Reads and checks the directory of the archive that `bytes` are.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(NPYError) {
    self.bytes = bytes
    self.path = path
    let end = try endRecord()
    var position = end.start
    for _ in 0..<end.count {
      let (member, next) = try entry(at: position, limit: end.start + end.length)
      members.append(member)
      position = next
    }
  }

  private func fault(_ position: Int, _ expected: String, _ found: String) -> NPYError {
    NPYError(
      path: path, kind: .archive, position: position, expected: expected, found: found)
  }

  private func field(_ position: Int, _ size: Int) -> Int {
    ZIPMember.field(bytes, position, size)
  }

  /// Where the directory lies and how many members it lists.
  private func endRecord() throws(NPYError) -> (start: Int, length: Int, count: Int) {
    // The record stands at the end, before a comment of at most 65,535 bytes.
    var position = bytes.count - 22
    let first = max(0, position - 65_535)
    while position >= first, field(position, 4) != 0x0605_4b50 { position -= 1 }
    guard position >= first else {
      throw fault(max(0, bytes.count - 22), "the end of an archive's directory", "none")
    }
    var (count, length, start) = (
      field(position + 10, 2), field(position + 12, 4), field(position + 16, 4)
    )
    var limit = position
    if count == 0xffff || length == 0xffff_ffff || start == 0xffff_ffff {
      let locator = position - 20
      guard locator >= 0, field(locator, 4) == 0x0706_4b50 else {
        throw fault(position, "a 64-bit record before this one", "none")
      }
      let record = field(locator + 8, 8)
      guard record >= 0, record <= locator - 56, field(record, 4) == 0x0606_4b50 else {
        throw fault(locator, "the place of a 64-bit record", "\(record)")
      }
      (count, length, start) = (field(record + 32, 8), field(record + 40, 8), field(record + 48, 8))
      limit = record
    }
    guard start >= 0, length >= 0, start <= limit, length <= limit - start, count >= 0,
      count <= length / 46
    else {
      throw fault(
        position, "a directory before byte \(limit)",
        "\(count) members in \(length) bytes from \(start) on")
    }
    return (start, length, count)
  }

  /// The member that an entry of the directory describes, and where the next entry starts.
  private func entry(
    at position: Int, limit: Int
  ) throws(NPYError) -> (member: ZIPMember, next: Int) {
    guard limit - position >= 46, field(position, 4) == 0x0201_4b50 else {
      throw fault(position, "an entry of the directory", "none")
    }
    let nameLength = field(position + 28, 2)
    let extraStart = position + 46 + nameLength
    let extraEnd = extraStart + field(position + 30, 2)
    let next = extraEnd + field(position + 32, 2)
    guard next <= limit else {
      throw fault(position, "an entry within the directory", "one that ends at byte \(next)")
    }
    var packed = field(position + 20, 4)
    var count = field(position + 24, 4)
    var header = field(position + 42, 4)
    var extra = extraStart
    while extra + 4 <= extraEnd {
      let (kind, size) = (field(extra, 2), field(extra + 2, 2))
      var place = extra + 4
      let end = place + size
      guard end <= extraEnd else {
        throw fault(extra, "an extra field within its entry", "\(size)")
      }
      if kind == 1 {
        // The fields that did not fit into 32 bits, in this order.
        func wide(_ value: Int) -> Int {
          guard value == 0xffff_ffff, place + 8 <= end else { return value }
          defer { place += 8 }
          return field(place, 8)
        }
        count = wide(count)
        packed = wide(packed)
        header = wide(header)
      }
      extra = end
    }
    let name = String(decoding: bytes[position + 46..<extraStart], as: UTF8.self)
    let member = ZIPMember(
      path: path, name: name, headerStart: header, method: field(position + 10, 2),
      flags: field(position + 8, 2), checksum: UInt32(field(position + 16, 4)), packedCount: packed,
      count: count)
    return (member, next)
  }
}
