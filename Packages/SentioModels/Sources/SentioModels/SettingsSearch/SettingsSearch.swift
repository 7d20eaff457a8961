import SentioTensor

/// Looks for the settings under which something costly, such as a training, comes to the smallest value.
///
/// ```swift
/// let space = SearchSpace([.init("units", .list([16, 32, 64])), .init("rate", .logarithmic(1e-4...1e-1))])
/// let trials = try SettingsSearch(space, .bayesian(trials: 20), seed: 1).run { settings in
///   try validationLoss(units: Int(settings["units"]!), rate: settings["rate"]!)
/// }
/// let best = trials.min { $0.value < $1.value }
/// ```
public struct SettingsSearch: Sendable {
  /// How the next settings are chosen.
  public enum Method: Sendable, Hashable {
    /// All points of a grid, with so many steps along each range.
    case grid(steps: Int)
    /// Points at random. Of settings that matter they try more values than a grid of as many points.
    ///
    /// *Reference:* Bergstra and Bengio, "Random search for hyper-parameter optimization", 2012.
    case random(trials: Int)
    /// After some points at random, where a ``GaussianProcess`` of the trials so far expects the largest improvement.
    ///
    /// *Reference:* Snoek, Larochelle and Adams, "Practical Bayesian optimization of machine learning algorithms", 2012.
    case bayesian(trials: Int, random: Int = 5)
  }

  /// One evaluation.
  public struct Trial: Sendable, Hashable {
    /// The settings, by name.
    public let settings: [String: Double]
    /// Where they stand in the unit cube.
    public let point: [Double]
    /// What they came to; NaN where the training left the numbers.
    public let value: Double
  }

  /// Where is looked.
  public let space: SearchSpace
  /// How the next settings are chosen.
  public let method: Method
  /// What points are drawn with.
  public let seed: UInt64

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - space: where is looked.
  ///   - method: how the next settings are chosen.
  ///   - seed: what points are drawn with.
  public init(_ space: SearchSpace, _ method: Method, seed: UInt64 = 0) {
    self.space = space
    self.method = method
    self.seed = seed
  }

  /// Runs the search.
  ///
  /// - Parameter evaluate: from settings to the value that shall be small. Where it is not finite, the settings count as the
  ///   worst so far.
  /// - Returns: the trials, in their order.
  /// - Throws: what `evaluate` throws.
  public func run(_ evaluate: ([String: Double]) throws -> Double) rethrows -> [Trial] {
    var trials: [Trial] = []
    func attempt(_ point: [Double]) throws {
      let settings = space.settings(at: point)
      trials.append(Trial(settings: settings, point: point, value: try evaluate(settings)))
    }
    var stream = RandomStream(seed: seed, "search")
    switch method {
    case .grid(let steps): for point in space.grid(steps: steps) { try attempt(point) }
    case .random(let count):
      for _ in 0..<count { try attempt(space.randomPoint(from: &stream)) }
    case .bayesian(let count, let random):
      for number in 0..<count {
        let isRandom = number < max(1, random)
        try attempt(
          isRandom ? space.randomPoint(from: &stream) : mostPromising(trials, from: &stream))
      }
    }
    return trials
  }

  /// The point of the largest expected improvement among many at random and many near the best so far.
  private func mostPromising(_ trials: [Trial], from stream: inout RandomStream) -> [Double] {
    let finite = trials.filter(\.value.isFinite)
    guard let best = finite.min(by: { $0.value < $1.value }),
      let worst = finite.map(\.value).max()
    else { return space.randomPoint(from: &stream) }
    let process = GaussianProcess.fitted(
      trials.map(\.point), trials.map { $0.value.isFinite ? $0.value : worst })
    var candidates = (0..<500).map { _ in space.randomPoint(from: &stream) }
    for distance in [0.05, 0.2] {
      candidates += (0..<100).map { _ in
        space.neighbour(of: best.point, within: distance, from: &stream)
      }
    }
    let tried = Set(trials.map(\.point))
    let fresh = candidates.filter { !tried.contains($0) }
    // Where every point of a small list was tried, noise may still be averaged out.
    return (fresh.isEmpty ? candidates : fresh).max {
      process.expectedImprovement(below: best.value, at: $0)
        < process.expectedImprovement(below: best.value, at: $1)
    }!
  }
}
