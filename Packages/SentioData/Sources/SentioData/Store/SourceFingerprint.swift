import Foundation

/// How a store notices that a song's audio file is another one than before.
public enum SourceFingerprint: String, Hashable, Sendable, Codable {
  /// By size and time of last change: instant; a copied file may count as changed.
  case sizeAndTime
  /// By the SHA-256 of its content: reads the whole file; survives copying.
  case content

  /// A short text that changes when the file does; songs without a file have none.
  func value(of audio: URL?) -> String {
    guard let audio else { return "none" }
    switch self {
    case .content:
      // An unreadable file is reported by the extraction.
      return (try? SHA256.hash(of: audio).hex) ?? "unreadable"
    case .sizeAndTime:
      var information = stat()
      guard stat(audio.path, &information) == 0 else { return "unreadable" }
      return "\(information.st_size)-\(information.st_mtim.tv_sec).\(information.st_mtim.tv_nsec)"
    }
  }
}
