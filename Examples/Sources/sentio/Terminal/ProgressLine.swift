import Foundation
import Synchronization

/// One line that shows how far long work has come, its rate and the time left.
///
/// Quiet when standard error is not a terminal, but for a line at the end, so that logs stay short.
/// Any thread may report.
final class ProgressLine: Sendable {
  private struct State {
    var done = 0
    var lastDrawn = ContinuousClock.now
  }

  private let title: String
  private let total: Int
  private let unit: String
  private let isQuiet: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// - Parameters:
  ///   - title: What is being done.
  ///   - total: How many units there are.
  ///   - unit: The plural name of a unit, such as `"songs"`.
  ///   - isQuiet: Prints nothing at all, as with `--json`.
  init(_ title: String, total: Int, unit: String, isQuiet: Bool = false) {
    self.title = title
    self.total = total
    self.unit = unit
    self.isQuiet = isQuiet
  }

  /// One more unit is done.
  func advance() { update { $0 + 1 } }

  /// `done` units are done.
  func report(_ done: Int) { update { max($0, done) } }

  private func update(_ change: (Int) -> Int) {
    state.withLock { state in
      state.done = change(state.done)
      let now = ContinuousClock.now
      guard Terminal.isInteractive, !isQuiet,
        now - state.lastDrawn > .milliseconds(100) || state.done == total
      else { return }
      state.lastDrawn = now
      Terminal.write("\r\u{1B}[K" + line(state.done))
    }
  }

  /// Ends the line; returns the seconds since the start.
  @discardableResult
  func finish() -> Double {
    let seconds = elapsed
    let done = state.withLock { $0.done }
    if !isQuiet {
      let rate = seconds > 0 ? Double(done) / seconds : 0
      let end = Terminal.isInteractive ? "\r\u{1B}[K" : ""
      Terminal.note(
        "\(end)\(title): \(done) \(done == 1 ? String(unit.dropLast()) : unit) in "
          + "\(Self.clock(seconds)) (\(Self.rate(rate)) \(unit)/s)")
    }
    return seconds
  }

  /// Ends the line without a word, because an error follows.
  func abandon() {
    if Terminal.isInteractive, !isQuiet { Terminal.write("\r\u{1B}[K") }
  }

  private var elapsed: Double {
    (ContinuousClock.now - start) / .seconds(1)
  }

  private func line(_ done: Int) -> String {
    let fraction = total > 0 ? min(Double(done) / Double(total), 1) : 1
    let filled = Int(fraction * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    let rate = elapsed > 0 ? Double(done) / elapsed : 0
    let left = rate > 0 ? Self.clock(Double(total - done) / rate) + " left" : ""
    return "\(title)  \(bar)  \(done)/\(total)  \(Self.rate(rate)) \(unit)/s  \(left)"
  }

  static func rate(_ value: Double) -> String {
    value >= 10 ? "\(Int(value))" : String(format: "%.1f", value)
  }

  static func clock(_ seconds: Double) -> String {
    seconds < 60
      ? String(format: "%.1f s", seconds)
      : String(format: "%d:%02d", Int(seconds) / 60, Int(seconds) % 60)
  }
}
