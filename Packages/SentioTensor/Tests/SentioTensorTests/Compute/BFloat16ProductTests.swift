import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// Products in bfloat16 against products in single precision: of the rounded factors, where they agree as two
/// engines do, and of the factors themselves, within the bound of the rounding.
@Suite(.enabled(if: Compute.support(for: .bfloat16).isNative)) struct BFloat16ProductTests {
  /// Two orders of single precision sums of some hundred products of size 1.
  static let engines = Tolerance(relative: 1e-5, absolute: 3e-5)

  static func random(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 41, name)
    return .normal(shape, from: &stream)
  }

  static func rounded(_ tensor: Tensor) -> Tensor { BFloat16Tensor(tensor).widened() }

  struct Case: Sendable, CustomStringConvertible {
    var a: Shape
    var b: Shape
    var transposeA = false
    var transposeB = false
    var description: String { "\(a)\(transposeA ? "'" : "") × \(b)\(transposeB ? "'" : "")" }
  }

  static let cases = [
    Case(a: [5, 7], b: [7, 3]), Case(a: [1, 64], b: [64, 33]), Case(a: [65, 129], b: [129, 1]),
    Case(a: [37, 20], b: [51, 20], transposeB: true),
    Case(a: [20, 37], b: [20, 51], transposeA: true),
    Case(a: [20, 37], b: [51, 20], transposeA: true, transposeB: true),
    Case(a: [200, 300], b: [300, 100]),
    // All rows meet one matrix; batches of equal count; axes that broadcast on both sides.
    Case(a: [3, 4, 6, 5], b: [5, 9]), Case(a: [3, 4, 6, 5], b: [3, 4, 5, 7]),
    Case(a: [3, 4, 6, 5], b: [3, 4, 7, 5], transposeB: true),
    Case(a: [3, 1, 6, 5], b: [2, 5, 7]), Case(a: [6, 5], b: [3, 5, 7]),
    Case(a: [4, 5, 6], b: [4, 5, 7], transposeA: true),
    Case(a: [4, 5, 6], b: [5, 7], transposeA: true),
  ]

  @Test(arguments: cases) func equalsSinglePrecisionOnRoundedFactors(_ c: Case) {
    let (a, b) = (Self.random(c.a, "a"), Self.random(c.b, "b"))
    func product(_ a: Tensor, _ b: Tensor) -> Tensor {
      a.matmul(b, transposeA: c.transposeA, transposeB: c.transposeB)
    }
    let actual = Compute.with(precision: .bfloat16) { product(a, b) }
    let expected = Compute.with(engine: .openBLAS) { product(Self.rounded(a), Self.rounded(b)) }
    expectClose(actual, expected, within: Self.engines, "\(c)")
    // Each factor is off by at most 2⁻⁸ of its size, each product so by 2⁻⁷ + 2⁻¹⁶, and a sum by that of
    // the sum of the products' sizes.
    let bound = product(a.absolute(), b.absolute()) * 0x1.01p-7
    let error = (actual - product(a, b)).absolute()
    let excess = (error - bound).scalars.max() ?? 0
    #expect(excess < 1e-5, "\(c) exceeds the bound of its rounding by \(excess)")
  }

  @Test(arguments: cases) func gradientsEqualThoseOfRoundedFactors(_ c: Case) {
    let (a, b) = (Self.random(c.a, "a"), Self.random(c.b, "b"))
    func product(_ inputs: [Tensor]) -> Tensor {
      inputs[0].matmul(inputs[1], transposeA: c.transposeA, transposeB: c.transposeB)
    }
    // Numbers that bfloat16 holds, so that the gradient that arrives is not rounded a second time.
    let arriving = Self.rounded(Self.random(product([a, b]).shape, "arriving"))
    let (_, actual) = Compute.with(precision: .bfloat16) {
      valueAndGradient(of: [a, b]) { (product($0) * arriving).sum() }
    }
    let (_, expected) = valueAndGradient(of: [Self.rounded(a), Self.rounded(b)]) {
      (product($0) * arriving).sum()
    }
    for (index, pair) in zip(actual, expected).enumerated() {
      expectClose(pair.0, pair.1, within: Self.engines, "\(c), gradient \(index)")
    }
  }

  @Test func aPullbackRunsUnderItsForwardsPrecision() {
    let (a, b) = (Self.random([9, 40], "a"), Self.random([40, 8], "b"))
    let inside = Compute.with(precision: .bfloat16) {
      valueAndGradient(of: [a, b]) { $0[0].matmul($0[1]).squared().sum() }.gradient
    }
    let outside = valueAndGradient(of: [a, b]) { inputs in
      // The scope ends before the way back begins.
      Compute.with(precision: .bfloat16) { inputs[0].matmul(inputs[1]) }.squared().sum()
    }.gradient
    #expect(inside == outside)
    let exact = valueAndGradient(of: [a, b]) { $0[0].matmul($0[1]).squared().sum() }.gradient
    #expect(inside[0] != exact[0])
  }

  @Test func emptyProductsAreZeros() {
    Compute.with(precision: .bfloat16) {
      #expect(Tensor.zeros([3, 0]).matmul(.zeros([0, 4])) == .zeros([3, 4]))
      #expect(Tensor.zeros([0, 3]).matmul(.zeros([3, 4])).shape == [0, 4])
      #expect(Tensor.zeros([0, 3]).linear(.zeros([4, 3])).shape == [0, 4])
    }
  }

  @Test func notANumberStays() {
    var a = Self.random([4, 32], "a")
    a[element: 2, 5] = .nan
    let weight = Self.random([16, 32], "b")
    for activation in [Activation.identity, .relu, .gelu(), .gelu(.tanh), .silu, .sigmoid, .tanh] {
      let result = Compute.with(precision: .bfloat16) { a.linear(weight, activation: activation) }
      for column in 0..<16 {
        #expect(result[element: 2, column].isNaN, "\(activation)")
        #expect(result[element: 1, column].isFinite, "\(activation)")
      }
    }
  }
}
