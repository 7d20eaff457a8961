import Foundation
import Mustache

extension RunReport {
  /// The report as one self-contained HTML page: no script, no font, no picture from elsewhere.
  public func htmlPage() throws -> String {
    let library = MustacheLibrary(templates: [
      "page": try MustacheTemplate(string: ReportTemplate.page),
      "table": try MustacheTemplate(string: ReportTemplate.table),
    ])
    return library.render(context, withTemplate: "page") ?? ""
  }

  private var best: ModelResult? {
    models.max { $0.meanCCC.estimate < $1.meanCCC.estimate }
  }

  private var context: [String: Any] {
    var page: [String: Any] = [
      "title": "Music emotion recognition: \(models.count) models on \(corpus.name)",
      "style": ReportStyle.sheet,
      "lead": "\(corpus.songs) songs, \(corpus.featureCount) features (\(corpus.featureSet)), "
        + "labels \(corpus.labels); trained on \(corpus.training + corpus.validation), "
        + "tested on \(corpus.test) songs that no model and no search has seen.",
      "notes": notes,
      "created": created,
      "figures": figures,
      "resultsLead":
        "CCC is the concordance correlation over the whole test set, R² the share of variance "
        + "explained; they are different numbers. Errors are on the scale \(scaleName). Columns "
        + "headed “claimed” hold the original report's figures, which were made on other songs; "
        + "they are printed for comparison, not as a target.",
      "charts": agreementCharts,
      "resultTables": [agreementTable, errorTable, modelTable].map(\.context),
      "planes": models.map {
        picture(
          EmotionPlaneChart(report: self, model: $0).rendered(),
          "\($0.title): CCC \(fixed($0.valence.ccc.estimate, 2)) valence, "
            + "\(fixed($0.arousal.ccc.estimate, 2)) arousal")
      },
      "significanceLead":
        "The same songs are predicted by every model, so the differences are tested in pairs: a "
        + "bootstrap over songs for the interval, a permutation test for p, and McNemar's exact "
        + "test for songs put into the right quadrant.",
      "significanceTables": [comparisonTable.context],
      "errorCharts": errorCharts,
      "errorTables": errorTables.map(\.context),
      "hasImportance": !importance.isEmpty,
      "importanceCharts": importanceCharts,
      "hasNewSongs": !newSongs.isEmpty,
      "newSongsLead": "Decoded, measured and predicted from the audio file alone, one after the "
        + "other; the time is the whole way from opening the file to the prediction.",
      "newSongTables": newSongs.isEmpty ? [] : [newSongTable.context],
      "timeCharts": timeCharts,
      "timeTables": [[String: Any]](),
      "about": about,
      "aboutTables": [
        ReportTable(
          caption: "Machine and versions", header: ["What", "value"],
          rows: environment.map { [$0.name, $0.value] }, proseColumns: [1]
        ).context
      ],
    ]
    if let spectrogram {
      page["spectrogram"] = picture(
        SpectrogramChart(image: spectrogram).rendered(),
        "What the features are measured on: the mel spectrogram of \(spectrogram.title), "
          + "\(fixed(spectrogram.range, 0)) dB from black to white")
    }
    return page
  }

  private var figures: [[String: Any]] {
    var result: [[String: Any]] = []
    if let best {
      result.append([
        "value": fixed(best.meanCCC.estimate, 3),
        "name": "highest mean CCC, \(best.title) (95 %: \(fixed(best.meanCCC.lower, 2)) – "
          + "\(fixed(best.meanCCC.upper, 2)))",
      ])
      result.append([
        "value": "\(fixed(best.valence.r2.estimate, 2)) / \(fixed(best.arousal.r2.estimate, 2))",
        "name": "R² of valence / arousal, same model",
      ])
    }
    result.append(["value": "\(corpus.test)", "name": "test songs, n of every figure"])
    let extraction = timings.first { $0.stage.hasPrefix("features") }
    if let extraction, let songs = extraction.songs, songs > 0 {
      result.append([
        "value": "\(fixed(Double(songs) / extraction.seconds, 0)) songs/s",
        "name": "decoded and measured from MP3",
      ])
    }
    return result
  }

