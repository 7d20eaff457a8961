import SentioTensor
import SentioTensorTestSupport
import Testing

/// Values and all gradients against PyTorch's, computed in double precision.
@Suite struct GoldenGradientTests {
  typealias Operation = GoldenCases.Operation

  static let families = ["elementwise", "rearrangements", "reductions", "layers"]

  @Test(arguments: families) func valuesAndGradientsEqualPyTorchs(_ family: String) throws {
    let cases = GoldenCases("Gradients/\(family).safetensors")
    #expect(cases.names.count > 10)
    for name in cases.names {
      guard let operation = Self.operations[GoldenCases.words(name)[0]] else {
        Issue.record("no operation for the case \(name)")
        continue
      }
      cases.check(name, operation)
    }
  }

  static let operations: [String: Operation] = elementwise.merging(rearrangements) { a, _ in a }
    .merging(reductions) { a, _ in a }.merging(layers) { a, _ in a }

  static let elementwise: [String: Operation] = [
    "add": { i, _ in i[0] + i[1] }, "subtract": { i, _ in i[0] - i[1] },
    "multiply": { i, _ in i[0] * i[1] }, "divide": { i, _ in i[0] / i[1] },
    "power": { i, _ in i[0].raised(to: i[1]) }, "minimum": { i, _ in i[0].minimum(i[1]) },
    "maximum": { i, _ in i[0].maximum(i[1]) },
    "select": { i, _ in Tensor.select(where: i[0] .> 0.25, i[0], else: i[1]) },
    "unary": { i, p in function(p[0], i[0]) }, "far": { i, p in function(p[0], i[0]) },
  ]

  static func function(_ name: String, _ x: Tensor) -> Tensor {
    switch name {
    case "absolute": x.absolute()
    case "squared": x.squared()
    case "exp": x.exp()
    case "log": x.log()
    case "sin": x.sin()
    case "cos": x.cos()
    case "tanh": x.tanh()
    case "erf": x.errorFunction()
    case "sigmoid": x.sigmoid()
    case "softplus": x.softplus()
    case "relu": x.relu()
    case "silu": x.silu()
    case "gelu": x.gelu()
    case "geluTanh": x.gelu(.tanh)
    case "leakyRelu": x.leakyRelu(slope: 0.2)
    case "elu": x.elu(scale: 1.5)
    case "clamped": x.clamped(to: -1...1)
    case "negate": -x
    case "squareRoot": x.squareRoot()
    case "reciprocal": x.reciprocal()
    default: fatalError("no function \(name)")
    }
  }

  static let rearrangements: [String: Operation] = [
    "gather": { i, p in i[0].gathered([1, 0, 1, 1], axis: Int(p[0])!) },
    "permute": { i, p in
      i[0].permuted([[0, 1, 3, 2], [3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 2, 3]][Int(p[0])!])
    },
    "reshape": { i, _ in i[0].reshaped([6, -1]) },
    "slice": { i, _ in i[0].sliced(1..<3, axis: 2).sliced(1..., axis: 3, by: 2) },
    "pad": { i, _ in i[0].padded([(0, 0), (0, 1), (2, 0), (1, 3)]) },
    "concatenate": { i, _ in Tensor.concatenate([i[0], i[1], i[0]], axis: 1) },
    "stack": { i, _ in Tensor.stack(i, axis: -1) },
    "broadcast": { i, _ in i[0].broadcast(to: [2, 3, 4]) },
    "top": { i, p in i[0].topK(2, axis: Int(p[0])!).values },
  ]

  static let reductions: [String: Operation] = {
    var table: [String: Operation] = [
      "softmax": { i, p in i[0].softmax(axis: p[0] == "rows" ? -1 : Int(p[0])!) },
      "logSoftmax": { i, p in i[0].logSoftmax(axis: p[0] == "rows" ? -1 : Int(p[0])!) },
      "cumulativeSum": { i, p in i[0].cumulativeSum(axis: Int(p[0])!) },
    ]
    for name in ["sum", "mean", "variance", "max", "min", "logSumExp", "norm"] {
      table[name] = { i, p in reduction(name, i[0], p[0]) }
    }
    return table
  }()

