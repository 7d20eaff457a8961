import SentioTensor
import Testing

/// Compares the gradients of a function with differences of its values.
///
/// The function's result is weighed with fixed random numbers and summed, so that a mistake in any element
/// shows. The differences are central and of fourth order, `(8·(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h`, with
/// sums in double precision. The inputs must stay 2h away from kinks such as that of the absolute
/// value. An input with two axes of one extent above 1 is an issue: it would hide a transposition.
///
/// - Parameters:
///   - inputs: where to compare; all elements of all of them are tried, so let them be small.
///   - step: h.
///   - tolerance: how far gradient and difference may be apart; by default what single precision leaves of the
///     difference for values around 1.
///   - comment: what is compared.
///   - location: the caller's place.
///   - function: computes a tensor of any shape.
public func checkGradient(
  of inputs: [Tensor], step: Float = 0.02,
  within tolerance: Tolerance = Tolerance(relative: 1e-3, absolute: 2e-4),
  _ comment: String = "", location: SourceLocation = #_sourceLocation,
  _ function: ([Tensor]) -> Tensor
) {
  for input in inputs {
    let extents = input.shape.filter { $0 > 1 }
    if Set(extents).count < extents.count {
      Issue.record(
        "\(comment): axes of one extent hide transpositions: \(input.shape)",
        sourceLocation: location)
    }
  }
  var stream = RandomStream(seed: 17, "checkGradient")
  let weights = Tensor.uniform(function(inputs).shape, in: 0.5..<1.5, from: &stream)
  let (_, gradients) = valueAndGradient(of: inputs) { (function($0) * weights).sum() }
  let factors = weights.scalars.map(Double.init)

  /// The weighed difference of the results for one element moved up and down.
  func difference(_ input: Int, _ element: Int, _ step: Float) -> Double {
    let values = [step, -step].map { step in
      var moved = inputs
      moved[input].withUnsafeMutableBufferPointer { $0[element] += step }
      return function(moved).scalars
    }
    return zip(factors, zip(values[0], values[1])).reduce(0) {
      $0 + $1.0 * (Double($1.1.0) - Double($1.1.1))
    }
  }
  for (index, input) in inputs.enumerated() {
    let slopes = (0..<input.count).map { element in
      Float(
        (8 * difference(index, element, step) - difference(index, element, 2 * step))
          / (12 * Double(step)))
    }
    expectClose(
      gradients[index], Tensor(slopes, shape: input.shape), within: tolerance,
      "\(comment) gradient of input \(index)", location: location)
  }
}
