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

  /// What was told is the process's: each operation has one of its own.
  @Test func everyOperationWithoutBFloat16TellsIt() async {
    await #expect(processExitsWith: .success) { try asked { _ = $0.matmul($0) } }
    await #expect(processExitsWith: .success) { try asked { _ = $0.linear($0) } }
    await #expect(processExitsWith: .success) {
      try asked { _ = $0.feedForward(inner: $0, outer: $0) }
    }
    await #expect(processExitsWith: .success) {
      try asked { x in
        _ = x.reshaped([1, 3, 3] as Shape).transposedConvolved1D(x.reshaped([3, 3, 1] as Shape))
      }
    }
  }

  @Test func aChipWithoutInstructionsForThePackagesOwnLoopsIsTold() {
    let heard = Mutex<[String]>([])
    #expect(Compute.hasOwnBFloat16(true))
    #expect(!Compute.hasOwnBFloat16(false))
    Compute.reportFallbacks { sentence in heard.withLock { $0.append(sentence) } }
    let sentence =
      "bfloat16 was asked for and runs as float32: neither avx512_bf16 nor amx_bf16 can be used"
    #expect(heard.withLock { $0.filter { $0 == sentence }.count } == 1)
  }

  @Test func nothingIsAskedForOutsideOfAScope() { #expect(!Compute.multipliesInBFloat16) }
}

/// Fails unless the operation tells that it runs in single precision, OpenBLAS being asked for bfloat16.
private func asked(_ operation: (Tensor) -> Void) throws {
  let heard = Mutex<[String]>([])
  Compute.reportFallbacks { sentence in heard.withLock { $0.append(sentence) } }
  Compute.with(precision: .bfloat16, engine: .openBLAS) { operation(.ones([3, 3])) }
  try #require(heard.withLock { $0.count } == 1)
}