  static func reduction(_ name: String, _ x: Tensor, _ key: String) -> Tensor {
    let axes = key == "all" ? [] : key == "ties" ? [1] : key.map { Int(String($0))! }
    return switch name {
    case "sum":
      switch axes.count {
      case 0: x.sum()
      case 1: x.sum(axes: axes[0])
      case 2: x.sum(axes: axes[0], axes[1])
      default: x.sum(axes: axes[0], axes[1], axes[2])
      }
    case "mean":
      switch axes.count {
      case 0: x.mean()
      case 1: x.mean(axes: axes[0])
      case 2: x.mean(axes: axes[0], axes[1])
      default: x.mean(axes: axes[0], axes[1], axes[2])
      }
    case "variance":
      switch axes.count {
      case 0: x.variance(correction: 1)
      case 1: x.variance(axes: axes[0], correction: 1)
      case 2: x.variance(axes: axes[0], axes[1], correction: 1)
      default: x.variance(axes: axes[0], axes[1], axes[2], correction: 1)
      }
    case "max":
      switch axes.count {
      case 0: x.max()
      case 1: x.max(axes: axes[0])
      case 2: x.max(axes: axes[0], axes[1])
      default: x.max(axes: axes[0], axes[1], axes[2])
      }
    case "min":
      switch axes.count {
      case 0: x.min()
      case 1: x.min(axes: axes[0])
      case 2: x.min(axes: axes[0], axes[1])
      default: x.min(axes: axes[0], axes[1], axes[2])
      }
    case "logSumExp":
      switch axes.count {
      case 0: x.logSumExp()
      case 1: x.logSumExp(axes: axes[0])
      case 2: x.logSumExp(axes: axes[0], axes[1])
      default: x.logSumExp(axes: axes[0], axes[1], axes[2])
      }
    case "norm":
      switch axes.count {
      case 0: x.norm()
      case 1: x.norm(axes: axes[0])
      case 2: x.norm(axes: axes[0], axes[1])
      default: x.norm(axes: axes[0], axes[1], axes[2])
      }
    default: fatalError("no reduction \(name)")
    }
  }

  static let layers: [String: Operation] = [
    "layerNorm": { i, p in
      i[0].layerNormalized(
        gain: i.count > 1 ? i[1] : nil, offset: i.count > 2 ? i[2] : nil)
    },
    "matmul": { i, p in
      i[0].matmul(i[1], transposeA: p[1].hasPrefix("1"), transposeB: p[1].hasSuffix("1"))
    },
    "linear": { i, p in
      i[0].linear(i[1], bias: i.count > 2 ? i[2] : nil, activation: activations[p[0]]!)
    },
    "mse": { i, p in meanSquaredError(i[0], i[1], reduction: lossReduction(p)) },
    "mae": { i, p in meanAbsoluteError(i[0], i[1], reduction: lossReduction(p)) },
    "huber": { i, p in huberLoss(i[0], i[1], delta: 0.7, reduction: lossReduction(p)) },
    "bce": { i, p in binaryCrossEntropy(logits: i[0], i[1], reduction: lossReduction(p)) },
    "crossEntropy": { i, p in
      if i.count == 2 { return crossEntropy(logits: i[0], probabilities: i[1]) }
      return crossEntropy(
        logits: i[0], [0, 3, 1, 1, 2, 0], smoothing: p[0] == "smooth" ? 0.1 : 0,
        reduction: lossReduction(p))
    },
    "ccc": { i, _ in concordanceLoss(i[0], i[1]) },
  ]

  static let activations: [String: Activation] = [
    "identity": .identity, "relu": .relu, "gelu": .gelu(), "geluTanh": .gelu(.tanh), "silu": .silu,
    "sigmoid": .sigmoid, "tanh": .tanh,
  ]

  static func lossReduction(_ parameters: [String]) -> LossReduction {
    parameters.contains("sum") ? .sum : .mean
  }
}
