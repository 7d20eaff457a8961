/// What stands beyond the first and the last frame when a derivative over time is taken there.
///
/// *Reference:* the `mode` of `librosa.feature.delta` 0.11.
public enum DeltaEdges: Hashable, Codable, Sendable {
  /// Nothing: the polynomial through the outermost `width` frames serves the frames beyond its middle.
  case interpolate
  /// The outermost frame, repeated.
  case nearest
  /// The frames mirrored at the outermost one, which is not repeated.
  case mirror
  /// The frames of the other end.
  case wrap
  /// One value.
  case constant(Float)
}

extension FrameMatrix {
  /// The derivative over time of every row, by Savitzky and Golay's local polynomials.
  ///
  /// At each frame a polynomial of degree `order` is fitted to the `width` frames around it by least squares; the
  /// result is its derivative of the same order, per frame to that power: for order 1 the slope
  /// `Σ k·x(t+k) / Σ k²`, `k = -width/2 … width/2`. Constant rows give 0; a NaN makes NaN of the
  /// `width` frames around it (with ``DeltaEdges/interpolate`` also of the edge that reads it).
  ///
  /// - Parameters:
  ///   - order: which derivative, 1 … `width - 1`; 2 is the acceleration.
  ///   - width: frames in a fit, odd, ≥ 3.
  ///   - edges: what stands beyond the ends.
  /// - Returns: a matrix of the same shape.
  /// - Throws: ``DSPError/invalidSetting(name:value:expected:)`` if `edges` is ``DeltaEdges/interpolate`` and there are
  ///   fewer frames than `width`. No frames at all are returned as they are.
  ///
  /// *Reference:* `librosa.feature.delta` 0.11 (`scipy.signal.savgol_filter` 1.17 with `deriv = polyorder = order`).
  public func delta(
    order: Int = 1, width: Int = 9, edges: DeltaEdges = .interpolate
  ) throws -> FrameMatrix {
    precondition(
      width >= 3 && width % 2 == 1, "a delta of width \(width): it must be odd, 3 or more")
    precondition((1..<width).contains(order), "a delta of order \(order) of width \(width)")
    if frameCount == 0 { return self }
    if edges == .interpolate && frameCount < width {
      throw DSPError.invalidSetting(
        name: "width", value: "\(width)",
        expected: "at most the \(frameCount) frames there are, or other edges than .interpolate")
    }
    let weights = savitzkyGolayWeights(order: order, width: width)
    return FrameMatrix(frameCount: frameCount, rowCount: rowCount) { output in
      var sums = [Double](repeating: 0, count: rowCount)
      for frame in 0..<frameCount {
        var center = frame
        if edges == .interpolate {
          // The derivative of degree `order` of a polynomial of degree `order` is the same everywhere.
          center = min(max(frame, width / 2), frameCount - 1 - width / 2)
        }
        for row in 0..<rowCount { sums[row] = 0 }
        for (offset, weight) in weights.enumerated() {
          let position = center + offset - width / 2
          if let source = edges.source(of: position, frameCount: frameCount) {
            let base = source * rowCount
            for row in 0..<rowCount { sums[row] += weight * Double(values[base + row]) }
          } else if case .constant(let value) = edges {
            for row in 0..<rowCount { sums[row] += weight * Double(value) }
          }
        }
        for row in 0..<rowCount { output[frame * rowCount + row] = Float(sums[row]) }
      }
    }
  }
}

extension DeltaEdges {
  /// The frame that stands at a position, or `nil` where none does.
  func source(of position: Int, frameCount: Int) -> Int? {
    if position >= 0 && position < frameCount { return position }
    func wrapped(_ period: Int) -> Int { ((position % period) + period) % period }
    switch self {
    case .interpolate, .constant: return nil
    case .nearest: return position < 0 ? 0 : frameCount - 1
    case .wrap: return wrapped(frameCount)
    case .mirror:
      if frameCount == 1 { return 0 }
      let phase = wrapped(2 * (frameCount - 1))
      return phase < frameCount ? phase : 2 * (frameCount - 1) - phase
    }
  }
}

/// Weights `order! · p(k) / Σ p²` of the derivative, where `p` is the monic polynomial of degree `order` that is
/// orthogonal to all lower ones on `-width/2 … width/2`.
///
/// Gram's three-term recurrence stays accurate where the normal equations of the fit would lose digits.
private func savitzkyGolayWeights(order: Int, width: Int) -> [Double] {
  let points = (0..<width).map { Double($0 - width / 2) }
  func square(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
  var previous = [Double](repeating: 0, count: width)
  var current = [Double](repeating: 1, count: width)
  var factorial = 1.0
  for degree in 1...order {
    let ratio = degree == 1 ? 0 : square(current) / square(previous)
    let next = (0..<width).map { points[$0] * current[$0] - ratio * previous[$0] }
    (previous, current) = (current, next)
    factorial *= Double(degree)
  }
  let scale = factorial / square(current)
  return current.map { $0 * scale }
}
