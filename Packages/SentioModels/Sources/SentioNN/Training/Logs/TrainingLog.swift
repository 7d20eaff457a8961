import Foundation
import SentioTensor

/// The log of a training: a line of JSON for every epoch.
///
/// Measures that are not defined are null. Lines are appended; a training that is resumed first writes those anew that its checkpoint knows of, so
/// that a line that was torn, or of an epoch that is done again, is gone.
package struct TrainingLog {
  private let url: URL

  package init(_ url: URL, history: [some Encodable]) throws {
    self.url = url
    try AtomicFile.write(history.map { try Self.line($0) }.joined(), to: url)
  }

  package func append(_ record: some Encodable) throws {
    let descriptor = open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError(path: url.path, operation: .open, code: errno)
    }
    defer { close(descriptor) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    do {
      try file.write(contentsOf: Data(try Self.line(record).utf8))
    } catch is CocoaError {
      throw FileError(path: url.path, operation: .write, code: errno)
    }
  }

  private static func line(_ record: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var line = String(decoding: try encoder.encode(record), as: UTF8.self)
    // What is not defined is null to readers of logs; no other text stands in a record.
    for word in ["nan", "inf", "-inf"] { line.replace(":\"\(word)\"", with: ":null") }
    return line + "\n"
  }
}
