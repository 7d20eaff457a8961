import Foundation
import Synchronization

/// The pool that tensors take their memory from and give it back to.
///
/// Buffers are 64-byte aligned and come in sizes of four steps to the octave, so that a step of a
/// training loop finds the buffers that the step before it returned: in steady state nothing is asked
/// of the system. Returned buffers stay in the pool up to ``cacheLimit`` bytes.
public enum TensorMemory {
  /// What the pool did and holds.
  public struct Statistics: Sendable, Hashable {
    /// Bytes of buffers that tensors hold.
    public internal(set) var bytesInUse = 0
    /// Bytes among those in use that hold elements a second time, in a form that a library prefers.
    ///
    /// Rounded or packed weights; they go when the elements change, and with their tensor.
    public internal(set) var bytesInForms = 0
    /// Bytes of returned buffers that wait for the next tensor.
    public internal(set) var bytesCached = 0
    /// The most bytes that tensors ever held at once.
    public internal(set) var peakBytesInUse = 0
    /// Buffers that were asked of the system since the program started.
    public internal(set) var systemAllocations = 0
    /// Buffers that tensors asked for since the program started.
    public internal(set) var allocations = 0
  }

  private struct State {
    var statistics = Statistics()
    var cacheLimit = 4 << 30
    var free: [[UInt]] = Array(repeating: [], count: 256)
  }

  private static let state = Mutex(State())

  /// What the pool did and holds, at this moment.
  public static var statistics: Statistics { state.withLock { $0.statistics } }

  /// The most bytes that the pool keeps for later; 4 GiB unless set.
  public static var cacheLimit: Int {
    get { state.withLock { $0.cacheLimit } }
    set {
      state.withLock { $0.cacheLimit = newValue }
      trim(to: newValue)
    }
  }

  /// Gives cached buffers back to the system, the largest first.
  ///
  /// - Parameter limit: the bytes that may stay in the pool.
  public static func trim(to limit: Int = 0) {
    state.withLock { state in
      for index in state.free.indices.reversed() {
        while state.statistics.bytesCached > limit, let buffer = state.free[index].popLast() {
          state.statistics.bytesCached -= byteCount(ofClass: index)
          free(UnsafeMutableRawPointer(bitPattern: buffer))
        }
      }
    }
  }

  /// A buffer for at least `count` elements, and the class to return it under.
  static func take(_ count: Int) -> (pointer: UnsafeMutablePointer<Float>, sizeClass: Int) {
    let index = sizeClass(forBytes: max(1, count) * MemoryLayout<Float>.stride)
    let bytes = byteCount(ofClass: index)
    let cached: UInt? = state.withLock { state in
      state.statistics.allocations += 1
      state.statistics.bytesInUse += bytes
      state.statistics.peakBytesInUse = max(
        state.statistics.peakBytesInUse, state.statistics.bytesInUse)
      guard let buffer = state.free[index].popLast() else {
        state.statistics.systemAllocations += 1
        return nil
      }
      state.statistics.bytesCached -= bytes
      return buffer
    }
    let pointer = cached.flatMap { UnsafeMutableRawPointer(bitPattern: $0) } ?? allocate(bytes)
    return (pointer.assumingMemoryBound(to: Float.self), index)
  }

  /// Takes a buffer back.
  static func give(_ pointer: UnsafeMutablePointer<Float>, sizeClass index: Int) {
    let bytes = byteCount(ofClass: index)
    let isKept = state.withLock { state in
      state.statistics.bytesInUse -= bytes
      guard state.statistics.bytesCached + bytes <= state.cacheLimit else { return false }
      state.statistics.bytesCached += bytes
      state.free[index].append(UInt(bitPattern: pointer))
      return true
    }
    if !isKept { free(pointer) }
  }

  /// Counts bytes in use as a second form of other bytes; negative ones when the form goes.
  static func countForms(bytes: Int) {
    state.withLock { $0.statistics.bytesInForms += bytes }
  }

  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    // Large buffers start on a huge page, which the system then can back by one.
    let isLarge = bytes >= 4 << 20
    var pointer: UnsafeMutableRawPointer?
    let code = posix_memalign(&pointer, isLarge ? 2 << 20 : 64, bytes)
    guard code == 0, let pointer else { fatalError("no memory for a tensor of \(bytes) bytes") }
    if isLarge { madvise(pointer, bytes, MADV_HUGEPAGE) }
    return pointer
  }

  /// Classes 0…3 are 64, 80, 96 and 112 bytes (rounded up to 64s), then the same of each octave.
  static func sizeClass(forBytes bytes: Int) -> Int {
    let size = max(64, bytes)
    let octave = Int.bitWidth - 1 - size.leadingZeroBitCount
    let step = (size - (1 << octave) + (1 << (octave - 2)) - 1) >> (octave - 2)
    return (octave - 6) * 4 + step
  }

  static func byteCount(ofClass index: Int) -> Int {
    let octave = index / 4 + 6
    let bytes = (4 + index % 4) << (octave - 2)
    return (bytes + 63) & ~63
  }
}
