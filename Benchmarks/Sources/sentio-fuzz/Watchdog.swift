import Foundation
import Synchronization

/// Ends the process when one input takes too long or the process too much memory.
///
/// It has a thread of its own, so that it also sees a reader that never returns.
final class Watchdog: Sendable {
  private struct Current {
    var label = ""
    var started: ContinuousClock.Instant?
  }

  private let current = Mutex(Current())
  private let secondsLimit: Double
  private let memoryLimit: Int

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - secondsLimit: the longest that one input may take.
  ///   - memoryLimit: the most resident memory in MiB.
  init(secondsLimit: Double, memoryLimit: Int) {
    self.secondsLimit = secondsLimit
    self.memoryLimit = memoryLimit
    Thread.detachNewThread { [self] in
      while true {
        Thread.sleep(forTimeInterval: 0.05)
        check()
      }
    }
  }

  /// Notes the input that is being read, or that none is.
  func begin(_ label: String) {
    current.withLock { $0 = Current(label: label, started: .now) }
  }

  /// Ends the watch over the current input.
  func end() { current.withLock { $0.started = nil } }

  private func check() {
    let now = current.withLock { $0 }
    guard let started = now.started else { return }
    if ContinuousClock.now - started > .seconds(secondsLimit) {
      fail("\(now.label) took longer than \(secondsLimit) s")
    }
    let resident = residentMemory().now
    if resident > memoryLimit {
      fail("\(now.label) grew the process to \(resident) MiB, above \(memoryLimit) MiB")
    }
  }

  private func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("sentio-fuzz: \(message)\n".utf8))
    _exit(1)
  }
}

/// The resident memory of this process in MiB, now and at its highest; 0 where /proc is absent.
func residentMemory() -> (now: Int, highest: Int) {
  guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
    return (0, 0)
  }
  func value(_ key: String) -> Int {
    for line in text.split(separator: "\n") where line.hasPrefix(key) {
      return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
    return 0
  }
  return (value("VmRSS:") / 1_024, value("VmHWM:") / 1_024)
}
