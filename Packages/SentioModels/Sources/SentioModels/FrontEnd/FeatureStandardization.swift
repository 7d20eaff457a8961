import SentioDSP
import SentioData
import SentioTensor

/// The mean and the deviation of each feature over the real steps of the training songs.
///
/// A network's input is `(x − mean) / deviation`. What is learned of the training songs alone travels with the network.
public struct FeatureStandardization: Hashable, Codable, Sendable {
  /// The mean of each feature.
  public var mean: [Float]
  /// The population standard deviation of each feature; 1 for a feature that is constant.
  public var deviation: [Float]

  /// Takes the numbers.
  ///
  /// - Parameters:
  ///   - mean: the mean of each feature.
  ///   - deviation: the deviation of each feature, above 0.
  public init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Measures records of steps, `[L, F]`.
  ///
  /// - Parameter source: the training songs' records, of two extents; padding is passed over.
  public init(of source: some BatchSource) {
    precondition(source.extents.count == 2, "records of \(source.extents) are no sequences")
    let (steps, features) = (source.extents[0], source.extents[1])
    // Welford's: the mean so far, and the sum of squares about it, keep their digits whatever the mean.
    var count = 0.0
    var mean = [Double](repeating: 0, count: features)
    var squares = mean
    withUnsafeTemporaryAllocation(of: Float.self, capacity: steps * features) { record in
      for index in source.ids.indices {
        source.copyRecord(index, to: record)
        for step in 0..<(source.realSteps?[index] ?? steps) {
          count += 1
          for feature in 0..<features {
            let value = Double(record[step * features + feature])
            let change = value - mean[feature]
            mean[feature] += change / count
            squares[feature] += change * (value - mean[feature])
          }
        }
      }
    }
    self.mean = mean.map(Float.init)
    deviation = zip(mean, squares).map { mean, square in
      let deviation = count > 0 ? (square / count).squareRoot() : 0
      // A constant feature tells nothing, and is not blown up to noise.
      return deviation > 1e-6 * max(1, abs(mean)) ? Float(deviation) : 1
    }
  }

  func validate(features: Int) throws(DSPError) {
    try require(
      mean.count == features && deviation.count == features, "standardization",
      "\(mean.count) means and \(deviation.count) deviations", "\(features) of each")
    try require(
      mean.allSatisfy(\.isFinite) && deviation.allSatisfy { $0 > 0 && $0.isFinite },
      "standardization", "a number that is not", "finite means, and deviations above 0")
  }

  /// Standardizes sequences; padding becomes 0.
  ///
  /// - Parameters:
  ///   - x: `[N, L, F]`.
  ///   - lengths: the real steps of each; nil where all are real.
  /// - Returns: the same shape.
  public func callAsFunction(_ x: Tensor, lengths: [Int]? = nil) -> Tensor {
    precondition(
      x.rank == 3 && x.shape[2] == mean.count,
      "inputs of \(x.shape) are no sequences of \(mean.count) features")
    let (steps, features) = (x.shape[1], x.shape[2])
    return x.withUnsafeBufferPointer { source in
      Tensor(uninitialized: x.shape) { target in
        for row in 0..<x.shape[0] * steps {
          let isReal = lengths.map { row % steps < $0[row / steps] } ?? true
          for feature in 0..<features {
            let place = row * features + feature
            target[place] = isReal ? (source[place] - mean[feature]) / deviation[feature] : 0
          }
        }
      }
    }
  }
}
