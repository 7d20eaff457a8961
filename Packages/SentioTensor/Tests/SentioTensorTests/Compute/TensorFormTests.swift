import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// Forms of a tensor's elements: made once, dropped with the elements, shared by copies.
///
/// Serialized, as the pool's counters are the process's.
@Suite(.serialized) struct TensorFormTests {
  private func weights() -> Tensor { Tensor.ramp(60, from: -3, by: 0.1).reshaped([6, 10]) }

  @Test func aFormIsMadeOnceForAllCopies() {
    let a = weights()
    let b = a.reshaped([10, 6])
    var made = 0
    func form(_ tensor: Tensor) -> TensorStorage? {
      tensor.storage.form(.packed(form: [1], extents: [6], strides: [1])) {
        made += 1
        return TensorStorage(count: 60)
      }
    }
    #expect(form(a) === form(b))
    #expect(made == 1)
  }

  @Test func changedElementsLoseTheirForms() {
    var a = weights()
    let before = BFloat16Tensor(a).widened()
    let copy = a
    a[element: 2, 3] = 100
    #expect(BFloat16Tensor(a).widened()[element: 2, 3] == 100)
    #expect(BFloat16Tensor(copy).widened() == before)

    var b = weights()
    _ = BFloat16Tensor(b)
    b += Tensor.ones([6, 10])
    expectClose(
      BFloat16Tensor(b).widened(), b, within: Tolerance(relative: 0x1p-8), "after an addition")
    b.withUnsafeMutableBufferPointer { $0[0] = 7 }
    #expect(BFloat16Tensor(b).widened()[element: 0, 0] == 7)
  }

  @Test func aFailedFormIsAskedForAgain() {
    let a = weights()
    #expect(a.storage.form(.bfloat16) { nil } == nil)
    #expect(a.storage.form(.bfloat16) { TensorStorage(count: 30) } != nil)
  }

  @Test func formsAreCountedAndGoWithTheirTensor() {
    // 4 MiB, so that other suites' forms do not matter beside it.
    let count = 1 << 20
    let before = TensorMemory.statistics
    do {
      let large = Tensor.zeros([count])
      let rounded = BFloat16Tensor(large)
      let during = TensorMemory.statistics
      #expect(rounded.count == count)
      #expect(during.bytesInForms >= before.bytesInForms + 2 * count)
      #expect(during.bytesInUse >= before.bytesInUse + 6 * count)
    }
    #expect(TensorMemory.statistics.bytesInForms < before.bytesInForms + 2 * count)
  }

  @Test func tasksShareOneForm() async {
    let a = Tensor.ramp(1 << 16)
    let results = await withTaskGroup(of: Tensor.self) { group in
      for _ in 0..<16 { group.addTask { BFloat16Tensor(a).widened() } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 16)
    for result in results { #expect(result == results[0]) }
  }

  #if OneDNN
    @Test func primitivesAreMadeOnceForAThreadCount() {
      struct Description: Hashable { var name = "of this test" }
      var made = 0
      for _ in 0..<3 {
        let primitive = PrimitiveCache.primitive(Description()) { _ in
          made += 1
          return 3
        }
        #expect(primitive == nil)
      }
      #expect(made == 1)
    }

    @Test func theCacheStaysBounded() {
      struct Description: Hashable { var number: Int }
      for number in 0..<3 * PrimitiveCache.capacity {
        _ = PrimitiveCache.primitive(Description(number: number)) { _ in 3 }
      }
      #expect(PrimitiveCache.count <= PrimitiveCache.capacity)
    }
  #endif
}
