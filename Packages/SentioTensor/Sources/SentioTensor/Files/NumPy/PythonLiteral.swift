/// Reads the one-level Python dictionary of an `.npy` header.
struct PythonLiteral {
  /// A value that such a header may have.
  enum Value: Hashable {
    case text(String)
    case flag(Bool)
    case tuple([Int])
  }

  /// Where the text stops being such a dictionary.
  struct Fault: Error {
    let position: Int
    let expected: String
    let found: String
  }

  private let bytes: UnsafeRawBufferPointer
  private let end: Int
  private var position: Int

  init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Reads the whole text as a dictionary.
  mutating func dictionary() throws -> [String: Value] {
    var fields: [String: Value] = [:]
    guard accept("{") else { throw fault("'{'") }
    while !accept("}") {
      let start = position
      let name = try text()
      guard accept(":") else { throw fault("':'") }
      guard fields.updateValue(try value(), forKey: name) == nil else {
        throw Fault(position: start, expected: "each name once", found: "'\(clipped(name))' again")
      }
      if !accept(",") {
        guard accept("}") else { throw fault("',' or '}'") }
        break
      }
    }
    skipSpace()
    if position < end { throw fault("the end of the header") }
    return fields
  }

  private mutating func value() throws -> Value {
    skipSpace()
    switch current {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "("): return .tuple(try tuple())
    default:
      for (word, flag) in [("True", true), ("False", false)]
      where bytes[position..<end].starts(with: word.utf8) {
        position += word.utf8.count
        return .flag(flag)
      }
      throw fault("a string, a tuple, True or False")
    }
  }

  private mutating func text() throws -> String {
    skipSpace()
    guard let quote = current, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw fault("a quoted string")
    }
    position += 1
    let start = position
    while let byte = current, byte != quote {
      // None of the names and types that the format has needs an escape.
      guard byte >= 0x20, byte != UInt8(ascii: "\\") else { throw fault("a plain character") }
      position += 1
    }
    guard current == quote else { throw fault("the closing quote") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    position += 1
    return text
  }

  private mutating func tuple() throws -> [Int] {
    guard accept("(") else { throw fault("'('") }
    var numbers: [Int] = []
    while !accept(")") {
      numbers.append(try natural())
      if !accept(",") {
        guard accept(")") else { throw fault("',' or ')'") }
        break
      }
    }
    return numbers
  }

  private mutating func natural() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let byte = current, (0x30...0x39).contains(byte) {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(Int(byte) - 0x30)
      if overflow || carry {
        throw Fault(position: start, expected: "a number below 2^63", found: "a longer one")
      }
      value = sum
      position += 1
    }
    if position == start { throw fault("a natural number") }
    // Python 2 wrote its long integers with this mark.
    if current == UInt8(ascii: "L") { position += 1 }
    return value
  }

  private var current: UInt8? { position < end ? bytes[position] : nil }

  private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = current, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }

  private func fault(_ expected: String) -> Fault {
    let found = current.map {
      (0x20..<0x7f).contains($0)
        ? "'\(Unicode.Scalar($0))'" : "byte 0x\(String($0, radix: 16))"
    }
    return Fault(position: position, expected: expected, found: found ?? "the end of the header")
  }
}
