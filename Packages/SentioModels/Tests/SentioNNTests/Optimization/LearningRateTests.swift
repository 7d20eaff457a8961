import Foundation
import SentioNN
import Testing

@Suite("Learning rates")
struct LearningRateTests {
  static let golden = try! JSONDecoder().decode(
    [String: [Double]].self,
    from: Data(contentsOf: SentioNNTests.golden("Training/schedules.json")))

  /// PyTorch multiplies step by step where a closed form exists; sixty roundings of double precision.
  static let tolerance = 1e-12

  static let schedules: [String: LearningRate] = [
    "constant": .constant(0.3),
    "step": .step(0.3, every: 7, factor: 0.5),
    "exponential": .exponential(0.3, factor: 0.93),
    "cosine": .cosine(0.3, over: 60, minimum: 0.01),
    "warmup-cosine": .cosine(0.3, over: 49).warmedUp(over: 11, from: 0.05),
    "warmup-exponential": .exponential(0.3, factor: 0.9).warmedUp(over: 5, from: 0.25),
    "one-cycle": .oneCycle(maximum: 0.3, over: 61),
    "one-cycle.late": .oneCycle(
      maximum: 0.3, over: 61, risingShare: 0.45, startDivisor: 10, endDivisor: 100),
  ]

  @Test("the rates of sixty steps are PyTorch's", arguments: schedules.keys.sorted())
  func parity(_ name: String) throws {
    let schedule = try #require(Self.schedules[name])
    let expected = try #require(Self.golden[name])
    #expect(expected.count == 60)
    for (step, rate) in expected.enumerated() {
      let actual = schedule(step: step)
      #expect(
        abs(actual - rate) <= Self.tolerance * max(1, rate / 0.3),
        "\(name), step \(step): \(actual), expected \(rate)")
    }
  }

  @Test("a plateau lowers the rate when PyTorch does", arguments: ["plateau", "plateau.higher"])
  func plateau(_ name: String) throws {
    let values = try #require(Self.golden["plateau.values"])
    let isHigher = name == "plateau.higher"
    var plateau =
      isHigher
      ? PlateauReduction(reduction: 0.5, patience: 3, threshold: 1e-2)
      : PlateauReduction(
        reduction: 0.5, patience: 4, threshold: 1e-2, cooldown: 2, minimum: 0.1)
    var factors: [Double] = []
    for value in values {
      factors.append(plateau.factor * 0.3)
      plateau.observe(
        isHigher ? 1.2 - value : value, improvement: isHigher ? .higher : .lower)
    }
    let expected = try #require(Self.golden[name])
    #expect(Set(expected).count > 2)
    for (step, rate) in expected.enumerated() {
      #expect(abs(factors[step] - rate) <= Self.tolerance, "step \(step)")
    }
  }

  @Test("a plateau goes on from its saved state as if nothing had happened")
  func savedPlateau() throws {
    let values = try #require(Self.golden["plateau.values"])
    var whole = PlateauReduction(reduction: 0.5, patience: 4, cooldown: 2)
    var saved = whole
    for value in values {
      whole.observe(value)
      saved = try JSONDecoder().decode(
        PlateauReduction.self, from: try JSONEncoder().encode(saved))
      saved.observe(value)
      #expect(saved == whole)
    }
    #expect(whole.factor < 1)
  }

  @Test("schedules hold their last rate, and one follows another")
  func ends() {
    #expect(LearningRate.cosine(1, over: 10, minimum: 0.25)(step: 1000) == 0.25)
    let cycle = LearningRate.oneCycle(maximum: 1, over: 10)
    #expect(cycle(step: 9) == cycle(step: 500))
    let both = LearningRate.constant(1).followed(by: .constant(2), after: 3)
    #expect((0..<5).map { both(step: $0) } == [1, 1, 1, 2, 2])
    let warm = LearningRate.constant(1).warmedUp(over: 4)
    #expect((0..<6).map { warm(step: $0) } == [0, 0.25, 0.5, 0.75, 1, 1])
    #expect(LearningRate.constant(1).warmedUp(over: 0)(step: 0) == 1)
  }

  @Test("NaN is never an improvement, and anything improves on it")
  func improvement() {
    for way in [Improvement.lower, .higher] {
      #expect(!way.isBetter(.nan, than: 1))
      #expect(way.isBetter(1, than: .nan))
      #expect(!way.isBetter(1, than: 1))
      #expect(!way.isBetter(.nan, than: .nan))
    }
    #expect(Improvement.lower.isBetter(0.8, than: 1, by: 0.1))
    #expect(!Improvement.lower.isBetter(0.95, than: 1, by: 0.1))
    #expect(Improvement.higher.isBetter(1.2, than: 1, by: 0.1))
  }
}
