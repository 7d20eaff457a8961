import SentioBLAS
import Synchronization

#if OneDNN
  import CSentioOneDNN
#endif

/// How a precision is computed on this chip, by this build.
public enum PrecisionSupport: Sendable, Hashable, CustomStringConvertible {
  /// By instructions of the chip, which are named, such as `avx512_bf16`.
  case native(instructions: String)
  /// In another way, with results of the same kind; `reason` says what is missing.
  case emulated(reason: String)

  /// One phrase, for a report about the machine.
  public var description: String {
    switch self {
    case .native(let instructions): "native (\(instructions))"
    case .emulated(let reason): reason
    }
  }

  /// Whether the chip has instructions for it.
  public var isNative: Bool {
    if case .native = self { true } else { false }
  }
}

extension Compute {
  /// How a precision is computed on this chip.
  ///
  /// - Parameters:
  ///   - precision: the precision.
  ///   - engine: the library that would do it.
  /// - Returns: the instructions, or why the same operations run in single precision.
  public static func support(
    for precision: ComputePrecision, engine: ComputeEngine = .preferred
  ) -> PrecisionSupport {
    switch precision {
    case .float32: .native(instructions: bestName(floatInstructions, else: "scalar"))
    case .bfloat16: engine == .oneDNN ? bfloat16Support : bfloat16SupportOfOpenBLAS
    }
  }

  /// How products of 8-bit integers are computed on this chip, for ``QuantizedLinear``.
  ///
  /// Without instructions for them the integers and so the results are the same, and they take longer.
  public static let integerSupport: PrecisionSupport = {
    guard ComputeEngine.oneDNN.isAvailable else {
      return .emulated(reason: "plain integer loops: this build is without oneDNN")
    }
    let name = bestName([(.amxInt8, "amx_int8"), (.avx512VNNI, "avx512_vnni")], else: "")
    return name.isEmpty || !oneDNNUses(.int8)
      ? .emulated(reason: "plain integer loops: neither avx512_vnni nor amx_int8 can be used")
      : .native(instructions: name)
  }()

  /// Has a closure told, once for each reason, that a scope asked for a precision that is not there and runs
  /// in single precision.
  ///
  /// A library prints nothing, so this is where a program hears of it. What happened before the call is told at
  /// once. The closure may be called from any task; a second call of this function replaces it.
  ///
  /// - Parameter handler: takes one sentence.
  public static func reportFallbacks(to handler: @escaping @Sendable (String) -> Void) {
    let earlier = fallbacks.withLock { state in
      state.handler = handler
      return state.told
    }
    for sentence in earlier { handler(sentence) }
  }

  /// Whether the heavy operations of this scope multiply in bfloat16: it is asked for, and is there.
  static var multipliesInBFloat16: Bool {
    guard precision == .bfloat16 else { return false }
    guard case .emulated(let reason) = support(for: .bfloat16, engine: engine) else { return true }
    tellOnce("bfloat16 was asked for and runs as \(reason)")
    return false
  }

  /// Whether the package's own loops multiply in bfloat16; where the chip cannot, that is told.
  ///
  /// They need no library, and so convolutions and attention round in builds without oneDNN too.
  ///
  /// - Parameter chipHasPairs: what the loops say of the chip.
  /// - Returns: the same.
  static func hasOwnBFloat16(_ chipHasPairs: Bool) -> Bool {
    if !chipHasPairs { tellOnce("bfloat16 was asked for and runs as \(noBFloat16Instructions)") }
    return chipHasPairs
  }

  private static let noBFloat16Instructions =
    "float32: neither avx512_bf16 nor amx_bf16 can be used"

  private struct Fallbacks {
    var told: [String] = []
    var handler: (@Sendable (String) -> Void)?
  }

  private static let fallbacks = Mutex(Fallbacks())

  private static func tellOnce(_ sentence: String) {
    let handler: (@Sendable (String) -> Void)? = fallbacks.withLock { state in
      guard !state.told.contains(sentence) else { return nil }
      state.told.append(sentence)
      return state.handler
    }
    handler?(sentence)
  }

  private static let floatInstructions: [(CPUFeatures, String)] = [
    (.avx512f, "avx512f"), (.avx2, "avx2"),
  ]

  private static let bfloat16Support: PrecisionSupport = {
    guard ComputeEngine.oneDNN.isAvailable else {
      return .emulated(reason: "float32: this build is without oneDNN")
    }
    let name = bestName([(.amxBF16, "amx_bf16"), (.avx512BF16, "avx512_bf16")], else: "")
    return name.isEmpty || !oneDNNUses(.bfloat16)
      ? .emulated(reason: noBFloat16Instructions)
      : .native(instructions: name)
  }()

  private enum Factors { case bfloat16, int8 }

  /// Whether oneDNN may use the chip's instructions; its environment variables can forbid them.
  private static func oneDNNUses(_ factors: Factors) -> Bool {
    #if OneDNN
      switch factors {
      case .bfloat16: sentio_dnn_uses_bfloat16() != 0
      case .int8: sentio_dnn_uses_int8() != 0
      }
    #else
      false
    #endif
  }

  private static let bfloat16SupportOfOpenBLAS =
    PrecisionSupport.emulated(reason: "float32: OpenBLAS has no products of it")

  private static func bestName(
    _ names: [(CPUFeatures, String)], else none: String
  ) -> String {
    names.first { CPUFeatures.current.contains($0.0) }?.1 ?? none
  }
}
