/// How often each true class was predicted as each class.
///
/// The counts of several parts can be added with ``merge(_:)``; every measure below is computed
/// from the counts.
public struct ConfusionMatrix: Hashable, Sendable, Codable {
  /// The number of classes, C.
  public let classCount: Int
  /// The counts [C, C], row by row; rows are true classes, columns predicted ones.
  public private(set) var counts: [Int]

  /// Creates a matrix of zeros.
  ///
  /// - Parameter classCount: the number of classes, 1 to 10,000.
  /// - Throws: ``MetricsError/invalidOption(name:found:expected:)`` for another number.
  public init(classCount: Int) throws(MetricsError) {
    guard (1...10_000).contains(classCount) else {
      throw .invalidOption(name: "classCount", found: "\(classCount)", expected: "1 to 10,000")
    }
    self.classCount = classCount
    counts = Array(repeating: 0, count: classCount * classCount)
  }

  /// Counts paired classes.
  ///
  /// - Parameters:
  ///   - prediction: the predicted class of each sample, in 0..<C.
  ///   - truth: the true class of each sample, in 0..<C, in the same order.
  ///   - classCount: the number of classes C, 1 to 10,000.
  /// - Throws: ``MetricsError`` for unequal lengths, a class outside 0..<C, or an impossible C.
  public init(prediction: [Int], truth: [Int], classCount: Int) throws(MetricsError) {
    try self.init(classCount: classCount)
    try checkEqualLengths("prediction", prediction.count, "truth", truth.count)
    for index in truth.indices {
      try checkClass(prediction[index], at: index, argument: "prediction")
      try checkClass(truth[index], at: index, argument: "truth")
      counts[truth[index] * classCount + prediction[index]] += 1
    }
  }

  /// The number of samples of class `truth` that were predicted as class `prediction`.
  ///
  /// Both classes must lie in 0..<``classCount``.
  public subscript(truth truth: Int, prediction prediction: Int) -> Int {
    precondition(
      (0..<classCount).contains(truth) && (0..<classCount).contains(prediction),
      "classes (\(truth), \(prediction)) outside 0 ..< \(classCount)")
    return counts[truth * classCount + prediction]
  }

  /// Counts one sample.
  ///
  /// - Parameters:
  ///   - prediction: its predicted class, in 0..<C.
  ///   - truth: its true class, in 0..<C.
  /// - Throws: ``MetricsError/classOutOfRange(argument:index:found:classCount:)`` with the number
  ///   of samples so far as index; nothing is then counted.
  public mutating func add(prediction: Int, truth: Int) throws(MetricsError) {
    for (value, argument) in [(prediction, "prediction"), (truth, "truth")]
    where !(0..<classCount).contains(value) {
      throw .classOutOfRange(
        argument: argument, index: total, found: value, classCount: classCount)
    }
    counts[truth * classCount + prediction] += 1
  }

  /// Adds the counts of another matrix.
  ///
  /// - Parameter other: a matrix of as many classes.
  /// - Throws: ``MetricsError/unequalLengths(first:firstCount:second:secondCount:)`` for another
  ///   number of classes; nothing is then added.
  public mutating func merge(_ other: ConfusionMatrix) throws(MetricsError) {
    try checkEqualLengths("classCount", classCount, "other.classCount", other.classCount)
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// The number of samples.
  public var total: Int { counts.reduce(0, +) }

  /// The number of samples whose true class is `index`.
  public func truthCount(of index: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + self[truth: index, prediction: $1] }
  }

  /// The number of samples that were predicted as class `index`.
  public func predictionCount(of index: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + self[truth: $1, prediction: index] }
  }

  private func checkClass(
    _ value: Int, at index: Int, argument: String
  ) throws(MetricsError) {
    guard (0..<classCount).contains(value) else {
      throw .classOutOfRange(
        argument: argument, index: index, found: value, classCount: classCount)
    }
  }
}
