extension BootstrapDistribution {
  /// The confidence interval that follows from the replicates.
  ///
  /// Quantiles interpolate linearly between order statistics. With
  /// ``IntervalMethod/biasCorrectedAccelerated`` the limits are NaN where the method has none: if
  /// every replicate lies on one side of the estimate, or leaving a sample out never changes the
  /// statistic. All limits are NaN if no replicate is defined.
  ///
  /// - Parameters:
  ///   - level: the level of confidence, more than 0 and less than 1.
  ///   - method: how the limits follow from the replicates.
  /// - Returns: the estimate with its limits.
  /// - Throws: ``MetricsError/invalidOption(name:found:expected:)`` for another `level`.
  /// - Complexity: O(number of replicates) for each limit.
  ///
  /// *Reference:* `numpy.percentile` 2.4 (linear), `scipy.stats.bootstrap` 1.17 with
  /// `method="BCa"`.
  public func interval(
    level: Double = 0.95, method: IntervalMethod = .percentile
  ) throws(MetricsError) -> ConfidenceInterval {
    guard level > 0, level < 1 else {
      throw .invalidOption(name: "level", found: "\(level)", expected: "between 0 and 1")
    }
    var defined = replicates
    defined.removeAll { $0.isNaN }
    let tail = (1 - level) / 2
    let tails: (Double, Double)
    switch method {
    case .percentile: tails = (tail, 1 - tail)
    case .biasCorrectedAccelerated: tails = correctedTails(tail, defined: defined)
    }
    let (lower, upper) = quantiles(of: &defined, at: tails.0, tails.1)
    return ConfidenceInterval(
      estimate: estimate, lower: lower, upper: upper, level: level, method: method)
  }

  /// The two-sided probability that the statistic lies on the other side of `value`.
  ///
  ///     p = min(1, 2 (1 + min(#replicates ≤ value, #replicates ≥ value)) / (1 + #replicates))
  ///
  /// The added 1 counts the observed set among the resamples, so that p is never 0. NaN if no
  /// replicate is defined.
  ///
  /// - Parameter value: the value under test, 0 for a difference.
  /// - Returns: a probability in 0...1, or NaN as said above.
  public func twoSidedProbability(of value: Double = 0) -> Double {
    let defined = replicates.count - undefinedCount
    guard defined > 0 else { return .nan }
    let below = replicates.count { $0 <= value }
    let above = replicates.count { $0 >= value }
    return min(1, 2 * Double(1 + min(below, above)) / Double(1 + defined))
  }

  private func correctedTails(_ tail: Double, defined: [Double]) -> (Double, Double) {
    let below = defined.count { $0 < estimate }
    let atMost = defined.count { $0 <= estimate }
    let bias = Normal.quantile(Double(below + atMost) / Double(2 * defined.count))
    let values = leaveOneOut.filter { !$0.isNaN }
    let mean = values.reduce(0, +) / Double(values.count)
    var squares = 0.0
    var cubes = 0.0
    for value in values {
      let gap = mean - value
      squares += gap * gap
      cubes += gap * gap * gap
    }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    func corrected(_ probability: Double) -> Double {
      let shifted = bias + Normal.quantile(probability)
      return Normal.cumulative(bias + shifted / (1 - acceleration * shifted))
    }
    return (corrected(tail), corrected(1 - tail))
  }
}

/// The quantiles of `values` at two probabilities, by linear interpolation of order statistics.
///
/// `values` is reordered. NaN for an empty array or a probability that is NaN.
func quantiles(of values: inout [Double], at lower: Double, _ upper: Double) -> (Double, Double) {
  (quantile(of: &values, at: lower), quantile(of: &values, at: upper))
}

private func quantile(of values: inout [Double], at probability: Double) -> Double {
  guard !values.isEmpty, probability >= 0, probability <= 1 else { return .nan }
  let position = probability * Double(values.count - 1)
  let index = Int(position)
  let fraction = position - Double(index)
  return values.withUnsafeMutableBufferPointer { buffer in
    let low = select(index, in: buffer)
    guard fraction > 0 else { return low }
    // After selection everything to the right is at least as large.
    var high = buffer[index + 1]
    for other in buffer[(index + 1)...] where other < high { high = other }
    return low + (high - low) * fraction
  }
}

/// Puts the element of rank `rank` at its place, smaller ones before it and larger after it.
///
/// Hoare's selection with a median of three; O(n) on average.
private func select(_ rank: Int, in values: UnsafeMutableBufferPointer<Double>) -> Double {
  var low = 0
  var high = values.count - 1
  while low < high {
    let middle = low + (high - low) / 2
    if values[middle] < values[low] { values.swapAt(middle, low) }
    if values[high] < values[low] { values.swapAt(high, low) }
    if values[high] < values[middle] { values.swapAt(high, middle) }
    let pivot = values[middle]
    var left = low
    var right = high
    while left <= right {
      while values[left] < pivot { left += 1 }
      while pivot < values[right] { right -= 1 }
      if left <= right {
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
    }
    if rank <= right {
      high = right
    } else if rank >= left {
      low = left
    } else {
      break
    }
  }
  return values[rank]
}
