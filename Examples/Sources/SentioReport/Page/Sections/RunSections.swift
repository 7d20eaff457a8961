extension RunReport {
  /// Songs that no model was trained or tested on.
  var newSongSection: PageSection? {
    guard !newSongs.isEmpty else { return nil }
    return PageSection(
      id: "songs", title: "Songs that nobody has seen", link: "New songs",
      blocks: [
        .text(
          "Decoded, measured and predicted from the audio file alone, one after the "
            + "other; the time is the whole way from opening the file to the prediction."),
        .table(newSongTable),
      ] + newSongPaths.flatMap(pathBlocks))
  }

  /// The corpus, its split, and what was checked before training.
  var dataSection: PageSection {
    let total = corpus.training + corpus.validation + corpus.test
    func share(_ count: Int, _ total: Int) -> String {
      total > 0 ? "\(fixed(100 * Double(count) / Double(total), 1)) %" : "–"
    }
    let claimedTotal = ReportedTables.split.reduce(0, +)
    var blocks: [PageBlock] = [
      .text(
        "Split: \(corpus.split); hash \(corpus.splitHash.prefix(16))…. Scalers, selectors and settings were "
          + "fitted on training and validation songs only; synthetic spectrograms are in no validation and no "
          + "test set."),
      .table(
        ReportTable(
          caption: "The parts of the split",
          header: ["Part", "songs", "share", "claimed", "claimed share"],
          rows: zip(
            ["training", "validation", "test"], [corpus.training, corpus.validation, corpus.test]
          ).enumerated().map { index, part in
            [
              part.0, "\(part.1)", share(part.1, total), "\(ReportedTables.split[index])",
              share(ReportedTables.split[index], claimedTotal),
            ]
          })),
    ]
    guard let facts else {
      return PageSection(id: "data", title: "The songs", link: "Songs", blocks: blocks)
    }
    if !facts.labels.isEmpty {
      blocks.append(.table(labelTable(facts)))
    }
    if !facts.genres.isEmpty {
      let songs = facts.genres.reduce(0) { $0 + $1.count }
      blocks.append(
        .table(
          ReportTable(
            caption: "Genres", header: ["Genre", "songs", "share", "claimed share"],
            rows: facts.genres.map { genre in
              let claim = ReportedTables.genres.first {
                $0.name.lowercased() == genre.genre.lowercased()
              }
              return [
                genre.genre, "\(genre.count)", share(genre.count, songs),
                claim.map { "\(fixed($0.share * 100, 0)) %" } ?? "–",
              ]
            })))
    }
    var checks = facts.checks.map { [$0.check, $0.found, $0.passed ? "passed" : "FAILED"] }
    for (name, p) in [("valence", facts.valenceSplitP), ("arousal", facts.arousalSplitP)] {
      guard let p else { continue }
      checks.append([
        "training and test \(name) alike (Kolmogorov-Smirnov)", "p \(probability(p))",
        p > 0.05 ? "passed" : "FAILED",
      ])
    }
    if let shared = facts.sharedArtists {
      checks.append([
        "no artist in two parts",
        "\(shared) of \(facts.artists.map(String.init) ?? "?") artists shared",
        shared == 0 ? "passed" : "FAILED",
      ])
    }
    if !checks.isEmpty {
      blocks.append(
        .table(
          ReportTable(
            caption: "What was checked before training", header: ["Check", "found", "outcome"],
            rows: checks)))
    }
    return PageSection(id: "data", title: "The songs", link: "Songs", blocks: blocks)
  }

  private func labelTable(_ facts: CorpusFacts) -> ReportTable {
    func row(_ name: String, _ labels: LabelStatistics) -> [String] {
      [
        name, fixed(labels.mean, 2), fixed(labels.deviation, 2), fixed(labels.minimum, 2),
        fixed(labels.maximum, 2), fixed(labels.skewness, 2),
      ]
    }
    return ReportTable(
      caption: "Labels on \(scaleName); claimed are those of DEAM on 1 to 9",
      header: ["Dimension", "mean", "deviation", "smallest", "largest", "skewness"],
      rows: facts.labels.flatMap { labels in
        [row(labels.dimension, labels)]
          + ReportedTables.labels.filter { $0.dimension == labels.dimension }.map {
            row("\($0.dimension), claimed", $0)
          }
      })
  }

  /// Seconds and peak memory of every stage.
  var timeSection: PageSection? {
    guard !timings.isEmpty else { return nil }
    var figures = [
      PageFigure(
        svg: BarChart(
          title: "seconds", series: ["seconds"],
          rows: timings.map {
            BarChart.Row(
              name: $0.stage, values: [$0.seconds],
              note: $0.songs.map { "for \($0) songs" } ?? "")
          }, format: duration
        ).rendered(),
        caption: "Wall time of each stage of this run")
    ]
    if timings.contains(where: { $0.peakMemory != nil }) {
      figures.append(
        PageFigure(
          svg: BarChart(
            title: "peak memory", series: ["memory"],
            rows: timings.map {
              BarChart.Row(
                name: $0.stage, values: [$0.peakMemory.map(Double.init) ?? .nan], note: "")
            }, format: { byteCount(Int($0)) }
          ).rendered(),
          caption: "The most memory held during each stage"))
    }
    return PageSection(
      id: "time", title: "Time and memory", link: "Time",
      blocks: [
        .row(figures),
        .table(
          ReportTable(
            caption: "Stages of the run", header: ["Stage", "time", "songs", "peak memory", ""],
            rows: timings.map {
              [
                $0.stage, duration($0.seconds), $0.songs.map(String.init) ?? "–",
                $0.peakMemory.map(byteCount) ?? "–", $0.wasKept ? "kept from an earlier run" : "",
              ]
            })),
      ])
  }

  /// What the numbers mean, and where they were made.
  var aboutSection: PageSection {
    var blocks: [PageBlock] = [
      .text(
        "Intervals are percentile bootstraps over songs, with a fixed seed. They describe the sampling of test "
          + "songs, not of training songs or of seeds."),
      .text(
        "Predictions, labels and errors are on \(scaleName) unless a column says otherwise; squared errors on "
          + "that scale are \(tickLabel(errorFactor * errorFactor)) times those on -1 to 1."),
    ]
    if !environment.isEmpty {
      blocks.append(
        .table(
          ReportTable(
            caption: "Machine and versions", header: ["What", "value"],
            rows: environment.map { [$0.name, $0.value] }, proseColumns: [1])))
    }
    return PageSection(
      id: "about", title: "About these numbers", link: "About", blocks: blocks)
  }
}
