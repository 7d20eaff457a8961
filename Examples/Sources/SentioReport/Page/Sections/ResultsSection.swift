extension RunReport {
  /// §4.1 to §4.4 of the original report: agreement, errors, gains, size and time.
  var resultsSection: PageSection {
    func chart(
      _ title: String, _ value: (ModelResult) -> Interval,
      _ claimed: KeyPath<ClaimedResult, Double?>
    ) -> PageFigure {
      PageFigure(
        svg: IntervalChart(
          title: title,
          rows: lines.map { line in
            IntervalChart.Row(
              name: line.title, interval: line.result.map(value),
              claimed: line.claimed?[keyPath: claimed])
          }
        ).rendered(),
        caption: "\(title), 95 % bootstrap interval; the rhombus is the claimed value")
    }
    var blocks: [PageBlock] = [
      .text(
        "CCC is the concordance correlation over the whole test set, R² the share of variance "
          + "explained; they are different numbers. Columns headed “claimed” hold the original "
          + "report's figures, which were made on other songs; they are printed for comparison, not "
          + "as a target, and ~ marks those that it calls estimates. A cell says so where this run has "
          + "no measurement."),
      .row([
        chart("CCC of valence", { $0.valence.ccc }, \.valenceCCC),
        chart("CCC of arousal", { $0.arousal.ccc }, \.arousalCCC),
      ]),
      .table(agreementTable), .table(errorTable), .table(dimensionErrorTable),
      .table(improvementTable), .heading("Size and time"), .table(modelTable),
    ]
    if models.contains(where: { $0.epochs != nil || $0.validationCCC != nil }) {
      blocks.append(.table(dataTable))
    }
    blocks.append(.table(settingsTable))
    return PageSection(
      id: "results", title: "Results on the test songs", link: "Results", blocks: blocks)
  }

  /// Predictions of every model in the plane, with error ellipses.
  var planeSection: PageSection? {
    guard !models.isEmpty, !truth.isEmpty else { return nil }
    var blocks: [PageBlock] = [
      .text(
        "Each dot is a prediction, joined by a line to the song's label. For each quadrant the ring is the "
          + "songs' mean label, the disc their mean prediction, and the ellipse one standard deviation of the "
          + "errors around it. Lines and discs that lie nearer to the middle than the labels are the "
          + "models' caution."),
      .row(
        models.map {
          PageFigure(
            svg: EmotionPlaneChart(report: self, model: $0).rendered(),
            caption: "\($0.title): CCC \(fixed($0.valence.ccc.estimate, 2)) valence, "
              + "\(fixed($0.arousal.ccc.estimate, 2)) arousal")
        }),
    ]
    if let spectrogram {
      blocks.append(
        .figure(
          PageFigure(
            svg: SpectrogramChart(image: spectrogram).rendered(),
            caption: "What the models see: the mel spectrogram of \(spectrogram.title), "
              + "\(fixed(spectrogram.range, 0)) dB from black to white", size: .wide)))
    }
    return PageSection(
      id: "plane", title: "Predictions in the valence-arousal plane", link: "The plane",
      blocks: blocks)
  }
}
