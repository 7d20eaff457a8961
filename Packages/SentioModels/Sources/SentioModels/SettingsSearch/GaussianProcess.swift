import Foundation

/// A Gaussian process over points of the unit cube: what is known of a function from a few noisy values.
///
/// The covariance of two points at distance r is Matérn's with ν = 5/2 and length ℓ,
/// `k(r) = (1 + √5·r/ℓ + 5r²/3ℓ²) · e^(−√5·r/ℓ)`, plus a variance of noise where they are one observation. Values are
/// standardized before the fit, so that k needs no scale. With `K = L·L'` the mean at x is `k'·K⁻¹·y` and the variance
/// `1 − k'·K⁻¹·k`.
///
/// *Reference:* Rasmussen and Williams, "Gaussian processes for machine learning", 2006, algorithm 2.1;
/// `sklearn.gaussian_process.GaussianProcessRegressor` with `Matern(nu=2.5)`, 1.x.
public struct GaussianProcess: Sendable {
  /// ℓ, in units of the cube's side.
  public let length: Double
  /// The variance of the noise, for standardized values.
  public let noise: Double
  /// How likely the observations are under the process: `−½·y'K⁻¹y − Σ ln Lᵢᵢ − n/2·ln 2π`, for standardized values.
  public let logLikelihood: Double

  private let points: [[Double]]
  private let mean: Double
  private let deviation: Double
  private let factor: [[Double]]
  private let weights: [Double]

  /// Fits a process of given length and noise.
  ///
  /// - Parameters:
  ///   - points: the n places of observations, one at least, of equal dimension.
  ///   - values: what was observed there; finite.
  ///   - length: ℓ, above 0.
  ///   - noise: the variance of the noise, above 0.
  public init(_ points: [[Double]], _ values: [Double], length: Double, noise: Double) {
    precondition(
      !points.isEmpty && points.count == values.count && length > 0 && noise > 0,
      "\(points.count) points with \(values.count) values, length \(length), noise \(noise)")
    self.points = points
    self.length = length
    self.noise = noise
    let count = Double(values.count)
    mean = values.reduce(0, +) / count
    let center = mean
    let spread = (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / count).squareRoot()
    // One value, or equal ones, have no spread to divide by.
    deviation = spread > 0 ? spread : 1
    let scale = deviation
    let y = values.map { ($0 - center) / scale }
    var factor: [[Double]] = []
    for i in points.indices {
      var row = (0...i).map { Self.covariance(points[i], points[$0], length) }
      row[i] += noise
      for j in 0...i {
        var sum = row[j]
        for k in 0..<j { sum -= row[k] * (j < i ? factor[j][k] : row[k]) }
        row[j] = j < i ? sum / factor[j][j] : max(sum, 1e-12).squareRoot()
      }
      factor.append(row)
    }
    self.factor = factor
    let half = Self.forward(factor, y)
    var weights = half
    for i in points.indices.reversed() {
      for k in points.indices where k > i { weights[i] -= factor[k][i] * weights[k] }
      weights[i] /= factor[i][i]
    }
    self.weights = weights
    logLikelihood =
      -half.reduce(0) { $0 + $1 * $1 } / 2
      - points.indices.reduce(0) { $0 + log(factor[$1][$1]) } - count / 2 * log(2 * .pi)
  }

  /// Fits the process among several lengths and noises under which the observations are likeliest.
  ///
  /// - Parameters:
  ///   - points: the places of observations.
  ///   - values: what was observed there.
  /// - Returns: the process.
  public static func fitted(_ points: [[Double]], _ values: [Double]) -> GaussianProcess {
    let lengths = [0.1, 0.15, 0.22, 0.33, 0.5, 0.75, 1.1, 1.7]
    let noises = [1e-4, 1e-3, 1e-2, 1e-1, 0.3]
    return lengths.flatMap { length in
      noises.map { GaussianProcess(points, values, length: length, noise: $0) }
    }.max { $0.logLikelihood < $1.logLikelihood }!
  }

  /// What is known of the function at a point.
  ///
  /// - Parameter point: the point.
  /// - Returns: mean and deviation, in the units of the values; the noise is not part of the deviation.
  public func prediction(at point: [Double]) -> (mean: Double, deviation: Double) {
    let k = points.map { Self.covariance($0, point, length) }
    let half = Self.forward(factor, k)
    let variance = 1 - half.reduce(0) { $0 + $1 * $1 }
    return (
      mean + deviation * zip(k, weights).reduce(0) { $0 + $1.0 * $1.1 },
      deviation * max(variance, 0).squareRoot()
    )
  }

  /// How far below a value the function is expected to be at a point: `E[max(0, best − f)]`.
  ///
  /// `(best − μ)·Φ(z) + σ·φ(z)` with `z = (best − μ)/σ`.
  ///
  /// - Parameters:
  ///   - best: the value.
  ///   - point: the point.
  /// - Returns: at least 0.
  ///
  /// *Reference:* Jones, Schonlau and Welch, "Efficient global optimization of expensive black-box functions", 1998.
  public func expectedImprovement(below best: Double, at point: [Double]) -> Double {
    let (mean, deviation) = prediction(at: point)
    guard deviation > 1e-12 else { return max(0, best - mean) }
    let z = (best - mean) / deviation
    let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    let share = erfc(-z / 2.0.squareRoot()) / 2
    return max(0, (best - mean) * share + deviation * density)
  }

  private static func covariance(_ a: [Double], _ b: [Double], _ length: Double) -> Double {
    let squares = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let r = (5 * squares).squareRoot() / length
    return (1 + r + r * r / 3) * exp(-r)
  }

  /// L⁻¹·b.
  private static func forward(_ factor: [[Double]], _ b: [Double]) -> [Double] {
    var x = b
    for i in x.indices {
      for k in 0..<i { x[i] -= factor[i][k] * x[k] }
      x[i] /= factor[i][i]
    }
    return x
  }
}
