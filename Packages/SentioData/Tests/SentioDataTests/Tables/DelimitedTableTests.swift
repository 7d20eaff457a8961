import Foundation
import SentioTensor
import Testing

@testable import SentioData

@Suite("Delimited tables")
struct DelimitedTableTests {
  private func table(
    _ text: String, _ options: DelimitedTable.Options = .init()
  ) throws -> DelimitedTable {
    try DelimitedTable(bytes: Array(text.utf8), file: "t.csv", options: options)
  }

  private func failure(
    _ text: String, _ options: DelimitedTable.Options = .init()
  ) -> TableError? {
    do {
      _ = try table(text, options)
      return nil
    } catch {
      return error as? TableError
    }
  }

  @Test("quotes, doubled quotes, separators and line breaks inside quotes")
  func quotes() throws {
    let t = try table("a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n3,4")
    #expect(t.rowCount == 2)
    #expect(t.text(row: 0, column: 0) == "x,\"y\"")
    #expect(t.text(row: 0, column: 1) == "two\nlines")
    #expect(t.text(row: 1, column: 1) == "4")
    // The quoted field spans lines 2 and 3, so the next row is line 4.
    #expect(t.line(ofRow: 1) == 4)
  }

  @Test("byte order mark, CRLF, blank lines, blanks and TABs around names and fields")
  func sloppiness() throws {
    let t = try table(
      "\u{FEFF}song_id, valence_ max_mean ,\"artist\"\r\n2,\t3.5 , \"\tA B\t\"\r\n\r\n")
    #expect(t.header == ["song_id", "valence_ max_mean", "artist"])
    #expect(t.rowCount == 1)
    #expect(try t.number(row: 0, column: 1) == 3.5)
    #expect(t.text(row: 0, column: 2) == "A B")
  }

  @Test("separators are taken as told or recognized in the header")
  func separators() throws {
    #expect(try table("a;b\n1;2", .init(separator: .semicolon)).header == ["a", "b"])
    #expect(try table("a;b,c;d\n1;2;3", .init(separator: .automatic)).header == ["a", "b,c", "d"])
    #expect(try table("a\tb\n1\t2", .init(separator: .automatic)).header == ["a", "b"])
    #expect(try table("\"x;y;z\",b\n1,2", .init(separator: .automatic)).header == ["x;y;z", "b"])
  }

