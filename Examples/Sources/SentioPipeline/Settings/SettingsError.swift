/// What is wrong in a file of settings, and where.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as it was named.
  public let file: String
  /// The line, from 1; 0 where it is the whole file.
  public let line: Int
  /// What is wrong and how to mend it.
  public let message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - file: the file as it was named.
  ///   - line: the line, from 1; 0 for the whole file.
  ///   - message: what is wrong and how to mend it.
  public init(file: String, line: Int, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// File, line and message.
  public var description: String {
    line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)"
  }
}
