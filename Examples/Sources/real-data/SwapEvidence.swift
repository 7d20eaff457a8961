import Foundation
import SentioClassical
import SentioData
import SentioMetrics

/// Whether the columns of DEAM's 2013 static labels are exchanged: what other annotations and the
/// sound say.
struct SwapEvidence: Encodable {
  /// Static labels beside the mean of the dynamic ones, by year.
  struct Agreement: Encodable {
    let year: Int
    let songCount: Int
    let straight: [Double]
    let crosswise: [Double]
  }

  /// One feature of the sound beside the two published columns, by year.
  struct SoundCorrelation: Encodable {
    let year: Int
    let songCount: Int
    let feature: String
    let publishedValence: Double
    let publishedArousal: Double
  }

  /// A model of one year's published column beside another year's published columns.
  struct Transfer: Encodable {
    let model: String
    let trainedOn: String
    let testedOn: Int
    let songCount: Int
    /// Pearson's r with the published valence and arousal, with bootstrap limits.
    let publishedValence: ConfidenceInterval
    let publishedArousal: ConfidenceInterval
    /// The same correlations where the model of the other column is held constant: what this column
    /// knows beyond the other.
    let partialValence: Double
    let partialArousal: Double
  }

  let agreements: [Agreement]
  let sound: [SoundCorrelation]
  let transfers: [Transfer]

  private static let features = [
    "pcm_RMSenergy_sma_amean", "audspec_lengthL1norm_sma_amean",
    "pcm_fftMag_spectralFlux_sma_amean", "audspecRasta_lengthL1norm_sma_amean",
    "pcm_RMSenergy_sma_stddev",
  ]

  /// - Parameter folder: the folder of DEAM.
  /// - Throws: what reading and fitting throw.
  init(folder: URL) throws {
    let corpus = try Corpus.open(
      folder, options: .init(labelRevision: .published, findsCopies: false))
    agreements = (corpus.labelRevisionCheck?.years ?? []).map {
      Agreement(
        year: $0.year, songCount: $0.songCount, straight: [$0.valenceStraight, $0.arousalStraight],
        crosswise: [$0.valenceCrosswise, $0.arousalCrosswise])
    }
    let table = try DEAMResults.features(folder)
    let years = Dictionary(grouping: corpus.songs) { song in
      Int(song.id).map { $0 <= 1000 ? 2013 : $0 <= 2000 ? 2014 : 2015 } ?? 0
    }
    sound = try years.keys.sorted().flatMap { year in
      let songs = years[year]!
      let features = try table.selecting(ids: songs.map(\.id))
      return try Self.features.map { name in
        guard let column = features.columns.firstIndex(of: name) else {
          throw TableError(
            file: folder.path, expected: "a column \(name)",
            found: "\(features.columns.count) others")
        }
        let values = features.column(column).map(Double.init)
        return SoundCorrelation(
          year: year, songCount: songs.count, feature: name,
          publishedValence: try pearsonCorrelation(values, songs.map { $0.label!.valence }),
          publishedArousal: try pearsonCorrelation(values, songs.map { $0.label!.arousal }))
      }
    }
    transfers = try [(2014, 2013), (2013, 2014)].flatMap { from, to in
      try Self.transfers(table, from: years[from] ?? [], to: years[to] ?? [], years: (from, to))
    }
  }

  private static func transfers(
    _ table: FeatureTable, from: [Song], to: [Song], years: (from: Int, to: Int)
  ) throws -> [Transfer] {
    let training = try LabelledDesign(table, from)
    let test = try LabelledDesign(table, to)
    let folds = SentioData.Folds(of: from, count: 5, stratification: .none, seed: 1)
    let result = try HeldOutPredictions(
      of: test.design, training: training.design, training.targets,
      folds: .init(assignment: folds.assignment(of: from.map(\.id))),
      families: [
        .ridge,
        .supportVector(columnCount: table.columnCount, costs: [1, 3, 10, 30], epsilon: 0.2),
      ])
    return try zip(result.names, result.predictions).flatMap { name, predictions in
      try ["valence", "arousal"].enumerated().map { output, column in
        func r(_ truth: [Double]) throws -> ConfidenceInterval {
          try RegressionIntervals(
            prediction: predictions.column(output), truth: truth, metrics: [.pearsonCorrelation])[
              .pearsonCorrelation]!
        }
        let other = predictions.column(1 - output)
        return Transfer(
          model: name, trainedOn: "\(years.from) \(column)", testedOn: years.to,
          songCount: to.count, publishedValence: try r(test.labels.map(\.valence)),
          publishedArousal: try r(test.labels.map(\.arousal)),
          partialValence: try partialCorrelation(
            predictions.column(output), test.labels.map(\.valence), given: other),
          partialArousal: try partialCorrelation(
            predictions.column(output), test.labels.map(\.arousal), given: other))
      }
    }
  }

  /// The tables of `Docs/Results.md`.
  var markdown: String {
    var lines = [
      "### DEAM as published: static labels beside the means of the dynamic ones (Pearson's r)", "",
      "| year | songs | V~V | A~A | V~A | A~V |", "|---|---|---|---|---|---|",
    ]
    lines += agreements.map {
      "| \($0.year) | \($0.songCount) | "
        + ($0.straight + $0.crosswise).map { String(format: "%.3f", $0) }.joined(separator: " | ")
        + " |"
    }
    lines += [
      "", "### DEAM as published: the sound beside the static labels (Pearson's r)", "",
      "| year | songs | feature | with \"valence\" | with \"arousal\" |", "|---|---|---|---|---|",
    ]
    lines += sound.map {
      "| \($0.year) | \($0.songCount) | `\($0.feature)` | "
        + String(format: "%+.3f | %+.3f |", $0.publishedValence, $0.publishedArousal)
    }
    lines += [
      "", "### DEAM as published: models of one year's labels on another year (Pearson's r)", "",
      "The last two columns hold the model of the other column constant.", "",
      "| trained on | model | tested on | n | with \"valence\" | with \"arousal\" | partial \"valence\" | partial \"arousal\" |",
      "|---|---|---|---|---|---|---|---|",
    ]
    lines += transfers.map {
      "| \($0.trainedOn) | \($0.model) | \($0.testedOn) | \($0.songCount) | "
        + "\(shown($0.publishedValence)) | \(shown($0.publishedArousal)) | "
        + String(format: "%+.3f | %+.3f |", $0.partialValence, $0.partialArousal)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Pearson's r of what a third series leaves unexplained, linearly, in both.
private func partialCorrelation(
  _ x: [Double], _ y: [Double], given z: [Double]
) throws -> Double {
  let xy = try pearsonCorrelation(x, y)
  let xz = try pearsonCorrelation(x, z)
  let yz = try pearsonCorrelation(y, z)
  return (xy - xz * yz) / ((1 - xz * xz) * (1 - yz * yz)).squareRoot()
}
