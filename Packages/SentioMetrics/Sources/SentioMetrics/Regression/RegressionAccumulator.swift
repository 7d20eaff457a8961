/// The running moments of paired predictions and truths, from which every moment metric follows.
///
/// Feed it one pair at a time, or several accumulators in parallel and ``merge(_:)`` them; memory
/// is constant. Its metrics are over **everything that was added**. That matters for the
/// concordance correlation, whose average over batches is not its value over the whole set: a
/// batch's own means and variances stand in the formula, so a batch of songs of one mood scores
/// low however good the model is.
///
/// Means and centred sums are updated by Welford's recurrence and merged by Chan's, which do not
/// cancel where the mean is large beside the spread. The rank correlations (Spearman, Kendall)
/// need all samples at once and are not here.
///
/// *Reference:* T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise
/// algorithm for computing sample variances", 1979.
public struct RegressionAccumulator: Hashable, Sendable, Codable {
  /// The number of pairs added.
  public private(set) var count = 0
  /// The mean of the predictions; 0 before the first pair.
  public private(set) var meanPrediction = 0.0
  /// The mean of the truths; 0 before the first pair.
  public private(set) var meanTruth = 0.0

  // Sums of centred squares and products, and of the errors.
  private(set) var predictionSquares = 0.0
  private(set) var truthSquares = 0.0
  private(set) var products = 0.0
  private(set) var absoluteErrors = 0.0
  private(set) var squaredErrors = 0.0

  // A series is constant when its extremes are equal. A centred sum of squares cannot tell: the
  // mean of equal values is often an ulp off the value, which leaves a tiny variance.
  private var predictionExtremes = Extremes()
  private var truthExtremes = Extremes()

  /// Creates an accumulator that holds nothing.
  public init() {}

  /// Creates an accumulator of two whole series, in two passes.
  ///
  /// - Parameters:
  ///   - prediction: what the model says, any unit.
  ///   - truth: what was observed, in the same unit.
  /// - Throws: ``MetricsError`` for unequal lengths or a value that is not finite.
  public init(prediction: [Double], truth: [Double]) throws(MetricsError) {
    try checkPaired(prediction: prediction, truth: truth, minimum: 0, statistic: "accumulator")
    self.init(checkedPrediction: prediction, truth: truth)
  }

  /// The same for series that are known to be finite and of equal length.
  init(checkedPrediction prediction: [Double], truth: [Double]) {
    count = prediction.count
    guard count > 0 else { return }
    var predictionSum = 0.0
    var truthSum = 0.0
    for index in 0..<count {
      predictionSum += prediction[index]
      truthSum += truth[index]
      predictionExtremes.include(prediction[index])
      truthExtremes.include(truth[index])
    }
    meanPrediction = predictionSum / Double(count)
    meanTruth = truthSum / Double(count)
    for index in 0..<count {
      let deviation = prediction[index] - meanPrediction
      let truthDeviation = truth[index] - meanTruth
      let error = prediction[index] - truth[index]
      predictionSquares += deviation * deviation
      truthSquares += truthDeviation * truthDeviation
      products += deviation * truthDeviation
      absoluteErrors += error.magnitude
      squaredErrors += error * error
    }
  }

  /// Adds one pair.
  ///
  /// - Parameters:
  ///   - prediction: what the model says.
  ///   - truth: what was observed, in the same unit.
  /// - Throws: ``MetricsError/nonFiniteValue(argument:index:value:)`` with the number of pairs
  ///   added so far as index; the accumulator is then unchanged.
  public mutating func add(prediction: Double, truth: Double) throws(MetricsError) {
    guard prediction.isFinite else {
      throw .nonFiniteValue(argument: "prediction", index: count, value: "\(prediction)")
    }
    guard truth.isFinite else {
      throw .nonFiniteValue(argument: "truth", index: count, value: "\(truth)")
    }
    count += 1
    let predictionStep = prediction - meanPrediction
    let truthStep = truth - meanTruth
    meanPrediction += predictionStep / Double(count)
    meanTruth += truthStep / Double(count)
    predictionSquares += predictionStep * (prediction - meanPrediction)
    truthSquares += truthStep * (truth - meanTruth)
    products += predictionStep * (truth - meanTruth)
    let error = prediction - truth
    absoluteErrors += error.magnitude
    squaredErrors += error * error
    predictionExtremes.include(prediction)
    truthExtremes.include(truth)
  }

  /// Adds everything that `other` has seen, as if its pairs had been added here.
  public mutating func merge(_ other: RegressionAccumulator) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count + other.count)
    let share = Double(other.count) / total
    let weight = Double(count) * share
    let predictionGap = other.meanPrediction - meanPrediction
    let truthGap = other.meanTruth - meanTruth
    predictionSquares += other.predictionSquares + predictionGap * predictionGap * weight
    truthSquares += other.truthSquares + truthGap * truthGap * weight
    products += other.products + predictionGap * truthGap * weight
    meanPrediction += predictionGap * share
    meanTruth += truthGap * share
    absoluteErrors += other.absoluteErrors
    squaredErrors += other.squaredErrors
    predictionExtremes.include(other.predictionExtremes)
    truthExtremes.include(other.truthExtremes)
    count += other.count
  }

  /// Whether every prediction added so far is the same number.
  public var hasConstantPrediction: Bool { predictionExtremes.areEqual }
  /// Whether every truth added so far is the same number.
  public var hasConstantTruth: Bool { truthExtremes.areEqual }
}

/// The smallest and the largest value of a series.
private struct Extremes: Hashable, Sendable, Codable {
  // Optional, so that an empty accumulator can be written as JSON, which has no infinity.
  var lower: Double?
  var upper: Double?

  var areEqual: Bool { lower == upper }

  mutating func include(_ value: Double) {
    lower = lower.map { Swift.min($0, value) } ?? value
    upper = upper.map { Swift.max($0, value) } ?? value
  }

  mutating func include(_ other: Extremes) {
    if let value = other.lower { include(value) }
    if let value = other.upper { include(value) }
  }
}
