/// One thing that is timed: an id that the peers' script shares, and a closure that prepares the
/// input outside the clock and returns the call to be timed.
struct Workload: Sendable {
  /// The id, such as `dsp.mel.30s`.
  let id: String
  /// Floating-point operations of one call, where that has a meaning.
  let flops: Double?
  /// Prepares the input and returns the timed call.
  let prepare: @Sendable () throws -> () throws -> Void

  init(
    _ id: String, flops: Double? = nil, prepare: @escaping @Sendable () throws -> () throws -> Void
  ) {
    self.id = id
    self.flops = flops
    self.prepare = prepare
  }
}

/// Keeps the optimizer from removing a computation whose result nobody reads.
@inline(never)
@_optimize(none)
func blackHole<T>(_ value: T) {}
