import SentioTensor
import SentioTensorTestSupport
import Testing

/// What operations make of NaN and infinities, forwards and backwards.
@Suite struct NonFiniteTests {
  typealias Operation = GoldenCases.Operation

  static let cases = GoldenCases("NonFinite/cases.safetensors")

  @Test func valuesAndGradientsEqualPyTorchs() {
    for name in Self.cases.names {
      guard let operation = Self.operations[GoldenCases.words(name)[0]] else {
        Issue.record("no operation for the case \(name)")
        continue
      }
      Self.cases.check(name, operation)
    }
  }

  static let operations: [String: Operation] = [
    "sum": { i, _ in i[0].sum(axes: 1) }, "mean": { i, _ in i[0].mean(axes: 1) },
    "variance": { i, _ in i[0].variance(axes: 1) }, "max": { i, _ in i[0].max(axes: 1) },
    "min": { i, _ in i[0].min(axes: 1) }, "logSumExp": { i, _ in i[0].logSumExp(axes: 1) },
    "norm": { i, _ in i[0].norm(axes: 1) }, "softmax": { i, _ in i[0].softmax() },
    "logSoftmax": { i, _ in i[0].logSoftmax() },
    "cumulativeSum": { i, _ in i[0].cumulativeSum() },
    "sorted": { i, _ in i[0].sorted().values }, "top": { i, _ in i[0].topK(2).values },
    "gathered": { i, _ in i[0].gathered([1, 1, 0], axis: 1) },
    "padded": { i, _ in i[0].padded([(0, 0), (1, 0)]) },
    "concatenate": { i, _ in Tensor.concatenate(i, axis: 1) }, "add": { i, _ in i[0] + i[1] },
    "subtract": { i, _ in i[0] - i[1] }, "multiply": { i, _ in i[0] * i[1] },
    "divide": { i, _ in i[0] / i[1] }, "divideBy": { i, _ in i[0] / i[1] },
    "select": { i, _ in Tensor.select(where: i[0] .> 0.25, i[0], else: i[1]) },
    "matmul": { i, _ in i[0].matmul(i[1]) },
    "linear": { i, _ in i[0].linear(i[1], bias: i[2]) },
    "layerNorm": { i, _ in i[0].layerNormalized(gain: i[1], offset: i[2]) },
    "group": { i, _ in i[0].groupNormalized(groups: 2) },
    "embedding": { i, _ in i[0].embedding([0, 1, 0]) },
    "mse": { i, p in meanSquaredError(i[0], i[1], reduction: SweepTests.reduction(p)) },
    "mae": { i, p in meanAbsoluteError(i[0], i[1], reduction: SweepTests.reduction(p)) },
    "huber": { i, p in huberLoss(i[0], i[1], reduction: SweepTests.reduction(p)) },
    "bce": { i, p in binaryCrossEntropy(logits: i[0], i[1], reduction: SweepTests.reduction(p)) },
    "crossEntropy": { i, p in
      crossEntropy(logits: i[0], [0, 2], reduction: SweepTests.reduction(p))
    },
  ]

  /// A function of one number, and its values and slopes at NaN, infinity and -infinity.
  static let functions: [(String, @Sendable (Tensor) -> Tensor, values: [Float], slopes: [Float])] =
    [
      ("negate", { -$0 }, [.nan, -.infinity, .infinity], [-1, -1, -1]),
      ("absolute", { $0.absolute() }, [.nan, .infinity, .infinity], [.nan, 1, -1]),
      ("squared", { $0.squared() }, [.nan, .infinity, .infinity], [.nan, .infinity, -.infinity]),
      ("squareRoot", { $0.squareRoot() }, [.nan, .infinity, .nan], [.nan, 0, .nan]),
      ("reciprocal", { $0.reciprocal() }, [.nan, 0, 0], [.nan, 0, 0]),
      ("exp", { $0.exp() }, [.nan, .infinity, 0], [.nan, .infinity, 0]),
      ("log", { $0.log() }, [.nan, .infinity, .nan], [.nan, 0, 0]),
      ("sin", { $0.sin() }, [.nan, .nan, .nan], [.nan, .nan, .nan]),
      ("cos", { $0.cos() }, [.nan, .nan, .nan], [.nan, .nan, .nan]),
      ("tanh", { $0.tanh() }, [.nan, 1, -1], [.nan, 0, 0]),
      ("errorFunction", { $0.errorFunction() }, [.nan, 1, -1], [.nan, 0, 0]),
      ("sigmoid", { $0.sigmoid() }, [.nan, 1, 0], [.nan, 0, 0]),
      ("softplus", { $0.softplus() }, [.nan, .infinity, 0], [.nan, 1, 0]),
      ("relu", { $0.relu() }, [.nan, .infinity, 0], [1, 1, 0]),
      ("silu", { $0.silu() }, [.nan, .infinity, 0], [.nan, 1, 0]),
      ("gelu", { $0.gelu() }, [.nan, .infinity, 0], [.nan, 1, 0]),
      ("geluTanh", { $0.gelu(.tanh) }, [.nan, .infinity, 0], [.nan, 1, 0]),
      ("leakyRelu", { $0.leakyRelu(slope: 0.5) }, [.nan, .infinity, -.infinity], [0.5, 1, 0.5]),
      ("elu", { $0.elu() }, [.nan, .infinity, -1], [.nan, 1, 0]),
      ("clamped", { $0.clamped(to: -2...3) }, [.nan, 3, -2], [0, 0, 0]),
      ("sign", { $0.sign() }, [.nan, 1, -1], [0, 0, 0]),
      ("roundedDown", { $0.roundedDown() }, [.nan, .infinity, -.infinity], [0, 0, 0]),
      ("roundedUp", { $0.roundedUp() }, [.nan, .infinity, -.infinity], [0, 0, 0]),
      ("rounded", { $0.rounded() }, [.nan, .infinity, -.infinity], [0, 0, 0]),
    ]

