import Foundation

extension FrameMatrix {
  /// Statistics over time of every row.
  ///
  /// Two passes in `Double`: sums first, then moments about the mean, so that a small variation on a large
  /// level keeps its digits. A NaN, or infinities of both signs, make every statistic of their row NaN.
  /// A constant row has exactly zero deviation, skewness, kurtosis and slope. Without frames every statistic is NaN.
  ///
  /// - Parameters:
  ///   - statistics: which statistics, in the order of the result.
  ///   - frameRate: frames per second, above 0; only ``TemporalStatistic/slope`` depends on it.
  /// - Returns: `rowCount · statistics.count` values, a row's statistics together, as
  ///   ``TemporalStatistic/columnNames(rows:statistics:)`` names them.
  ///
  /// *Reference:* numpy 2.4 `mean`, `std`, `min`, `max`, `quantile`; scipy 1.17 `stats.skew`, `stats.kurtosis`,
  /// `stats.linregress`. *Differs from* scipy, whose skewness and kurtosis of a constant row are NaN.
  public func statistics(
    _ statistics: [TemporalStatistic] = TemporalStatistic.report, frameRate: Double = 1
  ) -> [Float] {
    precondition(frameRate > 0, "a frame rate of \(frameRate) per second")
    var moments = RowMoments(of: self)
    if statistics.contains(where: \.needsCentralMoments) { moments.addCentralMoments(of: self) }
    if statistics.contains(.changeDeviation) { moments.addChanges(of: self) }
    var result = [Float](repeating: .nan, count: rowCount * statistics.count)
    if frameCount == 0 { return result }
    for row in 0..<rowCount {
      var sorted: [Float] = []
      for (index, statistic) in statistics.enumerated() {
        let value: Double
        if case .quantile(let fraction) = statistic {
          if sorted.isEmpty && !moments.sum[row].isNaN { sorted = radixSorted(self.row(row)) }
          value = quantile(fraction, of: sorted)
        } else {
          value = moments.value(of: statistic, row: row, frameRate: frameRate)
        }
        result[row * statistics.count + index] = Float(value)
      }
    }
    return result
  }

  /// Statistics over time of row-major values, librosa's layout.
  ///
  /// - Parameters:
  ///   - values: `[rows, frames]`, flattened.
  ///   - rowCount: number of rows, ≥ 1.
  ///   - statistics: which statistics, in the order of the result.
  ///   - frameRate: frames per second, above 0.
  /// - Returns: `rowCount · statistics.count` values, a row's statistics together.
  public static func statistics(
    ofRowMajor values: [Float], rowCount: Int,
    _ statistics: [TemporalStatistic] = TemporalStatistic.report, frameRate: Double = 1
  ) -> [Float] {
    FrameMatrix(rowMajor: values, rowCount: rowCount).statistics(statistics, frameRate: frameRate)
  }
}

extension TemporalStatistic {
  fileprivate var needsCentralMoments: Bool {
    switch self {
    case .mean, .minimum, .maximum, .quantile, .changeDeviation: false
    case .standardDeviation, .skewness, .kurtosis, .slope: true
    }
  }
}

/// The sums that all statistics but quantiles are made of, of all rows side by side.
private struct RowMoments {
  let frameCount: Int
  /// Sums, least and greatest values: the first pass.
  private(set) var sum: [Double]
  private(set) var least: [Float]
  private(set) var greatest: [Float]
  /// Sums of powers of `x - x̄`, and of `(t - t̄)(x - x̄)`: the second pass.
  private(set) var second: [Double] = []
  private(set) var third: [Double] = []
  private(set) var fourth: [Double] = []
  private(set) var lag: [Double] = []
  /// Sums of squares of `x(t) - x(t - 1)` about their mean: a pass of its own.
  private(set) var change: [Double] = []

