import Foundation
import SentioBLAS
import Testing

@Suite struct RuntimeTests {
  private let wide: CPUFeatures = [.avx512f, .avx512bw, .avx512dq, .avx512vl]

  @Test func onlyANarrowCoreOnAWideChipIsCorrected() {
    #expect(BLASRuntime.needsCorrection(core: "Haswell", features: wide))
    #expect(BLASRuntime.needsCorrection(core: "Zen", features: wide))
    #expect(!BLASRuntime.needsCorrection(core: "SkylakeX", features: wide))
    #expect(!BLASRuntime.needsCorrection(core: "Cooperlake", features: wide))
    #expect(!BLASRuntime.needsCorrection(core: "Haswell", features: [.avx2, .fma]))
    #expect(!BLASRuntime.needsCorrection(core: "Haswell", features: [.avx512f]))
  }

  @Test func theReportNamesTheLibrary() {
    #expect(BLASRuntime.configuration.hasPrefix("OpenBLAS"))
    #expect(!BLASRuntime.coreName.isEmpty)
    #expect(BLASRuntime.threadCount >= 1)
    if case .corrected = BLASRuntime.coreSelection { #expect(BLASRuntime.coreName == "SkylakeX") }
  }

  @Test func onOneThreadHoldsInsideOnly() throws {
    typealias Query = @convention(c) () -> Int32
    // The OpenMP runtime's own word; nil where OpenBLAS came with another pool.
    let openMP = dlsym(nil, "omp_get_max_threads").map { unsafeBitCast($0, to: Query.self) }
    struct Stop: Error {}
    let before = (BLASRuntime.threadCount, openMP?())
    BLASRuntime.onOneThread {
      #expect(BLASRuntime.threadCount == 1 && (openMP?() ?? 1) == 1)
      BLASRuntime.onOneThread { #expect(BLASRuntime.threadCount == 1) }
      #expect(BLASRuntime.threadCount == 1 && (openMP?() ?? 1) == 1)
    }
    #expect(throws: Stop.self) { try BLASRuntime.onOneThread { throw Stop() } }
    #expect(BLASRuntime.threadCount == before.0 && openMP?() == before.1)
  }

  @Test func featuresPrintTheirUsualNames() {
    #expect((CPUFeatures.avx2.union(.avx512BF16)).description == "avx2 avx512_bf16")
    #expect(CPUFeatures([]).description.isEmpty)
  }
}
