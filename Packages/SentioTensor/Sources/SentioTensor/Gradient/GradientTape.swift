import Synchronization

/// What was done, in order, to the tensors that a closure differentiates.
///
/// Operations stand in one list, each after its inputs, so that the way back is a loop and no
/// recursion, however deep the computation. A tensor knows its place on the list, and the list knows
/// what the derivatives need; once the recording has ended it is empty, and a tensor that still has a
/// place on it is a constant like any other.
final class GradientTape: Sendable {
  /// From the gradient of an operation's result to those of its recorded inputs, in their order; nil is 0.
  typealias Pullback = @Sendable (Tensor) -> [Tensor?]

  /// A tensor's entry on a tape.
  struct Place: Sendable {
    let tape: GradientTape
    let index: Int
  }

  private struct Operation: Sendable {
    // None for a tensor that the gradient is asked for.
    var inputs: [Int] = []
    var pullback: Pullback?
    let shape: Shape
    var isElementwise = false
  }

  private let operations = Mutex<[Operation]>([])
  private let recording = Atomic<Bool>(true)

  /// Whether operations are still taken.
  var isRecording: Bool { recording.load(ordering: .relaxed) }

  /// The same tensor, as one that the gradient is asked for.
  func watch(_ tensor: Tensor) -> Tensor {
    append(tensor, Operation(shape: tensor.shape))
  }

  /// The result of an operation, with a place on the tape.
  ///
  /// - Parameters:
  ///   - result: the result.
  ///   - inputs: the places of the recorded inputs.
  ///   - isElementwise: whether the pullback takes a gradient that has yet to be broadcast to the result's shape, and
  ///     gives one of the full shape. The gradient of a sum then is not written out only to be multiplied.
  ///   - pullback: the way back.
  /// - Returns: the result with its place.
  func record(
    _ result: Tensor, inputs: [Int], isElementwise: Bool = false, _ pullback: @escaping Pullback
  ) -> Tensor {
    append(
      result,
      Operation(
        inputs: inputs, pullback: pullback, shape: result.shape, isElementwise: isElementwise))
  }

  private func append(_ tensor: Tensor, _ operation: Operation) -> Tensor {
    let index = operations.withLock { list in
      list.append(operation)
      return list.count - 1
    }
    var tensor = tensor
    tensor.place = Place(tape: self, index: index)
    return tensor
  }

  /// Ends the recording and forgets all of it.
  func close() {
    recording.store(false, ordering: .relaxed)
    // What the operations hold may be much; it goes outside of the lock.
    let forgotten = operations.withLock { list in
      let all = list
      list = []
      return all
    }
    withExtendedLifetime(forgotten) {}
  }

  /// Ends the recording and goes back from a result to the first entries.
  ///
  /// Each operation is forgotten as soon as it is passed, and so are the tensors that only it held.
  ///
  /// - Parameters:
  ///   - result: what was computed.
  ///   - arriving: its gradient, of its shape.
  ///   - count: how many of the first entries are watched tensors.
  /// - Returns: their gradients; nil where the result does not depend on them.
  func gradients(of result: Tensor, arriving: Tensor, count: Int) -> [Tensor?] {
    recording.store(false, ordering: .relaxed)
    var list = operations.withLock { list in
      let all = list
      list = []
      return all
    }
    var gradients = [Tensor?](repeating: nil, count: list.count)
    if let place = result.place, place.tape === self { gradients[place.index] = arriving }
    while list.count > count {
      let operation = list.removeLast()
      guard let gradient = gradients.removeLast(), let pullback = operation.pullback else {
        continue
      }
      let parts = pullback(
        operation.isElementwise ? gradient : gradient.broadcast(to: operation.shape))
      for (input, part) in zip(operation.inputs, parts) {
        guard let part else { continue }
        Self.add(part, to: &gradients[input])
      }
    }
    return zip(gradients, list).map { $0?.broadcast(to: $1.shape) }
  }

