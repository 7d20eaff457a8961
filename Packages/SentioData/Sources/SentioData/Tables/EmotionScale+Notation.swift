import Foundation
import SentioMetrics

extension EmotionScale {
  /// The scale as it is written in files and on the command line: `1..9`, `-1..1`, `-10..10`.
  public var notation: String {
    "\(CSVWriter.number(lower))..\(CSVWriter.number(upper))"
  }

  /// Reads a scale from its ``notation``; `deam` and `unit` name the two standard ones.
  ///
  /// Nil when the text is no interval of two finite numbers with the lower one first.
  ///
  /// - Parameter notation: such as `1..9`, `-1..1`, `-10...10`, `deam`, `unit`.
  public init?(notation: String) {
    switch notation.lowercased() {
    case "deam", "deam1to9": self = .deam1to9
    case "unit": self = .unit
    default:
      guard let dots = notation.range(of: "..") else { return nil }
      let rest = notation[dots.upperBound...]
      guard let lower = Double(notation[..<dots.lowerBound]),
        let upper = Double(rest.hasPrefix(".") ? rest.dropFirst() : rest),
        lower.isFinite, upper.isFinite, lower < upper
      else { return nil }
      self.init(lower: lower, upper: upper)
    }
  }

  /// The scale with these ends, as one of the named cases where there is one.
  init(lower: Double, upper: Double) {
    self =
      switch (lower, upper) {
      case (1, 9): .deam1to9
      case (-1, 1): .unit
      default: .interval(lower: lower, upper: upper)
      }
  }

  /// Whether both coordinates of a point can occur on this scale.
  func contains(_ valence: Double, _ arousal: Double) -> Bool {
    (lower...upper).contains(valence) && (lower...upper).contains(arousal)
  }
}
