/// Which records come when: a permutation an epoch that depends on seed and epoch alone.
///
/// The state is three numbers, so that training that was interrupted goes on with the very next batch.
public struct BatchOrder: Hashable, Sendable, Codable {
  /// Whether records change places between epochs.
  public enum Shuffling: String, Hashable, Sendable, Codable {
    /// Every epoch has its own order.
    case everyEpoch
    /// Records come as the source has them, as validation wants it.
    case never
  }

  /// Seed of the permutations.
  public var seed: UInt64
  /// Whether records change places between epochs.
  public var shuffling: Shuffling
  /// Epoch, from 0.
  public var epoch: Int
  /// Records of this epoch that have been delivered.
  public var position: Int

  /// Creates a state; by default the start of the first epoch.
  public init(
    seed: UInt64 = 0, shuffling: Shuffling = .everyEpoch, epoch: Int = 0, position: Int = 0
  ) {
    precondition(epoch >= 0 && position >= 0, "epoch \(epoch), position \(position)")
    self.seed = seed
    self.shuffling = shuffling
    self.epoch = epoch
    self.position = position
  }

  /// The order of `count` records in the current epoch.
  public func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    if shuffling == .everyEpoch {
      var generator = SeededGenerator(seed: seed, stream: "shuffle of epoch \(epoch)")
      generator.shuffle(&order)
    }
    return order
  }
}
