import Dispatch
import Foundation
import Synchronization

/// Thrown where work stops because the user pressed Ctrl-C.
struct Interrupted: Error {}

/// Turns the first Ctrl-C (or a polite kill) into a flag that long work looks at; a second one
/// ends the program at once.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// Whether the user asked to stop.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Throws ``Interrupted`` when the user asked to stop.
  static func check() throws {
    if isRequested { throw Interrupted() }
  }

  /// Ends the program when the user asked to stop, from work that can't be stopped otherwise and has
  /// written nothing yet.
  static func leaveIfRequested() {
    guard isRequested else { return }
    Terminal.note(farewell)
    _exit(130)
  }

  /// What a stopped program says.
  static let farewell =
    "sentio: stopped by Ctrl-C; what was finished is kept, run again to go on"

  /// Starts watching; later calls do nothing.
  static func watch() { _ = sources }

  private nonisolated(unsafe) static let sources: [any DispatchSourceSignal] = {
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue.global(qos: .userInteractive))
      source.setEventHandler {
        if flag.exchange(true, ordering: .relaxed) { _exit(130) }
      }
      source.resume()
      return source
    }
  }()
}
