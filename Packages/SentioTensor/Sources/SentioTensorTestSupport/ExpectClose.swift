import SentioTensor
import Testing

/// How far two numbers may be apart.
public struct Tolerance: Sendable, Hashable {
  /// The part that grows with the expected number.
  public let relative: Float
  /// The part that does not.
  public let absolute: Float

  /// Creates a tolerance: numbers agree within `absolute + relative · |expected|`.
  ///
  /// - Parameters:
  ///   - relative: the part that grows with the expected number.
  ///   - absolute: the part that does not.
  public init(relative: Float = 0, absolute: Float = 0) {
    self.relative = relative
    self.absolute = absolute
  }

  /// No difference at all.
  public static let exact = Tolerance()
  /// A few roundings of single precision.
  public static let float = Tolerance(relative: 1e-5, absolute: 1e-6)

  func allows(_ actual: Float, _ expected: Float) -> Bool {
    if actual.isNaN || expected.isNaN { return actual.isNaN && expected.isNaN }
    if actual == expected { return true }
    // An infinite expectation would allow everything.
    return expected.isFinite && abs(actual - expected) <= absolute + relative * abs(expected)
  }
}

/// Expects two tensors to have one shape and elements within a tolerance of each other.
///
/// The shape is compared first. An issue names the worst element: its index, both values, and the
/// absolute and relative error; and how many others are out. NaN equals NaN, infinities their like.
///
/// - Parameters:
///   - actual: what was computed.
///   - expected: what it should be.
///   - tolerance: how far elements may be apart.
///   - comment: what is compared.
///   - location: the caller's place.
/// - Returns: whether they agree.
@discardableResult
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, within tolerance: Tolerance = .float,
  _ comment: @autoclosure () -> String = "", location: SourceLocation = #_sourceLocation
) -> Bool {
  guard let difference = difference(actual, expected, tolerance) else { return true }
  let comment = comment()
  let text = comment.isEmpty ? difference : "\(comment): \(difference)"
  Issue.record(Comment(rawValue: text), sourceLocation: location)
  return false
}

/// What differs, in words; nil where nothing does.
func difference(_ actual: Tensor, _ expected: Tensor, _ tolerance: Tolerance) -> String? {
  guard actual.shape == expected.shape else {
    return "shape \(actual.shape), expected \(expected.shape)"
  }
  let (x, y) = (actual.scalars, expected.scalars)
  let wrong = x.indices.filter { !tolerance.allows(x[$0], y[$0]) }
  func excess(_ i: Int) -> Float {
    let error = abs(x[i] - y[i])
    let allowance = tolerance.absolute + tolerance.relative * abs(y[i])
    if !error.isFinite { return .infinity }
    return allowance > 0 ? error / allowance : error
  }
  guard let worst = wrong.max(by: { excess($0) < excess($1) }) else { return nil }
  var rest = worst
  let index = actual.shape.reversed().map { extent in
    defer { rest /= extent }
    return rest % extent
  }
  let error = abs(x[worst] - y[worst])
  return "\(wrong.count) of \(x.count) elements are off, the worst at \(Array(index.reversed())): "
    + "\(x[worst]), expected \(y[worst]), absolute error \(error), "
    + "relative error \(error / abs(y[worst]))"
}
