extension RunReport {
  /// A model's errors by quadrant, on both scales, beside the claimed ones of ViT + GAN.
  func quadrantTable(_ model: ModelResult) -> ReportTable {
    ReportTable(
      caption:
        "Mean absolute error of \(model.title) by quadrant, on \(scaleName) and on -1 to 1, with 95 % intervals "
        + "over the quadrant's songs (none below 10 songs); claimed are those of ViT + GAN on -1 to 1",
      header: [
        "Quadrant", "songs", "claimed songs", "MAE valence", "(-1 to 1)", "claimed",
        "MAE arousal", "(-1 to 1)", "claimed",
      ],
      rows: model.quadrants.map { group in
        let claim = ReportedTables.quadrants.first { $0.name == group.name }
        return [
          group.name, "\(group.count)", claim.map { "\($0.count)" } ?? "–",
          figure(group.valenceMAE, group.intervals?.valenceMAE),
          fixed(group.valenceMAE / errorFactor, 3),
          claim.map { fixed($0.valenceMAE, 2) } ?? "–",
          figure(group.arousalMAE, group.intervals?.arousalMAE),
          fixed(group.arousalMAE / errorFactor, 3), claim.map { fixed($0.arousalMAE, 2) } ?? "–",
        ]
      })
  }

  /// A model's agreement and errors by genre, beside the claimed ones of ViT + GAN.
  func genreTable(_ model: ModelResult) -> ReportTable {
    ReportTable(
      caption:
        "\(model.title) by genre, with 95 % intervals over the genre's songs (none below 10 songs); claimed are "
        + "the figures of ViT + GAN",
      header: [
        "Genre", "songs", "claimed songs", "CCC valence", "claimed", "CCC arousal", "claimed",
        "MAE valence", "MAE arousal",
      ],
      rows: model.genres.map { group in
        let claim = ReportedTables.genres.first { $0.name.lowercased() == group.name.lowercased() }
        return [
          group.name, "\(group.count)", claim.map { "\($0.count)" } ?? "–",
          group.valenceCCC.map { figure($0, group.intervals?.valenceCCC) } ?? "too few",
          claim.map { fixed($0.valenceCCC, 2) } ?? "–",
          group.arousalCCC.map { figure($0, group.intervals?.arousalCCC) } ?? "too few",
          claim.map { fixed($0.arousalCCC, 2) } ?? "–",
          figure(group.valenceMAE, group.intervals?.valenceMAE),
          figure(group.arousalMAE, group.intervals?.arousalMAE),
        ]
      })
  }

  private func figure(_ value: Double, _ interval: Interval?) -> String {
    interval.map { described($0, 2) } ?? fixed(value, 2)
  }

  /// The test songs with the largest errors of a model.
  public func largestErrors(of model: ModelResult, count: Int = 8) -> ReportTable {
    let ranked = zip(truth, model.predictions).filter { $1.count == 2 }.map { song, prediction in
      let (x, y) = (song.valence - prediction[0], song.arousal - prediction[1])
      return (song, prediction, (x * x + y * y).squareRoot())
    }.sorted { $0.2 > $1.2 }.prefix(count)
    return ReportTable(
      caption: "The \(ranked.count) largest errors of \(model.title), on \(scaleName)",
      header: ["Song", "genre", "label V, A", "predicted V, A", "error V", "error A", "distance"],
      rows: ranked.map { song, prediction, distance in
        [
          song.name, song.genre ?? "–", "\(fixed(song.valence, 2)), \(fixed(song.arousal, 2))",
          "\(fixed(prediction[0], 2)), \(fixed(prediction[1], 2))",
          fixed(abs(song.valence - prediction[0]), 2), fixed(abs(song.arousal - prediction[1]), 2),
          fixed(distance, 2),
        ]
      }, proseColumns: [0])
  }

  /// The largest errors that the original report names.
  var claimedErrorTable: ReportTable {
    ReportTable(
      caption:
        "The largest errors that the original report names, of ViT + GAN on DEAM, on -1 to 1",
      header: [
        "claimed: song", "claimed label V, A", "claimed prediction V, A", "claimed distance",
      ],
      rows: ReportedTables.outliers.map { song in
        func text(_ point: [Double]) -> String { "\(fixed(point[0], 2)), \(fixed(point[1], 2))" }
        let (x, y) = (song.label[0] - song.prediction[0], song.label[1] - song.prediction[1])
        return [
          song.id, text(song.label), text(song.prediction), fixed((x * x + y * y).squareRoot(), 2),
        ]
      })
  }

  /// How much every model draws extremes towards the middle.
  var conservatismTable: ReportTable {
    func cell(_ interval: Interval?) -> String { interval.map { described($0, 2) } ?? "–" }
    return ReportTable(
      caption:
        "Caution: slope of prediction on label, spread of predictions over that of labels, and how far "
        + "predictions of extreme songs reach; 95 % intervals",
      header: [
        "Model", "slope V", "slope A", "spread V", "spread A", "extreme songs V", "reach V",
        "extreme songs A", "reach A",
      ],
      rows: conservatism.map {
        [
          $0.model, cell($0.valence.slope), cell($0.arousal.slope), cell($0.valence.spread),
          cell($0.arousal.spread), "\($0.valence.extremeCount)", cell($0.valence.reach),
          "\($0.arousal.extremeCount)", cell($0.arousal.reach),
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
}
