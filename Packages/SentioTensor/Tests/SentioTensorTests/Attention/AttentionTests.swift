import SentioBLAS
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What attention means, whatever the numbers: closed forms, invariants and edges.
@Suite struct AttentionTests {
  static func normal(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 11, name)
    return .normal(shape, from: &stream)
  }

  /// Queries, keys and values of pairwise distinct extents.
  static func inputs(_ queries: Int = 7, _ keys: Int = 11, _ depth: Int = 5) -> [Tensor] {
    [
      normal([2, 3, queries, depth], "query"), normal([2, 3, keys, depth], "key"),
      normal([2, 3, keys, 4], "value"),
    ]
  }

  /// The same in both engines and both precisions.
  static func everywhere(_ body: (Tolerance) -> Void) {
    body(.float)
    Compute.with(engine: .openBLAS) { body(.float) }
    // Factors of 8 bits.
    Compute.with(precision: .bfloat16) { body(Tolerance(relative: 2e-2, absolute: 2e-2)) }
  }

  @Test func equalScoresGiveTheMeanOfTheValues() {
    let x = Self.inputs()
    Self.everywhere { tolerance in
      expectClose(
        scaledDotProductAttention(Tensor.zeros(x[0].shape), x[1], x[2]),
        x[2].mean(axes: 2, keepingAxes: true).broadcast(to: [2, 3, 7, 4]), within: tolerance)
    }
  }

  @Test func aLargeScoreChoosesItsValue() {
    // Query i is 1 at place i + 1, key j at place j: the score is 100 for j = i + 1 and else 0.
    let (queries, keys) = (4, 6)
    let query = Tensor(
      (0..<queries * keys).map { $0 % keys == $0 / keys + 1 ? Float(100) : 0 },
      shape: [queries, keys])
    let key = Tensor(
      (0..<keys * keys).map { $0 % keys == $0 / keys ? Float(1) : 0 }, shape: [keys, keys])
    let value = Self.normal([keys, 3], "value")
    Self.everywhere { tolerance in
      expectClose(
        scaledDotProductAttention(query, key, value, scale: 1), value.sliced(1..<5, axis: 0),
        within: tolerance)
    }
  }

  @Test func theOrderOfTheKeysDoesNotMatter() {
    let x = Self.inputs()
    let order = [3, 0, 10, 7, 1, 2, 9, 4, 6, 5, 8]
    expectClose(
      scaledDotProductAttention(x[0], x[1].gathered(order, axis: 2), x[2].gathered(order, axis: 2)),
      scaledDotProductAttention(x[0], x[1], x[2]))
  }

  @Test func weightsTimesValuesAreTheResult() {
    let x = Self.inputs(9, 6)
    let mask = AttentionMask.keys([[1, 1, 0, 1, 1, 0], [1, 0, 0, 0, 0, 0]])
    let weights = attentionWeights(x[0], x[1], mask: mask, isCausal: true)
    #expect(weights.shape == [2, 3, 9, 6])
    expectClose(weights.sum(axes: 3), .ones([2, 3, 9]))
    #expect(weights[element: 0, 0, 8, 2] == 0)
    #expect(weights[element: 0, 0, 0, 0] == 1)
    expectClose(
      weights.matmul(x[2]),
      scaledDotProductAttention(x[0], x[1], x[2], mask: mask, isCausal: true))
  }

  @Test func scoresOfAnySizeDoNotOverflow() {
    let x = Self.inputs()
    let large = scaledDotProductAttention(x[0] * 1e4, x[1] * 1e4, x[2])
    #expect(large.scalars.allSatisfy { $0.isFinite })
    let weights = attentionWeights(x[0] * 1e4, x[1] * 1e4)
    expectClose(large, weights.matmul(x[2]))
  }

  @Test func aQueryWithoutKeysGetsZerosAndGivesNoGradient() {
    let x = Self.inputs()
    // The second sequence has no keys; of the first, the third query has none.
    var pairs = Tensor.ones([2, 1, 7, 11])
    pairs.withUnsafeMutableBufferPointer { buffer in
      for index in 77..<154 { buffer[index] = 0 }
      for index in 22..<33 { buffer[index] = 0 }
    }
    let mask = pairs
    Self.everywhere { _ in
      let (_, gradients) = valueAndGradient(of: x) { x in
        let out = scaledDotProductAttention(x[0], x[1], x[2], mask: .pairs(mask))
        for head in 0..<3 {
          #expect(out.sliced(1..<2, axis: 0).scalars.allSatisfy { $0 == 0 })
          for feature in 0..<4 {
            #expect(out[element: 0, head, 2, feature] == 0)
            #expect(out[element: 0, head, 3, feature] != 0)
          }
        }
        return (out * out).sum()
      }
      for gradient in gradients {
        #expect(gradient.scalars.allSatisfy { $0.isFinite })
        #expect(gradient.sliced(1..<2, axis: 0).scalars.allSatisfy { $0 == 0 })
        #expect(gradient.sliced(0..<1, axis: 0).scalars.contains { $0 != 0 })
      }
      #expect(gradients[0].sliced(2..<3, axis: 2).scalars.allSatisfy { $0 == 0 })
    }
  }

  /// What a mask takes out may hold anything: the rest is as if it held zeros.
  @Test func whatIsTakenOutMayBeNaN() {
    let x = Self.inputs()
    let present = Tensor([1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1], shape: [1, 11])
    let mask = AttentionMask.keys(present.broadcast(to: [2, 11]))
    func spoiled(_ value: Float) -> [Tensor] {
      [x[0]]
        + x.dropFirst().map { tensor in
          Tensor.select(
            where: present.reshaped([11, 1]).broadcast(to: tensor.shape), tensor,
            else: Tensor(value))
        }
    }
    func evaluate(_ inputs: [Tensor]) -> (Tensor, [Tensor]) {
      var out = Tensor(0)
      let (_, gradients) = valueAndGradient(of: inputs) { x in
        let result = scaledDotProductAttention(x[0], x[1], x[2], mask: mask)
        out = result.detached()
        return result.squared().sum()
      }
      return (out, gradients)
    }
    for precision in ComputePrecision.allCases {
      Compute.with(precision: precision) {
        let (expected, gradients) = evaluate(spoiled(0))
        for value: Float in [.nan, .infinity, -.infinity] {
          let (out, spoiledGradients) = evaluate(spoiled(value))
          // A value that is not finite takes another loop, and one without rounded factors.
          let tolerance =
            precision == .float32 ? Tolerance.float : Tolerance(relative: 2e-2, absolute: 2e-2)
          expectClose(out, expected, within: tolerance, "\(precision) \(value)")
          for (gradient, other) in zip(spoiledGradients, gradients) {
            expectClose(gradient, other, within: tolerance, "\(precision) \(value)")
          }
        }
      }
    }
  }

  @Test func whatCountsAndIsNotFiniteShows() {
    let x = Self.inputs()
    var query = x[0]
    query[element: 0, 1, 2, 3] = .nan
    let out = scaledDotProductAttention(query, x[1], x[2])
    for row in 0..<7 {
      for feature in 0..<4 {
        #expect(out[element: 0, 1, row, feature].isNaN == (row == 2))
      }
    }
    var value = x[2]
    value[element: 1, 2, 5, 3] = .infinity
    let infinite = scaledDotProductAttention(x[0], x[1], value)
    #expect(infinite[element: 1, 2, 0, 3] == .infinity)
    #expect(infinite[element: 1, 2, 0, 2].isFinite)
  }

  @Test func emptyAxesAreDefined() {
    let none = scaledDotProductAttention(.zeros([2, 0, 3]), .zeros([2, 4, 3]), .zeros([2, 4, 5]))
    #expect(none.shape == [2, 0, 5])
    let (_, gradients) = valueAndGradient(
      of: [Tensor.ones([2, 4, 3]), .zeros([2, 0, 3]), .zeros([2, 0, 5])]
    ) { x in
      let out = scaledDotProductAttention(x[0], x[1], x[2])
      #expect(out == .zeros([2, 4, 5]))
      return out.sum()
    }
    #expect(gradients[0] == .zeros([2, 4, 3]))
  }

  @Test func gradientsEqualDifferences() {
    let x = Self.inputs(7, 6, 5).map { $0.sliced(0..<1, axis: 0) }
    let bias = Self.normal([3, 1, 6], "bias")
    let mask = AttentionMask.keys([[1, 0, 1, 1, 1, 1]])
    checkGradient(of: x + [bias], "attention") {
      scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, bias: $0[3], isCausal: true)
    }
    let side = [[1, 4, 6], [1, 7, 6], [1, 7, 8]].enumerated().map {
      Self.normal(Shape($1), "side\($0)")
    }
    checkGradient(of: side, "heads side by side") {
      multiHeadAttention($0[0], $0[1], $0[2], heads: 2)
    }
  }

  /// Heads that lie side by side are the heads of a permuted tensor.
  @Test func headsSideBySideEqualHeadsApart() {
    let qkv = Self.normal([2, 50, 3 * 4 * 24], "qkv")
    let parts = qkv.reshaped([2, 50, 3, 4, 24]).permuted([2, 0, 3, 1, 4])
    let split = (0..<3).map { parts.gathered([$0], axis: 0).reshaped([2, 4, 50, 24]) }
    let mask = AttentionMask.pairs(Self.normal([2, 1, 50, 50], "mask") .> 0)
    let apart = scaledDotProductAttention(split[0], split[1], split[2], mask: mask)
      .permuted([0, 2, 1, 3]).reshaped([2, 50, 96])
    expectClose(multiHeadAttention(qkv: qkv, heads: 4, mask: mask), apart, within: .exact)
    let columns = (0..<3).map { qkv.sliced(($0 * 96)..<($0 * 96 + 96), axis: 2) }
    expectClose(
      multiHeadAttention(columns[0], columns[1], columns[2], heads: 4, mask: mask), apart,
      within: .exact)
  }

  /// One head on several threads, and on one: forward in blocks of queries, backward in blocks of either.
  @Test func threadsDoNotChangeTheResult() {
    let shapes: [Shape] = [[500, 64], [700, 64], [700, 32]]
    let x = shapes.enumerated().map { Self.normal($1, "t\($0)") }
    func evaluate() -> (Tensor, [Tensor]) {
      valueAndGradient(of: x) {
        scaledDotProductAttention($0[0], $0[1], $0[2], isCausal: true).squared().sum()
      }
    }
    let (value, gradients) = evaluate()
    let (alone, others) = BLASRuntime.onOneThread(evaluate)
    expectClose(value, alone, within: .exact)
    for (a, b) in zip(gradients, others) {
      expectClose(a, b, within: Tolerance(relative: 1e-5, absolute: 1e-5))
    }
  }
}
