import Foundation

/// Walks over the fields of a Protocol Buffers message without decoding what they hold.
///
/// Every field is within the bytes given, whatever lengths say.
struct WireReader {
  /// A field: its number, and where its value lies or what it is.
  struct Field {
    let number: Int
    let value: Value
    /// All of the field, its tag included.
    let range: Range<Int>

    enum Value {
      case number(UInt64)
      case bytes(Range<Int>)
    }
  }

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var position: Int
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, path: String) {
    (self.bytes, self.path) = (bytes, path)
    (position, end) = (range.lowerBound, range.upperBound)
  }

  /// The next field; nil at the end.
  mutating func next() throws -> Field? {
    guard position < end else { return nil }
    let start = position
    let tag = try variableNumber()
    let number = Int(truncatingIfNeeded: tag >> 3)
    guard number > 0, number < 1 << 29 else { throw fault("a field's number", "\(number)", start) }
    let value: Field.Value
    switch tag & 7 {
    case 0: value = .number(try variableNumber())
    case 1: value = .number(try fixedNumber(8))
    case 5: value = .number(try fixedNumber(4))
    case 2:
      let length = try variableNumber()
      guard length <= UInt64(end - position) else {
        throw fault("at most \(end - position) bytes", "a field of \(length)", start)
      }
      value = .bytes(position..<position + Int(length))
      position += Int(length)
    default: throw fault("a field of a known kind", "kind \(tag & 7)", start)
    }
    return Field(number: number, value: value, range: start..<position)
  }

  func fault(_ expected: String, _ found: String, _ position: Int) -> InterchangeError {
    .file(path: path, position: position, expected: expected, found: found)
  }

  private mutating func variableNumber() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw fault("the rest of a number", "the end", position) }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw fault("a number of at most ten bytes", "more", position)
  }

  private mutating func fixedNumber(_ size: Int) throws -> UInt64 {
    guard end - position >= size else { throw fault("\(size) bytes", "the end", position) }
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(bytes[position + index]) << (8 * index) }
    position += size
    return value
  }

  /// The numbers of a packed field.
  static func packedNumbers(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, path: String, limit: Int
  ) throws -> [UInt64] {
    var reader = WireReader(bytes, range, path: path)
    var numbers: [UInt64] = []
    while reader.position < reader.end {
      guard numbers.count < limit else {
        throw reader.fault("at most \(limit) numbers", "more", reader.position)
      }
      numbers.append(try reader.variableNumber())
    }
    return numbers
  }
}
