import Foundation
import SentioMetrics
import SentioTensor
import Testing

@testable import SentioData

@Suite("Batch loader")
struct BatchLoaderTests {
  private func table(_ count: Int) -> FeatureTable {
    FeatureTable(
      ids: (0..<count).map { "s\($0)" }, columns: ["a", "b"],
      values: (0..<count).flatMap { [Float($0), Float($0) + 0.5] })
  }

  private func labels(_ count: Int) -> [ValenceArousal] {
    (0..<count).map {
      ValenceArousal(valence: Double($0) / 100, arousal: -Double($0) / 100, scale: .unit)
    }
  }

  @Test("an epoch delivers every record once, features beside their labels")
  func coverage() {
    let loader = BatchLoader(table(23), labels: labels(23), batchSize: 5)
    #expect(loader.batchesPerEpoch == 5 && loader.scale == .unit)
    var orders: [[Int]] = []
    for _ in 0..<3 {
      var seen: [Int] = []
      for batch in loader.epoch() {
        #expect(batch.features.shape == [batch.ids.count, 2])
        let (features, labels) = (batch.features.scalars, batch.labels!.scalars)
        for (row, index) in batch.indices.enumerated() {
          #expect(batch.ids[row] == "s\(index)")
          #expect(
            Array(features[row * 2..<row * 2 + 2]) == [Float(index), Float(index) + 0.5])
          #expect(labels[row * 2] == Float(Double(index) / 100))
          #expect(labels[row * 2 + 1] == -Float(Double(index) / 100))
        }
        seen += batch.indices
      }
      #expect(seen.sorted() == Array(0..<23))
      orders.append(seen)
    }
    #expect(Set(orders).count == 3)
    #expect(!orders.contains(Array(0..<23)))
  }

  @Test("the order depends on the seed alone, whatever is made ahead")
  func determinism() {
    func order(_ seed: UInt64, prefetch: Int) -> [[Int]] {
      let loader = BatchLoader(
        table(17), batchSize: 4, order: BatchOrder(seed: seed), prefetch: prefetch)
      return (0..<2).flatMap { _ in loader.epoch().map(\.indices) }
    }
    #expect(order(1, prefetch: 1) == order(1, prefetch: 8))
    #expect(order(1, prefetch: 1) != order(2, prefetch: 1))
    // The very order, since checkpoints rely on it.
    #expect(BatchOrder(seed: 1).permutation(of: 8) == [5, 1, 4, 7, 6, 0, 3, 2])
  }

  @Test("a saved state goes on with the very next batch", arguments: 0..<9)
  func resuming(after delivered: Int) throws {
    let whole = BatchLoader(table(14), batchSize: 4, order: BatchOrder(seed: 5))
    var all: [Batch] = []
    for _ in 0..<3 { all += Array(whole.epoch()) }
    let state = delivered == 0 ? BatchOrder(seed: 5) : all[delivered - 1].next
    let saved = try JSONEncoder().encode(state)
    let resumed = BatchLoader(
      table(14), batchSize: 4, order: try JSONDecoder().decode(BatchOrder.self, from: saved))
    var rest: [Batch] = []
    while rest.count < all.count - delivered {
      rest += Array(resumed.epoch())
    }
    #expect(rest == Array(all[delivered...]))
  }

  @Test("without shuffling records keep their order; small last batches can be left out")
  func plain() {
    let still = BatchOrder(shuffling: .never)
    let loader = BatchLoader(table(7), batchSize: 3, order: still)
    #expect(loader.epoch().map(\.indices) == [[0, 1, 2], [3, 4, 5], [6]])
    #expect(loader.epoch().map(\.indices) == [[0, 1, 2], [3, 4, 5], [6]])
    let whole = BatchLoader(table(7), batchSize: 3, order: still, dropsLast: true)
    #expect(whole.epoch().map(\.indices) == [[0, 1, 2], [3, 4, 5]])
    #expect(whole.batchesPerEpoch == 2)
    let none = BatchLoader(table(0), batchSize: 3)
    #expect(none.next() == nil && none.next() == nil)
  }

  @Test("sequences come with lengths and masks")
  func sequences() throws {
    let folder = try FolderOfTexts()
    let store = try FeatureStore(
      folder: folder.url,
      settings: .init(shape: .sequence(frames: 6, features: 2), parameters: [:]))
    _ = try store.fill((1...8).map { Song(id: String($0)) }) { song in
      FeatureRecord([Float](repeating: Float(song.id)!, count: 2 * Int(song.id)!))
    }
    let loader = BatchLoader(try store.records(), batchSize: 3, order: BatchOrder(seed: 2))
    for batch in loader.epoch() {
      #expect(batch.features.shape == [batch.ids.count, 6, 2] && batch.labels == nil)
      let mask = try #require(batch.mask).scalars
      let features = batch.features.scalars
      for (row, id) in batch.ids.enumerated() {
        let length = min(6, Int(id)!)
        #expect(batch.lengths?[row] == length)
        #expect(mask[row * 6..<row * 6 + 6].reduce(0, +) == Float(length))
        let values = features[row * 12..<row * 12 + 12]
        #expect(values.prefix(2 * length).allSatisfy { $0 == Float(id)! })
        #expect(values.dropFirst(2 * length).allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("letting go of a loader ends its thread")
  func release() {
    for _ in 0..<50 {
      let loader = BatchLoader(table(100), batchSize: 1, prefetch: 4)
      _ = loader.next()
    }
    // A source that is still held would be a thread that waits for ever.
    final class Guarded: BatchSource {
      let ids = ["a"]
      let extents = [1]
      let realSteps: [Int]? = nil
      func copyRecord(_ index: Int, to destination: UnsafeMutableBufferPointer<Float>) {
        destination[0] = 1
      }
    }
    weak var source: Guarded?
    do {
      let held = Guarded()
      source = held
      let loader = BatchLoader(held, batchSize: 1)
      _ = loader.next()
    }
    var waited = 0
    while source != nil, waited < 5_000 {
      usleep(1_000)
      waited += 1
    }
    #expect(source == nil)
  }
}
