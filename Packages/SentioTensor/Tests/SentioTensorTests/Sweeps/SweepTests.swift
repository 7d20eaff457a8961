import SentioTensor
import SentioTensorTestSupport
import Testing

/// Values and all gradients over sweeps of the operations' parameters, against PyTorch's.
@Suite struct SweepTests {
  typealias Operation = GoldenCases.Operation

  static let files = ["reductions", "axes", "products"].map {
    GoldenCases("Sweeps/\($0).safetensors")
  }

  @Test(arguments: files.indices) func valuesAndGradientsEqualPyTorchs(_ index: Int) {
    let cases = Self.files[index]
    for name in cases.names {
      guard let operation = Self.operations[GoldenCases.words(name)[0]] else {
        Issue.record("no operation for the case \(name)")
        continue
      }
      cases.check(name, operation)
    }
  }

  @Test func everyOperationHasCases() {
    let words = Set(Self.files.flatMap(\.names).map { GoldenCases.words($0)[0] })
    #expect(words == Set(Self.operations.keys))
  }

  /// A number of a case's name, where a minus is written as `m`.
  static func number(_ word: String) -> Int { Int(word.replacing("m", with: "-"))! }

  static func digits(_ word: String) -> [Int] { word.map { Int(String($0))! } }

  static let operations: [String: Operation] = reductions.merging(axes) { a, _ in a }
    .merging(products) { a, _ in a }

  static let reductions: [String: Operation] = [
    "sum": { i, p in i[0].sum(axes: digits(p[1]), keepingAxes: p[2] == "kept") },
    "mean": { i, p in i[0].mean(axes: digits(p[1]), keepingAxes: p[2] == "kept") },
    "variance": { i, p in i[0].variance(axes: digits(p[1]), keepingAxes: p[2] == "kept") },
    "max": { i, p in i[0].max(axes: digits(p[1]), keepingAxes: p[2] == "kept") },
    "min": { i, p in i[0].min(axes: digits(p[1]), keepingAxes: p[2] == "kept") },
    "logSumExp": { i, p in i[0].logSumExp(axes: digits(p[1]), keepingAxes: p[2] == "kept") },
    "norm": { i, p in i[0].norm(axes: digits(p[1]), keepingAxes: p[2] == "kept") },
  ]

  static let axes: [String: Operation] = [
    "softmax": { i, p in i[0].softmax(axis: number(p[0])) },
    "logSoftmax": { i, p in i[0].logSoftmax(axis: number(p[0])) },
    "cumulativeSum": { i, p in i[0].cumulativeSum(axis: number(p[0])) },
    "sorted": { i, p in i[0].sorted(axis: number(p[0]), descending: p[1] == "down").values },
    "top": { i, p in i[0].topK(number(p[1]), axis: number(p[0])).values },
    "expanded": { i, p in i[0].expanded(at: number(p[0])) },
    "squeezed": { i, _ in i[0].squeezed(at: 1) },
    "gathered": { i, p in
      let axis = number(p[0])
      let last = i[0].shape[axis < 0 ? axis + 4 : axis] - 1
      return i[0].gathered(p.count > 1 ? [] : [last, 0, last], axis: axis)
    },
    "selected": { i, p in i[0].selected(number(p[1]), axis: number(p[0])) },
    "split": { i, p in
      let axis = number(p[0])
      let extent = i[0].shape[axis < 0 ? axis + 4 : axis]
      guard extent > 1 else { return i[0].split([1], axis: axis)[0] }
      let parts = i[0].split([1, extent - 1], axis: axis)
      return Tensor.concatenate([parts[1] * 3, parts[0]], axis: axis)
    },
    "sliced": { i, p in i[0].sliced(number(p[1])..., axis: number(p[0]), by: number(p[2])) },
    "padded": { i, p in
      let axis = (number(p[0]) + 4) % 4
      return i[0].padded((0..<4).map { $0 == axis ? (2, 1) : (0, 0) }, with: 0.5)
    },
    "concatenate": { i, p in Tensor.concatenate([i[1], i[0], i[1]], axis: number(p[0])) },
    "stack": { i, p in Tensor.stack(i, axis: number(p[0])) },
    "permuted": { i, p in i[0].permuted(digits(p[0])) },
    "transposed": { i, _ in i[0].transposed() },
  ]

  static let products: [String: Operation] = [
    "matmul": { i, p in
      i[0].matmul(i[1], transposeA: p[1].hasPrefix("1"), transposeB: p[1].hasSuffix("1"))
    },
    "outer": { i, _ in i[0].outer(i[1]) },
    "linear": { i, p in
      i[0].linear(i[1], bias: i[2], activation: GoldenGradientTests.activations[p[0]]!)
    },
    "layerNorm": { i, _ in i[0].layerNormalized(gain: i[1], offset: i[2], epsilon: 0.01) },
    "embedding": { i, p in
      i[0].embedding([3, 0, 3, 1, 6, 1], shape: [2, 3], paddingIndex: Int(p[0]))
    },
    "mse": { i, p in meanSquaredError(i[0], i[1], reduction: reduction(p)) },
    "mae": { i, p in meanAbsoluteError(i[0], i[1], reduction: reduction(p)) },
    "huber": { i, p in huberLoss(i[0], i[1], delta: 0.4, reduction: reduction(p)) },
    "bce": { i, p in binaryCrossEntropy(logits: i[0], i[1], reduction: reduction(p)) },
    "crossEntropy": { i, p in
      let (rows, classes) = (number(p[0]), number(p[1]))
      let labels = (0..<rows).map { (2 * $0 + 1) % classes }
      return crossEntropy(logits: i[0], labels, smoothing: 0.15, reduction: reduction(p))
    },
    "kl": { i, p in klDivergence(logProbabilities: i[0], i[1], reduction: reduction(p)) },
  ]

  static func reduction(_ parameters: [String]) -> LossReduction {
    parameters.last == "sum" ? .sum : .mean
  }
}
