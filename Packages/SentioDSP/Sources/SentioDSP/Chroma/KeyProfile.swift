/// How much of each scale step is heard, and how well major and minor keys explain it.
///
/// The mean chroma, divided by its sum, is correlated (Pearson) with the probe-tone profiles of the
/// twenty-four keys. The best key's tonic becomes step 1, so that pieces in different keys compare:
/// - `scale_step1` … `12`: the share of each step, adding up to 1;
/// - `key_major`, `key_minor`: the best correlation of a major and of a minor key, -1 … 1;
/// - `key_mode`: their difference, above 0 in major;
/// - `key_clarity`: the larger of the two.
///
/// Of equal correlations major and the lower tonic win. In silence, and where all pitch classes are
/// equal, correlations are 0 and the tonic is C.
///
/// *Reference:* Krumhansl, "Cognitive foundations of musical pitch", 1990 (profiles of Krumhansl
/// and Kessler, 1982).
struct KeyProfile {
  static let columnNames =
    (1...12).map { "scale_step\($0)" } + ["key_major", "key_minor", "key_mode", "key_clarity"]

  private static let major = [
    6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88,
  ]
  private static let minor = [
    6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17,
  ]

  /// The shares of the scale steps from the tonic up.
  let steps: [Double]
  /// The best correlation of a major key.
  let majorStrength: Double
  /// The best correlation of a minor key.
  let minorStrength: Double

  /// - Parameter meanChroma: twelve values ≥ 0 from C upwards.
  init(meanChroma: [Double]) {
    let sum = meanChroma.reduce(0, +)
    let shares = sum > 0 ? meanChroma.map { $0 / sum } : meanChroma
    func best(_ profile: [Double]) -> (strength: Double, tonic: Int) {
      var best = (strength: -Double.infinity, tonic: 0)
      for tonic in 0..<12 {
        let strength = Self.correlation(profile, Self.turned(shares, to: tonic))
        if strength > best.strength { best = (strength, tonic) }
      }
      return best
    }
    let inMajor = best(Self.major)
    let inMinor = best(Self.minor)
    majorStrength = inMajor.strength
    minorStrength = inMinor.strength
    steps = Self.turned(
      shares, to: inMinor.strength > inMajor.strength ? inMinor.tonic : inMajor.tonic)
  }

  var values: [Float] {
    (steps
      + [
        majorStrength, minorStrength, majorStrength - minorStrength,
        max(majorStrength, minorStrength),
      ]).map { Float($0) }
  }

  private static func turned(_ values: [Double], to tonic: Int) -> [Double] {
    (0..<12).map { values[($0 + tonic) % 12] }
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    guard b.max()! > b.min()! else { return 0 }
    let (meanA, meanB) = (a.reduce(0, +) / 12, b.reduce(0, +) / 12)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return ab / (aa * bb).squareRoot()
  }
}
