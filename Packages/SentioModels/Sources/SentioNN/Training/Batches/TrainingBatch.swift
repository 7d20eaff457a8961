import SentioTensor

/// What one forward and backward pass works on.
public protocol TrainingBatch: Sendable {
  /// The ids of its songs or samples, one each; an error names them.
  var ids: [String] { get }
}

/// Inputs beside what should come out.
///
/// `N` samples; targets are numbers, one row a sample: values to be predicted, probabilities of classes
/// (one-hot rows, ``classes(_:count:)``), or independent zeros and ones. As numbers they can be mixed
/// and smoothed.
public struct LabelledBatch: TrainingBatch, Equatable {
  /// The ids of the N samples.
  public var ids: [String]
  /// The inputs, `[N, …]`.
  public var inputs: Tensor
  /// What should come out, `[N, C]`.
  public var targets: Tensor
  /// Real steps of each sample; nil where every value is real.
  public var lengths: [Int]?

  /// Creates a batch.
  ///
  /// - Parameters:
  ///   - ids: the ids of the N samples.
  ///   - inputs: the inputs, `[N, …]`.
  ///   - targets: what should come out, `[N, C]`.
  ///   - lengths: real steps of each sample; nil where every value is real.
  public init(ids: [String], inputs: Tensor, targets: Tensor, lengths: [Int]? = nil) {
    let count = ids.count
    precondition(
      inputs.shape.first == count && targets.shape.first == count
        && (lengths?.count ?? count) == count,
      "\(count) ids, inputs of shape \(inputs.shape), targets of shape \(targets.shape), "
        + "\(lengths?.count ?? count) lengths")
    self.ids = ids
    self.inputs = inputs
    self.targets = targets
    self.lengths = lengths
  }

  /// 1 for real steps and 0 for padding, `[N, L]` for inputs of `[N, L, …]`; nil where every value is real.
  public var mask: Tensor? {
    guard let lengths, inputs.rank >= 2 else { return nil }
    let steps = inputs.shape[1]
    return Tensor(uninitialized: [lengths.count, steps]) { buffer in
      for (row, length) in lengths.enumerated() {
        for step in 0..<steps { buffer[row * steps + step] = step < length ? 1 : 0 }
      }
    }
  }

  /// Class numbers as targets.
  ///
  /// - Parameters:
  ///   - numbers: the N classes.
  ///   - count: C, the number of classes.
  /// - Returns: `[N, C]`, one 1 a row.
  public static func classes(_ numbers: [Int], count: Int) -> Tensor {
    .oneHot(numbers, depth: count)
  }
}
