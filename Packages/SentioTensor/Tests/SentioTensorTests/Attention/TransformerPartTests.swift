import SentioTensorTestSupport
import Testing

@testable import SentioTensor

/// The two parts of a transformer's block as one operation each, against the operations that they are made of.
@Suite struct TransformerPartTests {
  /// What the parts read: sizes that are no multiples of a vector, of a pair or of a block.
  struct Case: Sendable, CustomTestStringConvertible {
    let sequences: Int
    let tokens: Int
    let features: Int
    let heads: Int
    var testDescription: String { "\(sequences) x \(tokens) x \(features), \(heads) heads" }
  }

  static let cases = [
    Case(sequences: 2, tokens: 5, features: 24, heads: 2),
    Case(sequences: 1, tokens: 197, features: 64, heads: 1),
    Case(sequences: 3, tokens: 33, features: 96, heads: 6),
    Case(sequences: 1, tokens: 301, features: 66, heads: 2),
  ]

  static func random(_ shape: Shape, _ name: String, _ deviation: Float = 1) -> Tensor {
    var stream = RandomStream(seed: 91, name)
    return .normal(shape, standardDeviation: deviation, from: &stream)
  }

  /// Tokens, gain and offset, then weight and bias of queries, keys, values and projection.
  static func attentionInputs(_ c: Case) -> [Tensor] {
    let d = c.features
    let scale = 1.5 / Float(d).squareRoot()
    let layers = ["query", "key", "value", "projection"].flatMap {
      [random([d, d], $0, scale), random([d], $0 + ".bias", 0.3)]
    }
    return [
      random([c.sequences, c.tokens, d], "tokens"), random([d], "gain", 0.2) + 1,
      random([d], "offset", 0.2),
    ] + layers
  }

  static func attention(_ i: [Tensor], heads: Int, dropout: AttentionDropout? = nil) -> Tensor {
    i[0].addingSelfAttention(
      SelfAttentionPart(
        normalization: RowNormalization(gain: i[1], offset: i[2], epsilon: 1e-6),
        query: .init(i[3], i[4]), key: .init(i[5], i[6]), value: .init(i[7], i[8]),
        projection: .init(i[9], i[10]), heads: heads),
      dropout: dropout)
  }

  static func attentionInSteps(
    _ i: [Tensor], heads: Int, dropout: AttentionDropout? = nil
  ) -> Tensor {
    let x = i[0].layerNormalized(gain: i[1], offset: i[2], epsilon: 1e-6)
    let found = multiHeadAttention(
      x.linear(i[3], bias: i[4]), x.linear(i[5], bias: i[6]), x.linear(i[7], bias: i[8]),
      heads: heads, dropout: dropout)
    return i[0] + found.linear(i[9], bias: i[10])
  }

  /// Tokens, gain and offset, then weight and bias of the two layers.
  static func feedForwardInputs(_ c: Case) -> [Tensor] {
    let (d, h) = (c.features, 2 * c.features + 10)
    return [
      random([c.sequences, c.tokens, d], "tokens"), random([d], "gain", 0.2) + 1,
      random([d], "offset", 0.2), random([h, d], "inner", 1.5 / Float(d).squareRoot()),
      random([h], "inner.bias", 0.3), random([d, h], "outer", 1.5 / Float(h).squareRoot()),
      random([d], "outer.bias", 0.3),
    ]
  }

  static func feedForward(_ i: [Tensor], _ activation: Activation) -> Tensor {
    i[0].addingFeedForward(
      RowNormalization(gain: i[1], offset: i[2], epsilon: 1e-6), inner: i[3], innerBias: i[4],
      activation: activation, outer: i[5], outerBias: i[6])
  }

  static func feedForwardInSteps(_ i: [Tensor], _ activation: Activation) -> Tensor {
    i[0]
      + i[0].layerNormalized(gain: i[1], offset: i[2], epsilon: 1e-6)
      .linear(i[3], bias: i[4], activation: activation).linear(i[5], bias: i[6])
  }

  /// A number whose gradient differs from element to element.
  static func number(_ y: Tensor) -> Tensor { (y * random(y.shape, "share")).sum() }

