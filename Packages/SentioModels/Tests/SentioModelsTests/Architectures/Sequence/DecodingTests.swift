import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// How tokens are chosen: greedily, with a beam, by chance.
struct DecodingTests {
  static func translator(attention: Int? = 5, maximumLength: Int = 4) -> SequenceTranslator {
    var stream = RandomStream(seed: 11, "translator")
    var model = SequenceTranslator(
      .init(
        .tokens(vocabulary: 5, embedding: 4), targets: 3, targetEmbedding: 4,
        RecurrentStack(.lstm, units: 6, isBidirectional: true), attention: attention,
        maximumLength: maximumLength), from: &stream)
    // Random weights of their usual size know no preferences; larger ones do.
    model.head.weight *= Tensor(4)
    return model
  }

  static let sources = [[0, 3, 1], [4], [2, 2, 1, 0], [3, 3], [1, 4, 0]]

  /// All targets of up to four tokens are few enough to be compared one by one.
  @Test func aWideBeamFindsTheLikeliestTarget() throws {
    let model = Self.translator()
    var targets: [[Int]] = [[]]
    for length in 0..<4 {
      targets += targets.filter { $0.count == length }.flatMap { prefix in
        (0..<3).map { prefix + [$0] }
      }
    }
    #expect(targets.count == 1 + 3 + 9 + 27 + 81)
    for source in Self.sources {
      let (x, lengths) = Tensor.paddedTokens(targets.map { _ in source })
      let likelihoods = model.logLikelihood(of: targets, given: x, lengths: lengths)
      let best = try #require(targets.indices.max { likelihoods[$0] < likelihoods[$1] })
      let found = model.translate([source], .beam(width: 100))[0]
      #expect(found.isComplete)
      #expect(found.tokens == targets[best])
      #expect(abs(found.logLikelihood - likelihoods[best]) < 1e-4)
    }
  }

  @Test func aBeamIsAtLeastAsLikelyAsGreed() {
    let model = Self.translator(maximumLength: 12)
    let greedy = model.translate(Self.sources)
    for width in [2, 4, 8] {
      let beam = model.translate(Self.sources, .beam(width: width))
      for (greedy, beam) in zip(greedy, beam) where greedy.isComplete {
        #expect(beam.logLikelihood >= greedy.logLikelihood - 1e-5)
      }
    }
    let one = model.translate(Self.sources, .beam(width: 1))
    for (greedy, one) in zip(greedy, one) where greedy.isComplete && one.isComplete {
      #expect(one.logLikelihood >= greedy.logLikelihood - 1e-5)
    }
  }

  /// What is written step by step has the likelihood that teacher forcing gives it, and padding changes nothing.
  @Test func stepsAndWholeTargetsAgree() throws {
    for attention in [5, nil] {
      let model = Self.translator(attention: attention, maximumLength: 12)
      let together = model.translate(Self.sources)
      for (source, translation) in zip(Self.sources, together) {
        let alone = model.translate([source])[0]
        #expect(alone.tokens == translation.tokens)
        #expect(abs(alone.logLikelihood - translation.logLikelihood) < 1e-4)
        #expect(translation.attention.count == (attention == nil ? 0 : translation.attention.count))
        for row in translation.attention {
          #expect(row.count == source.count)
          #expect(abs(row.reduce(0, +) - 1) < 1e-5)
        }
        guard translation.isComplete else { continue }
        let (x, lengths) = Tensor.paddedTokens([source])
        let likelihood = model.logLikelihood(of: [translation.tokens], given: x, lengths: lengths)
        #expect(abs(likelihood[0] - translation.logLikelihood) < 1e-4)
      }
    }
  }

  @Test func aPenaltyOfLengthFavoursLongTargets() {
    let model = Self.translator(maximumLength: 12)
    let plain = model.translate(Self.sources, .beam(width: 8))
    let longer = model.translate(Self.sources, .beam(width: 8, lengthPenalty: 4))
    let lengths = { (all: [Translation]) in all.reduce(0) { $0 + $1.tokens.count } }
    #expect(lengths(longer) > lengths(plain))
  }

  @Test func temperatureAndTheLargest() {
    let logits: [Float] = [1, 3, 2, -.infinity]
    let plain = TokenSampling.random().probabilities(of: logits)
    let sum = exp(1.0) + exp(3) + exp(2)
    for (probability, logit) in zip(plain, [1.0, 3, 2]) {
      #expect(abs(probability - exp(logit) / sum) < 1e-12)
    }
    #expect(plain[3] == 0)
    let two = TokenSampling.random(temperature: 0.5, topK: 2).probabilities(of: logits)
    #expect(abs(two[1] - 1 / (1 + exp(-2.0))) < 1e-12)
    #expect(two[0] == 0)
    #expect(TokenSampling.greedy.probabilities(of: logits) == [0, 1, 0, 0])
  }

  @Test func drawsHaveTheirProbabilities() {
    var stream = RandomStream(seed: 3, "draws")
    let sampling = TokenSampling.random(temperature: 0.7)
    let logits: [Float] = [0.3, -1, 1.2, 0]
    let expected = sampling.probabilities(of: logits)
    var counts = [0.0, 0, 0, 0]
    let number = 20_000.0
    for _ in 0..<Int(number) { counts[sampling.token(of: logits, from: &stream)] += 1 }
    for (count, probability) in zip(counts, expected) {
      // Five standard deviations of a share.
      let bound = 5 * (probability * (1 - probability) / number).squareRoot()
      #expect(abs(count / number - probability) < bound)
    }
  }

  /// The state that is carried from token to token is that of the whole sequence.
  @Test func generationIsThatOfWholeSequences() {
    var stream = RandomStream(seed: 5, "generator")
    let model = SequenceGenerator(
      .init(vocabulary: 7, embedding: 5, RecurrentStack(.gru, units: 6, layers: 2), conditions: 3),
      from: &stream)
    var draws = RandomStream(seed: 6, "draws")
    let made = model.generate(from: [2, 5], count: 9, condition: 1, from: &draws)
    #expect(made.count == 11 && made.prefix(2) == [2, 5])
    #expect(draws == RandomStream(seed: 6, "draws"))
    let x = Tensor(made.map { Float($0) }, shape: [1, made.count])
    let likeliest = model(x, conditions: [1], lengths: nil).argmax(axis: 2)
    #expect(Array(likeliest[1..<10]) == Array(made[2...]))
    let sampling = TokenSampling.random(temperature: 1.5, topK: 5)
    let first = model.generate(from: [1], count: 30, sampling, from: &draws)
    #expect(model.generate(from: [1], count: 30, sampling, from: &draws) != first)
    draws = RandomStream(seed: 6, "draws")
    #expect(model.generate(from: [1], count: 30, sampling, from: &draws) == first)
  }
}
