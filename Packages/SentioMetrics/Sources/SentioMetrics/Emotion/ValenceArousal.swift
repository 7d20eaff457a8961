/// The interval on which valence and arousal are expressed.
///
/// The report quotes errors on two scales that differ by a factor of 16 in the mean squared
/// error; a value therefore always says which one it is on.
public enum EmotionScale: Hashable, Sendable {
  /// DEAM's self-assessment scale, 1 to 9 with 5 as neutral.
  case deam1to9
  /// The report's normalized scale, -1 to 1 with 0 as neutral.
  case unit
  /// Another closed interval whose midpoint is neutral, such as -10...10.
  case interval(lower: Double, upper: Double)

  /// The smallest value of the scale.
  public var lower: Double {
    switch self {
    case .deam1to9: 1
    case .unit: -1
    case .interval(let lower, _): lower
    }
  }

  /// The largest value of the scale.
  public var upper: Double {
    switch self {
    case .deam1to9: 9
    case .unit: 1
    case .interval(_, let upper): upper
    }
  }

  /// The neutral value, halfway between ``lower`` and ``upper``.
  public var midpoint: Double { (lower + upper) / 2 }

  /// Maps `value` from this scale to `other` by the affine map that carries end points to end points.
  public func convert(_ value: Double, to other: EmotionScale) -> Double {
    if self == other { return value }
    let fraction = (value - lower) / (upper - lower)
    return other.lower + fraction * (other.upper - other.lower)
  }
}

/// A point of the valence-arousal plane, with the scale that it is on.
///
/// *Reference:* J. A. Russell, "A circumplex model of affect", 1980.
public struct ValenceArousal: Hashable, Sendable, Codable {
  /// Pleasantness, from unpleasant (low) to pleasant (high), on ``scale``.
  public var valence: Double
  /// Intensity, from calm (low) to energetic (high), on ``scale``.
  public var arousal: Double
  /// The scale of both values.
  public var scale: EmotionScale

  /// Creates a point.
  public init(valence: Double, arousal: Double, scale: EmotionScale) {
    self.valence = valence
    self.arousal = arousal
    self.scale = scale
  }

  /// The same point on another scale.
  public func on(_ other: EmotionScale) -> ValenceArousal {
    ValenceArousal(
      valence: scale.convert(valence, to: other),
      arousal: scale.convert(arousal, to: other), scale: other)
  }

  /// The quadrant of the plane; a value exactly at the midpoint counts as positive.
  public var quadrant: Quadrant {
    switch (valence >= scale.midpoint, arousal >= scale.midpoint) {
    case (true, true): .happy
    case (false, true): .tense
    case (false, false): .sad
    case (true, false): .calm
    }
  }
}

/// A quadrant of the valence-arousal plane, numbered as the report numbers them.
public enum Quadrant: Int, CaseIterable, Hashable, Sendable, Codable {
  /// Q1: positive valence, high arousal (happy, excited).
  case happy = 1
  /// Q2: negative valence, high arousal (tense, angry).
  case tense = 2
  /// Q3: negative valence, low arousal (sad, bored).
  case sad = 3
  /// Q4: positive valence, low arousal (calm, content).
  case calm = 4

  /// A one-word English name, such as `"happy"`.
  public var name: String {
    switch self {
    case .happy: "happy"
    case .tense: "tense"
    case .sad: "sad"
    case .calm: "calm"
    }
  }
}
