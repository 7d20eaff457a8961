/// The single pass that cuts a file into fields.
struct DelimitedParser {
  static let escapeFlag: UInt32 = 1 << 31
  /// More fields than this are refused: their index alone would take 3 GiB.
  private static let fieldLimit = 400_000_000

  private let bytes: [UInt8]
  private let file: String
  private let options: DelimitedTable.Options

  private(set) var header: [String] = []
  private(set) var fields: [(start: UInt32, end: UInt32)] = []
  private(set) var lines: [UInt32] = []

  init(bytes: [UInt8], file: String, options: DelimitedTable.Options) {
    self.bytes = bytes
    self.file = file
    self.options = options
  }

  mutating func run() throws {
    try bytes.withUnsafeBufferPointer { try run($0) }
  }

  private mutating func run(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    let quote = UInt8(ascii: "\"")
    let newline = UInt8(ascii: "\n")
    let carriageReturn = UInt8(ascii: "\r")
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let separator = separatorByte(bytes, from: position)
    var line: UInt32 = 1
    var row: [(start: UInt32, end: UInt32)] = []
    var isHeader = true

    while position < bytes.count {
      let firstLine = line
      let lineStart = position
      row.removeAll(keepingCapacity: true)
      var isInRow = true
      while isInRow {
        var start = position
        var end: Int
        var escapes: UInt32 = 0
        // Blanks may stand before an opening quote, as in `"a", "b"`.
        var ahead = position
        while ahead < bytes.count, bytes[ahead] != separator, DecimalNumber.isBlank(bytes[ahead]) {
          ahead += 1
        }
        if ahead < bytes.count, bytes[ahead] == quote {
          let opening = line
          start = ahead + 1
          position = start
          while true {
            guard position < bytes.count else {
              throw TableError(
                file: file, line: Int(opening), field: row.count + 1,
                expected: "a closing quote", found: "the end of the file",
                fix: "A quote inside a quoted field is written twice")
            }
            if bytes[position] == quote {
              guard position + 1 < bytes.count, bytes[position + 1] == quote else { break }
              escapes = Self.escapeFlag
              position += 1
            } else if bytes[position] == newline {
              line += 1
            }
            position += 1
          }
          end = position
          position += 1
          while position < bytes.count, bytes[position] != separator,
            DecimalNumber.isBlank(bytes[position])
          {
            position += 1
          }
          guard
            position >= bytes.count || bytes[position] == separator || bytes[position] == newline
              || isLineEnd(bytes, position)
          else {
            throw TableError(
              file: file, line: Int(line), field: row.count + 1,
              expected: "a separator or a line end after the closing quote",
              found: TableError.quoted(String(Unicode.Scalar(bytes[position]))),
              fix: "A quote inside a quoted field is written twice")
          }
          if position < bytes.count, bytes[position] == carriageReturn { position += 1 }
        } else {
          while position < bytes.count, bytes[position] != separator, bytes[position] != newline {
            position += 1
          }
          end = position
          if end > start, bytes[end - 1] == carriageReturn,
            position == bytes.count || bytes[position] == newline
          {
            end -= 1
          }
        }
        row.append((UInt32(start), UInt32(end) | escapes))
        if position < bytes.count, bytes[position] == separator {
          position += 1
        } else {
          isInRow = false
        }
      }
      let isBlankLine =
        row.count == 1 && row[0].start == row[0].end && Int(row[0].start) == lineStart
      if position < bytes.count {
        position += 1
        line += 1
      }
      if isBlankLine { continue }
      if isHeader {
        try readHeader(row, bytes: bytes, line: Int(firstLine))
        isHeader = false
      } else {
        try append(row, line: firstLine)
      }
    }
    guard !isHeader else {
      throw TableError(
        file: file, expected: "a header line with column names", found: "an empty file")
    }
  }