  private static func add(_ part: Tensor, to sum: inout Tensor?) {
    guard var total = sum else {
      sum = part.detached()
      return
    }
    guard part.shape == total.shape else {
      // One of them has yet to be broadcast.
      sum = total + part
      return
    }
    // The sum must have one owner to be added to in place.
    sum = nil
    total += part
    sum = total
  }
}

extension Tensor {
  /// The tensor's entry on a tape that is being recorded.
  var recordedPlace: GradientTape.Place? {
    guard let place, place.tape.isRecording else { return nil }
    return place
  }

  /// Whether the elements stay as they are as far as one can see: nobody asks for their gradient.
  ///
  /// Worth a packed form, which is kept until the elements change.
  var isConstant: Bool { recordedPlace == nil && !Compute.isRehearsal }

  /// Whether operations on the tensor are being recorded, for a gradient to flow back to it or through it.
  ///
  /// What a program keeps of a tensor from call to call is good for constants only: a recorded one's gradient goes
  /// through what was computed since the recording began.
  public var isRecorded: Bool { recordedPlace != nil }

  /// The same elements as a constant: no gradient flows to what they were computed from.
  ///
  /// - Returns: a tensor that shares the elements.
  public func detached() -> Tensor {
    var tensor = self
    tensor.place = nil
    return tensor
  }

  /// This result of an operation on one tensor, recorded where that one is.
  @inline(__always)
  func derived(
    from a: Tensor, _ pullback: @autoclosure () -> @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    guard let place = a.recordedPlace else { return self }
    let pullback = pullback()
    return place.tape.record(self, inputs: [place.index]) { [pullback($0)] }
  }

  /// This result of a function of each element, recorded where the tensor is.
  ///
  /// The pullback multiplies what arrives by something of the tensor's shape; what arrives may have yet to be broadcast
  /// to it.
  @inline(__always)
  func derivedElementwise(
    from a: Tensor, _ pullback: @autoclosure () -> @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    guard let place = a.recordedPlace else { return self }
    let pullback = pullback()
    return place.tape.record(self, inputs: [place.index], isElementwise: true) { [pullback($0)] }
  }

  /// This result of an operation on two tensors, recorded where either is.
  ///
  /// What only the other one's derivative needs is not kept.
  @inline(__always)
  func derived(
    from a: Tensor, _ pullbackA: @autoclosure () -> @Sendable (Tensor) -> Tensor,
    _ b: Tensor, _ pullbackB: @autoclosure () -> @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    guard let placeA = a.recordedPlace else { return derived(from: b, pullbackB()) }
    guard let placeB = b.recordedPlace else { return derived(from: a, pullbackA()) }
    requireOneTape(placeA.tape, placeB.tape)
    let pullbackA = pullbackA()
    let pullbackB = pullbackB()
    return placeA.tape.record(self, inputs: [placeA.index, placeB.index]) {
      [pullbackA($0), pullbackB($0)]
    }
  }

  /// This result of an operation on several tensors, whose gradients one pullback gives.
  ///
  /// It gives nil where there is none or none is wanted.
  @inline(__always)
  func derived(
    fromAll inputs: [Tensor], _ pullback: @autoclosure () -> GradientTape.Pullback
  ) -> Tensor {
    guard let tape = inputs.lazy.compactMap({ $0.recordedPlace?.tape }).first else { return self }
    let places = inputs.map(\.recordedPlace)
    for place in places { if let place { requireOneTape(tape, place.tape) } }
    let pullback = pullback()
    let wanted = places.indices.filter { places[$0] != nil }
    return tape.record(self, inputs: places.compactMap { $0?.index }) { gradient in
      let parts = pullback(gradient)
      return wanted.map { parts[$0] }
    }
  }
}

func requireOneTape(_ a: GradientTape, _ b: GradientTape) {
  guard a === b else {
    stop(
      "an operation mixes tensors of two recordings of gradients, one inside the other: derivatives of "
        + "derivatives are not supported, and `detached()` makes a constant of the outer one's tensor",
      #fileID, #line)
  }
}
