import CSentioTensorKernels

/// Writes large results past the caches.
///
/// A store to a line that is in no cache reads it first. For a result that the last cache cannot hold until it
/// is read again, that is a third of all traffic for nothing. Such results are computed a few pages at a
/// time in the nearest cache, and go to memory from there.
enum OutputStream {
  /// Floats of a result from which on this pays; smaller ones are better kept in the cache for their reader.
  static let threshold = sentio_stream_threshold() / MemoryLayout<Float>.stride
  /// Floats that are computed at a time.
  private static let partCount = 4096

  /// Computes parts of a range of elements.
  ///
  /// - Parameters:
  ///   - range: the elements.
  ///   - output: the first element of the result.
  ///   - total: the elements of the whole result.
  ///   - compute: computes some of the elements into a place that it is given.
  @inline(__always)
  static func write(
    _ range: Range<Int>, to output: UnsafeMutablePointer<Float>, of total: Int,
    _ compute: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    write(range, of: 1, to: output, of: total, compute)
  }

  /// Computes parts of a range of rows of `columns` elements.
  @inline(__always)
  static func write(
    _ range: Range<Int>, of columns: Int, to output: UnsafeMutablePointer<Float>, of total: Int,
    _ compute: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard total >= threshold && columns <= partCount else {
      return compute(range, output + range.lowerBound * columns)
    }
    withUnsafeTemporaryAllocation(
      byteCount: partCount * MemoryLayout<Float>.stride, alignment: 64
    ) { bytes in
      let part = bytes.assumingMemoryBound(to: Float.self).baseAddress!
      var first = range.lowerBound
      while first < range.upperBound {
        let last = min(range.upperBound, first + partCount / columns)
        compute(first..<last, part)
        sentio_copy_past_caches(part, output + first * columns, (last - first) * columns)
        first = last
      }
    }
  }
}
