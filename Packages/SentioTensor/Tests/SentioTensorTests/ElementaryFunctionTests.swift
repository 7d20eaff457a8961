import Foundation
import SentioTensor
import Testing

/// The stated error bounds, over a dense sample of all floats.
@Suite struct ElementaryFunctionTests {
  /// The largest error in units of the last place over every `step`-th float in a range.
  private func worst(
    _ range: ClosedRange<Float>, _ function: (Tensor) -> Tensor, _ reference: (Double) -> Double
  ) -> (ulps: Double, at: Float) {
    var worst = (ulps: 0.0, at: Float(0))
    var inputs: [Float] = []
    for bits in stride(from: UInt64(0), to: 1 << 32, by: 4001) {
      let x = Float(bitPattern: UInt32(bits))
      if range.contains(x) { inputs.append(x) }
    }
    for (x, y) in zip(inputs, function(Tensor(inputs)).scalars) {
      let exact = reference(Double(x))
      if Float(exact) == y { continue }
      let error = abs(Double(y) - exact) / Double(Float(exact).ulp)
      if !(error <= worst.ulps) { worst = (error, x) }
    }
    return worst
  }

  @Test func exponential() {
    let error = worst(-103...88.7, { $0.exp() }, Foundation.exp)
    #expect(error.ulps < 1.1, "at \(error.at)")
  }

  @Test func logarithm() {
    let error = worst(0x1p-149...Float.greatestFiniteMagnitude, { $0.log() }, Foundation.log)
    #expect(error.ulps < 0.9, "at \(error.at)")
  }

  @Test func hyperbolicTangent() {
    let error = worst(-100...100, { $0.tanh() }, Foundation.tanh)
    #expect(error.ulps < 1.4, "at \(error.at)")
  }

  @Test func errorFunction() {
    let error = worst(-100...100, { $0.errorFunction() }, Foundation.erf)
    #expect(error.ulps < 1.5, "at \(error.at)")
  }

  @Test func sigmoid() {
    let error = worst(-80...100, { $0.sigmoid() }, { 1 / (1 + Foundation.exp(-$0)) })
    #expect(error.ulps < 2.7, "at \(error.at)")
  }

  @Test func softplus() {
    let error = worst(
      -80...100, { $0.softplus() }, { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) })
    #expect(error.ulps < 2.2, "at \(error.at)")
  }
}
