/// Computes a number from a tensor, and how it changes with each of its elements.
///
/// ```swift
/// let (loss, gradient) = valueAndGradient(of: weights) { weights in
///   meanSquaredError(features.matmul(weights), targets)
/// }
/// ```
///
/// Operations are recorded inside the closure, and only those that depend on its argument; when the
/// call returns nothing of the record is left. Several tasks may do this at once. What leaves the tensors
/// as plain numbers (`scalar`, `scalars`, `dot`, comparisons, `argmax`) leaves the derivative
/// behind, and ``Tensor/detached()`` does so on purpose.
///
/// - Parameters:
///   - x: where to compute.
///   - file: the caller's file.
///   - line: the caller's line.
///   - function: computes a tensor of one element, by operations of this package.
/// - Returns: that element, and the gradient in the shape of `x`; zeros where the value does not
///   depend on it.
/// - Throws: what `function` throws.
public func valueAndGradient(
  of x: Tensor, file: StaticString = #fileID, line: UInt = #line,
  _ function: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Tensor) {
  let (value, gradients) = try differentiate(x, arriving: nil, file, line, function)
  return (value, gradients[0])
}

/// Computes a number from a group of tensors, such as a model, and its gradient by each of them.
///
/// - Parameters:
///   - group: where to compute.
///   - file: the caller's file.
///   - line: the caller's line.
///   - function: computes a tensor of one element.
/// - Returns: that element, and the gradients in the order in which the group hands over its tensors.
/// - Throws: what `function` throws.
public func valueAndGradient<Group: TensorGroup>(
  of group: Group, file: StaticString = #fileID, line: UInt = #line,
  _ function: (Group) throws -> Tensor
) rethrows -> (value: Tensor, gradient: [Tensor]) {
  try differentiate(group, arriving: nil, file, line, function)
}

/// Computes a number from a model and its input, and its gradient by both.
///
/// - Parameters:
///   - group: the model.
///   - x: the input.
///   - file: the caller's file.
///   - line: the caller's line.
///   - function: computes a tensor of one element.
/// - Returns: that element, the gradients of the model in the order in which it hands over its tensors, and
///   the gradient of the input.
/// - Throws: what `function` throws.
public func valueAndGradient<Group: TensorGroup>(
  of group: Group, at x: Tensor, file: StaticString = #fileID, line: UInt = #line,
  _ function: (Group, Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: [Tensor], inputGradient: Tensor) {
  var (value, gradients) = try differentiate(
    ModelAndInput(model: group, input: x), arriving: nil, file, line
  ) { try function($0.model, $0.input) }
  let inputGradient = gradients.removeLast()
  return (value, gradients, inputGradient)
}

private struct ModelAndInput<Model: TensorGroup>: TensorGroup {
  var model: Model
  var input: Tensor

  mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try model.forEachTensor(body)
    try body(&input)
  }
}

/// Runs a function under a tape of its own and goes back through what it did.
///
/// `arriving` is the gradient of the function's value; nil if the value is a single number, of which it is 1.
func differentiate<Group: TensorGroup>(
  _ group: Group, arriving: Tensor?, _ file: StaticString, _ line: UInt,
  _ function: (Group) throws -> Tensor
) rethrows -> (Tensor, [Tensor]) {
  let tape = GradientTape()
  var group = group
  var originals: [Tensor] = []
  group.forEachTensor { tensor in
    require(
      tensor.recordedPlace == nil,
      "a tensor of shape \(tensor.shape) is being differentiated already: derivatives of derivatives "
        + "are not supported, and `detached()` makes a constant of it", file, line)
    originals.append(tensor)
    tensor = tape.watch(tensor)
  }
  defer {
    tape.close()
    // A class in the group has kept the recorded tensors.
    group.exchangeTensors(for: originals)
  }
  let value = try function(group)
  require(
    arriving != nil || value.count == 1,
    "the gradient is that of a single number, and the closure gave shape \(value.shape)", file, line
  )
  if let outer = value.recordedPlace { requireOneTape(outer.tape, tape) }
  let gradients = tape.gradients(
    of: value, arriving: arriving ?? Tensor(repeating: 1, value.shape), count: originals.count)
  return (
    value.detached(),
    zip(gradients, originals).map { $0?.detached() ?? .zeros($1.shape) }
  )
}
