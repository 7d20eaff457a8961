import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// Layers in bfloat16 against PyTorch's, and both against double precision.
@Suite struct GoldenBFloat16Tests {
  static let cases = GoldenCases("Compute/bfloat16.safetensors")

  /// PyTorch rounds every result to bfloat16, 2⁻⁸ of it, and so what goes from operation to operation.
  static let torch = Tolerance(relative: 0x1p-7, absolute: 0.06)

  static let operations: [String: GoldenCases.Operation] = [
    "matmul": { i, _ in i[0].matmul(i[1]) },
    "linear": { i, words in i[0].linear(i[1], bias: i[2], activation: activation(words)) },
    "feedForward": { i, words in
      i[0].feedForward(
        inner: i[1], innerBias: i[2], activation: activation(words), outer: i[3], outerBias: i[4],
        residual: i[5])
    },
  ]

  static func activation(_ words: [String]) -> Activation {
    switch words[0] {
    case "relu": .relu
    case "gelu": .gelu()
    case "silu": .silu
    default: .identity
    }
  }

  /// On a chip without bfloat16 this is single precision, which is nearer still.
  @Test(arguments: cases.names) func valuesAndGradientsEqualPyTorchs(_ name: String) throws {
    let operation = try #require(Self.operations[GoldenCases.words(name)[0]])
    Compute.with(precision: .bfloat16) {
      Self.cases.check(name, within: Self.torch, operation)
    }
  }

  /// Ours keeps results and sums in single precision, and so is not farther from the truth than PyTorch.
  @Test(arguments: cases.names) func isNoFartherFromDoublePrecision(_ name: String) throws {
    let operation = try #require(Self.operations[GoldenCases.words(name)[0]])
    let words = Array(GoldenCases.words(name).dropFirst())
    let count = Self.cases.inputCount(name)
    let inputs = (0..<count).map { Self.cases.tensor("\(name).\($0)") }
    let arriving = Self.cases.tensor("\(name).arriving")
    let gradients = Compute.with(precision: .bfloat16) {
      valueAndGradient(of: inputs) { (operation($0, words) * arriving).sum() }.gradient
    }
    func rootMeanSquare(_ a: Tensor, _ b: Tensor) -> Float {
      (a - b).squared().mean().squareRoot().scalar
    }
    for (index, gradient) in gradients.enumerated() {
      let exact = Self.cases.tensor("\(name).exact.gradient.\(index)")
      let theirs = rootMeanSquare(Self.cases.tensor("\(name).gradient.\(index)"), exact)
      let ours = rootMeanSquare(gradient, exact)
      #expect(ours <= 1.1 * theirs + 1e-6, "\(name), gradient \(index)")
    }
    let value = Compute.with(precision: .bfloat16) { operation(inputs, words) }
    let exact = Self.cases.tensor("\(name).exact")
    #expect(
      rootMeanSquare(value, exact)
        <= 1.1 * rootMeanSquare(Self.cases.tensor("\(name).out"), exact) + 1e-6)
  }
}
