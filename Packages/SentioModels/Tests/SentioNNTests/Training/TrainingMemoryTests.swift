import Foundation
import SentioNN
import SentioTensor
import Testing

@Suite("Memory of training", .serialized)
struct TrainingMemoryTests {
  @Test("in a steady state a step asks the system for no memory")
  func steadyState() async {
    // In a process of its own, since the counter is that of the whole process.
    await #expect(processExitsWith: .success) {
      var settings = TrainingSettings(epochs: 6, seed: 1)
      settings.prefetch = 0
      settings.accumulation = 2
      settings.average = WeightAverage()
      var counts: [Int] = []
      let objective = SupervisedObjective<SmallNetwork>(loss: .concordance) { $0($1.inputs) }
      let trainer = Trainer(
        objective,
        optimizer: Optimizer(.adam(), learningRate: .constant(1e-3), clipping: .norm(1)),
        settings: settings, augmentation: .mixup(alpha: 0.3))
      _ = try trainer.train(
        SmallNetwork(inputs: 5, hidden: 700, outputs: 2, seed: 1),
        on: SampleBatches(samples(96, seed: 1), batchSize: 16, seed: 1),
        validation: SampleBatches(samples(32, seed: 2), batchSize: 16),
        onEvent: { event in
          if case .epoch = event { counts.append(TensorMemory.statistics.systemAllocations) }
        })
      // The first epochs fill the pool.
      exit(counts.count == 6 && counts[5] == counts[2] ? 0 : 1)
    }
  }
}
