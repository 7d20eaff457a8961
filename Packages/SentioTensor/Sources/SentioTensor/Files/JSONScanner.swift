/// Reads JSON from bytes that nobody vouches for, one value at a time and without a tree.
///
/// Foundation's decoder would do, but it accepts a name twice, gives no position, and builds what it
/// reads before anyone can look at it.
struct JSONScanner {
  /// Where the text stops being the JSON that was expected.
  struct Fault: Error {
    let position: Int
    let expected: String
    let found: String
  }

  private let bytes: UnsafeRawBufferPointer
  private let end: Int
  private(set) var position: Int
  private var depth = 0

  /// No header of ours is deeper than 3; the limit keeps the recursion small.
  private static let maximumDepth = 16

  init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Reads an object; `member` must read the value of the name it is given.
  mutating func object(
    _ member: (inout JSONScanner, _ name: String, _ position: Int) throws -> Void
  ) throws {
    try nested("{", "}") { scanner in
      let start = scanner.position
      let name = try scanner.string()
      try scanner.expect(":")
      try member(&scanner, name, start)
    }
  }

  /// Reads an array of natural numbers below 2⁶³.
  mutating func naturals(atMost limit: Int) throws -> [Int] {
    var numbers: [Int] = []
    try nested("[", "]") { scanner in
      guard numbers.count < limit else { throw scanner.fault("at most \(limit) numbers") }
      numbers.append(try scanner.natural())
    }
    return numbers
  }

  /// Reads a string.
  mutating func string() throws -> String {
    try expect("\"")
    var text: [UInt8] = []
    let start = position
    while position < end, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      if byte < 0x20 { throw fault("no control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        text.append(byte)
      }
    }
    guard position < end else { throw fault("the closing quote") }
    position += 1
    guard let valid = String(validating: text, as: UTF8.self) else {
      throw Fault(position: start, expected: "UTF-8 text", found: "bytes that are not")
    }
    return valid
  }

  /// Reads any value and forgets it.
  mutating func skipValue() throws {
    skipSpace()
    switch position < end ? bytes[position] : 0 {
    case UInt8(ascii: "{"): try object { scanner, _, _ in try scanner.skipValue() }
    case UInt8(ascii: "["): try nested("[", "]") { try $0.skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    default:
      let start = position
      while position < end, isWordByte(bytes[position]) { position += 1 }
      if position == start { throw fault("a value") }
    }
  }

  /// Makes sure that nothing but white space is left.
  mutating func finish() throws {
    skipSpace()
    if position < end { throw fault("the end of the text") }
  }

  private mutating func nested(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ element: (inout JSONScanner) throws -> Void
  ) throws {
    try expect(open)
    depth += 1
    if depth > Self.maximumDepth { throw fault("at most \(Self.maximumDepth) nested values") }
    if !accept(close) {
      repeat { try element(&self) } while accept(",")
      try expect(close)
    }
    depth -= 1
  }

  private mutating func natural() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < end, case let digit = Int(bytes[position]) - 0x30, (0...9).contains(digit) {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(digit)
      if overflow || carry {
        throw Fault(position: start, expected: "a number below 2^63", found: "a longer one")
      }
      value = sum
      position += 1
    }
    let isPadded = position > start + 1 && bytes[start] == 0x30
    if position == start || isPadded { throw fault("a natural number") }
    return value
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    guard position < end else { throw fault("an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try codeUnit())
      if code & 0xfc00 == 0xd800, position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = UInt32(try codeUnit())
        guard low & 0xfc00 == 0xdc00 else { throw fault("the second half of a surrogate pair") }
        code = 0x10000 + (code & 0x3ff) << 10 + low & 0x3ff
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("a Unicode scalar") }
      text.append(contentsOf: Array(String(Character(scalar)).utf8))
    default:
      position -= 1
      throw fault("an escape")
    }
  }

  private mutating func codeUnit() throws -> UInt16 {
    guard position + 4 <= end else { throw fault("four hexadecimal digits") }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw fault("a hexadecimal digit")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws {
    if !accept(scalar) { throw fault("'\(scalar)'") }
  }

  private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < end, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private func fault(_ expected: String) -> Fault {
    guard position < end else {
      return Fault(position: position, expected: expected, found: "the end of the text")
    }
    let byte = bytes[position]
    let found =
      (0x20..<0x7f).contains(byte)
      ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(String(byte, radix: 16))"
    return Fault(position: position, expected: expected, found: found)
  }
}
