import SentioClassical

/// One kind of regression with the settings that it chooses from.
struct Family: Sendable {
  let name: String
  let candidates: [Pipeline.Settings]

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

  /// Three hundred regression trees at a slow rate.
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
              rounds: 300, maximumDepth: $0, columnFraction: 0.5, splits: .histogram(bins: 64))),
          constantColumns: .drop)
      })
  }
}

/// Predictions of rows that took no part in anything: neither in a fit nor in the choice of settings.
struct HeldOutPredictions {
  /// The names of the families, then `average`.
  let names: [String]
  /// One a name.
  let predictions: [Predictions]
  /// The weight of each family in the average, row-major `[outputs, families]`.
  let weights: [Double]

  static let average = "average"

  /// Chooses each family's settings by folds of the training rows, for each output by itself, fits
  /// them to all training rows and predicts the held-out ones.
  ///
  /// The average's weights are those with the least squared error of the cross-validated predictions
  /// of the training rows.
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
          ($0, try Pipeline(design, targets, settings: family.candidates[$0]).predict(heldOut))
        })
      predicted.append(mixed(best.map { fitted[$0]! }))
    }
    let weights = AveragedRegressor.weights(fitting: validated, to: targets)
    self.weights = weights
    let (rows, outputs, count) = (heldOut.rowCount, targets.outputCount, families.count)
    let sums = (0..<rows * outputs).map { place in
      (0..<count).reduce(0) {
        $0 + weights[place % outputs * count + $1] * predicted[$1].values[place]
      }
    }
    names = families.map(\.name) + [Self.average]
    predictions =
      predicted + [Predictions(rows: heldOut.rows, outputs: targets.outputs, values: sums)]
  }
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
