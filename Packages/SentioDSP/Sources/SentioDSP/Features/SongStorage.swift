import Synchronization

/// What one song's analysis keeps from its first pass over the frames to its second.
///
/// Powers are kept because the chroma filters depend on the tuning, which is a property of the
/// whole song: 4 KiB a frame, 5 MB for 30 s.
final class SongStorage {
  private(set) var power = AlignedBuffer(count: 0)
  private(set) var levels = AlignedBuffer(count: 0)
  private(set) var rows = AlignedBuffer(count: 0)
  private(set) var peaks = AlignedBuffer(count: 0)
  private(set) var valleys = AlignedBuffer(count: 0)

  /// Makes room for so many lane vectors in each buffer; what was there is lost where it grows.
  func reserve(power: Int, levels: Int, rows: Int, extremes: Int) {
    func grow(_ buffer: inout AlignedBuffer, _ count: Int) {
      if buffer.count < count * laneCount { buffer = AlignedBuffer(count: count * laneCount) }
    }
    grow(&self.power, power)
    grow(&self.levels, levels)
    grow(&self.rows, rows)
    grow(&self.peaks, extremes)
    grow(&self.valleys, extremes)
  }
}

/// Things that are expensive to make and used by one thread at a time.
///
/// Threads that need one at the same time get one each; at most `limit` are kept for later.
final class Pool<Item>: Sendable {
  private struct Shelf: @unchecked Sendable {
    // Sendable: an item is on the shelf or in one thread's hands, never both.
    var items: [Item] = []
  }

  private let shelf = Mutex(Shelf())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func take(orMake make: () -> Item) -> Item {
    let kept = shelf.withLock { shelf in
      TakenItem(value: shelf.items.popLast())
    }
    return kept.value ?? make()
  }

  func giveBack(_ item: Item) {
    let given = TakenItem(value: item)
    shelf.withLock { shelf in
      if shelf.items.count < limit, let value = given.value { shelf.items.append(value) }
    }
  }

  private struct TakenItem: @unchecked Sendable {
    let value: Item?
  }
}
