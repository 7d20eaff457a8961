extension RunReport {
  /// CCC and R² of every model with 95 % intervals, beside the claimed values.
  public var agreementTable: ReportTable {
    ReportTable(
      caption: "Agreement with the labels of \(truth.count) test songs, 95 % bootstrap intervals",
      header: [
        "Model", "CCC mean", "claimed", "CCC valence", "claimed", "CCC arousal", "claimed",
        "R² valence", "claimed", "R² arousal", "claimed", "n",
      ],
      rows: lines.map { line in
        [
          line.title,
          line.cell { described($0.meanCCC, 3) }, line.claim(\.ccc),
          line.cell { described($0.valence.ccc, 3) }, line.claim(\.valenceCCC),
          line.cell { described($0.arousal.ccc, 3) }, line.claim(\.arousalCCC),
          line.cell { described($0.valence.r2, 3) }, line.claim(\.valenceR2),
          line.cell { described($0.arousal.r2, 3) }, line.claim(\.arousalR2),
          line.cell { "\($0.predictions.count)" },
        ]
      }
        + baselines.map {
          [
            $0.name, fixed(($0.valenceCCC + $0.arousalCCC) / 2, 3), "–", fixed($0.valenceCCC, 3),
            "–", fixed($0.arousalCCC, 3), "–", fixed($0.valenceR2, 3), "–",
            fixed($0.arousalR2, 3), "–", "\(truth.count)",
          ]
        })
  }

  /// MSE and MAE on both scales with intervals, beside the claimed values with their scale.
  public var errorTable: ReportTable {
    ReportTable(
      caption: "Errors, mean of valence and arousal, on \(scaleName) and on -1 to 1",
      header: [
        "Model", "MSE (\(scaleName))", "MSE (-1 to 1)", "claimed MSE", "MAE (\(scaleName))",
        "MAE (-1 to 1)", "claimed MAE",
      ],
      rows: lines.map { line in
        func mean(_ metric: KeyPath<DimensionResult, Interval>, _ factor: Double) -> String {
          line.cell { model in
            fixed(
              (model.valence[keyPath: metric].estimate + model.arousal[keyPath: metric].estimate)
                / 2 / factor, factor == 1 ? 3 : 4)
          }
        }
        let scale = line.claimed.map { " (\($0.scale))" } ?? ""
        return [
          line.title, mean(\.mse, 1), mean(\.mse, errorFactor * errorFactor),
          line.claim(\.mse) + (line.claimed == nil ? "" : scale), mean(\.mae, 1),
          mean(\.mae, errorFactor), line.claim(\.mae) + (line.claimed == nil ? "" : scale),
        ]
      })
  }

  /// MAE by dimension with intervals, beside the claimed ones.
  var dimensionErrorTable: ReportTable {
    ReportTable(
      caption: "Mean absolute error by dimension, 95 % intervals, on \(scaleName) and on -1 to 1",
      header: [
        "Model", "valence (\(scaleName))", "valence (-1 to 1)", "claimed",
        "arousal (\(scaleName))", "arousal (-1 to 1)", "claimed",
      ],
      rows: lines.map { line in
        let scale =
          line.claimed?.valenceMAE == nil ? "" : line.claimed.map { " (\($0.scale))" } ?? ""
        return [
          line.title, line.cell { described($0.valence.mae, 2) },
          line.cell { fixed($0.valence.mae.estimate / errorFactor, 3) },
          line.claim(\.valenceMAE, 2) + scale, line.cell { described($0.arousal.mae, 2) },
          line.cell { fixed($0.arousal.mae.estimate / errorFactor, 3) },
          line.claim(\.arousalMAE, 2) + scale,
        ]
      })
  }

  /// What every model gains over ridge regression, beside the claimed gains.
  var improvementTable: ReportTable {
    let ridge = models.first { $0.name == ReportedModel.ridge.rawValue }
    func squaredError(_ model: ModelResult) -> Double {
      (model.valence.mse.estimate + model.arousal.mse.estimate) / 2
    }
    func signed(_ value: Double, _ decimals: Int) -> String {
      (value > 0 ? "+" : "") + fixed(value, decimals)
    }
    let claimedRidge = ReportedModel.ridge.claim
    return ReportTable(
      caption:
        "Gain over \(ridge?.title ?? ReportedModel.ridge.title); of the CCC with the 95 % interval "
        + "of the paired difference",
      header: [
        "Model", "CCC", "CCC gained", "relative", "claimed gain", "claimed relative",
        "MSE reduced by", "claimed MSE reduced by",
      ],
      rows: lines.filter { $0.claimed != nil || ridge != nil }.map { line in
        let isRidge = line.title == (ridge?.title ?? ReportedModel.ridge.title)
        let gain = line.cell { model in
          guard let ridge, !isRidge else { return isRidge ? "baseline" : nil }
          return difference(model.title, ridge.title).map {
            "\(signed($0.estimate, 3)) (\(signed($0.lower, 3)) – \(signed($0.upper, 3)))"
          } ?? signed(model.meanCCC.estimate - ridge.meanCCC.estimate, 3)
        }
        let relative = line.cell { model in
          guard let ridge, !isRidge, ridge.meanCCC.estimate > 0 else { return nil }
          return "\(signed((model.meanCCC.estimate / ridge.meanCCC.estimate - 1) * 100, 1)) %"
        }
        let reduced = line.cell { model in
          guard let ridge, !isRidge, squaredError(ridge) > 0 else { return nil }
          return "\(fixed((1 - squaredError(model) / squaredError(ridge)) * 100, 1)) %"
        }
        var claims = ["–", "–", "–"]
        if !isRidge, let claim = line.claimed, let ccc = claim.ccc, let own = claimedRidge.ccc {
          claims[0] = signed(ccc - own, 3)
          claims[1] = "\(signed((ccc / own - 1) * 100, 1)) %"
          // The claimed reductions of the networks compare errors of two scales.
          if let mse = claim.mse, let ridgeMSE = claimedRidge.mse {
            claims[2] =
              "\(fixed((1 - mse / ridgeMSE) * 100, 1)) %"
              + (claim.scale == claimedRidge.scale ? "" : " (scales mixed)")
          }
        }
        return [
          line.title, line.cell { fixed($0.meanCCC.estimate, 3) }, gain, relative, claims[0],
          claims[1], reduced, claims[2],
        ]
      })
  }

  /// The paired difference of two models' mean CCC, first less second, by title.
  func difference(_ first: String, _ second: String) -> Interval? {
    for pair in comparisons {
      if pair.first == first, pair.second == second { return pair.cccDifference }
      if pair.first == second, pair.second == first {
        return Interval(
          estimate: -pair.cccDifference.estimate, lower: -pair.cccDifference.upper,
          upper: -pair.cccDifference.lower)
      }
    }
    return nil
  }

  /// Intervals of the mean CCC beside the claimed ones.
  var intervalTable: ReportTable {
    ReportTable(
      caption: "95 % intervals of the mean CCC: bootstrap over \(truth.count) test songs",
      header: [
        "Model", "CCC", "lower", "upper", "width", "claimed CCC", "claimed interval",
        "claimed width",
      ],
      rows: lines.map { line in
        let claimed = line.claimed?.interval.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
        return [
          line.title, line.cell { fixed($0.meanCCC.estimate, 3) },
          line.cell { fixed($0.meanCCC.lower, 3) }, line.cell { fixed($0.meanCCC.upper, 3) },
          line.cell { fixed($0.meanCCC.upper - $0.meanCCC.lower, 3) }, line.claim(\.ccc),
          claimed.map { "\(fixed($0, 3)) – \(fixed($1, 3))" } ?? "–",
          claimed.map { fixed($1 - $0, 3) } ?? "–",
        ]
      })
  }
}
