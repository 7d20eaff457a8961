import SentioTensor

/// Shifts of samples along time, so that a model does not learn where in its excerpt something happens.
public enum FrameShift {
  /// Shifts each sample by a draw of its own; what leaves at one end comes in at the other.
  ///
  /// Padding stays where it is: a sample of `lengths` steps turns within them.
  ///
  /// - Parameters:
  ///   - inputs: `[N, …]`, changed in place.
  ///   - maximum: the largest shift either way, in steps.
  ///   - axis: the axis of time, from 1.
  ///   - lengths: real steps of each sample; nil for all.
  ///   - stream: two words for each sample.
  public static func apply(
    to inputs: inout Tensor, by maximum: Int, axis: Int, lengths: [Int]? = nil,
    from stream: inout RandomStream
  ) {
    let shape = Array(inputs.shape)
    precondition(maximum >= 0, "a shift by at most \(maximum)")
    precondition(
      shape.indices.dropFirst().contains(axis), "axis \(axis) of inputs of shape \(inputs.shape)")
    // [N·outer, steps, inner]
    let outer = shape[1..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let steps = shape[axis]
    let source = inputs
    source.withUnsafeBufferPointer { old in
      inputs.withUnsafeMutableBufferPointer { new in
        for sample in 0..<shape[0] {
          let shift = stream.next(below: 2 * maximum + 1) - maximum
          let length = min(steps, lengths?[sample] ?? steps)
          guard length > 0 else { continue }
          let first = ((shift % length) + length) % length
          for block in 0..<outer {
            let start = (sample * outer + block) * steps * inner
            // Step s moves to s + first, and beyond the end to the beginning.
            let head = (length - first) * inner
            _ = UnsafeMutableBufferPointer(
              rebasing: new[start + first * inner..<start + length * inner]
            )
            .update(fromContentsOf: UnsafeBufferPointer(rebasing: old[start..<start + head]))
            _ = UnsafeMutableBufferPointer(rebasing: new[start..<start + first * inner])
              .update(
                fromContentsOf: UnsafeBufferPointer(
                  rebasing: old[start + head..<start + length * inner]))
          }
        }
      }
    }
  }
}

extension Augmentation where Batch == LabelledBatch {
  /// Shifts of samples along time; what leaves at one end comes in at the other.
  ///
  /// - Parameters:
  ///   - maximum: the largest shift either way, in steps.
  ///   - axis: the axis of time, from 1.
  /// - Returns: the augmentation.
  public static func frameShift(by maximum: Int, axis: Int) -> Augmentation {
    Augmentation { batch, stream in
      FrameShift.apply(
        to: &batch.inputs, by: maximum, axis: axis, lengths: batch.lengths, from: &stream)
    }
  }
}
