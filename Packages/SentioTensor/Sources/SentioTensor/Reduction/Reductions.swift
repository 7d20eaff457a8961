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
    let arranged = isTrailing ? self : detached().permuted(axes.kept + axes.reduced)
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
  /// NaN where there is one, or infinities of both signs.
  ///
  /// - Parameters:
  ///   - axes: the axes to sum over; an empty list means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the sums.
  public func sum(
    axes: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    summed(axes, keepingAxes: keepingAxes, file: file, line: line)
  }

  func summed(
    _ list: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axes = Axes(list, of: shape, file, line)
    // The tape broadcasts it, where what comes before cannot take it as it is.
    return sums(list, axes, keepingAxes, file, line)
      .derived(from: self, { $0.reshaped(axes.full) })
  }

  private func sums(
    _ list: [Int], _ axes: Axes, _ keepingAxes: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
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
    if outer == 1 {
      ParallelLoop.run(columns, cost: rows) { range in
        sentio_column_sum(
          input + range.lowerBound, output + range.lowerBound, rows, range.count, columns)
      }
      return result
    }
    ParallelLoop.run(outer, cost: rows * columns) { range in
      for index in range {
        sentio_column_sum(
          input + index * rows * columns, output + index * columns, rows, columns, columns)
      }
    }
    return result
  }

  /// The arithmetic mean over axes; NaN where there is nothing.
  ///
  /// NaN where there is one, or infinities of both signs.
  ///
  /// - Parameters:
  ///   - axes: the axes to average over; an empty list means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the means.
  public func mean(
    axes: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let sums = summed(axes, keepingAxes: keepingAxes, file: file, line: line)
    let terms = sums.count > 0 ? count / sums.count : 0
    return sums / Float(terms)
  }

  /// The variance over axes: mean squared distance from the mean.
  ///
  /// NaN where there is a NaN or an infinity.
  ///
  /// - Parameters:
  ///   - axes: the axes; an empty list means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - correction: what is taken from the number of terms in the divisor: 0 for the population, 1
  ///     for a sample. NaN where nothing is left.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the variances.
  public func variance(
    axes: [Int], keepingAxes: Bool = false, correction: Int = 0, file: StaticString = #fileID,
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
    let (x, full) = (self, Axes(axes, of: shape, file, line).full)
    let divisor = Float(terms - correction)
    return (squares / divisor).derived(
      from: self,
      { gradient in
        (x - x.summed(axes, keepingAxes: true) / Float(terms))
          * (gradient.reshaped(full) * (2 / divisor))
      })
  }

  /// The largest element over axes; NaN where there is one.
  ///
  /// - Parameters:
  ///   - axes: the axes; an empty list means all. They must not be empty.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the maxima.
  public func max(
    axes: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: false, "max", file, line, sentio_row_maximum
    ).derivedAsExtremum(of: self, Axes(axes, of: shape, file, line).full)
  }

  /// Equal extrema share the gradient.
  private func derivedAsExtremum(of x: Tensor, _ full: Shape) -> Tensor {
    let extremum = self
    return derived(
      from: x,
      { gradient in
        let chosen = x .== extremum.reshaped(full)
        return chosen * (gradient.reshaped(full) / chosen.reduced(to: full))
      })
  }

  /// The smallest element over axes; NaN where there is one.
  ///
  /// - Parameters:
  ///   - axes: the axes; an empty list means all. They must not be empty.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the minima.
  public func min(
    axes: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: false, "min", file, line, sentio_row_minimum
    ).derivedAsExtremum(of: self, Axes(axes, of: shape, file, line).full)
  }

  /// `ln Σ e^x` over axes, without overflow; -infinity where there is nothing.
  ///
  /// NaN where there is one, infinity where there is that; an element whose share is ∞ − ∞ gets NaN back,
  /// as in PyTorch.
  ///
  /// - Parameters:
  ///   - axes: the axes; an empty list means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the logarithms.
  public func logSumExp(
    axes: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (x, full) = (self, Axes(axes, of: shape, file, line).full)
    let result = reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: true, "logSumExp", file, line,
      sentio_row_log_sum_exp)
    return result.derived(
      from: self, { (x - result.reshaped(full)).exp() * $0.reshaped(full) })
  }

  /// The Euclidean norm `√Σx²` over axes; 0 where there is nothing, and then so is its gradient.
  ///
  /// NaN where there is one, infinity where there is one of either sign (which gets NaN back) or where a
  /// square exceeds `Float`.
  ///
  /// - Parameters:
  ///   - axes: the axes; an empty list means all.
  ///   - keepingAxes: whether those axes stay, with extent 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the norms.
  public func norm(
    axes: [Int], keepingAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let squares = reducedRows(
      axes, keeping: keepingAxes, allowsEmpty: true, "norm", file, line
    ) { input, output, rows, columns in
      output.update(repeating: 0, count: rows)
      sentio_row_squares(input, output, output, rows, columns)
    }
    let (x, full) = (self, Axes(axes, of: shape, file, line).full)
    let norms = squares.squareRoot()
    return norms.derived(
      from: self,
      { gradient in
        // At 0 the norm has no derivative, and 0 is the one of least size.
        let factor = Tensor.select(where: norms .== Tensor(0), Tensor(0), else: gradient / norms)
        return x * factor.reshaped(full)
      })
  }
}
