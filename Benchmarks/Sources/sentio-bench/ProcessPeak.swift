import Foundation

/// The peak of a process's resident memory, and rows in processes of their own so that it is theirs.
enum ProcessPeak {
  /// The most bytes that this process ever had in memory.
  ///
  /// The system's count for this program alone: `getrusage` would begin with what the process held that started it.
  static var bytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    return (kilobytes ?? 0) * 1024
  }

  /// A row that ended without a figure.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Times one row in a process that does nothing else; the process prints it.
  static func runInChild(_ id: String, seconds: Double, printsTable: Bool) throws {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    child.arguments = [
      "--filter", "=" + id, "--seconds", "\(seconds)", "--format", printsTable ? "table" : "jsonl",
    ]
    try child.run()
    child.waitUntilExit()
    guard child.terminationStatus == 0 else {
      throw Failure(description: "its process ended with status \(child.terminationStatus)")
    }
  }
}
