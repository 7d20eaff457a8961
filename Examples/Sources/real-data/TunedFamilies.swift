import SentioClassical

/// One kind of regression with the settings that it chooses from.
struct Family: Sendable {
  let name: String
  let candidates: [Pipeline.Settings]
  /// How many models of the chosen settings are averaged: other seeds, where the algorithm has one.
  var seedCount = 1

  /// Linear regression; the range of alpha suits between a hundred and a thousand columns.
  static let ridge = Family(
    name: "ridge",
    candidates: [3, 10, 30, 100, 300, 1000, 3000, 10_000].map {
      Pipeline.Settings(.ridge(.init(alpha: $0)), constantColumns: .drop)
    })

  /// Kernel regression; gamma is tried around 1 / columns, which is what `scale` comes to.
  ///
  /// - Parameters:
  ///   - columnCount: columns of the table.
  ///   - widths: gamma times the columns.
  ///   - costs: C.
  ///   - epsilon: half width of the tube, in units of the labels.
  /// - Returns: the family.
  static func supportVector(
    columnCount: Int, widths: [Double] = [0.3, 1], costs: [Double], epsilon: Double
  ) -> Family {
    Family(
      name: "SVR",
      candidates: widths.flatMap { width in
        costs.map {
          Pipeline.Settings(
            .supportVector(
              .init(c: $0, epsilon: epsilon, gamma: .value(width / Double(columnCount)))),
            constantColumns: .drop)
        }
      })
  }

  /// Four hundred regression trees at a slow rate; four such models that drew other rows and columns.
  ///
  /// - Parameter depths: the depths to choose from.
  /// - Returns: the family.
  static func boostedTrees(depths: [Int]) -> Family {
    Family(
      name: "boosted trees",
      candidates: depths.map {
        Pipeline.Settings(
          .boostedTrees(
            .init(
              rounds: 400, maximumDepth: $0, learningRate: 0.03, columnFraction: 0.5,
              splits: .histogram(bins: 64))),
          constantColumns: .drop)
      }, seedCount: 4)
  }
}

extension Pipeline.Settings {
  /// The same settings with another seed, where the algorithm draws anything.
  fileprivate func reseeded(_ seed: Int) -> Pipeline.Settings {
    guard case .boostedTrees(var trees) = algorithm else { return self }
    trees.seed = UInt64(seed)
    var settings = self
    settings.algorithm = .boostedTrees(trees)
    return settings
  }
}

/// Predictions of rows that took no part in anything: neither in a fit nor in the choice of settings.
struct HeldOutPredictions {
  /// The names of the families, then `average` and `average, stretched`.
  let names: [String]
  /// One a name.
  let predictions: [Predictions]
  /// The weight of each family in the average, row-major `[outputs, families]`.
  let weights: [Double]

  static func names(of families: [Family]) -> [String] {
    families.map(\.name) + ["average", "average, stretched"]
  }

  /// Chooses each family's settings by folds of the training rows, for each output by itself, fits
  /// them to all training rows and predicts the held-out ones.
  ///
  /// The average's weights are those with the least squared error of the cross-validated predictions
  /// of the training rows. An average varies less than what it predicts, which serves R² and costs
  /// CCC; stretched about its mean until those predictions vary as much as the labels, it serves CCC.
  ///
  /// - Parameters:
  ///   - heldOut: features of the rows to predict.
  ///   - design: features of the training rows.
  ///   - targets: labels of the training rows.
  ///   - folds: folds of the training rows.
  ///   - families: what is fitted.
  /// - Throws: what the fits throw.
  init(
    of heldOut: Design, training design: Design, _ targets: Targets,
    folds: SentioClassical.Folds, families: [Family]
  ) throws {
    var validated: [Predictions] = []
    var predicted: [Predictions] = []
    for family in families {
      let tried = try CrossValidation.predictions(
        design, targets, folds: folds, candidates: family.candidates)
      let best = (0..<targets.outputCount).map { output in
        tried.indices.min {
          squaredError(tried[$0], targets, output) < squaredError(tried[$1], targets, output)
        }!
      }
      validated.append(mixed(best.map { tried[$0] }))
      let fitted = try Dictionary(
        uniqueKeysWithValues: Set(best).map {
          ($0, try family.predictions(of: heldOut, training: design, targets, candidate: $0))
        })
      predicted.append(mixed(best.map { fitted[$0]! }))
    }
    let weights = AveragedRegressor.weights(fitting: validated, to: targets)
    self.weights = weights
    let average = weighted(predicted, weights)
    let validatedAverage = weighted(validated, weights)
    names = Self.names(of: families)
    predictions =
      predicted + [average, stretched(average, as: validatedAverage, to: targets)]
  }
}

extension Family {
  /// Fits one candidate, with as many seeds as the family takes, and predicts.
  fileprivate func predictions(
    of rows: Design, training design: Design, _ targets: Targets, candidate: Int
  ) throws -> Predictions {
    let parts = try (0..<seedCount).map { seed in
      try Pipeline(design, targets, settings: candidates[candidate].reseeded(seed)).predict(rows)
    }
    return weighted(
      parts, [Double](repeating: 1 / Double(seedCount), count: seedCount * targets.outputCount))
  }
}

/// The weighted sum; weights are row-major `[outputs, parts]`.
private func weighted(_ parts: [Predictions], _ weights: [Double]) -> Predictions {
  let (outputs, count) = (parts[0].outputs.count, parts.count)
  return Predictions(
    rows: parts[0].rows, outputs: parts[0].outputs,
    values: parts[0].values.indices.map { place in
      (0..<count).reduce(0) {
        $0 + weights[place % outputs * count + $1] * parts[$1].values[place]
      }
    })
}

/// Predictions taken away from their mean by the factor that gives `validated` the labels' deviation.
private func stretched(
  _ predictions: Predictions, as validated: Predictions, to targets: Targets
) -> Predictions {
  let count = predictions.outputs.count
  let scales = (0..<count).map { output -> (center: Double, factor: Double) in
    let own = validated.column(output)
    let spread = deviation(own)
    return (mean(own), spread > 0 ? deviation(targets.column(output)) / spread : 1)
  }
  return Predictions(
    rows: predictions.rows, outputs: predictions.outputs,
    values: predictions.values.indices.map { place in
      let scale = scales[place % count]
      return scale.center + scale.factor * (predictions.values[place] - scale.center)
    })
}

/// The first output of the first predictions, the second of the second, and so on.
private func mixed(_ parts: [Predictions]) -> Predictions {
  let count = parts.count
  return Predictions(
    rows: parts[0].rows, outputs: parts[0].outputs,
    values: parts[0].values.indices.map { parts[$0 % count].values[$0] })
}

private func squaredError(_ predictions: Predictions, _ targets: Targets, _ output: Int) -> Double {
  zip(predictions.column(output), targets.column(output)).reduce(0) {
    $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
  }
}
