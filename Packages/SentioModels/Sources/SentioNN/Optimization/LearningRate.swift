import Foundation

/// The learning rate of each step: a function of the step alone, so that nothing of it needs saving.
///
/// Steps are updates of the weights, counted from 0; a recipe in epochs is multiplied by the updates of an
/// epoch. ``PlateauReduction``, which looks at results, is not a schedule but a factor beside it.
///
/// ```swift
/// let rate = LearningRate.cosine(3e-4, over: 10_000).warmedUp(over: 500)
/// rate(step: 0)     // 0
/// rate(step: 500)   // 3e-4
/// ```
public struct LearningRate: Sendable, CustomStringConvertible {
  /// The schedule in words, for logs.
  public let description: String
  private let rate: @Sendable (Int) -> Double

  /// Creates a schedule from a function.
  ///
  /// - Parameters:
  ///   - description: the schedule in words, for logs.
  ///   - rate: from a step, 0 for the first, to its rate.
  public init(
    _ description: String = "custom", _ rate: @escaping @Sendable (_ step: Int) -> Double
  ) {
    self.description = description
    self.rate = rate
  }

  /// The rate of a step.
  ///
  /// - Parameter step: the number of updates before it.
  /// - Returns: the rate.
  public func callAsFunction(step: Int) -> Double { rate(step) }

  /// One rate for all steps.
  ///
  /// - Parameter rate: the rate.
  /// - Returns: the schedule.
  public static func constant(_ rate: Double) -> LearningRate {
    LearningRate("constant \(rate)") { _ in rate }
  }

  /// A rate that is multiplied by a factor after every so many steps: `η·γ^⌊t/k⌋`.
  ///
  /// - Parameters:
  ///   - rate: η, the rate at first.
  ///   - interval: k, at least 1.
  ///   - factor: γ.
  /// - Returns: the schedule.
  ///
  /// *Reference:* `torch.optim.lr_scheduler.StepLR` 2.x.
  public static func step(_ rate: Double, every interval: Int, factor: Double = 0.1)
    -> LearningRate
  {
    precondition(interval >= 1, "a step schedule with an interval of \(interval)")
    return LearningRate("step \(rate) × \(factor) every \(interval)") {
      rate * pow(factor, Double($0 / interval))
    }
  }

  /// A rate that shrinks by a factor every step: `η·γᵗ`.
  ///
  /// - Parameters:
  ///   - rate: η, the rate at first.
  ///   - factor: γ.
  /// - Returns: the schedule.
  ///
  /// *Reference:* `torch.optim.lr_scheduler.ExponentialLR` 2.x.
  public static func exponential(_ rate: Double, factor: Double) -> LearningRate {
    LearningRate("exponential \(rate) × \(factor)^t") { rate * pow(factor, Double($0)) }
  }

  /// Half a cosine from the rate to a minimum: `m + (η − m)·(1 + cos(π·t/T))/2`, and `m` from step T on.
  ///
  /// - Parameters:
  ///   - rate: η, the rate at first.
  ///   - steps: T, at least 1.
  ///   - minimum: m.
  /// - Returns: the schedule.
  ///
  /// *Reference:* `torch.optim.lr_scheduler.CosineAnnealingLR` 2.x. *Differs from:* that schedule after T,
  /// where it rises again.
  public static func cosine(_ rate: Double, over steps: Int, minimum: Double = 0)
    -> LearningRate
  {
    precondition(steps >= 1, "a cosine over \(steps) steps")
    return LearningRate("cosine \(rate) to \(minimum) over \(steps)") { step in
      let share = Double(min(step, steps)) / Double(steps)
      return minimum + (rate - minimum) * (1 + cos(.pi * share)) / 2
    }
  }

  /// Up along a cosine to a maximum, and down along another to almost nothing.
  ///
  /// - Parameters:
  ///   - maximum: the highest rate.
  ///   - steps: the length of both ways, at least 2; the last rate holds after it.
  ///   - risingShare: the share of the steps that go up, between 0 and 1.
  ///   - startDivisor: the maximum over the first rate.
  ///   - endDivisor: the first rate over the last.
  /// - Returns: the schedule.
  ///
  /// *Reference:* `torch.optim.lr_scheduler.OneCycleLR` 2.x without its cycle of momenta; Smith and Topin,
  /// "Super-convergence" (2018).
  public static func oneCycle(
    maximum: Double, over steps: Int, risingShare: Double = 0.3, startDivisor: Double = 25,
    endDivisor: Double = 1e4
  ) -> LearningRate {
    precondition(steps >= 2, "a cycle of \(steps) steps")
    precondition(risingShare > 0 && risingShare < 1, "a rising share of \(risingShare)")
    let first = maximum / startDivisor
    let last = first / endDivisor
    let top = risingShare * Double(steps) - 1
    let end = Double(steps - 1)
    return LearningRate("one cycle of \(steps) up to \(maximum)") { step in
      func along(_ from: Double, _ to: Double, _ share: Double) -> Double {
        to + (from - to) / 2 * (1 + cos(.pi * share))
      }
      let step = min(Double(step), end)
      if step <= top { return along(first, maximum, step / top) }
      return along(maximum, last, (step - top) / (end - top))
    }
  }

  /// This schedule after a straight rise to its first rate.
  ///
  /// - Parameters:
  ///   - steps: the length of the rise, at least 0; the schedule proper starts when it is over.
  ///   - share: the first step's share of the schedule's first rate, from 0 to 1.
  /// - Returns: the schedule.
  ///
  /// *Reference:* `torch.optim.lr_scheduler.LinearLR` before another schedule, 2.x; with share 0 the
  /// `get_cosine_schedule_with_warmup` of transformers.
  public func warmedUp(over steps: Int, from share: Double = 0) -> LearningRate {
    precondition(steps >= 0, "a warm-up of \(steps) steps")
    return LearningRate("\(description) after \(steps) of warm-up") { [self] step in
      guard step < steps else { return self(step: step - steps) }
      return self(step: 0) * (share + (1 - share) * Double(step) / Double(steps))
    }
  }

  /// This schedule for so many steps, and then another one from its beginning.
  ///
  /// - Parameters:
  ///   - other: what comes after.
  ///   - steps: how many steps this one lasts.
  /// - Returns: the schedule.
  public func followed(by other: LearningRate, after steps: Int) -> LearningRate {
    LearningRate("\(description) for \(steps), then \(other.description)") { [self] step in
      step < steps ? self(step: step) : other(step: step - steps)
    }
  }
}
