import Foundation
import Synchronization

/// The log of one stage: lines with the time, one file for all attempts.
///
/// A line that can't be written, as on a full disk, is lost without a word: what failed for the same reason says so.
public final class StageLog: Sendable {
  /// The file.
  public let file: URL
  private let descriptor: Int32
  private let turn = Mutex(())

  /// Opens a log to append to it.
  init(_ file: URL) {
    self.file = file
    descriptor = open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes lines.
  ///
  /// - Parameter text: one line or several; what moves a terminal's cursor is left out.
  public func write(_ text: String) {
    guard descriptor >= 0 else { return }
    let time = Date().formatted(.iso8601)
    let clean = text.replacingOccurrences(of: "\r", with: "")
      .replacingOccurrences(of: "\u{1B}[K", with: "")
    let lines = clean.split(separator: "\n").map { "\(time)  \($0)\n" }.joined()
    turn.withLock { _ in
      var bytes = Array(lines.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
      }
    }
  }
}
