// The reductions once more, for axes that stand in the source: `x.mean(axes: 0, 2)`. No axis means all.
extension Tensor {
  /// The sum over axes; 0 where there is nothing.
  ///
  /// NaN where there is one, or infinities of both signs.
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
    sum(axes: axes, keepingAxes: keepingAxes, file: file, line: line)
  }

  /// The arithmetic mean over axes; NaN where there is nothing.
  ///
  /// NaN where there is one, or infinities of both signs.
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
    mean(axes: axes, keepingAxes: keepingAxes, file: file, line: line)
  }

  /// The variance over axes: mean squared distance from the mean.
  ///
  /// NaN where there is a NaN or an infinity.
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
    variance(axes: axes, keepingAxes: keepingAxes, correction: correction, file: file, line: line)
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
    max(axes: axes, keepingAxes: keepingAxes, file: file, line: line)
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
    min(axes: axes, keepingAxes: keepingAxes, file: file, line: line)
  }

  /// `ln Σ e^x` over axes, without overflow; -infinity where there is nothing.
  ///
  /// NaN where there is one, infinity where there is that; an element whose share is ∞ − ∞ gets NaN back,
  /// as in PyTorch.
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
    logSumExp(axes: axes, keepingAxes: keepingAxes, file: file, line: line)
  }

  /// The Euclidean norm `√Σx²` over axes; 0 where there is nothing, and then so is its gradient.
  ///
  /// NaN where there is one, infinity where there is one of either sign (which gets NaN back) or where a
  /// square exceeds `Float`.
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
    norm(axes: axes, keepingAxes: keepingAxes, file: file, line: line)
  }
}
