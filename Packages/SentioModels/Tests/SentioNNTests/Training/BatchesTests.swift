import Foundation
import SentioNN
import SentioTensor
import Testing

@Suite("Batches in memory")
struct BatchesTests {
  private func epoch(_ data: SampleBatches, _ epoch: Int, from first: Int = 0) throws
    -> [LabelledBatch]
  {
    let next = data.batches(epoch: epoch, from: first)
    var all: [LabelledBatch] = []
    while let batch = try next() { all.append(batch) }
    return all
  }

  @Test("each epoch has an order of its own, every sample once, and starts anywhere")
  func orders() throws {
    let all = samples(23, seed: 1)
    let data = SampleBatches(all, batchSize: 5, seed: 2)
    #expect(data.batchesPerEpoch == 5 && data.samplesPerEpoch == 23)
    var orders: Set<[String]> = []
    for number in 0..<3 {
      let whole = try epoch(data, number)
      #expect(whole.map(\.ids.count) == [5, 5, 5, 5, 3])
      #expect(Set(whole.flatMap(\.ids)) == Set(all.ids))
      orders.insert(whole.flatMap(\.ids))
      for first in 0...5 { #expect(try epoch(data, number, from: first) == Array(whole[first...])) }
      for batch in whole {
        for (row, id) in batch.ids.enumerated() {
          let index = try #require(all.ids.firstIndex(of: id))
          #expect(batch.inputs[row] == all.inputs[index])
          #expect(batch.targets[row] == all.targets[index])
        }
      }
    }
    #expect(orders.count == 3 && !orders.contains(all.ids))
    let plain = SampleBatches(all, batchSize: 10, dropsLast: true)
    #expect(plain.batchesPerEpoch == 2 && plain.samplesPerEpoch == 20)
    #expect(try epoch(plain, 1).flatMap(\.ids) == Array(all.ids[..<20]))
  }

  @Test("one changed number is another run")
  func fingerprints() {
    var changed = samples(9, seed: 1)
    let before = SampleBatches(changed, batchSize: 4).fingerprint
    #expect(SampleBatches(samples(9, seed: 1), batchSize: 4).fingerprint == before)
    changed.targets.withUnsafeMutableBufferPointer { $0[3] = -$0[3] }
    #expect(SampleBatches(changed, batchSize: 4).fingerprint != before)
    #expect(SampleBatches(samples(9, seed: 1), batchSize: 4, seed: 0).fingerprint != before)
  }

  @Test("a mask has ones for real steps, and rows take their lengths along")
  func masks() {
    let batch = LabelledBatch(
      ids: ["a", "b", "c"], inputs: .zeros([3, 4, 2]), targets: .zeros([3, 1]),
      lengths: [4, 0, 3])
    #expect(batch.mask == [[1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 0]])
    #expect(batch.rows([2, 0]).lengths == [3, 4] && batch.rows([2, 0]).ids == ["c", "a"])
    #expect(samples(2, seed: 1).mask == nil)
  }

  @Test("fit learns classes, and leaves the best epoch's weights in the model")
  func fitting() throws {
    func labelled(_ count: Int, seed: UInt64) -> LabelledBatch {
      var data = samples(count, seed: seed)
      let values = data.inputs.scalars
      // Which of the first three features is the largest.
      let classes = (0..<count).map { row in
        (0..<3).max { values[row * 5 + $0] < values[row * 5 + $1] } ?? 0
      }
      data.targets = LabelledBatch.classes(classes, count: 3)
      return data
    }
    var model = SmallNetwork(inputs: 5, hidden: 16, outputs: 3, seed: 1)
    var settings = TrainingSettings(epochs: 15, seed: 1)
    settings.monitor = .accuracy
    let outcome = try fit(
      &model, to: SampleBatches(labelled(256, seed: 1), batchSize: 32, seed: 1),
      validation: SampleBatches(labelled(100, seed: 2), batchSize: 50), loss: .crossEntropy(),
      optimizer: Optimizer(.adam(), learningRate: .constant(0.02)), settings: settings)
    let best = outcome.history.compactMap { $0.validation["accuracy"] }.max() ?? 0
    #expect(best > 0.8)
    #expect(model.bits == outcome.best.bits)
    let logits = model(labelled(100, seed: 2).inputs)
    let right = zip(0..<100, labelled(100, seed: 2).targets.argmax(axis: 1)).filter {
      logits[$0].argmax(axis: 0) == [$1]
    }
    #expect(abs(Double(right.count) / 100 - best) < 1e-9)
  }
}
