import Foundation
import SentioTensor

/// Builds a CSV text row by row and writes it atomically.
///
/// Fields that hold a comma, a quote or a line break are quoted (RFC 4180); lines end with LF.
/// Floating-point numbers are written with the fewest digits that read back as the same value.
public struct CSVWriter: Sendable {
  private var text: [UInt8] = []
  private let columns: [String]

  /// Starts a table with its header line.
  ///
  /// - Parameter columns: at least one name.
  public init(columns: [String]) {
    precondition(!columns.isEmpty, "a table needs at least one column")
    self.columns = columns
    append(columns[...])
  }

  /// Adds a row.
  ///
  /// - Parameter fields: one text per column; numbers by `String(value)` or ``number(_:)``.
  public mutating func append(_ fields: [String]) {
    precondition(
      fields.count == columns.count, "\(fields.count) fields for \(columns.count) columns")
    append(fields[...])
  }

  /// Adds a row that starts with a text and goes on with numbers.
  mutating func append(_ first: String, _ numbers: ArraySlice<Float>) {
    precondition(1 + numbers.count == columns.count, "row does not have the table's width")
    appendField(first)
    for number in numbers {
      text.append(UInt8(ascii: ","))
      text += number.description.utf8
    }
    text.append(UInt8(ascii: "\n"))
  }

  /// The shortest text that reads back as `value`; integers without a point, nothing for nil.
  public static func number(_ value: Double?) -> String {
    guard let value else { return "" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return value.description
  }

  /// Replaces the file at `url` by the table.
  ///
  /// - Parameter url: the file to create or to replace; its folder must exist.
  /// - Throws: `FileError`.
  public func write(to url: URL) throws {
    try AtomicFile.write(text, to: url)
  }

  /// The table as text.
  public var contents: String { String(decoding: text, as: UTF8.self) }

  private mutating func append(_ fields: ArraySlice<String>) {
    for (index, field) in fields.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      appendField(field)
    }
    text.append(UInt8(ascii: "\n"))
  }

  private mutating func appendField(_ field: String) {
    let needsQuotes =
      field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } || field.first == " "
      || field.last == " "
    guard needsQuotes else {
      text += field.utf8
      return
    }
    text.append(UInt8(ascii: "\""))
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { text.append(byte) }
      text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
  }
}
