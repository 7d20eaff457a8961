/// The measure that decides which epoch is the best.
public struct Monitor: Sendable, Hashable, Codable {
  /// Its name among the measures of the validation.
  public let measure: String
  /// Which way it gets better.
  public let improvement: Improvement

  /// Chooses a measure.
  ///
  /// - Parameters:
  ///   - measure: its name among the measures of the validation; without validation the training loss
  ///     stands in for it.
  ///   - improvement: which way it gets better.
  public init(_ measure: String, _ improvement: Improvement) {
    self.measure = measure
    self.improvement = improvement
  }

  /// The loss, lower being better.
  public static let loss = Monitor("loss", .lower)
  /// The mean concordance correlation, higher being better.
  public static let concordance = Monitor("ccc", .higher)
  /// The share of right classes, higher being better.
  public static let accuracy = Monitor("accuracy", .higher)
}

/// Ends training when the monitored measure has not improved for some epochs.
///
/// *Reference:* Keras's `EarlyStopping`, 3.x: training ends at the `patience`-th epoch in a row without improvement.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// Epochs without improvement after which training ends.
  public let patience: Int
  /// The change that counts as an improvement.
  public let minimumChange: Double
  /// Epochs since the last improvement.
  public private(set) var epochsWithout = 0
  /// The best value so far.
  public private(set) var best: Double?

  /// Creates a rule that has seen nothing.
  ///
  /// - Parameters:
  ///   - patience: epochs without improvement after which training ends, at least 1.
  ///   - minimumChange: the change that counts as an improvement.
  public init(patience: Int = 10, minimumChange: Double = 0) {
    precondition(patience >= 1, "a patience of \(patience) epochs")
    self.patience = patience
    self.minimumChange = minimumChange
  }

  /// Takes the value of an epoch into account.
  ///
  /// - Parameters:
  ///   - value: the value; NaN is no improvement.
  ///   - improvement: which way it gets better.
  /// - Returns: whether training should end.
  public mutating func observe(_ value: Double, improvement: Improvement) -> Bool {
    if improvement.isBetter(value, than: best ?? .nan, by: minimumChange) {
      best = value
      epochsWithout = 0
    } else {
      epochsWithout += 1
    }
    return epochsWithout >= patience
  }

  /// This rule where another one, of an earlier process, stood.
  func continuing(_ other: EarlyStopping) -> EarlyStopping {
    var rule = self
    (rule.best, rule.epochsWithout) = (other.best, other.epochsWithout)
    return rule
  }
}
