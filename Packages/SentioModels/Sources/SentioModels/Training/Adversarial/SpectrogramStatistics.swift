import Foundation
import SentioTensor

/// What a set of spectrograms is like, band by band, and how far its members are apart.
public struct SpectrogramStatistics: Sendable, Hashable {
  /// The mean of each mel band, over clips and frames.
  public let means: [Double]
  /// The population deviation of each band, over clips and frames.
  public let deviations: [Double]
  /// The mean absolute change of each band from frame to frame; zeros for single frames.
  public let movements: [Double]
  /// The mean root-mean-square distance of two clips; 0 for fewer than two.
  public let meanDistance: Double

  /// Measures spectrograms.
  ///
  /// - Parameter spectrograms: `[N, 1, mels, frames]`, at least one.
  public init(_ spectrograms: Tensor) {
    precondition(
      spectrograms.rank == 4 && spectrograms.shape[1] == 1 && spectrograms.count > 0,
      "spectrograms of shape \(spectrograms.shape)")
    let shape = spectrograms.shape
    let (count, mels, frames) = (shape[0], shape[2], shape[3])
    var sums = [Double](repeating: 0, count: mels)
    var squares = sums
    var changes = sums
    spectrograms.withUnsafeBufferPointer { values in
      for row in 0..<count * mels {
        let (band, start) = (row % mels, row * frames)
        var (sum, square, change) = (0.0, 0.0, 0.0)
        for frame in start..<start + frames {
          let value = Double(values[frame])
          sum += value
          square += value * value
          if frame > start { change += abs(value - Double(values[frame - 1])) }
        }
        sums[band] += sum
        squares[band] += square
        changes[band] += change
      }
    }
    let terms = Double(count * frames)
    let means = sums.map { $0 / terms }
    self.means = means
    deviations = zip(squares, means).map { max(0, $0 / terms - $1 * $1).squareRoot() }
    movements = changes.map { frames > 1 ? $0 / Double(count * (frames - 1)) : 0 }
    let distances = SpectrogramDistances(spectrograms, spectrograms)
    var (sum, pairs) = (0.0, 0)
    for row in 0..<count {
      for column in 0..<row {
        sum += distances[row, column]
        pairs += 1
      }
    }
    meanDistance = pairs > 0 ? sum / Double(pairs) : 0
  }
}

/// Root-mean-square distances between the spectrograms of two sets.
///
/// `√(|a|² + |b|² − 2·a·b)` with one matrix product for all pairs, of spectrograms that the mean of all is taken from, so
/// that little cancels. What is left of rounding is about 10⁻³ deviations: equal clips may be that far apart.
public struct SpectrogramDistances: Sendable {
  /// The spectrograms of the second set.
  public let columns: Int
  private let values: [Double]

  /// Measures all pairs.
  ///
  /// - Parameters:
  ///   - a: `[N, …]`.
  ///   - b: `[M, …]` of the same size.
  public init(_ a: Tensor, _ b: Tensor) {
    let size = a.shape.dropFirst().reduce(1, *)
    precondition(
      a.shape.dropFirst().elementsEqual(b.shape.dropFirst()) && size > 0,
      "spectrograms of shapes \(a.shape) and \(b.shape)")
    // [N, 1, mels, frames] -> [N, 1 · mels · frames]
    let (a, b) = (a.reshaped([a.shape[0], size]), b.reshaped([b.shape[0], size]))
    let centre = b.mean(axes: 0, keepingAxes: true)
    let (first, second) = (a - centre, b - centre)
    let products = first.matmul(second, transposeB: true).scalars
    func squares(_ x: Tensor) -> [Double] { x.squared().sum(axes: 1).scalars.map(Double.init) }
    let (ofFirst, ofSecond) = (squares(first), squares(second))
    columns = ofSecond.count
    values = products.enumerated().map { index, product in
      let (row, column) = index.quotientAndRemainder(dividingBy: ofSecond.count)
      let square = ofFirst[row] + ofSecond[column] - 2 * Double(product)
      return (max(0, square) / Double(size)).squareRoot()
    }
  }

  /// The distance of a spectrogram of the first set and one of the second.
  public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }
}