  @Test("an error names file, line, field, expected and found")
  func places() throws {
    let t = try table("id,arousal\n1,2\n2,n/a\n")
    #expect {
      try t.number(row: 1, column: 1)
    } throws: { error in
      "\(error)" == "t.csv:3:2 (column \"arousal\"): expected a number, found \"n/a\""
    }
    let ragged = try #require(failure("a,b\n1,2\n1,2,3\n"))
    #expect(ragged.line == 3)
    #expect(ragged.found == "3")
    let open = try #require(failure("a,b\n1,\"never closed\n2,3\n"))
    #expect(open.line == 2 && open.field == 2)
    let stray = try #require(failure("a,b\n1,\"x\"y\n"))
    #expect(stray.line == 2 && stray.expected.contains("separator"))
    #expect(try #require(failure("a,a\n1,2\n")).column == "a")
    #expect(failure("")?.found == "an empty file")
    #expect(failure("\n\n")?.found == "an empty file")
    #expect(failure(",,\n")?.found == "empty names")
    #expect(failure("a,b\r1,2\r")?.found == "lines that end with CR alone")
    let missing = #expect(throws: TableError.self) { try t.column("valence", "valence_mean") }
    #expect(missing?.found == "\"id\", \"arousal\"")
  }

  @Test("binary files and other encodings are refused with their line")
  func encodings() {
    func failure(_ bytes: [UInt8]) -> TableError? {
      do {
        _ = try DelimitedTable(bytes: bytes, file: "t.csv")
        return nil
      } catch {
        return error as? TableError
      }
    }
    #expect(failure([0xFF, 0xFE, 0x61, 0])?.found == "UTF-16 text")
    #expect(failure(Array("a\n1\n".utf8) + [0])?.line == 3)
    #expect(failure(Array("a\nb\n".utf8) + [0xE9, 0x20])?.found == "the byte 0xe9")
    #expect(failure(Array("a\nb\n".utf8) + [0xE9, 0x20])?.line == 3)
  }

  @Test("short rows are filled when that is asked for, long ones never")
  func shortRows() throws {
    let t = try table("a,b,c\n1\n1,2,3\n", .init(shortRows: .fill))
    #expect(t.isEmpty(row: 0, column: 2))
    #expect(try t.optionalNumber(row: 0, column: 1) == nil)
    #expect(try t.number(row: 1, column: 2) == 3)
    #expect(failure("a,b\n1\n")?.fix == "Add the missing fields")
    #expect(failure("a,b\n1,2,3\n", .init(shortRows: .fill)) != nil)
  }

  @Test("a file over the size limit, a folder and a missing file are typed errors")
  func files() throws {
    let folder = try FolderOfTexts(["big.csv": "a,b\n1,2\n"])
    let big = folder.url.appending(path: "big.csv")
    let error = #expect(throws: TableError.self) {
      try DelimitedTable(contentsOf: big, options: .init(sizeLimit: 4))
    }
    #expect(error?.found == "8 bytes")
    #expect(throws: TableError.self) { try DelimitedTable(contentsOf: folder.url) }
    let missing = #expect(throws: FileError.self) {
      try DelimitedTable(contentsOf: folder.url.appending(path: "none.csv"))
    }
    #expect(missing?.code == ENOENT)
  }

  @Test("numbers equal the standard library's, digit for digit")
  func numbers() {
    func parse(_ text: String) -> Double? {
      Array(text.utf8).withUnsafeBufferPointer(DecimalNumber.parse)
    }
    for text in [
      "0", "-0", "1", "+1.5", "3.14159265358979", "1e22", "1e23", "123456789012345678",
      "9007199254740993", "0.1", "1e-300", "4.9e-324", "1.7976931348623157e308", "1e400", "-.5",
      "5.", "00012.50", "1234567890123456789012345678901234567890", "0.00000000000000000000000001",
      "8.9255837e-05", "1E+05",
    ] {
      let expected = Double(text == "-.5" ? "-0.5" : text == "5." ? "5.0" : text)
      #expect(parse(text)?.bitPattern == expected?.bitPattern, "\(text)")
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(parse("\(value)")?.bitPattern == value.bitPattern, "\(value)")
    }
    for text in [
      "", " ", ".", "-", "e5", "1e", "1e+", "1 2", "0x10", "1,5", "--1", "infinite", "na",
    ] {
      #expect(parse(text) == nil, "\(text)")
    }
    #expect(parse(" NaN\t")?.isNaN == true)
    #expect(parse("-Infinity") == -.infinity)
  }

  @Test("what the writer writes, the reader reads")
  func roundTrip() throws {
    let fields = [
      ["a,b", "say \"x\""], ["two\nlines", " blanks "], ["🎵", ""], ["cr\r", "plain"],
    ]
    var writer = CSVWriter(columns: ["first", "second, with comma"])
    for row in fields { writer.append(row) }
    let t = try table(writer.contents)
    #expect(t.header == ["first", "second, with comma"])
    for (row, expected) in fields.enumerated() {
      #expect(t.text(row: row, column: 0) == expected[0])
      #expect(t.text(row: row, column: 1) == expected[1].trimming())
    }
  }

  /// No mutation of a file may trap, and what still parses stays a rectangle.
  @Test("mutated files give a table or a typed error", arguments: 0..<4)
  func mutations(stream: UInt64) throws {
    let original = Array(
      "\u{FEFF}song_id, valence ,\"arousal\"\r\n2,3.1,\"3\"\r\n3,\"3,5\",nan\n\n4,\"a\"\"b\",1e5\n"
        .utf8)
    var generator = SeededGenerator(seed: 11, stream: "mutations \(stream)")
    let interesting = Array("\",;\n\r\t 0e.-\0".utf8) + [0xFF, 0xEF, 0xC3]
    var parsed = 0
    for _ in 0..<3_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let at = Int.random(in: 0..<max(1, bytes.count), using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0 where at < bytes.count: bytes.remove(at: at)
        case 1: bytes.insert(interesting.randomElement(using: &generator)!, at: at)
        case 2: bytes.removeSubrange(at...)
        default:
          if at < bytes.count { bytes[at] = interesting.randomElement(using: &generator)! }
        }
      }
      do {
        let t = try DelimitedTable(
          bytes: bytes, file: "m.csv", options: .init(separator: .automatic, shortRows: .fill))
        parsed += 1
        #expect(t.fields.count == t.rowCount * t.header.count)
        for row in 0..<t.rowCount {
          for column in t.header.indices {
            _ = t.text(row: row, column: column)
            _ = t.parsedNumber(row: row, column: column)
          }
        }
        _ = try? FeatureTable(table: t, identifier: .automatic, excluding: [], textColumns: .skip)
        _ = try? LabelTable(table: t, scale: .inferred)
      } catch {
        #expect(error is TableError)
      }
    }
    #expect(parsed > 100)
  }
}
