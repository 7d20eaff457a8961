import Foundation
import SentioClassical
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What every network of a file can do: learn, be kept, go on, and be refused.
struct EveryNetworkTests {
  private func trained<Model: Layer>(
    _ model: Model, _ sample: NetworkSample, epochs: Int, folder: URL? = nil, stopAfter: Int? = nil
  ) throws -> (model: any Layer, history: [EpochRecord], end: TrainingEnd) {
    let samples = LabelledBatch(
      ids: (0..<8).map(String.init), inputs: sample.inputs(), targets: sample.targets(),
      lengths: sample.lengths)
    var settings = TrainingSettings(epochs: epochs, seed: 3)
    settings.writesTensorBoard = false
    settings.prefetch = 0
    let trainer = Trainer(
      SupervisedObjective<Model>(loss: sample.loss) { $0($1.inputs, lengths: $1.lengths) },
      optimizer: Optimizer(.adam(), learningRate: .constant(0.01), clipping: .norm(1)),
      settings: settings)
    var updates = 0
    let outcome = try trainer.train(
      model, on: SampleBatches(samples, batchSize: 4, seed: 5), folder: folder,
      isCancelled: { updates == stopAfter },
      onEvent: { if case .progress = $0 { updates += 1 } })
    return (model: outcome.model, history: outcome.history, end: outcome.end)
  }

  @Test(arguments: NetworkSample.predicting)
  func eightSamplesAreLearnedByHeart(_ sample: NetworkSample) throws {
    let result = try trained(sample.network(), sample, epochs: 120)
    let losses = result.history.map(\.trainingLoss)
    // The last epochs' mean, since a single batch may jump.
    let last = losses.suffix(5).reduce(0, +) / 5
    #expect(last < sample.rest * losses[0], "\(losses[0]) to \(last)")
  }

  @Test(arguments: NetworkSample.predicting)
  func aFileGivesTheSameOutputs(_ sample: NetworkSample) throws {
    let folder = try TemporaryFolder()
    let url = folder("network.sentio")
    let x = sample.inputs()
    #expect(sample.settings.mismatch(x.shape) == nil)
    let network = sample.network()
    try NetworkFile(network, .init(sample.settings)).write(to: url)
    let read = try NetworkFile(contentsOf: url)
    #expect(read.configuration.network == sample.settings)
    let other = sample.network(seed: 2)
    let y = sample.output(of: read.network, x)
    let expected = sample.output(of: network, x)
    let ofOtherWeights = sample.output(of: other, x)
    #expect(y == expected)
    #expect(y != ofOtherWeights)
    let summary = read.network.summary(inputShape: Shape([1] + sample.settings.inputShape))
    #expect(summary.total > 0 && summary.operations > 0)
  }

  @Test func attentionHasItsOwnRowInASummary() throws {
    let sample = try #require(NetworkSample.predicting.first { $0.name == "vision transformer" })
    let network = sample.network()
    let rows = network.summary(inputShape: [2, 3, 8, 12]).rows
    let block = try #require(rows.first { $0.type == "TransformerBlock" })
    // 1 + 2·3 tokens of 12 features in 2 heads: two products of all with all, and the shares.
    #expect(block.operations == 2 * 2 * 49 * (4 * 6 + 5) && block.parameters == 0)
    #expect(block.path == "vit.encoder.layer.0")
  }

  @Test(arguments: NetworkSample.predicting)
  func trainingGoesOnBitForBit(_ sample: NetworkSample) throws {
    let folder = try TemporaryFolder()
    let whole = try trained(sample.network(), sample, epochs: 3)
    // Stopped in the middle of the second epoch.
    let part = try trained(
      sample.network(), sample, epochs: 3, folder: folder("run"), stopAfter: 3)
    #expect(part.end == .cancelled && part.history.count == 1)
    let rest = try trained(sample.network(seed: 77), sample, epochs: 3, folder: folder("run"))
    #expect(rest.end == .finished)
    #expect(rest.model.stateDictionary == whole.model.stateDictionary)
    #expect(rest.history.map(\.trainingLoss) == whole.history.map(\.trainingLoss))
  }

  /// Every whole number of a file's configuration, replaced by numbers that nobody should make a network of.
  @Test(arguments: NetworkSample.predicting)
  func hostileSizesAreRefused(_ sample: NetworkSample) throws {
    let folder = try TemporaryFolder()
    let url = folder("network.sentio")
    try NetworkFile(sample.network(), .init(sample.settings)).write(to: url)
    let file = try Safetensors(contentsOf: url)
    let contents = try file.tensors.keys.sorted().map {
      Safetensors.Content($0, try file.tensor($0))
    }
    let text = try #require(file.metadata["sentio.config"])
    let numbers = text.matches(of: /[\[:,]([0-9]+)[,\]}]/).map { $0.1.startIndex..<$0.1.endIndex }
    #expect(numbers.count >= 4)
    for range in numbers {
      for hostile in ["-1", "9000000000000000000", "60000", "4611686018427387904"] {
        var metadata = file.metadata
        metadata["sentio.config"] = text.replacingCharacters(in: range, with: hostile)
        try Safetensors.write(contents, metadata: metadata, to: url)
        do {
          let read = try NetworkFile(contentsOf: url)
          // Sizes that no weight depends on may be other ones.
          #expect(read.configuration.network.inputShape.allSatisfy { (1...1_000_000).contains($0) })
        } catch is ModelFileError {
        } catch is StateError {
        }
      }
    }
  }
}