  init(of matrix: FrameMatrix) {
    let rows = matrix.rowCount
    frameCount = matrix.frameCount
    sum = [Double](repeating: 0, count: rows)
    least = [Float](repeating: .infinity, count: rows)
    greatest = [Float](repeating: -.infinity, count: rows)
    matrix.values.withUnsafeBufferPointer { values in
      for frame in 0..<frameCount {
        for row in 0..<rows {
          let x = values[frame * rows + row]
          sum[row] += Double(x)
          if x < least[row] { least[row] = x }
          if x > greatest[row] { greatest[row] = x }
        }
      }
    }
  }

  func mean(_ row: Int) -> Double {
    // Exactly the constant, which rounding of the sum could miss.
    isConstant(row) ? Double(least[row]) : sum[row] / Double(frameCount)
  }

  /// Whether all values are equal; a row with a NaN is not.
  func isConstant(_ row: Int) -> Bool { least[row] == greatest[row] && !sum[row].isNaN }

  mutating func addCentralMoments(of matrix: FrameMatrix) {
    let rows = matrix.rowCount
    let means = (0..<rows).map(mean)
    let zeros = [Double](repeating: 0, count: rows)
    (second, third, fourth, lag) = (zeros, zeros, zeros, zeros)
    let middle = Double(frameCount - 1) / 2
    matrix.values.withUnsafeBufferPointer { values in
      for frame in 0..<frameCount {
        let time = Double(frame) - middle
        for row in 0..<rows {
          let deviation = Double(values[frame * rows + row]) - means[row]
          let square = deviation * deviation
          second[row] += square
          third[row] += square * deviation
          fourth[row] += square * square
          lag[row] += time * deviation
        }
      }
    }
  }

  mutating func addChanges(of matrix: FrameMatrix) {
    let rows = matrix.rowCount
    change = [Double](repeating: 0, count: rows)
    guard frameCount > 1 else { return }
    let steps = Double(frameCount - 1)
    matrix.values.withUnsafeBufferPointer { values in
      // The mean change is known from the ends.
      let last = (frameCount - 1) * rows
      let means = (0..<rows).map { (Double(values[last + $0]) - Double(values[$0])) / steps }
      for place in rows..<values.count {
        let row = place % rows
        let deviation = Double(values[place]) - Double(values[place - rows]) - means[row]
        change[row] += deviation * deviation
      }
    }
  }

  func value(of statistic: TemporalStatistic, row: Int, frameRate: Double) -> Double {
    if sum[row].isNaN { return .nan }
    let count = Double(frameCount)
    switch statistic {
    case .mean: return mean(row)
    case .minimum: return Double(least[row])
    case .maximum: return Double(greatest[row])
    case .quantile: preconditionFailure("quantiles need the sorted row")
    case .standardDeviation: return (second[row] / count).squareRoot()
    case .skewness:
      if isConstant(row) { return 0 }
      let variance = second[row] / count
      return third[row] / count / (variance * variance.squareRoot())
    case .kurtosis:
      if isConstant(row) { return 0 }
      let variance = second[row] / count
      return fourth[row] / count / (variance * variance) - 3
    case .changeDeviation:
      return frameCount < 2 ? 0 : (change[row] / Double(frameCount - 1)).squareRoot()
    case .slope:
      if frameCount < 2 { return 0 }
      // Σ (t - t̄)² of 0 … T-1 in closed form, in frames squared.
      return lag[row] / (count * (count * count - 1) / 12) * frameRate
    }
  }
}

/// The value at rank `fraction · (count - 1)` of sorted values; NaN if there are none.
private func quantile(_ fraction: Double, of sorted: [Float]) -> Double {
  precondition((0...1).contains(fraction), "a quantile at \(fraction): it must be in 0...1")
  guard !sorted.isEmpty else { return .nan }
  let rank = fraction * Double(sorted.count - 1)
  let lower = Int(rank)
  let upper = min(lower + 1, sorted.count - 1)
  let (a, b) = (Double(sorted[lower]), Double(sorted[upper]))
  return a == b ? a : a + (b - a) * (rank - Double(lower))
}
