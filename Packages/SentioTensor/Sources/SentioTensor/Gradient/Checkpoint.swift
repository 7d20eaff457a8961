/// Computes a segment without keeping what its derivative needs, and computes it again on the way back.
///
/// It saves the memory of everything between its inputs and its result, at the price of a second
/// evaluation. Both evaluations must do the same: randomness comes from a copy of a stream.
///
/// ```swift
/// let y = checkpointed([x, weights]) { inputs in expensive(inputs[0], inputs[1]) }
/// ```
///
/// - Parameters:
///   - group: everything in the segment that a gradient is wanted for; a tensor that is being
///     differentiated and is not among these stops the program.
///   - file: the caller's file.
///   - line: the caller's line.
///   - segment: the computation.
/// - Returns: its result.
public func checkpointed<Group: TensorGroup & Sendable>(
  _ group: Group, file: StaticString = #fileID, line: UInt = #line,
  _ segment: @escaping @Sendable (Group) -> Tensor
) -> Tensor {
  Tensor.withDerivative(of: group.tensors, file: file, line: line) { inputs in
    var constants = group
    let recorded = group.tensors
    constants.exchangeTensors(for: inputs)
    // A class in the group is the one that the caller goes on with.
    defer { constants.exchangeTensors(for: recorded) }
    return (
      Compute.$isRehearsal.withValue(true) { segment(constants) },
      { gradient in
        var constants = group
        let current = group.tensors
        constants.exchangeTensors(for: inputs)
        defer { constants.exchangeTensors(for: current) }
        return differentiate(constants, arriving: gradient, file, line, segment).1
      }
    )
  }
}
