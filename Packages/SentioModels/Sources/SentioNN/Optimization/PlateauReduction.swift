/// Which way a measured value gets better.
public enum Improvement: String, Sendable, Hashable, Codable {
  /// Down, as a loss does.
  case lower
  /// Up, as a correlation does.
  case higher

  /// Whether a value is better than another by more than a margin; NaN is never better, and anything is better than it.
  ///
  /// - Parameters:
  ///   - value: the new value.
  ///   - other: the old one.
  ///   - margin: the change that counts for nothing.
  /// - Returns: whether it is better.
  public func isBetter(_ value: Double, than other: Double, by margin: Double = 0) -> Bool {
    if other.isNaN { return !value.isNaN }
    switch self {
    case .lower: return value < other - margin
    case .higher: return value > other + margin
    }
  }
}

/// Lowers the learning rate when a measured value no longer improves.
///
/// A value counts as an improvement where it is better than the best so far by a share of that. After
/// more than `patience` values in a row without one, ``factor`` is multiplied by the reduction.
///
/// *Reference:* `torch.optim.lr_scheduler.ReduceLROnPlateau` 2.x, threshold mode `rel`, with the minimum as a share
/// of the schedule's rate.
public struct PlateauReduction: Sendable, Hashable, Codable {
  /// What the factor is multiplied by.
  public let reduction: Double
  /// Values without improvement that are borne.
  public let patience: Int
  /// The share of the best value by which a better one must beat it.
  public let threshold: Double
  /// Values after a reduction that count for nothing.
  public let cooldown: Int
  /// The least factor.
  public let minimum: Double

  /// What the schedule's rate is multiplied by; 1 at first.
  public private(set) var factor = 1.0
  private var best: Double?
  private var valuesWithout = 0
  private var valuesToCool = 0

  /// Creates a reduction.
  ///
  /// - Parameters:
  ///   - reduction: what the factor is multiplied by, between 0 and 1.
  ///   - patience: values without improvement that are borne.
  ///   - threshold: the share of the best value by which a better one must beat it.
  ///   - cooldown: values after a reduction that count for nothing.
  ///   - minimum: the least factor.
  public init(
    reduction: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0,
    minimum: Double = 0
  ) {
    precondition(reduction > 0 && reduction < 1, "a reduction by \(reduction)")
    precondition(patience >= 0 && cooldown >= 0, "patience \(patience), cooldown \(cooldown)")
    self.reduction = reduction
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimum = minimum
  }

  /// Takes a value into account, usually once an epoch.
  ///
  /// - Parameters:
  ///   - value: the value; NaN is no improvement.
  ///   - improvement: which way it gets better.
  public mutating func observe(_ value: Double, improvement: Improvement = .lower) {
    let isBetter =
      best.map { best in
        improvement == .lower
          ? value < best * (1 - threshold) : value > best * (1 + threshold)
      } ?? !value.isNaN
    if isBetter {
      best = value
      valuesWithout = 0
    } else {
      valuesWithout += 1
    }
    if valuesToCool > 0 {
      valuesToCool -= 1
      valuesWithout = 0
    }
    if valuesWithout > patience {
      factor = max(minimum, factor * reduction)
      valuesToCool = cooldown
      valuesWithout = 0
    }
  }

  /// This rule where another one, of an earlier process, stood.
  func continuing(_ other: PlateauReduction) -> PlateauReduction {
    var rule = self
    (rule.factor, rule.best) = (other.factor, other.best)
    (rule.valuesWithout, rule.valuesToCool) = (other.valuesWithout, other.valuesToCool)
    return rule
  }
}
