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
    // An exponential costs as much as several copies.
    alongLast(axis, file, line) { x in
      let y = x.mappedRows(cost: 4, sentio_row_softmax)
      return y.derived(from: x, { y.rowGradient(sentio_row_softmax_gradient, of: $0) })
    }
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
    alongLast(axis, file, line) { x in
      let y = x.mappedRows(cost: 4, sentio_row_log_softmax)
      return y.derived(from: x, { y.rowGradient(sentio_row_log_softmax_gradient, of: $0) })
    }
  }

  /// Applies an operation on rows to another axis than the last.
  private func alongLast(
    _ axis: Int, _ file: StaticString, _ line: UInt, _ operation: (Tensor) -> Tensor
  ) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    if axis == rank - 1 { return operation(self) }
    var order = Array(0..<rank)
    order.swapAt(axis, rank - 1)
    return operation(permuted(order)).permuted(order)
  }

  private typealias Rows = (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int) -> Void

  private func mappedRows(cost: Int, _ kernel: @escaping Rows) -> Tensor {
    let columns = shape[rank - 1]
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let input = storage.pointer
    let output = result.storage.pointer
    ParallelLoop.run(count / columns, cost: cost * columns) { range in
      kernel(
        input + range.lowerBound * columns, output + range.lowerBound * columns, range.count,
        columns)
    }
    return result
  }

  private typealias RowGradient = (
    UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int
  ) -> Void

  /// The gradient of an operation on rows from its output, which this is, and the gradient of that.
  private func rowGradient(_ kernel: @escaping RowGradient, of gradient: Tensor) -> Tensor {
    let columns = shape[rank - 1]
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let (y, g) = (storage.pointer, gradient.storage.pointer)
    let output = result.storage.pointer
    ParallelLoop.run(count / columns, cost: 2 * columns) { range in
      let start = range.lowerBound * columns
      kernel(y + start, g + start, output + start, range.count, columns)
    }
    return result
  }
}
