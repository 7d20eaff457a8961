import Synchronization

/// A switch that asks long work to stop at the next safe place.
///
/// Safe to set from a signal handler's dispatch source, from `onCancel` of a task, or from any thread.
public final class CancellationFlag: Sendable {
  private let state = Atomic(false)

  /// Creates a switch that is off.
  public init() {}

  /// Whether the work should stop.
  public var isCancelled: Bool { state.load(ordering: .relaxed) }

  /// Asks the work to stop; there is no way back.
  public func cancel() { state.store(true, ordering: .relaxed) }
}
