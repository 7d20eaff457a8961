/// Reads the deflate format (RFC 1951), in which an archive's members may be compressed.
///
/// The result's length is known beforehand and bounds what is written. Every read is within the bytes given,
/// whatever they say.
struct Inflate {
  /// Bytes that are no such stream, or one of another length.
  struct Fault: Error {
    /// Where the reader stood, in bytes from the start.
    let position: Int
    let found: String
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var bits: UInt64 = 0
  private var bitCount = 0

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Decompresses a whole stream.
  ///
  /// - Parameters:
  ///   - bytes: the stream.
  ///   - count: the number of bytes that come out of it.
  /// - Returns: those bytes.
  /// - Throws: ``Fault``.
  static func bytes(_ bytes: UnsafeRawBufferPointer, count: Int) throws(Fault) -> [UInt8] {
    var reader = Inflate(bytes)
    // A byte of the stream makes 1,032 at the most, so that a lie about the length is found here.
    guard count / 1032 <= bytes.count else {
      throw Fault(position: 0, found: "\(bytes.count) bytes, too few for \(count)")
    }
    var output = [UInt8]()
    output.reserveCapacity(count)
    var isLast = false
    while !isLast {
      isLast = try reader.take(1) == 1
      switch try reader.take(2) {
      case 0: try reader.copyStored(to: &output, limit: count)
      case 1: try reader.decode(.fixedLiterals, .fixedDistances, to: &output, limit: count)
      case 2:
        let (literals, distances) = try reader.tables()
        try reader.decode(literals, distances, to: &output, limit: count)
      default: throw reader.fault("a block of no known kind")
      }
    }
    guard output.count == count else { throw reader.fault("\(output.count) bytes in all") }
    return output
  }

  private func fault(_ found: String) -> Fault {
    Fault(position: min(position, bytes.count), found: found)
  }

  /// Makes sure that so many bits are at hand, or all that are left.
  private mutating func refill() {
    while bitCount <= 48, position < bytes.count {
      bits |= UInt64(bytes[position]) << bitCount
      bitCount += 8
      position += 1
    }
  }

  private mutating func drop(_ count: Int) throws(Fault) {
    guard count <= bitCount else { throw fault("the end within a block") }
    bits >>= count
    bitCount -= count
  }

  private mutating func take(_ count: Int) throws(Fault) -> Int {
    refill()
    let value = Int(bits & ((1 << count) - 1))
    try drop(count)
    return value
  }

  private mutating func copyStored(to output: inout [UInt8], limit: Int) throws(Fault) {
    try drop(bitCount % 8)
    let length = try take(16)
    guard try take(16) == ~length & 0xffff else { throw fault("a stored length that is not") }
    guard length <= limit - output.count else { throw fault("more than \(limit) bytes") }
    for _ in 0..<length { output.append(UInt8(try take(8))) }
  }

  private mutating func symbol(_ table: HuffmanTable) throws(Fault) -> Int {
    refill()
    let entry = table.entries[Int(bits & 0x7fff)]
    guard entry != 0 else { throw fault("bits that are no code") }
    try drop(Int(entry & 15))
    return Int(entry >> 4)
  }

  private mutating func decode(
    _ literals: HuffmanTable, _ distances: HuffmanTable, to output: inout [UInt8], limit: Int
  ) throws(Fault) {
    while true {
      let symbol = try symbol(literals)
      if symbol == 256 { return }
      if symbol < 256 {
        guard output.count < limit else { throw fault("more than \(limit) bytes") }
        output.append(UInt8(symbol))
        continue
      }
      guard symbol < 286 else { throw fault("a length of no known code") }
      let length = Self.lengths[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
      let code = try self.symbol(distances)
      guard code < 30 else { throw fault("a distance of no known code") }
      let distance = Self.distances[code] + (try take(Self.distanceBits[code]))
      guard distance <= output.count else { throw fault("a distance before the start") }
      guard length <= limit - output.count else { throw fault("more than \(limit) bytes") }
      // What is copied may reach into what it makes.
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  /// The codes that a block brings along, themselves written in a code.
  private mutating func tables() throws(Fault) -> (HuffmanTable, HuffmanTable) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    var lengths = [UInt8](repeating: 0, count: 19)
    for index in 0..<lengthCount { lengths[Self.lengthOrder[index]] = UInt8(try take(3)) }
    guard let lengthTable = HuffmanTable(lengths) else { throw fault("an impossible code") }
    var all: [UInt8] = []
    while all.count < literalCount + distanceCount {
      switch try symbol(lengthTable) {
      case 16:
        guard let last = all.last else { throw fault("a repetition of nothing") }
        all += Array(repeating: last, count: 3 + (try take(2)))
      case 17: all += Array(repeating: 0, count: 3 + (try take(3)))
      case 18: all += Array(repeating: 0, count: 11 + (try take(7)))
      case let length: all.append(UInt8(length))
      }
    }
    guard all.count == literalCount + distanceCount, all[256] != 0,
      let literals = HuffmanTable(Array(all[..<literalCount])),
      let distances = HuffmanTable(Array(all[literalCount...]))
    else { throw fault("an impossible code") }
    return (literals, distances)
  }

  private static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12_289, 16_385, 24_577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]
  private static let lengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
}

/// A prefix code: for the next 15 bits of a stream, the symbol that they start with and its length.
private struct HuffmanTable: Sendable {
  /// Symbol times 16 plus length; 0 where the bits start no code.
  let entries: [UInt16]

  static let fixedLiterals = HuffmanTable(
    Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112)
      + Array(repeating: 7, count: 24) + Array(repeating: 8, count: 8))!
  static let fixedDistances = HuffmanTable(Array(repeating: 5, count: 30))!

  /// Makes the canonical code of given lengths, 0 for symbols that do not occur; nil where the lengths ask
  /// for more codes than there are.
  init?(_ lengths: [UInt8]) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    var next = [Int](repeating: 0, count: 17)
    for length in 1...15 {
      guard next[length] + counts[length] <= 1 << length else { return nil }
      next[length + 1] = (next[length] + counts[length]) << 1
    }
    var entries = [UInt16](repeating: 0, count: 1 << 15)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let length = Int(length)
      var code = 0
      // Codes stand in the stream from their first bit on, numbers from their last.
      for bit in 0..<length { code |= (next[length] >> bit & 1) << (length - 1 - bit) }
      next[length] += 1
      for index in stride(from: code, to: 1 << 15, by: 1 << length) {
        entries[index] = UInt16(symbol << 4 | length)
      }
    }
    self.entries = entries
  }
}
