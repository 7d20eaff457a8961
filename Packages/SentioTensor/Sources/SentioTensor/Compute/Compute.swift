import SentioBLAS

#if OneDNN
  import CSentioOneDNN
#endif

/// The precision in which the heavy operations multiply; everything else stays in single precision.
public enum ComputePrecision: String, Sendable, Hashable, CaseIterable {
  /// Single precision throughout.
  case float32
  /// Factors rounded to bfloat16, sums in single precision; weights keep their single precision masters.
  ///
  /// On a chip without instructions for it the same operations run in single precision.
  case bfloat16
}

/// The library that does products, convolutions and recurrent layers.
public enum ComputeEngine: String, Sendable, Hashable, CaseIterable {
  /// oneDNN; there when the package is built with its trait `OneDNN`, which is on by default.
  case oneDNN
  /// OpenBLAS and the package's own loops; always there.
  case openBLAS

  /// The engine that is used unless a scope says otherwise.
  public static var preferred: ComputeEngine {
    #if OneDNN
      .oneDNN
    #else
      .openBLAS
    #endif
  }

  /// Whether this build holds the engine.
  public var isAvailable: Bool { self == .openBLAS || Self.preferred == .oneDNN }

  /// The library's version, such as `2.6.3`; nil where this build does not hold it.
  public var version: String? {
    switch self {
    case .openBLAS:
      return BLASRuntime.configuration.split(separator: " ").dropFirst().first.map(String.init)
    case .oneDNN:
      #if OneDNN
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        sentio_dnn_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
      #else
        return nil
      #endif
    }
  }
}

/// How the heavy operations inside a scope are computed.
///
/// ```swift
/// let scores = Compute.with(precision: .bfloat16) { model(x) }
/// ```
///
/// The scope belongs to the task: other tasks are not concerned, and a task started inside inherits it. A
/// derivative is computed as its operation was.
public enum Compute {
  /// The precision of the scope; `.float32` outside of any.
  @TaskLocal public static var precision = ComputePrecision.float32
  /// The engine of the scope; ``ComputeEngine/preferred`` outside of any.
  @TaskLocal public static var engine = ComputeEngine.preferred

  /// Whether the operations of this scope run now for their values and once more to be recorded.
  ///
  /// They choose as they will then, so that both times give the same bits.
  @TaskLocal static var isRehearsal = false

  /// Runs a closure with another precision or engine.
  ///
  /// - Parameters:
  ///   - precision: the precision inside; nil leaves it.
  ///   - engine: the engine inside; nil leaves it, and so does one that this build does not hold.
  ///   - body: the work.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  public static func with<R>(
    precision: ComputePrecision? = nil, engine: ComputeEngine? = nil, _ body: () throws -> R
  ) rethrows -> R {
    let engine = engine.flatMap { $0.isAvailable ? $0 : nil } ?? Self.engine
    return try $precision.withValue(precision ?? Self.precision) {
      try $engine.withValue(engine) { try body() }
    }
  }

  /// What a scope asks for, for a derivative to be computed under what its operation was.
  struct Scope: Sendable, Hashable {
    var precision: ComputePrecision
    var engine: ComputeEngine

    func callAsFunction<R>(_ body: () throws -> R) rethrows -> R {
      try Compute.with(precision: precision, engine: engine, body)
    }
  }

  /// The scope at this place.
  static var scope: Scope { Scope(precision: precision, engine: engine) }
}