  private var agreementCharts: [[String: Any]] {
    func chart(
      _ title: String, _ value: (ModelResult) -> Interval, _ claimed: (ModelResult) -> Double?
    ) -> [String: Any] {
      let rows = models.map {
        IntervalChart.Row(name: $0.title, interval: value($0), claimed: claimed($0))
      }
      return picture(
        IntervalChart(title: title, rows: rows).rendered(),
        "\(title), 95 % bootstrap interval; the rhombus is the claimed value")
    }
    return [
      chart("CCC of valence", { $0.valence.ccc }, { $0.claimed?.valenceCCC }),
      chart("CCC of arousal", { $0.arousal.ccc }, { $0.claimed?.arousalCCC }),
    ]
  }

  private var errorCharts: [[String: Any]] {
    guard let best else { return [] }
    return [("quadrant", best.quadrants), ("genre", best.genres)].filter { !$0.1.isEmpty }.map {
      name, groups in
      picture(
        BarChart(
          title: "mean absolute error, \(scaleName)", series: ["valence", "arousal"],
          rows: groups.map {
            BarChart.Row(
              name: "\($0.name) (\($0.count))", values: [$0.valenceMAE, $0.arousalMAE], note: "")
          },
          format: { fixed($0, 2) }
        ).rendered(),
        "Errors of \(best.title) by \(name), with the number of songs")
    }
  }

  private var errorTables: [ReportTable] {
    guard let best else { return [] }
    var tables = [groupTable("Errors of \(best.title) by quadrant", best.quadrants)]
    if !best.genres.isEmpty {
      tables.append(groupTable("Errors of \(best.title) by genre", best.genres))
    }
    tables.append(largestErrors(of: best))
    return tables
  }

  private var importanceCharts: [[String: Any]] {
    let families = Dictionary(grouping: importance, by: \.family)
      .map { ($0.key, $0.value.reduce(0) { $0 + $1.share }) }.sorted { $0.1 > $1.1 }
    func percent(_ share: Double) -> String { "\(fixed(share * 100, 1)) %" }
    return [
      picture(
        BarChart(
          title: "share of gain", series: ["share"],
          rows: importance.prefix(15).map {
            BarChart.Row(name: $0.feature, values: [$0.share], note: "")
          }, format: percent
        ).rendered(),
        "The 15 features that the boosted trees gained most from"),
      picture(
        BarChart(
          title: "share of gain", series: ["share"],
          rows: families.map { BarChart.Row(name: $0.0, values: [$0.1], note: "") },
          format: percent
        ).rendered(),
        "By family. The original report claims spectral 45 %, MFCC 30 %, temporal 15 %, chroma 10 %"
      ),
    ]
  }

  private var timeCharts: [[String: Any]] {
    [
      picture(
        BarChart(
          title: "seconds", series: ["seconds"],
          rows: timings.map {
            BarChart.Row(
              name: $0.stage, values: [$0.seconds],
              note: $0.songs.map { "for \($0) songs" } ?? "")
          }, format: duration
        ).rendered(),
        "Wall time of each stage of this run")
    ]
  }

  private var about: [String] {
    [
      "Split: \(corpus.split); \(corpus.training) training, \(corpus.validation) validation and "
        + "\(corpus.test) test songs; hash \(corpus.splitHash.prefix(16))…. Scalers, selectors and settings "
        + "were fitted on training and validation songs only.",
      "Intervals are percentile bootstraps over songs (10,000 resamples, fixed seed). They "
        + "describe the sampling of test songs, not of training songs or of seeds.",
      "The slope is that of the prediction on the label: at 1 extremes are predicted as extreme "
        + "as they are, below 1 they are drawn towards the mean.",
    ]
  }

  private func picture(_ svg: String, _ caption: String) -> [String: Any] {
    ["svg": svg, "caption": caption]
  }
}
