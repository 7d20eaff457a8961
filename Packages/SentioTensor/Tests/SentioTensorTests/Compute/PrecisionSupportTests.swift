import SentioBLAS
import Synchronization
import Testing

@testable import SentioTensor

@Suite struct PrecisionSupportTests {
  @Test func singlePrecisionIsAlwaysNative() {
    #expect(Compute.support(for: .float32).isNative)
    #expect(Compute.support(for: .float32, engine: .openBLAS).isNative)
  }

  @Test func bfloat16NeedsTheChipAndTheLibrary() {
    let chip = !CPUFeatures.current.isDisjoint(with: [.avx512BF16, .amxBF16])
    #expect(
      Compute.support(for: .bfloat16).isNative == (chip && ComputeEngine.oneDNN.isAvailable))
    #expect(!Compute.support(for: .bfloat16, engine: .openBLAS).isNative)
  }

  @Test func aFallbackIsToldOnce() {
    let heard = Mutex<[String]>([])
    Compute.with(precision: .bfloat16, engine: .openBLAS) {
      #expect(!Compute.multipliesInBFloat16)
      Compute.reportFallbacks { sentence in heard.withLock { $0.append(sentence) } }
      #expect(!Compute.multipliesInBFloat16)
    }
    let sentences = heard.withLock { $0.filter { $0.contains("OpenBLAS") } }
    #expect(
      sentences == ["bfloat16 was asked for and runs as float32: OpenBLAS has no products of it"])
  }

  @Test func nothingIsAskedForOutsideOfAScope() { #expect(!Compute.multipliesInBFloat16) }
}
