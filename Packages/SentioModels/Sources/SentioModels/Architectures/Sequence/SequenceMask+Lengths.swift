import SentioNN
import SentioTensor

extension SequenceMask {
  /// For each sequence the steps up to the last one that counts.
  var lengths: [Int] {
    switch self {
    case .lengths(let lengths): return lengths
    case .steps(let mask):
      let (rows, steps) = (mask.shape[0], mask.shape[1])
      return mask.withUnsafeBufferPointer { counts in
        (0..<rows).map { row in
          (counts[row * steps..<(row + 1) * steps].lastIndex { $0 != 0 } ?? row * steps - 1)
            - row * steps + 1
        }
      }
    }
  }
}