  /// Expects a tensor to be near another by the norm of their difference, as a share of the other's.
  static func expectNear(
    _ actual: Tensor, _ expected: Tensor, within share: Float, _ name: String,
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(actual.shape == expected.shape, "\(name)", sourceLocation: location)
    let distance = (actual - expected).squared().sum().scalar.squareRoot()
    let length = expected.squared().sum().scalar.squareRoot()
    #expect(
      distance <= share * length, "\(name) is off by \(distance / length)",
      sourceLocation: location)
  }

  @Test(arguments: cases) func inSinglePrecisionTheyAreTheirSteps(_ c: Case) {
    let tolerance = Tolerance(relative: 1e-4, absolute: 2e-4)
    let attention = Self.attentionInputs(c)
    expectClose(
      Self.attention(attention, heads: c.heads), Self.attentionInSteps(attention, heads: c.heads),
      within: tolerance)
    let feedForward = Self.feedForwardInputs(c)
    expectClose(
      Self.feedForward(feedForward, .gelu()), Self.feedForwardInSteps(feedForward, .gelu()),
      within: tolerance)
    let (a, b) = (
      valueAndGradient(of: attention) { Self.number(Self.attention($0, heads: c.heads)) },
      valueAndGradient(of: attention) { Self.number(Self.attentionInSteps($0, heads: c.heads)) }
    )
    for (index, (x, y)) in zip(a.gradient, b.gradient).enumerated() where index != 6 {
      Self.expectNear(x, y, within: 1e-5, "gradient \(index)")
    }
  }

  /// The derivative computes normalized rows and activations again, which must not show.
  ///
  /// The last of the cases has rows enough for weights to be packed on the way back.
  @Test(
    arguments: [cases[0], cases[2], Case(sequences: 4, tokens: 301, features: 24, heads: 2)],
    [Activation.gelu(), .gelu(.tanh), .relu, .tanh, .identity])
  func feedForwardInSinglePrecisionGoesBackAsItsSteps(_ c: Case, _ activation: Activation) {
    let inputs = Self.feedForwardInputs(c)
    for engine in [ComputeEngine.preferred, .openBLAS] {
      Compute.with(engine: engine) {
        let actual = valueAndGradient(of: inputs) { Self.number(Self.feedForward($0, activation)) }
        let steps = valueAndGradient(of: inputs) {
          Self.number(Self.feedForwardInSteps($0, activation))
        }
        expectClose(actual.value, steps.value, within: Tolerance(relative: 1e-4, absolute: 1e-2))
        for (index, (x, y)) in zip(actual.gradient, steps.gradient).enumerated() {
          Self.expectNear(x, y, within: 1e-5, "gradient \(index) by \(engine)")
        }
        for wanted in inputs.indices {
          let one = valueAndGradient(of: inputs[wanted]) { tensor in
            var mixed = inputs
            mixed[wanted] = tensor
            return Self.number(Self.feedForward(mixed, activation))
          }
          Self.expectNear(
            one.gradient, actual.gradient[wanted], within: 1e-5, "gradient \(wanted) alone")
        }
      }
    }
  }

  /// What roundings of 2⁻⁹ leave of the norm, through two layers, a softmax and an activation.
  ///
  /// The bias of keys is left out, as its gradient is 0 but for roundings.
  static let bfloat16Share: Float = 0.015

  @Test(.enabled(if: Compute.support(for: .bfloat16).isNative), arguments: cases)
  func attentionInBFloat16IsNearSinglePrecision(_ c: Case) {
    let inputs = Self.attentionInputs(c)
    let expected = valueAndGradient(of: inputs) {
      Self.number(Self.attentionInSteps($0, heads: c.heads))
    }
    Compute.with(precision: .bfloat16) {
      let constant = Self.attention(inputs, heads: c.heads)
      var recorded = constant
      let actual = valueAndGradient(of: inputs) { inputs in
        let y = Self.attention(inputs, heads: c.heads)
        recorded = y.detached()
        return Self.number(y)
      }
      let added = Compute.with(precision: .float32) {
        Self.attentionInSteps(inputs, heads: c.heads) - inputs[0]
      }
      Self.expectNear(recorded - inputs[0], added, within: Self.bfloat16Share, "recorded")
      Self.expectNear(constant - inputs[0], added, within: Self.bfloat16Share, "constant")
      for (index, (x, y)) in zip(actual.gradient, expected.gradient).enumerated() where index != 6 {
        Self.expectNear(x, y, within: Self.bfloat16Share, "gradient \(index)")
      }
    }
  }

  @Test(
    .enabled(if: Compute.support(for: .bfloat16).isNative),
    arguments: cases, [Activation.gelu(), .relu, .identity])
  func feedForwardInBFloat16IsNearSinglePrecision(_ c: Case, _ activation: Activation) {
    let inputs = Self.feedForwardInputs(c)
    let expected = valueAndGradient(of: inputs) {
      Self.number(Self.feedForwardInSteps($0, activation))
    }
    let added = Self.feedForwardInSteps(inputs, activation) - inputs[0]
    // Of some hundred sums one is rounded across 0, and has the other slope.
    let share = activation == .relu ? 6 * Self.bfloat16Share : Self.bfloat16Share
    Compute.with(precision: .bfloat16) {
      let actual = valueAndGradient(of: inputs) { Self.number(Self.feedForward($0, activation)) }
      Self.expectNear(
        Self.feedForward(inputs, activation) - inputs[0], added, within: share, "constant")
      for (index, (x, y)) in zip(actual.gradient, expected.gradient).enumerated() {
        Self.expectNear(x, y, within: share, "gradient \(index)")
      }
    }
  }

  /// What is frozen changes nothing of the gradients that are asked for.
  @Test(.enabled(if: Compute.support(for: .bfloat16).isNative), arguments: [1, 3, 4, 8, 9, 10])
  func aPartOfTheGradientsIsThatPart(_ wanted: Int) {
    let c = Self.cases[2]
    Compute.with(precision: .bfloat16) {
      for (inputs, part) in [
        (Self.attentionInputs(c), { @Sendable in Self.attention($0, heads: c.heads) }),
        (Self.feedForwardInputs(c), { @Sendable in Self.feedForward($0, .gelu()) }),
      ] as [([Tensor], @Sendable ([Tensor]) -> Tensor)] where wanted < inputs.count {
        let all = valueAndGradient(of: inputs) { Self.number(part($0)) }
        let one = valueAndGradient(of: inputs[wanted]) { tensor in
          var mixed = inputs
          mixed[wanted] = tensor
          return Self.number(part(mixed))
        }
        // Constant weights are packed, and a product of packed factors may add in another order.
        Self.expectNear(one.gradient, all.gradient[wanted], within: 2e-3, "gradient \(wanted)")
      }
    }
  }

  @Test(.enabled(if: Compute.support(for: .bfloat16).isNative))
  func dropoutDropsTheSameWeights() {
    let c = Self.cases[2]
    let inputs = Self.attentionInputs(c)
    var stream = RandomStream(seed: 4, "dropout")
    let dropout = AttentionDropout(0.3, from: &stream)
    let expected = Self.attentionInSteps(inputs, heads: c.heads, dropout: dropout)
    let actual = Compute.with(precision: .bfloat16) {
      Self.attention(inputs, heads: c.heads, dropout: dropout)
    }
    Self.expectNear(
      actual - inputs[0], expected - inputs[0], within: Self.bfloat16Share, "dropout")
  }

  @Test(.enabled(if: Compute.support(for: .bfloat16).isNative))
  func aCheckpointGivesTheSameBits() {
    let c = Self.cases[3]
    let inputs = Self.attentionInputs(c)
    @Sendable func part(_ i: [Tensor]) -> Tensor {
      let y = Self.attention(i, heads: c.heads)
      return Self.feedForward([y] + Self.feedForwardInputs(c).dropFirst(), .gelu())
    }
    Compute.with(precision: .bfloat16) {
      let direct = valueAndGradient(of: inputs) { Self.number(part($0)) }
      let again = valueAndGradient(of: inputs) { inputs in
        Self.number(checkpointed(inputs) { part($0) })
      }
      #expect(direct.value == again.value)
      #expect(direct.gradient == again.gradient)
    }
  }
}
