import SentioBLAS
import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// Products in single precision by one engine against the other.
@Suite(.enabled(if: ComputeEngine.oneDNN.isAvailable)) struct EngineTests {
  /// Two orders of sums of a thousand products of size 1.
  static let tolerance = Tolerance(relative: 1e-5, absolute: 1e-4)

  static func random(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 47, name)
    return .normal(shape, from: &stream)
  }

  /// Rows, columns, length: vectors, skinny ones, and sizes around the blocks of the kernels.
  static let sizes = [
    [1, 1, 1], [1, 9, 300], [9, 1, 300], [1, 1, 1000], [300, 7, 1], [31, 33, 129], [64, 64, 64],
    [65, 255, 17], [1030, 12, 40], [1100, 1, 5],
  ]

  @Test(arguments: sizes) func matricesAgree(_ size: [Int]) {
    let (m, n, k) = (size[0], size[1], size[2])
    for (transposeA, transposeB) in [(false, false), (false, true), (true, false), (true, true)] {
      let a = Self.random(transposeA ? [k, m] : [m, k], "a")
      let b = Self.random(transposeB ? [n, k] : [k, n], "b")
      func product() -> Tensor { a.matmul(b, transposeA: transposeA, transposeB: transposeB) }
      expectClose(
        product(), Compute.with(engine: .openBLAS) { product() }, within: Self.tolerance,
        "\(size), \(transposeA), \(transposeB)")
    }
  }

  @Test(arguments: sizes) func layersAgreePackedAndNot(_ size: [Int]) {
    let (x, bias) = (Self.random([size[0], size[2]], "x"), Self.random([size[1]], "bias"))
    let weight = Self.random([size[1], size[2]], "weight")
    let expected = Compute.with(engine: .openBLAS) { x.linear(weight, bias: bias) }
    expectClose(x.linear(weight, bias: bias), expected, within: Self.tolerance, "packed, \(size)")
    _ = valueAndGradient(of: weight) { weight in
      let y = x.linear(weight, bias: bias)
      expectClose(y.detached(), expected, within: Self.tolerance, "as it lies, \(size)")
      return y.sum()
    }
  }

  @Test func gradientsAgree() {
    let inputs = [
      Self.random([4, 9, 21], "x"), Self.random([14, 21], "weight"), Self.random([14], "bias"),
    ]
    func gradients() -> [Tensor] {
      valueAndGradient(of: inputs) { i in
        i[0].linear(i[1], bias: i[2], activation: .gelu()).squared().sum()
      }.gradient
    }
    let expected = Compute.with(engine: .openBLAS) { gradients() }
    for (index, gradient) in gradients().enumerated() {
      expectClose(gradient, expected[index], within: Self.tolerance, "gradient \(index)")
    }
  }

  @Test func insideOfOneThreadTheResultIsTheSame() {
    let (x, weight) = (Self.random([50, 64], "x"), Self.random([96, 64], "weight"))
    let direct = x.linear(weight)
    expectClose(
      BLASRuntime.onOneThread { x.linear(weight) }, direct, within: Self.tolerance, "on one thread")
  }
}
