extension RunReport {
  /// The factor by which squared errors on this report's scale exceed those on -1 to 1.
  private var squaredErrorFactor: Double {
    let ratio = (scale.upper - scale.lower) / 2
    return ratio * ratio
  }

  /// "1 to 9".
  public var scaleName: String { "\(tickLabel(scale.lower)) to \(tickLabel(scale.upper))" }

  /// CCC and R² of every model with 95 % intervals, beside the claimed values.
  public var agreementTable: ReportTable {
    ReportTable(
      caption: "Agreement with the labels of \(truth.count) test songs, 95 % bootstrap intervals",
      header: [
        "Model", "CCC valence", "claimed", "CCC arousal", "claimed", "CCC mean", "claimed",
        "R² valence", "claimed", "R² arousal", "claimed",
      ],
      rows: models.map { model in
        [
          model.title,
          described(model.valence.ccc, 3), claim(model.claimed?.valenceCCC),
          described(model.arousal.ccc, 3), claim(model.claimed?.arousalCCC),
          described(model.meanCCC, 3), claim(model.claimed?.ccc),
          described(model.valence.r2, 3), claim(model.claimed?.valenceR2),
          described(model.arousal.r2, 3), claim(model.claimed?.arousalR2),
        ]
      }
        + baselines.map {
          [
            $0.name, fixed($0.valenceCCC, 3), "–", fixed($0.arousalCCC, 3), "–",
            fixed(($0.valenceCCC + $0.arousalCCC) / 2, 3), "–",
            fixed($0.valenceR2, 3), "–", fixed($0.arousalR2, 3), "–",
          ]
        })
  }

  /// MSE and MAE on both scales, beside the claimed values with their scale.
  public var errorTable: ReportTable {
    let factor = squaredErrorFactor
    return ReportTable(
      caption: "Errors, mean of valence and arousal, on \(scaleName) and on -1 to 1",
      header: [
        "Model", "MSE (\(scaleName))", "MSE (-1 to 1)", "claimed MSE", "MAE (\(scaleName))",
        "MAE (-1 to 1)", "claimed MAE", "slope V", "slope A",
      ],
      rows: models.map { model in
        let mse = (model.valence.mse.estimate + model.arousal.mse.estimate) / 2
        let mae = (model.valence.mae.estimate + model.arousal.mae.estimate) / 2
        let claimedScale = model.claimed.map { " (\($0.scale))" } ?? ""
        return [
          model.title, fixed(mse, 3), fixed(mse / factor, 4),
          model.claimed?.mse.map { fixed($0, 2) + claimedScale } ?? "–",
          fixed(mae, 3), fixed(mae / factor.squareRoot(), 4),
          model.claimed?.mae.map { fixed($0, 2) + claimedScale } ?? "–",
          fixed(model.valence.slope, 2), fixed(model.arousal.slope, 2),
        ]
      })
  }

  /// Size, settings and time of every model.
  public var modelTable: ReportTable {
    ReportTable(
      caption: "Settings found on the training songs, size and time",
      header: [
        "Model", "settings", "R² (cross-validated)", "numbers learned", "search", "fit",
        "one song",
      ],
      rows: models.map { model in
        [
          model.title, model.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
          model.crossValidatedR2.map { fixed($0, 3) } ?? "–", "\(model.parameterCount)",
          model.searchSeconds > 0 ? duration(model.searchSeconds) : "–", duration(model.fitSeconds),
          duration(model.predictSecondsPerSong),
        ]
      },
      proseColumns: [1])
  }

  /// Paired tests of every two models.
  public var comparisonTable: ReportTable {
    ReportTable(
      caption: "Pairs of models on the same test songs; p-values after Holm's correction",
      header: [
        "Pair", "CCC difference (95 %)", "p (permutation)", "p (McNemar, quadrant)", "claimed p",
      ],
      rows: comparisons.map {
        [
          "\($0.first) – \($0.second)", described($0.cccDifference, 3), probability($0.pHolm),
          probability($0.mcNemarPHolm), $0.claimedP ?? "–",
        ]
      })
  }

  /// A model's errors by quadrant or by genre.
  public func groupTable(_ title: String, _ groups: [GroupResult]) -> ReportTable {
    ReportTable(
      caption: title,
      header: ["Group", "songs", "MAE valence", "MAE arousal", "CCC valence", "CCC arousal"],
      rows: groups.map {
        [
          $0.name, "\($0.count)", fixed($0.valenceMAE, 2), fixed($0.arousalMAE, 2),
          $0.valenceCCC.map { fixed($0, 2) } ?? "too few",
          $0.arousalCCC.map { fixed($0, 2) } ?? "too few",
        ]
      })
  }

  /// The test songs with the largest errors of a model.
  public func largestErrors(of model: ModelResult, count: Int = 5) -> ReportTable {
    let ranked = zip(truth, model.predictions).map { song, prediction in
      (song, prediction, abs(song.valence - prediction[0]) + abs(song.arousal - prediction[1]))
    }.sorted { $0.2 > $1.2 }.prefix(count)
    return ReportTable(
      caption: "The \(ranked.count) largest errors of \(model.title)",
      header: ["Song", "genre", "label V, A", "predicted V, A", "error V", "error A"],
      rows: ranked.map { song, prediction, _ in
        [
          song.id, song.genre ?? "–", "\(fixed(song.valence, 2)), \(fixed(song.arousal, 2))",
          "\(fixed(prediction[0], 2)), \(fixed(prediction[1], 2))",
          fixed(abs(song.valence - prediction[0]), 2), fixed(abs(song.arousal - prediction[1]), 2),
        ]
      })
  }

  /// Predictions for songs that no model was trained or tested on.
  public var newSongTable: ReportTable {
    ReportTable(
      caption: "Predictions on \(scaleName)",
      header: ["Song", "model", "valence", "arousal", "quadrant", "label V, A", "time"],
      rows: newSongs.map {
        [
          $0.file, $0.model, fixed($0.valence, 2), fixed($0.arousal, 2), $0.quadrant,
          $0.truth.map { "\(fixed($0[0], 2)), \(fixed($0[1], 2))" } ?? "–", duration($0.seconds),
        ]
      },
      proseColumns: [0])
  }

  private func claim(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "–" }
}
