import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct ReductionTests {
  static let axes: [[Int]] = [
    [], [0], [1], [2], [3], [0, 2], [1, 3], [1, 2], [0, 1], [2, 3], [0, 1, 2], [0, 3],
  ]

  /// A rounding of the largest term that is added, and of the result.
  private let tolerance = Tolerance(relative: 2e-6, absolute: 2e-6)

  private func name(_ axes: [Int]) -> String {
    axes.isEmpty ? "all" : axes.map(String.init).joined()
  }

  /// Calls a variadic method with the axes of a case.
  private func reduce(
    _ axes: [Int], _ none: () -> Tensor, _ one: (Int) -> Tensor, _ two: (Int, Int) -> Tensor,
    _ three: (Int, Int, Int) -> Tensor
  ) -> Tensor {
    switch axes.count {
    case 0: none()
    case 1: one(axes[0])
    case 2: two(axes[0], axes[1])
    default: three(axes[0], axes[1], axes[2])
    }
  }

  @Test(arguments: axes) func reductionsEqualPyTorchs(_ axes: [Int]) {
    let x = Golden.tensor("reduce.a")
    let key = name(axes)
    func check(_ name: String, _ actual: Tensor) {
      expectClose(actual, Golden.tensor("reduce.\(name).\(key)"), within: tolerance, name)
    }
    check(
      "sum",
      reduce(
        axes, { x.sum() }, { x.sum(axes: $0) }, { x.sum(axes: $0, $1) },
        { x.sum(axes: $0, $1, $2) }))
    check(
      "mean",
      reduce(
        axes, { x.mean() }, { x.mean(axes: $0) }, { x.mean(axes: $0, $1) },
        { x.mean(axes: $0, $1, $2) }))
    check(
      "variance",
      reduce(
        axes, { x.variance() }, { x.variance(axes: $0) }, { x.variance(axes: $0, $1) },
        { x.variance(axes: $0, $1, $2) }))
    check(
      "sampleVariance",
      reduce(
        axes, { x.variance(correction: 1) }, { x.variance(axes: $0, correction: 1) },
        { x.variance(axes: $0, $1, correction: 1) },
        { x.variance(axes: $0, $1, $2, correction: 1) }))
    check(
      "max",
      reduce(
        axes, { x.max() }, { x.max(axes: $0) }, { x.max(axes: $0, $1) },
        { x.max(axes: $0, $1, $2) }))
    check(
      "min",
      reduce(
        axes, { x.min() }, { x.min(axes: $0) }, { x.min(axes: $0, $1) },
        { x.min(axes: $0, $1, $2) }))
    check(
      "logSumExp",
      reduce(
        axes, { x.logSumExp() }, { x.logSumExp(axes: $0) }, { x.logSumExp(axes: $0, $1) },
        { x.logSumExp(axes: $0, $1, $2) }))
    check(
      "norm",
      reduce(
        axes, { x.norm() }, { x.norm(axes: $0) }, { x.norm(axes: $0, $1) },
        { x.norm(axes: $0, $1, $2) }))
  }

  @Test(arguments: 0..<4) func axisOperationsEqualPyTorchs(_ axis: Int) {
    let x = Golden.tensor("reduce.a")
    expectClose(x.softmax(axis: axis), Golden.tensor("softmax.\(axis)"), within: tolerance)
    expectClose(
      x.cumulativeSum(axis: axis - 4), Golden.tensor("cumulativeSum.\(axis)"), within: tolerance)
    #expect(x.argmax(axis: axis) == Golden.integers("argmax.\(axis)"))
    #expect(x.argmin(axis: axis) == Golden.integers("argmin.\(axis)"))
    let top = x.topK(2, axis: axis)
    expectClose(top.values, Golden.tensor("top.\(axis)"), within: .exact)
    #expect(top.indices == Golden.integers("topIndices.\(axis)"))
    let sorted = x.sorted(axis: axis)
    expectClose(sorted.values, Golden.tensor("sorted.\(axis)"), within: .exact)
    #expect(sorted.indices == Golden.integers("sortedIndices.\(axis)"))
  }

  @Test func layerNormEqualsPyTorchs() {
    let x = Golden.tensor("reduce.a")
    expectClose(
      x.layerNormalized(
        gain: Golden.tensor("layerNorm.gain"), offset: Golden.tensor("layerNorm.offset")),
      Golden.tensor("layerNorm.out"), within: .float)
  }

  @Test func keptAxesHaveExtentOne() {
    let x: Tensor = [[1, 2, 3], [4, 5, 6]]
    #expect(x.sum(axes: 0, keepingAxes: true) == [[5, 7, 9]])
    #expect(x.mean(axes: -1, keepingAxes: true) == [[2], [5]])
    #expect(x.max(keepingAxes: true) == [[6]])
    #expect((x - x.mean(axes: 0, keepingAxes: true)) == [[-1.5, -1.5, -1.5], [1.5, 1.5, 1.5]])
  }

  @Test func longSumsDoNotLoseTerms() {
    // In single precision from left to right this would stop at 2^24.
    #expect(Tensor.ones([40_000_000]).sum().scalar == 40_000_000)
    #expect(Tensor.ones([20_000_000, 2]).sum(axes: 0) == [20_000_000, 20_000_000])
    // Each lane adds sixteen numbers in single precision, all rounded the same way here.
    #expect(abs(Tensor(repeating: 0.1, [10_000_000]).mean().scalar - 0.1) < 3e-8)
  }

  @Test func nothingSumsToZero() {
    #expect(Tensor.zeros([0, 3]).sum(axes: 0) == [0, 0, 0])
    #expect(Tensor.zeros([0]).sum().scalar == 0)
    #expect(Tensor.zeros([0]).mean().scalar.isNaN)
    #expect(Tensor.zeros([0]).logSumExp().scalar == -.infinity)
    #expect(Tensor([1]).variance(correction: 1).scalar.isNaN)
    #expect(Tensor.zeros([3, 0]).sum(axes: 0).shape == [0])
  }

  @Test func nonFiniteInputHasADefinedOutcome() {
    let x: Tensor = Tensor([1, .nan, 3])
    #expect(x.sum().scalar.isNaN && x.max().scalar.isNaN && x.min().scalar.isNaN)
    #expect(x.argmax() == [1] && x.argmin() == [1])
    #expect(x.sorted().indices == [0, 2, 1] && x.topK(1).indices == [1])
    #expect(x.softmax().scalars.filter(\.isNaN).count == 3)
    #expect(Tensor([-.infinity, 0]).softmax() == [0, 1])
    #expect(Tensor([-.infinity, -.infinity]).logSumExp().scalar == -.infinity)
    #expect(Tensor([.infinity, 0]).logSumExp().scalar == .infinity)
    #expect(Tensor([1e30, -1e30]).softmax() == [1, 0])
    #expect(Tensor([5, 5, 5]).argmax() == [0])
  }
}
