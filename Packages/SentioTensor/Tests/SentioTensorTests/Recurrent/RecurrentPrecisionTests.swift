import CSentioTensorKernels
import SentioBLAS
import SentioTensorTestSupport
import Testing

@testable import SentioTensor

@Suite struct RecurrentPrecisionTests {
  /// Factors of 8 bits: each is off by up to 2^-9 of itself, and a sum of about 50 of them around 1 by some of
  /// that; gates pass on at most as much as arrives.
  static let values = Tolerance(relative: 0x1p-6, absolute: 0x1p-5)

  @Test(arguments: RecurrentExample.cells) func bfloat16IsNear(_ cell: RecurrentCell) {
    let example = RecurrentExample(cell: cell, batch: 18, steps: 9, inputs: 37, hidden: 21)
    var all = example.all
    all[0] = all[0] * 0.3
    let x = all
    func run() -> (value: Tensor, gradient: [Tensor]) {
      var value = Tensor(0)
      let (_, gradient) = valueAndGradient(of: x) { tensors in
        let result = example(tensors, mask: .lengths((0..<18).map { $0 % 10 })).flat
        value = result.detached()
        return result.squared().sum()
      }
      return (value, gradient)
    }
    let exact = run()
    let rounded = Compute.with(precision: .bfloat16) { run() }
    expectClose(rounded.value, exact.value, within: Self.values, "\(cell)")
    let differs = Compute.with(precision: .bfloat16) { Compute.multipliesInBFloat16 }
    #expect((rounded.value != exact.value) == differs)
    // An engine without such products says so, and computes as in single precision.
    let plain = Compute.with(precision: .bfloat16, engine: .openBLAS) { run() }
    #expect(plain.value == exact.value && plain.gradient == exact.gradient)
    for (index, (a, b)) in zip(rounded.gradient, exact.gradient).enumerated() {
      // Of a gradient, a sum of many terms of both signs, the length of the whole error is bounded.
      let error = (a - b).norm().scalar / b.norm().scalar
      #expect(error < 0.03, "\(cell), tensor \(index): \(error)")
    }
  }

  @Test func aResultIsTheSameOnAnyNumberOfThreadsAndInAnyBatch() {
    let example = RecurrentExample(cell: .lstm, batch: 37, steps: 65, inputs: 40, hidden: 48)
    func run() -> (value: Tensor, gradient: [Tensor]) {
      valueAndGradient(of: example.all) { example($0).flat.squared().sum() }
    }
    let many = run()
    let one = BLASRuntime.onOneThread { run() }
    #expect(many.value == one.value)
    for index in many.gradient.indices {
      #expect(many.gradient[index] == one.gradient[index], "tensor \(index)")
    }
    let all = example.all
    var alone = example
    alone.batch = 1
    let row = alone(
      [all[0][20..<21]] + [1, 2].map { all[$0][20..<21] } + all.dropFirst(3))
    #expect(row.output[0] == example(all).output[20])
  }
}
