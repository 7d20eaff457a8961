import Foundation

/// The mean and spread of some songs' predictions about their labels, as an ellipse.
///
/// The ellipse is centred on the songs' mean label moved by the mean error, and its half axes are one
/// standard deviation of the error along its principal directions: of normally distributed errors 39 % lie
/// within.
package struct ErrorEllipse {
  /// The songs' mean label.
  package let label: (x: Double, y: Double)
  /// The mean label plus the mean error.
  package let centre: (x: Double, y: Double)
  /// Half the length of the longer axis.
  package let major: Double
  /// Half the length of the shorter axis.
  package let minor: Double
  /// The longer axis' angle from the horizontal, in radians.
  package let angle: Double

  /// Creates the ellipse of at least 3 songs; `nil` for fewer.
  package init?(labels: [(x: Double, y: Double)], predictions: [(x: Double, y: Double)]) {
    guard labels.count >= 3, labels.count == predictions.count else { return nil }
    let count = Double(labels.count)
    let errors = zip(labels, predictions).map { (x: $1.x - $0.x, y: $1.y - $0.y) }
    func mean(_ points: [(x: Double, y: Double)]) -> (x: Double, y: Double) {
      (points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    }
    let bias = mean(errors)
    label = mean(labels)
    centre = (label.x + bias.x, label.y + bias.y)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for error in errors {
      xx += (error.x - bias.x) * (error.x - bias.x) / count
      yy += (error.y - bias.y) * (error.y - bias.y) / count
      xy += (error.x - bias.x) * (error.y - bias.y) / count
    }
    // Eigenvalues of [[xx, xy], [xy, yy]]; rounding can put the smaller one below zero.
    let middle = (xx + yy) / 2
    let half = (((xx - yy) / 2) * ((xx - yy) / 2) + xy * xy).squareRoot()
    major = (middle + half).squareRoot()
    minor = max(middle - half, 0).squareRoot()
    angle = 0.5 * atan2(2 * xy, xx - yy)
    guard major.isFinite else { return nil }
  }

  /// Points of the outline.
  package func outline(steps: Int = 48) -> [(x: Double, y: Double)] {
    (0..<steps).map { step in
      let turn = 2 * Double.pi * Double(step) / Double(steps)
      let (u, v) = (major * cos(turn), minor * sin(turn))
      return (
        centre.x + u * cos(angle) - v * sin(angle), centre.y + u * sin(angle) + v * cos(angle)
      )
    }
  }
}
