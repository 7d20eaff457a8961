import CSentioTensorKernels

// Sums run over blocks in double precision, so that their error does not grow with the length, and
// give the same bits on any number of threads.
extension Tensor {
  typealias RowKernel = (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int) -> Void

  /// The axes that a reduction leaves and those it removes.
  private struct Axes {
    let reduced: [Int]
    let kept: [Int]
    let full: Shape
    let squeezed: Shape

    init(_ axes: [Int], of shape: Shape, _ file: StaticString, _ line: UInt) {
      let chosen = axes.map { resolvedAxis($0, rank: shape.rank, shape, file, line) }
      require(Set(chosen).count == chosen.count, "axes \(axes) repeat", file, line)
      reduced = axes.isEmpty ? Array(0..<shape.rank) : chosen.sorted()
      let gone = Set(reduced)
      kept = (0..<shape.rank).filter { !gone.contains($0) }
      full = Shape((0..<shape.rank).map { gone.contains($0) ? 1 : shape[$0] })
      squeezed = Shape(kept.map { shape[$0] })
    }

    func shape(keeping: Bool) -> Shape { keeping ? full : squeezed }
  }

  /// Reduces each run of the reduced axes' elements, brought side by side, to one number.
  private func reducedRows(
    _ axes: [Int], keeping: Bool, allowsEmpty: Bool, _ name: StaticString, _ file: StaticString,
    _ line: UInt, _ kernel: @escaping RowKernel
  ) -> Tensor {
    let axes = Axes(axes, of: shape, file, line)
    let columns = axes.reduced.reduce(1) { $0 * shape[$1] }
    require(
      allowsEmpty || columns > 0, "\(name) of no elements: shape \(shape)", file, line)
    let isTrailing = axes.reduced.first.map { $0 == rank - axes.reduced.count } ?? true
    let arranged = isTrailing ? self : permuted(axes.kept + axes.reduced)
    let result = Tensor(uninitialized: axes.shape(keeping: keeping))
    let input = arranged.storage.pointer
    let output = result.storage.pointer
    ParallelLoop.run(result.count, cost: columns) { range in
      kernel(
        input + range.lowerBound * columns, output + range.lowerBound, range.count, columns)
    }
    withExtendedLifetime(arranged) {}
    return result
  }

  /// The sum over axes; 0 where there is nothing.
  ///
  /// - Parameters:
  ///   - axes: the axes to sum over; none means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the sums.
  public func sum(
    axes: Int..., keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    summed(axes, keepingAxes: keepingAxes, file: file, line: line)
  }

  func summed(
    _ list: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axes = Axes(list, of: shape, file, line)
    guard let first = axes.reduced.first, let last = axes.reduced.last,
      last - first + 1 == axes.reduced.count, last < rank - 1
    else {
      return reducedRows(
        list, keeping: keepingAxes, allowsEmpty: true, "sum", file, line, sentio_row_sum)
    }
    // Neighbouring axes that others follow: whole rows are added, and nothing is rearranged.
    let outer = shape.prefix(first).reduce(1, *)
    let rows = axes.reduced.reduce(1) { $0 * shape[$1] }
    let columns = shape.dropFirst(last + 1).reduce(1, *)
    let result = Tensor(uninitialized: axes.shape(keeping: keepingAxes))
    let input = storage.pointer
    let output = result.storage.pointer
    ParallelLoop.run(outer, cost: rows * columns) { range in
      for index in range {
        sentio_column_sum(
          input + index * rows * columns, output + index * columns, rows, columns)
      }
    }
    return result
  }

  /// The arithmetic mean over axes; NaN where there is nothing.
  ///
  /// - Parameters:
  ///   - axes: the axes to average over; none means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the means.
  public func mean(
    axes: Int..., keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let sums = summed(axes, keepingAxes: keepingAxes, file: file, line: line)
    let terms = sums.count > 0 ? count / sums.count : 0
    return sums / Float(terms)
  }

