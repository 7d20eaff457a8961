import Foundation
import SentioPipeline
import Synchronization

/// The two streams of a command: results on standard output, everything else on standard error.
enum Terminal {
  /// Whether a person watches standard error.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  private static let currentLog = Mutex<StageLog?>(nil)

  /// The log of the stage that runs, which gets every line too.
  static var log: StageLog? {
    get { currentLog.withLock { $0 } }
    set { currentLog.withLock { $0 = newValue } }
  }

  /// Writes a line to standard error.
  static func note(_ line: String) {
    write(line + "\n")
    log?.write(line)
  }

  /// Writes to standard error; where that is closed or full, nobody can be told, and work goes on.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Makes sure that everything printed has left the program.
  ///
  /// - Throws: ``CommandError`` where standard output is closed or its disk is full: a result that was
  ///   cut short must not look like one that is whole.
  static func flush() throws {
    guard fflush(nil) == 0 else {
      throw CommandError("cannot write to standard output: \(String(cString: strerror(errno)))")
    }
  }

  /// Prints a value as JSON on standard output, with sorted keys so that two runs can be compared.
  static func printJSON(_ value: some Encodable) throws {
    print(String(decoding: try jsonEncoder().encode(value), as: UTF8.self))
  }

  /// The encoder of everything that machines read; what is no number becomes `null`'s stand-in.
  static func jsonEncoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  /// The command line as a shell takes it.
  static var commandLine: String {
    CommandLine.arguments.filter { $0 != "--worker" }.map { word in
      let plain = word.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,:=+@%".contains($0))
      }
      return plain && !word.isEmpty
        ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }
}

/// A number of things in words: `1 song`, `2 songs`.
func counted(_ count: Int, _ thing: String) -> String {
  "\(count) \(thing)\(count == 1 ? "" : "s")"
}

/// What went wrong in a command's own work, with what to do about it.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
