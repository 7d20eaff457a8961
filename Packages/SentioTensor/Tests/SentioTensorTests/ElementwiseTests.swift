import SentioBLAS
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct ElementwiseTests {
  static let binary: [(String, @Sendable (Tensor, Tensor) -> Tensor)] = [
    ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }),
    ("divide", { $0 / $1 }), ("power", { $0.absolute().raised(to: $1) }),
    ("minimum", { $0.minimum($1) }), ("maximum", { $0.maximum($1) }), ("equal", { $0 .== $1 }),
    ("notEqual", { $0 .!= $1 }), ("less", { $0 .< $1 }), ("lessOrEqual", { $0 .<= $1 }),
    ("greater", { $0 .> $1 }), ("greaterOrEqual", { $0 .>= $1 }),
    ("select", { Tensor.select(where: $0 .> 0, $0, else: $1) }),
  ]

  @Test(arguments: 0..<8) func pairsBroadcastAsInNumPy(_ index: Int) {
    let a = Golden.tensor("binary.\(index).a")
    let b = Golden.tensor("binary.\(index).b")
    for (name, operation) in Self.binary {
      // The power alone goes through another library's logarithm.
      let tolerance = name == "power" ? Tolerance(relative: 1e-6) : .exact
      expectClose(
        operation(a, b), Golden.tensor("binary.\(index).\(name)"), within: tolerance, name)
    }
  }

  static let unary: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("absolute", { $0.absolute() }), ("sign", { $0.sign() }), ("squared", { $0.squared() }),
    ("squareRoot", { $0.squareRoot() }), ("reciprocal", { $0.reciprocal() }),
    ("roundedDown", { $0.roundedDown() }), ("roundedUp", { $0.roundedUp() }),
    ("rounded", { $0.rounded() }), ("relu", { $0.relu() }), ("exp", { $0.exp() }),
    ("log", { $0.log() }), ("sin", { $0.sin() }), ("cos", { $0.cos() }), ("tanh", { $0.tanh() }),
    ("erf", { $0.errorFunction() }), ("sigmoid", { $0.sigmoid() }),
    ("softplus", { $0.softplus() }), ("silu", { $0.silu() }), ("gelu", { $0.gelu() }),
    ("geluTanh", { $0.gelu(.tanh) }),
  ]

  @Test(arguments: unary.indices) func functionsEqualPyTorchs(_ index: Int) {
    let (name, function) = Self.unary[index]
    let expected = Golden.tensor("unary.\(name)")
    // Four roundings; where 1 + erf or 1 + tanh cancel, as in every single-precision GELU, that of 1.
    let tolerance =
      index < 9 ? Tolerance.exact : Tolerance(relative: 4 * 0x1p-24, absolute: 6e-7)
    expectClose(function(Golden.tensor("unary.a")), expected, within: tolerance, name)
  }

  @Test func numbersCombineWithTensors() {
    let a: Tensor = [1, 2]
    #expect(a + 1 == [2, 3] && 1 - a == [0, -1] && 2 * a == [2, 4] && 2 / a == [2, 1])
    #expect(a - 1 == [0, 1] && a / 2 == [0.5, 1] && -a == [-1, -2])
    var b = a
    b += a
    b *= [[2], [3]]
    #expect(b == [[4, 8], [6, 12]] && a == [1, 2])
    #expect(Tensor([-3, 0.5, 9, .nan]).clamped(to: 0...1)[0..<3] == [0, 0.5, 1])
  }

  @Test func emptyTensorsStayEmpty() {
    #expect((Tensor.zeros([0, 3]) + Tensor.ones([3])).shape == [0, 3])
    #expect((Tensor.zeros([2, 0]) * Tensor.ones([2, 1])).shape == [2, 0])
    #expect(Tensor.zeros([0]).exp().shape == [0])
  }

  @Test func threadsChangeNoBit() async {
    var stream = RandomStream(seed: 4, "threads")
    let x = Tensor.normal([600, 700], from: &stream)
    let work: @Sendable () -> [Tensor] = { [x.gelu(), x * x, x.sum(axes: 0), x.softmax()] }
    let alone = BLASRuntime.onOneThread(work)
    #expect(work() == alone)
    // One of the tasks has the pool, and the others work by themselves.
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { work() == alone } }
      for await isEqual in group { #expect(isEqual) }
    }
  }

  @Test func longTensorsGiveWhatShortOnesDo() {
    // Long enough for several threads, on each of the three ways through the loops.
    var stream = RandomStream(seed: 3, "long")
    let a = Tensor.normal([300, 1000], from: &stream)
    let row = Tensor.normal([1000], from: &stream)
    let column = Tensor.normal([300, 1], from: &stream)
    let sum = a + row * column
    for i in [0, 1, 149, 150, 299] {
      #expect(sum[i] == a[i] + row * column[element: i, 0])
    }
    let cube = a.reshaped([30, 10, 1000]) * Tensor.normal([30, 1, 1000], from: &stream)
    #expect(cube.shape == [30, 10, 1000])
    let exponential = a.exp()
    #expect(exponential[299] == a[299].exp())
  }
}