  /// The variance over axes: mean squared distance from the mean.
  ///
  /// - Parameters:
  ///   - axes: the axes; none means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - correction: what is taken from the number of terms in the divisor: 0 for the population, 1
  ///     for a sample. NaN where nothing is left.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the variances.
  public func variance(
    axes: Int..., keepingAxes: Bool = false, correction: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let squares = reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: true, "variance", file, line
    ) { input, output, rows, columns in
      sentio_row_sum(input, output, rows, columns)
      for row in 0..<rows { output[row] /= Float(columns) }
      sentio_row_squares(input, output, output, rows, columns)
    }
    let terms = squares.count > 0 ? count / squares.count : 0
    guard terms > correction else { return squares * .nan }
    return squares / Float(terms - correction)
  }

  /// The largest element over axes; NaN where there is one.
  ///
  /// - Parameters:
  ///   - axes: the axes; none means all. They must not be empty.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the maxima.
  public func max(
    axes: Int..., keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: false, "max", file, line, sentio_row_maximum)
  }

  /// The smallest element over axes; NaN where there is one.
  ///
  /// - Parameters:
  ///   - axes: the axes; none means all. They must not be empty.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the minima.
  public func min(
    axes: Int..., keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: false, "min", file, line, sentio_row_minimum)
  }

  /// `ln Σ e^x` over axes, without overflow; -infinity where there is nothing.
  ///
  /// - Parameters:
  ///   - axes: the axes; none means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the logarithms.
  public func logSumExp(
    axes: Int..., keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: true, "logSumExp", file, line,
      sentio_row_log_sum_exp)
  }

  /// The Euclidean norm `√Σx²` over axes; 0 where there is nothing.
  ///
  /// - Parameters:
  ///   - axes: the axes; none means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the norms.
  public func norm(
    axes: Int..., keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let squares = reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: true, "norm", file, line
    ) { input, output, rows, columns in
      output.update(repeating: 0, count: rows)
      sentio_row_squares(input, output, output, rows, columns)
    }
    return squares.squareRoot()
  }

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
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    guard axis == rank - 1 else {
      var order = Array(0..<rank)
      order.swapAt(axis, rank - 1)
      return permuted(order).softmax().permuted(order)
    }
    let columns = shape[axis]
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let input = storage.pointer
    let output = result.storage.pointer
    // An exponential costs as much as several copies.
    ParallelLoop.run(count / columns, cost: 4 * columns) { range in
      sentio_row_softmax(
        input + range.lowerBound * columns, output + range.lowerBound * columns, range.count,
        columns)
    }
    return result
  }

  /// The rows along the last axis, brought to mean 0 and variance 1, then scaled and shifted.
  ///
  /// `(x − mean) / √(variance + ε) · gain + offset`, with the population's variance.
  ///
  /// - Parameters:
  ///   - gain: `[D]` for an axis of extent D; ones if nil.
  ///   - offset: `[D]`; zeros if nil.
  ///   - epsilon: keeps the divisor from 0.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape.
  ///
  /// *Reference:* `torch.nn.functional.layer_norm`, 2.x.
  public func layerNormalized(
    gain: Tensor? = nil, offset: Tensor? = nil, epsilon: Float = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = resolvedAxis(-1, rank: rank, shape, file, line)
    let columns = shape[axis]
    for parameter in [gain, offset].compactMap({ $0 }) {
      require(
        parameter.shape == [columns],
        "gain and offset of shape \(parameter.shape) do not fit \(shape)", file, line)
    }
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let input = storage.pointer
    let output = result.storage.pointer
    ParallelLoop.run(count / columns, cost: 2 * columns) { range in
      sentio_row_normalize(
        input + range.lowerBound * columns, gain?.storage.pointer, offset?.storage.pointer, epsilon,
        output + range.lowerBound * columns, nil, nil, range.count, columns)
    }
    return result
  }
}