  private func isLineEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    bytes[position] == UInt8(ascii: "\r")
      && (position + 1 == bytes.count || bytes[position + 1] == UInt8(ascii: "\n"))
  }

  private mutating func readHeader(
    _ row: [(start: UInt32, end: UInt32)], bytes: UnsafeBufferPointer<UInt8>, line: Int
  ) throws {
    header = row.map { field in
      let range = Int(field.start)..<Int(field.end & ~Self.escapeFlag)
      let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        .trimmingPrefix { $0 == " " || $0 == "\t" }
      let trimmed = String(text.reversed().trimmingPrefix { $0 == " " || $0 == "\t" }.reversed())
      return field.end & Self.escapeFlag != 0
        ? trimmed.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
        : trimmed
    }
    if header.contains(where: { $0.unicodeScalars.contains("\r") }) {
      throw TableError(
        file: file, line: line, expected: "lines that end with LF or CRLF",
        found: "lines that end with CR alone", fix: "Save the file with Unix line ends")
    }
    var seen: [String: Int] = [:]
    // Spreadsheets leave many unnamed columns behind (DEAM's 2014 metadata has a hundred).
    for (index, name) in header.enumerated() where !name.isEmpty {
      if let first = seen.updateValue(index, forKey: name) {
        throw TableError(
          file: file, line: line, field: index + 1, column: name,
          expected: "distinct column names",
          found: "the name of field \(first + 1) again", fix: "Rename or remove one of them")
      }
    }
    guard !seen.isEmpty else {
      throw TableError(
        file: file, line: line, expected: "a header line with column names", found: "empty names")
    }
  }

  private mutating func append(_ row: [(start: UInt32, end: UInt32)], line: UInt32) throws {
    let count = header.count
    if row.count == count {
      fields += row
    } else if row.count < count, options.shortRows == .fill {
      fields += row
      let end = (row.last!.end & ~Self.escapeFlag)
      fields += repeatElement((start: end, end: end), count: count - row.count)
    } else {
      throw TableError(
        file: file, line: Int(line), expected: "\(count) fields as in the header",
        found: "\(row.count)",
        fix: row.count > count
          ? "Quote fields that contain the separator" : "Add the missing fields")
    }
    guard fields.count <= Self.fieldLimit else {
      throw TableError(
        file: file, line: Int(line), expected: "at most \(Self.fieldLimit) fields",
        found: "more", fix: "Split the file")
    }
    lines.append(line)
  }

  private func separatorByte(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt8 {
    switch options.separator {
    case .comma: return UInt8(ascii: ",")
    case .semicolon: return UInt8(ascii: ";")
    case .tab: return UInt8(ascii: "\t")
    case .automatic:
      var counts: [UInt8: Int] = [:]
      var isQuoted = false
      for byte in bytes[start...] {
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        if isQuoted { continue }
        if byte == UInt8(ascii: "\n") { break }
        counts[byte, default: 0] += 1
      }
      return [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        .max { counts[$0, default: 0] < counts[$1, default: 0] }!
    }
  }
}

extension DelimitedTable {
  /// Refuses what is no UTF-8 text, and says on which line and what it looks like instead.
  static func checkText(_ bytes: [UInt8], file: String) throws {
    let fix = "Save the file as UTF-8 text"
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw TableError(file: file, line: 1, expected: "UTF-8 text", found: "UTF-16 text", fix: fix)
    }
    var union: UInt8 = 0
    var hasNull = false
    for byte in bytes {
      union |= byte
      hasNull = hasNull || byte == 0
    }
    func lineNumber(_ index: Int) -> Int { 1 + bytes[..<index].count { $0 == 0x0A } }
    if hasNull {
      throw TableError(
        file: file, line: lineNumber(bytes.firstIndex(of: 0)!), expected: "UTF-8 text",
        found: "a zero byte, as in a binary file", fix: fix)
    }
    if union < 0x80 { return }
    if let offset = firstInvalidUTF8(bytes) {
      throw TableError(
        file: file, line: lineNumber(offset), expected: "UTF-8 text",
        found: "the byte 0x\(String(bytes[offset], radix: 16))", fix: fix)
    }
  }

  private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      if String(validating: bytes, as: UTF8.self) != nil { return nil }
      var decoder = Unicode.UTF8.ForwardParser()
      var iterator = bytes.makeIterator()
      var offset = 0
      while true {
        switch decoder.parseScalar(from: &iterator) {
        case .valid(let scalar): offset += scalar.count
        case .error: return min(offset, bytes.count - 1)
        case .emptyInput: return nil
        }
      }
    }
  }
}
