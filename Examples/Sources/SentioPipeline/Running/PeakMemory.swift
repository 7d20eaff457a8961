import Foundation

/// The most memory that the program has held, by the system's own count.
enum PeakMemory {
  /// Lets the count begin anew.
  ///
  /// *Reference:* proc(5), `/proc/pid/clear_refs`, since Linux 4.0.
  static func reset() {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "5", 1)
    close(descriptor)
  }

  /// Bytes since the last reset, or since the start; 0 where the system does not tell.
  static func bytes() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    else { return 0 }
    return (Int(kibibytes) ?? 0) * 1024
  }
}
