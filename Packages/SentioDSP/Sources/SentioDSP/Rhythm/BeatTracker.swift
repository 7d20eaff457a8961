import Foundation

/// The beats of a piece: the sequence of frames that are strong onsets and evenly spaced.
///
/// The onset strength, divided by its standard deviation and smoothed by a Gaussian of 1/32 beat, is the score of a beat
/// at a frame. The best sequence maximizes the sum of scores less `tightness · ln²(interval / period)` for
/// each interval, which may be half to twice the period; dynamic programming finds it exactly.
///
/// *Reference:* Ellis, "Beat tracking by dynamic programming", 2007; `librosa.beat.beat_track` 0.11 with a fixed tempo.
public struct BeatTracker: Hashable, Codable, Sendable {
  /// A piece's tempo and beats.
  public struct Beats: Hashable, Codable, Sendable {
    /// Beats per minute; 0 if there are no onsets.
    public let tempo: Double
    /// The frames of the beats, ascending.
    public let frames: [Int]

    /// The beats' times in seconds.
    ///
    /// - Parameter frameRate: frames per second, above 0.
    /// - Returns: one time a beat.
    public func times(frameRate: Double) -> [Double] { frames.map { Double($0) / frameRate } }
  }

  /// How strongly the beats keep to the tempo, above 0.
  public var tightness: Double
  /// Whether weak beats before the first and after the last strong one are left out.
  public var trimsWeakEnds: Bool
  /// The tempo in beats per minute, above 0; `nil` has it estimated.
  public var tempo: Double?
  /// Estimates the tempo where none is given.
  public var estimator: TempoEstimator

  /// A tracker with librosa's defaults.
  ///
  /// - Parameters:
  ///   - tightness: how strongly the beats keep to the tempo, above 0.
  ///   - trimsWeakEnds: whether weak beats at both ends are left out.
  ///   - tempo: the tempo in beats per minute, above 0; `nil` has it estimated.
  ///   - estimator: estimates the tempo where none is given.
  public init(
    tightness: Double = 100, trimsWeakEnds: Bool = true, tempo: Double? = nil,
    estimator: TempoEstimator = TempoEstimator()
  ) {
    self.tightness = tightness
    self.trimsWeakEnds = trimsWeakEnds
    self.tempo = tempo
    self.estimator = estimator
  }

  /// Finds the beats.
  ///
  /// - Parameters:
  ///   - onsetStrength: onset strength, one value a frame. librosa's own default is the *median* over bands.
  ///   - frameRate: frames per second, above 0.
  /// - Returns: tempo and beats; none for fewer than two frames, for silence, for a value that is not finite, or if a beat
  ///   would be shorter than a frame.
  public func callAsFunction(_ onsetStrength: [Float], frameRate: Double) -> Beats {
    precondition(
      frameRate > 0 && tightness > 0 && tempo ?? 1 > 0,
      "frame rate \(frameRate), tightness \(tightness) and tempo must be above 0")
    let none = Beats(tempo: 0, frames: [])
    guard onsetStrength.count >= 2, onsetStrength.allSatisfy(\.isFinite),
      onsetStrength.contains(where: { $0 != 0 }),
      let tempo = tempo ?? estimator(onsetStrength, frameRate: frameRate)
    else { return none }
    let exactPeriod = (frameRate * 60 / tempo).rounded(.toNearestOrEven)
    guard exactPeriod >= 1 else { return none }
    // Beats further apart than the piece is long are one beat, however far.
    let period = Int(min(exactPeriod, Double(4 * onsetStrength.count)))
    let scores = localScores(onsetStrength, period: period)
    let path = bestPath(scores, period: period)
    var frames = backtrack(path.predecessors, from: lastBeat(path.totals))
    trim(&frames, scores: scores)
    return Beats(tempo: tempo, frames: frames)
  }

