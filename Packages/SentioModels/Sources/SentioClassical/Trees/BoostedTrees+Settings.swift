import Foundation

extension BoostedTrees {
  /// What is chosen before the fit; the defaults are the report's.
  public struct Settings: Hashable, Sendable, Codable {
    /// The number of trees an output, 1 to 100,000 (`n_estimators`).
    public var rounds: Int
    /// The depth of a tree, 1 to 64 (`max_depth`).
    public var maximumDepth: Int
    /// What each tree's leaves are multiplied by, greater than 0, at most 1 (`learning_rate`).
    public var learningRate: Double
    /// The share of rows that a tree sees, greater than 0, at most 1 (`subsample`).
    public var rowFraction: Double
    /// The share of columns that a tree sees, greater than 0, at most 1 (`colsample_bytree`).
    public var columnFraction: Double
    /// The penalty on the absolute leaf values, at least 0 (`reg_alpha`).
    public var l1Penalty: Double
    /// The penalty on the squared leaf values, at least 0 (`reg_lambda`).
    public var l2Penalty: Double
    /// The smallest number of rows in a leaf, at least 0 (`min_child_weight`).
    public var minimumChildWeight: Double
    /// The smallest reduction of the loss that a split must bring, at least 0 (`gamma`).
    public var minimumSplitGain: Double
    /// How thresholds are found.
    public var splits: SplitSearch
    /// When to stop before ``rounds``; nil to grow them all.
    public var earlyStopping: EarlyStopping?
    /// The seed of the rows and columns that each tree sees; its lowest 31 bits count.
    public var seed: UInt64

    /// Creates settings; the report's choice by default, without early stopping.
    public init(
      rounds: Int = 200, maximumDepth: Int = 6, learningRate: Double = 0.05,
      rowFraction: Double = 0.8, columnFraction: Double = 0.8, l1Penalty: Double = 0.1,
      l2Penalty: Double = 1, minimumChildWeight: Double = 3, minimumSplitGain: Double = 0.1,
      splits: SplitSearch = .histogram(bins: 256), earlyStopping: EarlyStopping? = nil,
      seed: UInt64 = 0
    ) {
      self.rounds = rounds
      self.maximumDepth = maximumDepth
      self.learningRate = learningRate
      self.rowFraction = rowFraction
      self.columnFraction = columnFraction
      self.l1Penalty = l1Penalty
      self.l2Penalty = l2Penalty
      self.minimumChildWeight = minimumChildWeight
      self.minimumSplitGain = minimumSplitGain
      self.splits = splits
      self.earlyStopping = earlyStopping
      self.seed = seed
    }

    /// How thresholds are found.
    public enum SplitSearch: Hashable, Sendable, Codable {
      /// Among the borders of at most `bins` bins with equally many rows, 2 to 65,536.
      ///
      /// Time goes with the number of bins where rows are few: 2 × 200 rounds of 1,395 × 164 took
      /// 0.74 s with 64 bins and 2.40 s with 256.
      case histogram(bins: Int)
      /// Among all values.
      case exact
    }

    /// Stops when the error on rows that grow no tree has not improved for some rounds.
    public struct EarlyStopping: Hashable, Sendable, Codable {
      /// How many rounds without improvement are allowed, at least 1.
      public var patience: Int
      /// The share of the training rows that is held out, between 0 and 1; drawn by the seed.
      public var holdoutFraction: Double
      /// Whether the trees are grown again from all rows, as many as the holdout chose.
      public var refitsOnAllRows: Bool

      /// Creates the report's rule: 20 rounds on a holdout of 20 %, without a second fit.
      public init(
        patience: Int = 20, holdoutFraction: Double = 0.2, refitsOnAllRows: Bool = false
      ) {
        self.patience = patience
        self.holdoutFraction = holdoutFraction
        self.refitsOnAllRows = refitsOnAllRows
      }
    }

    /// A small grid around the report's choice: depth 4, 6 × rate 0.03, 0.05, 0.1.
    public static let smallGrid: [Settings] = [4, 6].flatMap { depth in
      [0.03, 0.05, 0.1].map { Settings(maximumDepth: depth, learningRate: $0) }
    }

    /// The grid of the report's appendix A: 3 × 3 × 3 × 3 = 81 combinations, which it counts as 48.
    public static let reportGrid: [Settings] = [100, 200, 300].flatMap { rounds in
      [4, 6, 8].flatMap { depth in
        [0.01, 0.05, 0.1].flatMap { rate in
          [0.7, 0.8, 0.9].map {
            Settings(rounds: rounds, maximumDepth: depth, learningRate: rate, rowFraction: $0)
          }
        }
      }
    }

    /// Settings drawn at random from wide ranges, as a seeded stand-in for the report's Bayesian search.
    ///
    /// Rates and penalties are drawn on a logarithmic scale; the first is the report's choice.
    ///
    /// - Parameters:
    ///   - count: how many; at least 1.
    ///   - seed: the same seed gives the same list.
    /// - Returns: `count` settings.
    public static func random(_ count: Int, seed: UInt64) -> [Settings] {
      precondition(count >= 1, "count must be at least 1, and is \(count)")
      var generator = SeededGenerator(seed: seed)
      return [Settings()]
        + (1..<max(1, count)).map { _ in
          func logarithmic(_ low: Double, _ high: Double) -> Double {
            low * pow(high / low, Double.random(in: 0...1, using: &generator))
          }
          return Settings(
            rounds: Int.random(in: 2...12, using: &generator) * 50,
            maximumDepth: Int.random(in: 2...8, using: &generator),
            learningRate: logarithmic(0.01, 0.2),
            rowFraction: Double.random(in: 0.5...1, using: &generator),
            columnFraction: Double.random(in: 0.3...1, using: &generator),
            l1Penalty: logarithmic(0.001, 10), l2Penalty: logarithmic(0.1, 10),
            minimumChildWeight: Double(Int.random(in: 1...10, using: &generator)),
            minimumSplitGain: logarithmic(0.001, 1))
        }
    }

    func validate() throws {
      func require(_ holds: Bool, _ name: String, _ value: Any, _ expected: String) throws {
        guard holds else {
          throw ClassicalError.invalidSetting(
            name: name, value: "\(value)", expected: expected)
        }
      }
      func share(_ name: String, _ value: Double) throws {
        try require(value > 0 && value <= 1, name, value, "greater than 0 and at most 1")
      }
      func positive(_ name: String, _ value: Double) throws {
        try require(value >= 0 && value.isFinite, name, value, "a finite number of at least 0")
      }
      try require((1...100_000).contains(rounds), "rounds", rounds, "1 to 100,000")
      try require(
        (1...TreeEnsemble.depthLimit).contains(maximumDepth), "maximumDepth", maximumDepth,
        "1 to \(TreeEnsemble.depthLimit)")
      try share("learningRate", learningRate)
      try share("rowFraction", rowFraction)
      try share("columnFraction", columnFraction)
      try positive("l1Penalty", l1Penalty)
      try positive("l2Penalty", l2Penalty)
      try positive("minimumChildWeight", minimumChildWeight)
      try positive("minimumSplitGain", minimumSplitGain)
      if case .histogram(let bins) = splits {
        try require((2...65_536).contains(bins), "bins", bins, "2 to 65,536")
      }
      if let earlyStopping {
        try require(
          earlyStopping.patience >= 1, "patience", earlyStopping.patience, "at least 1")
        let fraction = earlyStopping.holdoutFraction
        try require(fraction > 0 && fraction < 1, "holdoutFraction", fraction, "between 0 and 1")
      }
    }
  }
}
