import Foundation

/// The two streams of a command: results on standard output, everything else on standard error.
enum Terminal {
  /// Whether a person watches standard error.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// Writes a line to standard error.
  static func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
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
}

/// What went wrong in a command's own work, with what to do about it.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