  /// Onset strength over its deviation, smoothed.
  private func localScores(_ onsetStrength: [Float], period: Int) -> [Double] {
    let count = onsetStrength.count
    let values = onsetStrength.map(Double.init)
    let mean = values.reduce(0, +) / Double(count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation =
      (square / Double(count - 1)).squareRoot() + Double(Float.leastNormalMagnitude)
    let window = (-period...period).map { offset in
      let x = Double(offset) * 32 / Double(period)
      return exp(-0.5 * x * x)
    }
    return (0..<count).map { frame in
      let centre = frame + window.count / 2
      // The reference leaves the first frame's onset out of the sums before it is centred.
      let taps = max(0, centre - count + 1)..<max(0, centre - count + 1, min(centre, window.count))
      return taps.reduce(0) { $0 + window[$1] * values[centre - $1] } / deviation
    }
  }

  /// For each frame the total of the best sequence that ends there, and the beat before it, or -1.
  private func bestPath(
    _ scores: [Double], period: Int
  ) -> (totals: [Double], predecessors: [Int]) {
    let shortest = Int((Double(period) / 2).rounded(.toNearestOrEven))
    let longest = 2 * period
    let penalties = (0...longest).map { interval in
      let octaves = log(Double(interval)) - log(Double(period))
      return interval == 0 ? Double.infinity : tightness * octaves * octaves
    }
    let threshold = 0.01 * scores.max()!
    var totals = scores
    var predecessors = [Int](repeating: -1, count: scores.count)
    var isBeforeFirstBeat = true
    for frame in scores.indices {
      var best = -Double.infinity
      var predecessor = -1
      for interval in stride(from: max(1, shortest), through: min(longest, frame), by: 1) {
        let total = totals[frame - interval] - penalties[interval]
        if total > best {
          best = total
          predecessor = frame - interval
        }
      }
      if predecessor >= 0 { totals[frame] = scores[frame] + best }
      if isBeforeFirstBeat && scores[frame] < threshold { continue }
      predecessors[frame] = predecessor
      isBeforeFirstBeat = false
    }
    return (totals, predecessors)
  }

  /// The last local maximum that reaches half the maxima's median.
  private func lastBeat(_ totals: [Double]) -> Int {
    let last = totals.count - 1
    let maxima = totals.indices.dropFirst().filter { frame in
      totals[frame] > totals[frame - 1]
        && (frame == last || totals[frame] >= totals[frame + 1])
    }
    let heights = maxima.map { totals[$0] }.sorted()
    guard !heights.isEmpty else { return last }
    let median = (heights[(heights.count - 1) / 2] + heights[heights.count / 2]) / 2
    return maxima.last { totals[$0] >= 0.5 * median } ?? last
  }

  private func backtrack(_ predecessors: [Int], from last: Int) -> [Int] {
    var frames: [Int] = []
    var frame = last
    while frame >= 0 {
      frames.append(frame)
      frame = predecessors[frame]
    }
    return frames.reversed()
  }

  /// Leaves out beats before the first and after the last frame whose score is above half the smoothed beats' RMS.
  private func trim(_ frames: inout [Int], scores: [Double]) {
    var threshold = 0.0
    if trimsWeakEnds {
      let heights = frames.map { scores[$0] }
      let window = [0, 0.5, 1, 0.5, 0]
      // A full convolution without its first two values, and cut to the signal's length: the reference's slice.
      let smoothed = (2..<min(heights.count + 4, scores.count + 2)).map { index in
        window.indices.reduce(0.0) { sum, tap in
          heights.indices.contains(index - tap) ? sum + window[tap] * heights[index - tap] : sum
        }
      }
      let meanSquare = smoothed.reduce(0) { $0 + $1 * $1 } / Double(smoothed.count)
      threshold = 0.5 * meanSquare.squareRoot()
    }
    guard let first = scores.firstIndex(where: { $0 > threshold }),
      let last = scores.lastIndex(where: { $0 > threshold })
    else {
      frames = []
      return
    }
    frames.removeAll { $0 < first || $0 > last }
  }
}
