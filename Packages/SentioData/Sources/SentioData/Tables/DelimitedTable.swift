import Foundation

/// A table of text fields with a header, read from a CSV file or one with another separator.
///
/// The bytes stay as they were read; fields are ranges into them, so that numbers are parsed without
/// a string in between. Reading is strict where a guess could shift columns (quotes, field counts) and
/// forgiving where the corpora of this field are sloppy: a byte order mark, CRLF, blank lines, and
/// spaces or TABs around names and fields (DEAM's files have all of them).
///
/// *Reference:* RFC 4180.
public struct DelimitedTable: Sendable {
  /// The byte between two fields.
  public enum Separator: Hashable, Sendable {
    /// `,`
    case comma
    /// `;`, as openSMILE and DEAM's feature files have it.
    case semicolon
    /// A TAB.
    case tab
    /// Comma, semicolon or TAB: whichever the header line has most of, outside of quotes.
    case automatic
  }

  /// What happens to a row that has fewer fields than the header.
  public enum ShortRows: Hashable, Sendable {
    /// It is an error.
    case reject
    /// Its missing fields are empty.
    case fill
  }

  /// How a file is read.
  public struct Options: Hashable, Sendable {
    /// The byte between two fields.
    public var separator: Separator
    /// What happens to a row that has fewer fields than the header.
    public var shortRows: ShortRows
    /// The largest file that is read, in bytes; at most 2³¹ − 1.
    public var sizeLimit: Int

    /// Creates options; by default commas, no short rows, at most 1 GiB.
    public init(
      separator: Separator = .comma, shortRows: ShortRows = .reject, sizeLimit: Int = 1 << 30
    ) {
      precondition(sizeLimit < 1 << 31, "size limit \(sizeLimit) is over 2^31 - 1")
      self.separator = separator
      self.shortRows = shortRows
      self.sizeLimit = sizeLimit
    }
  }

  /// Path of the file, for messages.
  public let file: String
  /// Column names, without surrounding blanks.
  public let header: [String]
  /// Rows below the header.
  public var rowCount: Int { lines.count }

  let bytes: [UInt8]
  /// Start and end of each field, `header.count` to a row; bit 31 of the end marks escaped quotes.
  let fields: [(start: UInt32, end: UInt32)]
  let lines: [UInt32]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - url: a UTF-8 text file whose first line is the header.
  ///   - options: separator, short rows, size limit.
  /// - Throws: `FileError` when the file can't be read, ``TableError`` with line and field when
  ///   its content is no such table.
  public init(contentsOf url: URL, options: Options = Options()) throws {
    try self.init(
      bytes: BoundedFile.read(url, limit: options.sizeLimit), file: url.path, options: options)
  }

  /// Reads a table from bytes that are in memory already.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 text whose first line is the header.
  ///   - file: the name that messages give it.
  ///   - options: separator, short rows, size limit.
  /// - Throws: ``TableError`` with line and field.
  public init(bytes: [UInt8], file: String, options: Options = Options()) throws {
    guard bytes.count <= options.sizeLimit else {
      throw TableError(
        file: file, expected: "at most \(options.sizeLimit) bytes", found: "\(bytes.count) bytes")
    }
    try Self.checkText(bytes, file: file)
    var parser = DelimitedParser(bytes: bytes, file: file, options: options)
    try parser.run()
    self.file = file
    self.bytes = bytes
    self.header = parser.header
    self.fields = parser.fields
    self.lines = parser.lines
  }

  /// 1-based line of the file on which row `row` starts.
  public func line(ofRow row: Int) -> Int { Int(lines[row]) }

  /// Position of the column with this name, nil when there is none; case-sensitive.
  public func index(of name: String) -> Int? { header.firstIndex(of: name) }

  /// Position of the first column that has one of these names.
  ///
  /// - Parameter names: accepted names in order of preference, compared without case.
  /// - Returns: an index into ``header``.
  /// - Throws: ``TableError`` that lists what was looked for and what is there.
  public func column(_ names: String...) throws -> Int {
    if let index = optionalColumn(names) { return index }
    let shown = header.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ")
    throw TableError(
      file: file, line: 1,
      expected: "a column " + names.map { "\"\($0)\"" }.joined(separator: " or "),
      found: header.count > 12 ? "\(header.count) columns: \(shown), …" : shown,
      fix: "Name the column in the first line, or rename the one that holds it")
  }

  /// Position of the first column that has one of these names, compared without case.
  func optionalColumn(_ names: [String]) -> Int? {
    for name in names {
      let wanted = name.lowercased()
      if let index = header.firstIndex(where: { $0.lowercased() == wanted }) { return index }
    }
    return nil
  }

  /// The text of a field, with quotes resolved and without surrounding spaces and TABs.
  public func text(row: Int, column: Int) -> String {
    let field = fields[row * header.count + column]
    let hasEscapes = field.end & DelimitedParser.escapeFlag != 0
    let range = Int(field.start)..<Int(field.end & ~DelimitedParser.escapeFlag)
    return bytes.withUnsafeBufferPointer { bytes in
      var start = range.lowerBound
      var end = range.upperBound
      while start < end, DecimalNumber.isBlank(bytes[start]) { start += 1 }
      while end > start, DecimalNumber.isBlank(bytes[end - 1]) { end -= 1 }
      let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
      return hasEscapes ? text.replacingOccurrences(of: "\"\"", with: "\"") : text
    }
  }

  /// Whether a field holds nothing but spaces and TABs.
  public func isEmpty(row: Int, column: Int) -> Bool {
    let field = fields[row * header.count + column]
    return bytes[Int(field.start)..<Int(field.end & ~DelimitedParser.escapeFlag)]
      .allSatisfy(DecimalNumber.isBlank)
  }

  /// The number in a field; NaN and infinities are returned as such, an empty field is nil.
  ///
  /// - Throws: ``TableError`` when the field holds anything else.
  public func optionalNumber(row: Int, column: Int) throws -> Double? {
    if let value = parsedNumber(row: row, column: column) { return value }
    if isEmpty(row: row, column: column) { return nil }
    throw error(row: row, column: column, expected: "a number")
  }

  /// The number in a field; NaN and infinities are returned as such.
  ///
  /// - Throws: ``TableError`` when the field holds anything else or nothing.
  public func number(row: Int, column: Int) throws -> Double {
    if let value = parsedNumber(row: row, column: column) { return value }
    throw error(row: row, column: column, expected: "a number")
  }

  func parsedNumber(row: Int, column: Int) -> Double? {
    let field = fields[row * header.count + column]
    return bytes.withUnsafeBufferPointer { bytes in
      DecimalNumber.parse(
        UnsafeBufferPointer(
          rebasing: bytes[Int(field.start)..<Int(field.end & ~DelimitedParser.escapeFlag)]))
    }
  }

  /// An error at a field of this table.
  func error(row: Int, column: Int, expected: String, fix: String? = nil) -> TableError {
    TableError(
      file: file, line: line(ofRow: row), field: column + 1, column: header[column],
      expected: expected,
      found: isEmpty(row: row, column: column)
        ? "an empty field" : TableError.quoted(text(row: row, column: column)), fix: fix)
  }
}
