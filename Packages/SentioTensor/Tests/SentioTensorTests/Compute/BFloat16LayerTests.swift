import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// Layers in bfloat16 against the same in single precision on rounded factors, and their weights' packed forms.
@Suite(.enabled(if: Compute.support(for: .bfloat16).isNative)) struct BFloat16LayerTests {
  typealias Products = BFloat16ProductTests

  static let activations: [Activation] = [
    .identity, .relu, .gelu(), .gelu(.tanh), .silu, .sigmoid, .tanh,
  ]
  static let x = Products.random([3, 13, 48], "x")
  static let weight = Products.random([70, 48], "weight") * 0.15
  static let bias = Products.random([70], "bias")
  /// Sums in single precision, an activation to a few units of the last place, oneDNN's to 1e-5.
  static let values = Tolerance(relative: 2e-5, absolute: 3e-5)
  /// The gradient of the sums is rounded to bfloat16, and the slope is taken at rounded sums: up to 2⁻⁸ of each,
  /// and half a hundred of them are summed with random signs.
  static let gradients = Tolerance(relative: 0.01, absolute: 0.05)
  /// The same, where both factors of half a hundred products of size 1 to 5 are off by as much.
  static let gradientsBetween = Tolerance(relative: 0.01, absolute: 0.12)

  @Test(arguments: activations) func linearEqualsItsRoundedFactors(_ activation: Activation) {
    let expected = Products.rounded(Self.x).linear(
      Products.rounded(Self.weight), bias: Self.bias, activation: activation)
    Compute.with(precision: .bfloat16) {
      // Constant weights are packed, and the activation may be oneDNN's.
      let constant = Self.x.linear(Self.weight, bias: Self.bias, activation: activation)
      expectClose(constant, expected, within: Self.values, "constant, \(activation)")
      var recorded = Tensor(0)
      _ = valueAndGradient(of: Self.weight) { weight in
        let y = Self.x.linear(weight, bias: Self.bias, activation: activation)
        recorded = y.detached()
        return y.sum()
      }
      expectClose(recorded, expected, within: Self.values, "recorded, \(activation)")
    }
  }

  @Test(arguments: activations) func linearsGradientsAreNear(_ activation: Activation) {
    let inputs = [Self.x, Self.weight, Self.bias].map(Products.rounded)
    let arriving = Products.rounded(Products.random([3, 13, 70], "arriving"))
    func loss(_ i: [Tensor]) -> Tensor {
      (i[0].linear(i[1], bias: i[2], activation: activation) * arriving).sum()
    }
    let actual = Compute.with(precision: .bfloat16) { valueAndGradient(of: inputs, loss).gradient }
    let expected = valueAndGradient(of: inputs, loss).gradient
    for index in 0..<3 {
      expectClose(
        actual[index], expected[index], within: Self.gradients, "\(activation), gradient \(index)")
    }
    // The bias has no part in a product.
    if activation == .identity {
      expectClose(actual[2], expected[2], within: Products.engines, "the bias")
    }
  }

  static let outer = Products.random([29, 70], "outer") * 0.12
  static let outerBias = Products.random([29], "outer bias")
  static let residual = Products.random([3, 13, 29], "residual")

  @Test(arguments: activations) func feedForwardIsNearTheTwoLayers(_ activation: Activation) {
    // Rounded before, so that no sum is on the other side of a rectifier's kink.
    let inputs = [Self.x, Self.weight, Self.bias, Self.outer, Self.outerBias, Self.residual]
      .map(Products.rounded)
    let arriving = Products.random([3, 13, 29], "arriving")
    func output(_ i: [Tensor]) -> Tensor {
      i[0].feedForward(
        inner: i[1], innerBias: i[2], activation: activation, outer: i[3], outerBias: i[4],
        residual: i[5])
    }
    func loss(_ i: [Tensor]) -> Tensor { (output(i) * arriving).sum() }
    let separate =
      inputs[0].linear(inputs[1], bias: inputs[2], activation: activation)
      .linear(inputs[3], bias: inputs[4]) + inputs[5]
    expectClose(output(inputs), separate, within: .float, "in single precision")
    let expected = valueAndGradient(of: inputs, loss).gradient
    Compute.with(precision: .bfloat16) {
      // 70 hidden numbers of size 1, each off by up to 2⁻⁸, met by weights of 0.12.
      let near = Tolerance(relative: 0.01, absolute: 0.02)
      expectClose(output(inputs), separate, within: near, "\(activation)")
      let actual = valueAndGradient(of: inputs, loss).gradient
      for index in inputs.indices {
        expectClose(
          actual[index], expected[index], within: Self.gradientsBetween,
          "\(activation), gradient \(index)")
      }
      #expect(actual[5] == arriving)
    }
  }

  @Test func gradientsThatNobodyWantsAreLeftOut() {
    Compute.with(precision: .bfloat16) {
      let all = valueAndGradient(of: [Self.x, Self.weight, Self.bias, Self.outer]) { i in
        i[0].feedForward(inner: i[1], innerBias: i[2], outer: i[3], residual: Self.residual).sum()
      }.gradient
      let some = valueAndGradient(of: [Self.x, Self.bias]) { i in
        i[0].feedForward(
          inner: Self.weight, innerBias: i[1], outer: Self.outer, residual: Self.residual
        ).sum()
      }.gradient
      expectClose(some[0], all[0], within: Products.engines)
      expectClose(some[1], all[2], within: Products.engines)
    }
  }

  @Test(arguments: ComputePrecision.allCases) func changedWeightsArePackedAgain(
    _ precision: ComputePrecision
  ) {
    Compute.with(precision: precision) {
      var weight = Self.weight
      let before = Self.x.linear(weight)
      let copy = weight
      weight.withUnsafeMutableBufferPointer { $0[3 * 48] += 2 }
      let after = Self.x.linear(weight)
      let change = after - before
      for column in [0, 2, 4, 69] { #expect(change[element: 1, 5, column] == 0) }
      let entry = precision == .float32 ? Self.x : Products.rounded(Self.x)
      #expect(abs(change[element: 1, 5, 3] - 2 * entry[element: 1, 5, 0]) < 0.03)
      #expect(Self.x.linear(copy) == before)
    }
  }

  @Test func severalTasksShareOnePacking() async {
    let expected = Compute.with(precision: .bfloat16) { Self.x.linear(Self.weight + 1) }
    let weight = Self.weight + 1
    let results = await Compute.$precision.withValue(.bfloat16) {
      await withTaskGroup(of: Tensor.self) { group in
        for _ in 0..<12 { group.addTask { Self.x.linear(weight) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
    }
    for result in results { #expect(result == expected) }
  }

  @Test(arguments: ComputePrecision.allCases) func aCheckpointChangesNoBit(
    _ precision: ComputePrecision
  ) {
    let inputs = [Self.x, Self.weight, Self.outer]
    @Sendable func segment(_ i: [Tensor]) -> Tensor { i[0].feedForward(inner: i[1], outer: i[2]) }
    Compute.with(precision: precision) {
      let direct = valueAndGradient(of: inputs) { segment($0).squared().sum() }
      let checkpoint = valueAndGradient(of: inputs) { inputs in
        checkpointed(inputs) { segment($0) }.squared().sum()
      }
      #expect(checkpoint.value == direct.value)
      #expect(checkpoint.gradient == direct.gradient)
    }
  }

  @Test func theDerivativeKeepsInputAndSumsOnly() async {
    // By the pool's own counters, in a process of its own.
    await #expect(processExitsWith: .success) {
      // [4096, 256] in and [4096, 512] between: in single precision 4 MiB and 8 MiB each.
      let x = Products.random([4096, 256], "x")
      let inner = Products.random([512, 256], "inner")
      let outer = Products.random([256, 512], "outer")
      func kept(_ precision: ComputePrecision) -> Int {
        Compute.with(precision: precision) {
          var during = 0
          let before = TensorMemory.statistics.bytesInUse
          _ = valueAndGradient(of: [inner, outer]) { weights in
            let y = (x + 0).feedForward(inner: weights[0], outer: weights[1]).mean()
            during = TensorMemory.statistics.bytesInUse - before
            return y
          }
          return during
        }
      }
      #expect(kept(.bfloat16) < 9 << 20)
      #expect(kept(.float32) < 18 << 20)
    }
  }
}
