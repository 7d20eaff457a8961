import COpenBLAS
import CSentioTensorKernels
import Foundation

/// What OpenBLAS is, which kernels it runs, and on how many threads.
///
/// OpenBLAS picks its kernels by the chip's model number, so a release that is older than the chip
/// picks those of an older one: the 0.3.21 that Debian 12 ships runs AVX2 kernels on some AVX-512
/// chips, at half their rate. The first use of this module corrects that, once, before any
/// arithmetic, and only where three things hold: the chip has AVX-512, OpenBLAS chose a core
/// without it, and the user has not set `OPENBLAS_CORETYPE`, which is always obeyed.
public enum BLASRuntime {
  /// What start-up did about the core that OpenBLAS chose by itself.
  public enum CoreSelection: Sendable, Hashable, CustomStringConvertible {
    /// OpenBLAS's own choice stands.
    case detected
    /// The user's environment variable `OPENBLAS_CORETYPE` decides.
    case environment(String)
    /// OpenBLAS had chosen `from`, whose kernels leave half of each vector register idle.
    case corrected(from: String)

    /// One phrase, for a report about the machine.
    public var description: String {
      switch self {
      case .detected: "detected by OpenBLAS"
      case .environment(let name): "set by OPENBLAS_CORETYPE=\(name)"
      case .corrected(let from): "corrected from \(from)"
      }
    }
  }

  /// How the core came to be what ``coreName`` says.
  public static let coreSelection: CoreSelection = {
    if let name = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"], !name.isEmpty {
      return .environment(name)
    }
    let detected = currentCoreName
    guard needsCorrection(core: detected, features: .current),
      sentio_openblas_select_core("SkylakeX") == 1
    else { return .detected }
    return .corrected(from: detected)
  }()

  /// The family of kernels in use, in OpenBLAS's words, such as `SkylakeX` or `Haswell`.
  public static var coreName: String {
    start()
    return currentCoreName
  }

  /// OpenBLAS's version and build options, such as `OpenBLAS 0.3.21 DYNAMIC_ARCH USE_OPENMP …`.
  public static var configuration: String {
    start()
    return String(cString: openblas_get_config())
  }

  /// The number of threads that one operation may use; at least 1.
  ///
  /// Setting it holds for the process, so it is the program's to set and not a library's. Inside of
  /// ``onOneThread(_:)`` it is 1.
  public static var threadCount: Int {
    get {
      start()
      if sentio_is_alone() != 0 { return 1 }
      return Int(openblas_get_num_threads())
    }
    set {
      start()
      precondition(newValue >= 1, "threadCount must be at least 1, and is \(newValue)")
      openblas_set_num_threads(Int32(clamping: newValue))
    }
  }

  /// Runs a closure whose products, factorizations and kernels stay on the caller's thread.
  ///
  /// For work that is parallel already, such as one song a thread: otherwise each of the threads would
  /// start threads of its own, and they would wait for each other. Other threads are not concerned,
  /// those that the closure starts included. OpenBLAS's pthread build keeps its own count.
  ///
  /// - Parameter body: the work.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  public static func onOneThread<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    let before = sentio_enter_alone()
    defer { sentio_leave_alone(before) }
    return try body()
  }

  /// The pool that OpenBLAS starts its threads from.
  public static var threading: Threading {
    start()
    switch openblas_get_parallel() {
    case 1: return .pthreads
    case 2: return .openMP
    default: return .sequential
    }
  }

  /// A kind of thread pool.
  public enum Threading: String, Sendable, Hashable {
    /// One thread, the caller's.
    case sequential
    /// OpenBLAS's own pool.
    case pthreads
    /// The OpenMP runtime's pool, shared with oneDNN and with this package's kernels.
    case openMP
  }

  /// Makes the one-time correction before the first arithmetic; every entry point calls it.
  @inline(__always)
  static func start() { _ = coreSelection }

  /// Whether `core` is a name of kernels narrower than the chip's vectors.
  package static func needsCorrection(core: String, features: CPUFeatures) -> Bool {
    features.isSuperset(of: [.avx512f, .avx512bw, .avx512dq, .avx512vl])
      && ["haswell", "zen"].contains(core.lowercased())
  }

  private static var currentCoreName: String { String(cString: openblas_get_corename()) }
}
