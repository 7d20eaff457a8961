import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor
import Testing

@Suite("Songs as batches for training")
struct SongBatchesTests {
  private let table = FeatureTable(
    ids: (0..<23).map { "s\($0)" }, columns: ["a", "b", "c"],
    values: (0..<69).map { Float(($0 * 37) % 101) / 50 - 1 })
  private let labels = (0..<23).map {
    ValenceArousal(valence: Double($0) / 12 - 1, arousal: 1 - Double($0) / 12, scale: .unit)
  }

  private func epoch(_ batches: SongBatches, _ epoch: Int, from first: Int = 0) throws
    -> [LabelledBatch]
  {
    let next = batches.batches(epoch: epoch, from: first)
    var all: [LabelledBatch] = []
    while let batch = try next() { all.append(batch) }
    #expect(try next() == nil)
    return all
  }

  @Test("an epoch has every song once, features beside labels, and starts anywhere")
  func epochs() throws {
    let batches = SongBatches(table, labels: labels, batchSize: 5, seed: 3)
    #expect(batches.batchesPerEpoch == 5 && batches.samplesPerEpoch == 23)
    var orders: Set<[String]> = []
    for number in 0..<3 {
      let whole = try epoch(batches, number)
      #expect(whole.map(\.ids.count) == [5, 5, 5, 5, 3])
      #expect(Set(whole.flatMap(\.ids)).count == 23)
      orders.insert(whole.flatMap(\.ids))
      for batch in whole {
        for (row, id) in batch.ids.enumerated() {
          let index = try #require(Int(id.dropFirst()))
          #expect(batch.inputs[row].scalars == Array(table.row(index)))
          #expect(
            batch.targets[row].scalars
              == [Float(labels[index].valence), Float(labels[index].arousal)])
        }
      }
      for first in 0...5 {
        #expect(try epoch(batches, number, from: first) == Array(whole[first...]))
      }
    }
    #expect(orders.count == 3)
    let still = SongBatches(table, labels: labels, batchSize: 7, dropsLast: true)
    #expect(still.samplesPerEpoch == 21)
    #expect(try epoch(still, 0).flatMap(\.ids) == Array(table.ids[..<21]))
    #expect(try epoch(still, 0) == epoch(still, 1))
  }

  @Test("other songs, labels, seeds or batch sizes are another run")
  func fingerprints() {
    var others = labels
    others[22] = others[0]
    let all = [
      SongBatches(table, labels: labels, batchSize: 5, seed: 3),
      SongBatches(table, labels: others, batchSize: 5, seed: 3),
      SongBatches(table, labels: labels, batchSize: 5, seed: 4),
      SongBatches(table, labels: labels, batchSize: 5),
      SongBatches(table, labels: labels, batchSize: 6, seed: 3),
      SongBatches(table, labels: labels, batchSize: 5, seed: 3, dropsLast: true),
    ]
    #expect(Set(all.map(\.fingerprint)).count == all.count)
    let again = SongBatches(table, labels: labels, batchSize: 5, seed: 3)
    #expect(again.fingerprint == all[0].fingerprint)
  }
}
