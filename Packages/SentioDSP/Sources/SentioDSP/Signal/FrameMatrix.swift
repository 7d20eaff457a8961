/// A matrix of features over time: `rowCount` values for each of `frameCount` frames.
///
/// Storage is *frame-major*: the values of one frame are contiguous, because every frame is made
/// and used as a whole while it is in the cache, because a stream appends frames, and because
/// sequence models read time × features. ``rowMajorValues()`` gives librosa's layout `[rows, frames]`.
public struct FrameMatrix: Hashable, Sendable {
  /// Features per frame, `R`.
  public let rowCount: Int

  /// Frames, `T`.
  public private(set) var frameCount: Int

  /// The values, `[T, R]` flattened: value of row `r` at frame `t` stands at `t · R + r`.
  public private(set) var values: [Float]

  /// A matrix of frame-major values.
  ///
  /// - Parameters:
  ///   - values: `frameCount · rowCount` floats.
  ///   - rowCount: features per frame, ≥ 1.
  public init(frameMajor values: [Float], rowCount: Int) {
    precondition(
      rowCount > 0 && values.count % rowCount == 0,
      "\(values.count) values cannot be frames of \(rowCount) rows")
    self.rowCount = rowCount
    self.frameCount = values.count / rowCount
    self.values = values
  }

  /// A matrix of row-major values, librosa's layout.
  ///
  /// - Parameters:
  ///   - values: `rowCount · frameCount` floats, `[rows, frames]`.
  ///   - rowCount: features per frame, ≥ 1.
  public init(rowMajor values: [Float], rowCount: Int) {
    precondition(
      rowCount > 0 && values.count % rowCount == 0,
      "\(values.count) values cannot be \(rowCount) rows")
    let frameCount = values.count / rowCount
    self.init(
      frameMajor: transposed(values, rows: rowCount, columns: frameCount), rowCount: rowCount)
  }

  /// A matrix whose values a closure writes.
  ///
  /// - Parameters:
  ///   - frameCount: frames, ≥ 0.
  ///   - rowCount: features per frame, ≥ 1.
  ///   - fill: is given room for all values, frame-major, and must write every one.
  public init(
    frameCount: Int, rowCount: Int,
    filledBy fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    precondition(
      rowCount > 0 && frameCount >= 0, "a matrix of \(frameCount) frames of \(rowCount) rows")
    self.rowCount = rowCount
    self.frameCount = frameCount
    let total = frameCount * rowCount
    values = try [Float](unsafeUninitializedCapacity: total) { buffer, count in
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<total]))
      count = total
    }
  }

  /// A matrix of one value everywhere.
  public init(repeating value: Float, frameCount: Int, rowCount: Int) {
    self.init(
      frameMajor: [Float](repeating: value, count: frameCount * rowCount), rowCount: rowCount)
  }

  /// The value of a row at a frame.
  public subscript(row row: Int, frame frame: Int) -> Float {
    get {
      precondition(
        row >= 0 && row < rowCount && frame >= 0 && frame < frameCount,
        "row \(row), frame \(frame) of a matrix of \(rowCount) rows and \(frameCount) frames")
      return values[frame * rowCount + row]
    }
    set {
      precondition(
        row >= 0 && row < rowCount && frame >= 0 && frame < frameCount,
        "row \(row), frame \(frame) of a matrix of \(rowCount) rows and \(frameCount) frames")
      values[frame * rowCount + row] = newValue
    }
  }

  /// The values of one frame, `[R]`.
  public func frame(_ index: Int) -> ArraySlice<Float> {
    values[index * rowCount..<(index + 1) * rowCount]
  }

  /// The values of one row over time, `[T]`.
  public func row(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    return (0..<frameCount).map { values[$0 * rowCount + index] }
  }

  /// The values in librosa's layout: `[rows, frames]`, flattened.
  public func rowMajorValues() -> [Float] {
    transposed(values, rows: frameCount, columns: rowCount)
  }

  /// A range of frames.
  public func frames(_ range: Range<Int>) -> FrameMatrix {
    FrameMatrix(
      frameMajor: Array(values[range.lowerBound * rowCount..<range.upperBound * rowCount]),
      rowCount: rowCount)
  }

  /// The same frames with the rows of another matrix below their own.
  ///
  /// - Parameter other: a matrix of as many frames.
  /// - Returns: a matrix of the rows of both.
  public func stacked(on other: FrameMatrix) -> FrameMatrix {
    precondition(
      frameCount == other.frameCount,
      "stacking \(frameCount) frames on \(other.frameCount) frames")
    var all: [Float] = []
    all.reserveCapacity(values.count + other.values.count)
    for t in 0..<frameCount {
      all += frame(t)
      all += other.frame(t)
    }
    return FrameMatrix(frameMajor: all, rowCount: rowCount + other.rowCount)
  }

  /// Appends the frames of another matrix of as many rows.
  public mutating func append(_ other: FrameMatrix) {
    precondition(rowCount == other.rowCount, "\(other.rowCount) rows appended to \(rowCount)")
    values += other.values
    frameCount += other.frameCount
  }

  /// Calls a closure with the frame-major values, which it may change.
  public mutating func withUnsafeMutableValues<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try values.withUnsafeMutableBufferPointer { try body($0) }
  }
}

/// The transpose of a row-major matrix, in tiles of 16 so that both sides stay in the cache.
func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  let tile = 16
  return [Float](unsafeUninitializedCapacity: values.count) { output, count in
    values.withUnsafeBufferPointer { input in
      for rowStart in stride(from: 0, to: rows, by: tile) {
        for columnStart in stride(from: 0, to: columns, by: tile) {
          for row in rowStart..<min(rowStart + tile, rows) {
            for column in columnStart..<min(columnStart + tile, columns) {
              output[column * rows + row] = input[row * columns + column]
            }
          }
        }
      }
    }
    count = values.count
  }
}
