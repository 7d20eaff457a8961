import CSentioTensorKernels

extension Tensor {
  /// `e^x / Σ e^x` along an axis, without overflow.
  ///
  /// A row that is -infinity throughout, or has an infinity or a NaN, becomes NaN, as in PyTorch.
  ///
  /// - Parameters:
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape, whose rows along the axis sum to 1.
  public func softmax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    along(
      axis, sentio_row_softmax, sentio_column_softmax, sentio_row_softmax_gradient,
      sentio_column_softmax_gradient, file, line)
  }

  /// `x − ln Σ e^x` along an axis: the logarithm of ``softmax(axis:file:line:)``, without its rounding to 0.
  ///
  /// - Parameters:
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape.
  public func logSoftmax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    along(
      axis, sentio_row_log_softmax, sentio_column_log_softmax, sentio_row_log_softmax_gradient,
      sentio_column_log_softmax_gradient, file, line)
  }

  private typealias Rows =
    @Sendable (
      UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int
    ) -> Void
  private typealias Columns =
    @Sendable (
      UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, Int
    ) -> Void
  private typealias RowGradient =
    @Sendable (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int
    ) -> Void
  private typealias ColumnGradient =
    @Sendable (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, Int
    ) -> Void

  /// Applies an operation on rows, or the same on columns where the axis is not the last.
  private func along(
    _ axis: Int, _ rows: @escaping Rows, _ columns: @escaping Columns,
    _ rowGradient: @escaping RowGradient, _ columnGradient: @escaping ColumnGradient,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    let result = Tensor(uninitialized: shape)
    let (input, output) = (storage.pointer, result.storage.pointer)
    // An exponential costs as much as several copies.
    eachRun(along: axis, cost: 4) { place, count, length, step in
      if step == 1 { return rows(input + place, output + place, count, length) }
      columns(input + place, output + place, length, count, step)
    }
    return result.derived(
      from: self,
      { arriving in
        let gradient = Tensor(uninitialized: result.shape)
        let (y, g, out) = (
          result.storage.pointer, arriving.storage.pointer, gradient.storage.pointer
        )
        result.eachRun(along: axis, cost: 3) { place, count, length, step in
          if step == 1 { return rowGradient(y + place, g + place, out + place, count, length) }
          columnGradient(y + place, g + place, out + place, length, count, step)
        }
        return gradient
      })
  }

  /// Calls a closure for all runs of elements along an axis, many at once.
  ///
  /// It is given where the first of neighbouring runs starts, their number, their length and the distance of
  /// their elements. A distance of 1 means that each run follows the one before it.
  private func eachRun(
    along axis: Int, cost: Int,
    _ body: (_ place: Int, _ count: Int, _ length: Int, _ step: Int) -> Void
  ) {
    guard count > 0 else { return }
    let length = shape[axis]
    let inner = shape.dropFirst(axis + 1).reduce(1, *)
    let outer = count / (length * inner)
    if inner == 1 {
      return ParallelLoop.run(outer, cost: cost * length) { range in
        body(range.lowerBound * length, range.count, length, 1)
      }
    }
    // Strips of whole cache lines, unless there are enough blocks without.
    let strip = outer >= 64 ? inner : 64
    let strips = (inner + strip - 1) / strip
    ParallelLoop.run(outer * strips, cost: cost * length * Swift.min(strip, inner)) { range in
      for item in range {
        let left = item % strips * strip
        body(
          item / strips * length * inner + left, Swift.min(strip, inner - left), length, inner)
      }
    }
  }
}
