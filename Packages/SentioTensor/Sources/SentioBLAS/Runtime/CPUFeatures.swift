import CSentioTensorKernels

/// The instruction-set extensions of this machine that matter to dense arithmetic.
///
/// A member says that the chip has the extension *and* that the operating system lets programs
/// use it. Empty on processors other than x86-64.
public struct CPUFeatures: OptionSet, Sendable, Hashable {
  /// The bits, one for each extension.
  public let rawValue: UInt32

  /// Creates a set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// 256-bit integer and float vectors.
  public static let avx2 = CPUFeatures(rawValue: SENTIO_CPU_AVX2.rawValue)
  /// Fused multiply-add.
  public static let fma = CPUFeatures(rawValue: SENTIO_CPU_FMA.rawValue)
  /// Conversion between half and single precision.
  public static let f16c = CPUFeatures(rawValue: SENTIO_CPU_F16C.rawValue)
  /// 512-bit vectors, the foundation subset.
  public static let avx512f = CPUFeatures(rawValue: SENTIO_CPU_AVX512F.rawValue)
  /// 512-bit vectors of bytes and words.
  public static let avx512bw = CPUFeatures(rawValue: SENTIO_CPU_AVX512BW.rawValue)
  /// 512-bit vectors of 32- and 64-bit integers.
  public static let avx512dq = CPUFeatures(rawValue: SENTIO_CPU_AVX512DQ.rawValue)
  /// The AVX-512 instructions on 128- and 256-bit registers.
  public static let avx512vl = CPUFeatures(rawValue: SENTIO_CPU_AVX512VL.rawValue)
  /// Dot products of 8-bit integers in 512-bit vectors.
  public static let avx512VNNI = CPUFeatures(rawValue: SENTIO_CPU_AVX512_VNNI.rawValue)
  /// Dot products of bfloat16 numbers in 512-bit vectors.
  public static let avx512BF16 = CPUFeatures(rawValue: SENTIO_CPU_AVX512_BF16.rawValue)
  /// Dot products of 8-bit integers in 256-bit vectors.
  public static let avxVNNI = CPUFeatures(rawValue: SENTIO_CPU_AVX_VNNI.rawValue)
  /// The matrix unit's tile registers.
  public static let amxTile = CPUFeatures(rawValue: SENTIO_CPU_AMX_TILE.rawValue)
  /// Matrix-unit products of 8-bit integers.
  public static let amxInt8 = CPUFeatures(rawValue: SENTIO_CPU_AMX_INT8.rawValue)
  /// Matrix-unit products of bfloat16 numbers.
  public static let amxBF16 = CPUFeatures(rawValue: SENTIO_CPU_AMX_BF16.rawValue)

  /// The extensions of the machine that this process runs on.
  public static let current = CPUFeatures(rawValue: sentio_cpu_features())

  /// The chip's own name, such as `AMD EPYC 9655`; empty where it gives none.
  public static let processorName: String = {
    let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 49) { buffer in
      sentio_cpu_name(buffer.baseAddress!)
      return String(cString: buffer.baseAddress!)
    }
    return name.split(separator: " ").joined(separator: " ")
  }()
}

extension CPUFeatures: CustomStringConvertible {
  private static let names: [(CPUFeatures, String)] = [
    (.avx2, "avx2"), (.fma, "fma"), (.f16c, "f16c"), (.avxVNNI, "avx_vnni"),
    (.avx512f, "avx512f"), (.avx512bw, "avx512bw"), (.avx512dq, "avx512dq"),
    (.avx512vl, "avx512vl"), (.avx512VNNI, "avx512_vnni"), (.avx512BF16, "avx512_bf16"),
    (.amxTile, "amx_tile"), (.amxInt8, "amx_int8"), (.amxBF16, "amx_bf16"),
  ]

  /// The extensions' usual names with spaces between them, such as `avx2 fma avx512f`.
  public var description: String {
    Self.names.filter { contains($0.0) }.map(\.1).joined(separator: " ")
  }
}
