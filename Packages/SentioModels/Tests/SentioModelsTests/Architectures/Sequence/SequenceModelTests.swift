import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Shapes, masks, dropout, learning by heart, and files of the four sequence models.
struct SequenceModelTests {
  static func stacks() -> [RecurrentStack] {
    SequenceCell.allCases.flatMap { cell in
      [
        RecurrentStack(cell, units: 5),
        RecurrentStack(cell, units: 4, layers: 3, isBidirectional: true, isResidual: true),
      ]
    }
  }

  @Test func parametersAreCounted() {
    // gates · units · (inputs + units + 2 biases), as torch.nn counts
    for (cell, gates) in [(SequenceCell.rnn, 1), (.gru, 3), (.lstm, 4)] {
      #expect(
        RecurrentStack(cell, units: 5).parameterCount(features: 7) == gates * 5 * (7 + 5 + 2))
      #expect(
        RecurrentStack(cell, units: 5, layers: 2, isBidirectional: true).parameterCount(features: 7)
          == 2 * gates * 5 * (7 + 5 + 2) + 2 * gates * 5 * (10 + 5 + 2))
    }
  }

  @Test func theMemoryBiasIsThatOfOneGate() {
    var stream = RandomStream(seed: 1, "weights")
    let lstm = RecurrentStack(.lstm, units: 3, memoryBias: 2).makeLayer(2, from: &stream)
    let bias = lstm.directions.list[0].inputBias! + lstm.directions.list[0].recurrentBias!
    #expect(Array(bias.scalars[3..<6]) == [2, 2, 2])
    #expect(bias.scalars[0..<3].allSatisfy { $0 != 2 } && bias.scalars[6...].allSatisfy { $0 != 2 })
    let rnn = RecurrentStack(.rnn, units: 3, memoryBias: 2).makeLayer(2, from: &stream)
    #expect(rnn.directions.list[0].inputBias!.scalars.allSatisfy { abs($0) < 0.6 })
  }

  /// What stands at steps that do not count, NaN included, changes neither outputs nor gradients.
  @Test func paddingInfluencesNothing() {
    var stream = RandomStream(seed: 2, "padding")
    let x = Tensor.normal([2, 6, 3], from: &stream)
    var spoiled = x
    spoiled.withUnsafeMutableBufferPointer { for index in 9..<18 { $0[index] = .nan } }
    for stack in Self.stacks() {
      for readout in SequenceClassifier.Readout.allCases {
        let model = SequenceClassifier(
          .init(features: 3, outputs: 2, stack, readout: readout), from: &stream)
        let short = model(x[0..<1].sliced(0..<3, axis: 1))
        let padded = model(spoiled, lengths: [3, 6])
        expectClose(padded[0..<1], short, "\(stack) \(readout)")
        expectClose(padded[1..<2], model(x[1..<2]))
        let (_, gradients) = valueAndGradient(of: model) {
          $0(spoiled, lengths: [3, 6]).squared().sum()
        }
        #expect(gradientNorm(gradients).isFinite)
      }
      let labeler = SequenceLabeler(.init(features: 3, outputs: 2, stack), from: &stream)
      expectClose(
        labeler(spoiled, lengths: [3, 6])[0..<1].sliced(0..<3, axis: 1),
        labeler(x[0..<1].sliced(0..<3, axis: 1)))
    }
  }

  @Test func dropoutIsForTraining() {
    var stream = RandomStream(seed: 3, "dropout")
    let x = Tensor.normal([4, 6, 3], from: &stream)
    let stack = RecurrentStack(
      .lstm, units: 8, layers: 2, inputDropout: 0.2, stateDropout: 0.2, layerDropout: 0.2,
      outputDropout: 0.2)
    var model = SequenceLabeler(.init(features: 3, outputs: 2, stack), from: &stream)
    let calm = model(x)
    #expect(model(x) == calm)
    func trained(_ step: Int) -> Tensor {
      TrainingPass(seed: 1, step: step).run(on: &model) { $0(x) }
    }
    #expect(trained(0) != calm)
    #expect(trained(0) == trained(0))
    #expect(trained(0) != trained(1))
  }

  @Test func eightSamplesAreLearnedByHeart() {
    var stream = RandomStream(seed: 4, "samples")
    let x = Tensor.normal([8, 7, 3], from: &stream)
    let classes = [0, 1, 2, 3, 0, 1, 2, 3]
    let steps = (0..<8 * 7).map { ($0 * 5 + $0 / 3) % 4 }
    for stack in [
      RecurrentStack(.lstm, units: 16), RecurrentStack(.gru, units: 12, isBidirectional: true),
    ] {
      for readout in SequenceClassifier.Readout.allCases {
        expectOverfits(
          SequenceClassifier(
            .init(features: 3, outputs: 4, stack, readout: readout), from: &stream),
          x
        ) { crossEntropy(logits: $0, classes) }
      }
      expectOverfits(
        SequenceLabeler(.init(features: 3, outputs: 4, stack), from: &stream), x
      ) { crossEntropy(logits: $0.reshaped([8 * 7, 4]), steps) }
    }
    // The first token says which of the eight it is: what follows equal beginnings could not be learned.
    let tokens = steps.enumerated().map { $0 % 7 == 0 ? Float($0 / 7) : Float($1) }
    let next = (0..<8 * 7).map { ($0 * 3 + $0 / 5) % 4 }
    expectOverfits(
      SequenceGenerator(
        .init(vocabulary: 8, embedding: 8, RecurrentStack(.lstm, units: 24)), from: &stream),
      Tensor(tokens, shape: [8, 7])
    ) { crossEntropy(logits: $0.reshaped([8 * 7, 8]), next) }
  }

  @Test func eightPairsAreLearnedByHeart() {
    var stream = RandomStream(seed: 5, "pairs")
    let batch = TokenPair.batch(of: ReversalTask(symbols: 5).pairs(8, seed: 6))
    var model = SequenceTranslator(
      .init(
        .tokens(vocabulary: 5, embedding: 8), targets: 5, RecurrentStack(.gru, units: 24),
        attention: 12, maximumLength: 8), from: &stream)
    var optimizer = Optimizer(.adam(), learningRate: .constant(0.01), clipping: .norm(1))
    let names = model.trainablePaths
    for _ in 0..<150 {
      let (_, gradients) = valueAndGradient(of: model) {
        TranslationObjective().loss(of: batch, under: $0)
      }
      optimizer.update(&model, names: names, gradients: gradients)
    }
    let written = model.translate(batch.inputs, lengths: batch.lengths)
    #expect(written.map(\.tokens) == batch.targets)
    #expect(written.allSatisfy { $0.isComplete })
  }

  @Test func statesMove() throws {
    var stream = RandomStream(seed: 6, "states")
    let x = Tensor.normal([2, 6, 3], from: &stream)
    for stack in Self.stacks() {
      func classifier() -> SequenceClassifier {
        SequenceClassifier(
          .init(features: 3, outputs: 2, stack, readout: .attention), from: &stream)
      }
      try expectStateMoves(classifier(), to: classifier(), x)
      func labeler() -> SequenceLabeler {
        SequenceLabeler(.init(features: 3, outputs: 2, stack), from: &stream)
      }
      try expectStateMoves(labeler(), to: labeler(), x)
      func translator() -> SequenceTranslator {
        SequenceTranslator(
          .init(.frames(features: 3), targets: 4, stack, attention: 4, maximumLength: 5),
          from: &stream)
      }
      try expectStateMoves(translator(), to: translator(), x)
      func generator() -> SequenceGenerator {
        SequenceGenerator(
          .init(vocabulary: 5, embedding: 3, stack, conditions: 2), from: &stream)
      }
      try expectStateMoves(generator(), to: generator(), Tensor([0, 4, 1, 2], shape: [2, 2]))
    }
  }
}
