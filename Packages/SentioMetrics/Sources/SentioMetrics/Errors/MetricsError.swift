/// What can be wrong with the numbers that a caller hands to a metric.
///
/// Data that a file or a model produced is never trusted: every function of this module checks
/// it and throws one of these, with the position and both values, instead of trapping or of
/// returning a number that means nothing. A series that is legal but degenerate (constant, for
/// example) is not an error; each metric documents what it returns for it.
public enum MetricsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Two series that must be paired element by element differ in length.
  ///
  /// `first` and `second` are the argument labels, such as `prediction` and `truth`.
  case unequalLengths(first: String, firstCount: Int, second: String, secondCount: Int)
  /// A statistic needs at least `needed` samples and got `found`.
  case tooFewSamples(statistic: String, found: Int, needed: Int)
  /// An element is NaN or infinite; `value` is its description.
  case nonFiniteValue(argument: String, index: Int, value: String)
  /// A class index is not one of `0 ..< classCount`.
  case classOutOfRange(argument: String, index: Int, found: Int, classCount: Int)
  /// An option or a count is outside the values it may take.
  case invalidOption(name: String, found: String, expected: String)

  /// One sentence that says what was expected, what was found and what to do.
  public var description: String {
    switch self {
    case .unequalLengths(let first, let firstCount, let second, let secondCount):
      "\(first) has \(firstCount) elements and \(second) has \(secondCount); "
        + "they are paired element by element, so pass series of equal length"
    case .tooFewSamples(let statistic, let found, let needed):
      "\(statistic) needs at least \(needed) samples, found \(found)"
    case .nonFiniteValue(let argument, let index, let value):
      "\(argument)[\(index)] is \(value); remove or repair the sample before it is scored"
    case .classOutOfRange(let argument, let index, let found, let classCount):
      "\(argument)[\(index)] is class \(found), outside 0 ..< \(classCount)"
    case .invalidOption(let name, let found, let expected):
      "\(name) is \(found), expected \(expected)"
    }
  }
}
