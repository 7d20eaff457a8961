import SentioTensor

/// How strong an emotion must be called that a generator was asked for.
///
/// A generator may render less than what was asked for: the requests lie all over the plane, and the songs that it learned
/// from do not. A judge that was trained on real songs tells how much, as far as its own caution is allowed for. With
/// straight lines by least squares,
///
///     found ≈ a + b · asked      of synthetic clips
///     found ≈ c + d · label      of real songs that the judge did not learn from,
///
/// a clip of which e was asked sounds to the judge like a real song of the label `(a − c + b · e) / d`. The line is the same
/// for all clips of a dimension, so that which clip is called happier than which remains the generator's matter.
public struct LabelCalibration: Sendable {
  /// A straight line that a label is read from.
  public struct Line: Sendable, Hashable {
    /// The label of what nothing was asked of.
    public let offset: Double
    /// How strong the label is beside what was asked for; 1 for as asked.
    public let slope: Double
  }

  /// The lines of valence and arousal.
  public let lines: [Line]

  /// Fits the lines of valence and arousal.
  ///
  /// A dimension in which the judge hears nothing, on either kind of songs, keeps its labels.
  ///
  /// - Parameters:
  ///   - asked: `[N, 2]`.
  ///   - found: `[N, 2]`, what the judge says of those clips.
  ///   - labels: `[M, 2]`, of real songs.
  ///   - heard: `[M, 2]`, what the judge says of them.
  public init(asked: Tensor, found: Tensor, labels: Tensor, heard: Tensor) {
    lines = (0..<2).map { dimension in
      func column(_ tensor: Tensor) -> [Double] {
        tensor.selected(dimension, axis: 1).scalars.map(Double.init)
      }
      let (synthetic, real) = (
        Self.line(column(asked), column(found)), Self.line(column(labels), column(heard))
      )
      guard synthetic.slope > 0.02, real.slope > 0.02 else { return Line(offset: 0, slope: 1) }
      return Line(
        offset: (synthetic.offset - real.offset) / real.slope,
        slope: synthetic.slope / real.slope)
    }
  }

  /// The labels of clips, within −1…1.
  ///
  /// - Parameter asked: `[N, 2]`, what the generator was asked for.
  /// - Returns: `[N, 2]`.
  public func labels(_ asked: Tensor) -> Tensor {
    let values = asked.scalars
    return Tensor(
      values.indices.map { index in
        let line = lines[index % 2]
        return Float(min(max(line.offset + line.slope * Double(values[index]), -1), 1))
      }, shape: [asked.shape[0], 2])
  }

  /// Least squares of y on x.
  private static func line(_ x: [Double], _ y: [Double]) -> Line {
    let count = Double(max(1, x.count))
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let squares = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let slope = squares > 1e-12 ? products / squares : 0
    return Line(offset: meanY - slope * meanX, slope: slope)
  }
}