  @Test(arguments: functions.indices) func functionsGoOnToTheirLimits(_ index: Int) {
    let (name, function, values, slopes) = Self.functions[index]
    // Once for the vector loop, once for what is left of it.
    for repeats in [1, 40] {
      let points = [Float.nan, .infinity, -.infinity]
      let x = Tensor((0..<repeats).flatMap { _ in points })
      let (_, gradient) = valueAndGradient(of: x) { function($0).sum() }
      let all = { (list: [Float]) in Tensor((0..<repeats).flatMap { _ in list }) }
      expectClose(function(x), all(values), within: .exact, name)
      expectClose(gradient, all(slopes), within: .exact, "\(name)'s slope")
    }
  }

  @Test func lossesDifferFromPyTorchsWhereTheySaySo() {
    let z: Tensor = Tensor([.infinity, -.infinity, -.infinity])
    let t: Tensor = [0.25, 0.25, 0]
    let (loss, gradient) = valueAndGradient(of: z[0..<2]) {
      binaryCrossEntropy(logits: $0, t[0..<2], reduction: .sum)
    }
    #expect(loss.scalar == .infinity && gradient == [0.75, -0.25])
    #expect(binaryCrossEntropy(logits: z, t).scalar.isNaN)
    let (_, slopes) = valueAndGradient(of: Tensor([.nan, 2])) {
      meanAbsoluteError($0, [0, 0], reduction: .sum)
    }
    #expect(slopes.scalars[0].isNaN && slopes.scalars[1] == 1)
    // A class that is masked out costs nothing, with probabilities too.
    let masked = Tensor([0, -.infinity], shape: [1, 2])
    let (cost, back) = valueAndGradient(of: masked) {
      crossEntropy(logits: $0, probabilities: [[1, 0]])
    }
    #expect(cost.scalar == 0 && back == [[0, 0]])
    #expect(crossEntropy(logits: masked, [1]).scalar == .infinity)
    let (concordance, columns) = valueAndGradient(
      of: Tensor([.nan, 1, 2, 3, 4, 5], shape: [3, 2])
    ) {
      concordanceLoss($0, [[1, 2], [2, 1], [0, 3]])
    }
    #expect(concordance.scalar.isNaN)
    #expect(columns.scalars.map(\.isNaN) == [true, false, true, false, true, false])
  }

  @Test func ofEqualsTheFirstIsChosen() {
    for value in [Float.infinity, -.infinity, .nan, 1] {
      let x = Tensor(repeating: value, [4])
      #expect(x.topK(2).indices == [0, 1] && x.sorted().indices == [0, 1, 2, 3])
      let (_, gradient) = valueAndGradient(of: x) { $0.topK(2).values.sum() }
      #expect(gradient == [1, 1, 0, 0])
    }
  }

  @Test func pairsFollowTheirRules() {
    let nan = Tensor(.nan)
    #expect(nan.raised(to: Tensor(0)).scalar == 1 && Tensor(1).raised(to: nan).scalar == 1)
    for (a, b) in [(nan, Tensor(1)), (Tensor(1), nan)] {
      #expect(a.minimum(b).scalar.isNaN && a.maximum(b).scalar.isNaN)
      #expect((a .== b).scalar == 0 && (a .!= b).scalar == 1)
      #expect((a .< b).scalar == 0 && (a .<= b).scalar == 0)
      #expect((a .> b).scalar == 0 && (a .>= b).scalar == 0)
    }
    #expect((nan .!= nan).scalar == 1)
    #expect(Tensor.select(where: nan, Tensor(2), else: Tensor(3)).scalar == 2)
    // What is not chosen gets 0 back, whatever arrives for it.
    let (_, gradient) = valueAndGradient(of: [Tensor([1, 2]), Tensor([0, 0])]) { i in
      Tensor.select(where: Tensor([1, 0]), i[0], else: i[1].log()).sum()
    }
    #expect(gradient[0] == [1, 0])
  }
}
