import SentioTensor

/// A change of training batches that makes new samples of old ones.
///
/// Applied on the thread that makes batches ahead. Each batch has a stream of random numbers of its own, named by its
/// epoch and its number, so that a resumed training sees what an uninterrupted one would.
///
/// ```swift
/// let augmentation = Augmentation.frameShift(by: 20, axis: 1).then(.mixup(alpha: 0.2))
/// ```
public struct Augmentation<Batch: TrainingBatch>: Sendable {
  private let change: @Sendable (inout Batch, inout RandomStream) -> Void

  /// Creates an augmentation.
  ///
  /// - Parameter change: changes a batch, with random numbers of the stream and no others.
  public init(
    _ change: @escaping @Sendable (_ batch: inout Batch, _ stream: inout RandomStream) -> Void
  ) {
    self.change = change
  }

  /// Changes a batch.
  ///
  /// - Parameters:
  ///   - batch: the batch.
  ///   - stream: the batch's random numbers.
  public func apply(to batch: inout Batch, from stream: inout RandomStream) {
    change(&batch, &stream)
  }

  /// This augmentation, and then another one.
  ///
  /// - Parameter other: what comes after.
  /// - Returns: both.
  public func then(_ other: Augmentation) -> Augmentation {
    Augmentation { [self] batch, stream in
      apply(to: &batch, from: &stream)
      other.apply(to: &batch, from: &stream)
    }
  }

  /// The stream of a batch.
  static func stream(seed: UInt64, epoch: Int, batch: Int) -> RandomStream {
    RandomStream(seed: seed, "augmentation/epoch \(epoch)/batch \(batch)")
  }
}
