/// Scratch memory on a 64-byte boundary: a cache line, and the widest vector register.
///
/// FFTW's fast plans need aligned arrays; an unaligned plan measured four times slower.
final class AlignedBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  /// Allocates `count` zeros.
  init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) floats was asked for")
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(64, count * MemoryLayout<Float>.stride), alignment: 64)
    pointer = raw.bindMemory(to: Float.self, capacity: max(16, count))
    pointer.initialize(repeating: 0, count: count)
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  var buffer: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }

  /// Copies values to the beginning of the buffer.
  func fill(from values: some Collection<Float>) { _ = buffer.update(fromContentsOf: values) }

  func fill(_ value: Float) { pointer.update(repeating: value, count: count) }
}
