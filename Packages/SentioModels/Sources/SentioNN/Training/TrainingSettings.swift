import SentioTensor

/// How a training runs, beside model, objective, optimizer and data.
public struct TrainingSettings: Sendable {
  /// Passes over the training data.
  public var epochs: Int
  /// The seed of what layers draw and of augmentation.
  public var seed: UInt64
  /// The precision of products, in training and validation; weights and moments stay in single precision.
  public var precision = ComputePrecision.float32
  /// Batches whose gradients make one update.
  public var accumulation = 1
  /// Batches that are made ahead on another thread; 0 makes them on the training thread.
  public var prefetch = 2
  /// The measure that decides which epoch is the best.
  public var monitor = Monitor.loss
  /// When to end early; nil for never.
  public var earlyStopping: EarlyStopping?
  /// When to lower the learning rate; nil for never.
  public var plateau: PlateauReduction?
  /// An average of the weights, which is validated and kept in place of the weights; nil for none.
  public var average: WeightAverage?
  /// Which parts are trained when; nil leaves what the model says.
  public var unfreezing: UnfreezingPlan?
  /// Which checkpoints are kept.
  public var checkpoints = CheckpointPolicy()
  /// Updates between two looks at gradients and activations; nil for none.
  public var statisticsInterval: Int?
  /// Whether the folder gets event files for TensorBoard.
  public var writesTensorBoard = true
  /// Text that goes into every checkpoint, such as the front end's settings.
  public var metadata: [String: String] = [:]

  /// Creates settings; everything else has a default.
  ///
  /// - Parameters:
  ///   - epochs: passes over the training data.
  ///   - seed: the seed of what layers draw and of augmentation.
  public init(epochs: Int, seed: UInt64 = 0) {
    self.epochs = epochs
    self.seed = seed
  }
}

/// Which checkpoints a training keeps, beside the last one.
public struct CheckpointPolicy: Sendable, Hashable {
  /// Whether the best epoch's is kept, as `best.safetensors`.
  public var keepsBest: Bool
  /// How many epochs' are kept, the best ones, as `epoch-0012.safetensors`.
  public var top: Int
  /// Updates after which the last checkpoint is renewed within an epoch; nil for at its end only.
  public var updateInterval: Int?

  /// Chooses what is kept.
  ///
  /// - Parameters:
  ///   - keepsBest: whether the best epoch's is kept.
  ///   - top: how many epochs' are kept, the best ones.
  ///   - updateInterval: updates after which the last checkpoint is renewed within an epoch.
  public init(keepsBest: Bool = true, top: Int = 0, updateInterval: Int? = nil) {
    precondition(top >= 0 && (updateInterval ?? 1) >= 1, "top \(top), every \(updateInterval ?? 1)")
    self.keepsBest = keepsBest
    self.top = top
    self.updateInterval = updateInterval
  }
}
