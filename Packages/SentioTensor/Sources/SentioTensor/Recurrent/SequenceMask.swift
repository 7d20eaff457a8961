/// Which steps of the sequences of a batch count.
///
/// A recurrent layer carries its state over the others unchanged, so that the reverse direction starts at the
/// last step that counts.
public enum SequenceMask: Sendable {
  /// The first steps of each sequence count: one number a sequence, from 0 to L.
  case lengths([Int])
  /// `[N, L]`: 0 where a step does not count.
  case steps(Tensor)

  /// `[N, L]`, 1 where a step counts and 0 elsewhere.
  func tensor(_ batch: Int, _ steps: Int, _ file: StaticString, _ line: UInt) -> Tensor {
    switch self {
    case .steps(let mask):
      require(
        mask.shape == [batch, steps],
        "a mask of shape \(mask.shape) does not fit \(batch) sequences of \(steps) steps", file,
        line
      )
      return mask.detached()
    case .lengths(let lengths):
      require(
        lengths.count == batch,
        "\(lengths.count) lengths do not fit \(batch) sequences of \(steps) steps", file, line)
      let result = Tensor(uninitialized: [batch, steps])
      for (row, length) in lengths.enumerated() {
        require(
          (0...steps).contains(length),
          "a length of \(length) does not fit \(batch) sequences of \(steps) steps", file, line)
        let start = result.storage.pointer + row * steps
        start.initialize(repeating: 1, count: length)
        (start + length).initialize(repeating: 0, count: steps - length)
      }
      return result
    }
  }
}

extension Tensor {
  /// These inputs with zeros at the steps that do not count, so that nothing there meets a weight's gradient.
  func cleared(where mask: Tensor) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (source, target, counts) = (
      storage.pointer, result.storage.pointer, mask.storage.pointer
    )
    let width = mask.count > 0 ? count / mask.count : 0
    ParallelLoop.run(mask.count, cost: width) { range in
      for step in range {
        let start = step * width
        if counts[step] != 0 {
          (target + start).initialize(from: source + start, count: width)
        } else {
          (target + start).initialize(repeating: 0, count: width)
        }
      }
    }
    withExtendedLifetime(mask) {}
    return result
  }
}
