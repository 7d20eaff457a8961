extension RunReport {
  /// §4.6 and §4.7: quadrants, genres, the largest errors, caution.
  var errorSection: PageSection? {
    guard let model = examined else { return nil }
    var blocks: [PageBlock] = []
    let charts = [("quadrant", model.quadrants), ("genre", model.genres)].filter { !$0.1.isEmpty }
      .map { name, groups in
        PageFigure(
          svg: BarChart(
            title: "mean absolute error, \(scaleName)", series: ["valence", "arousal"],
            rows: groups.map {
              BarChart.Row(
                name: "\($0.name) (\($0.count))", values: [$0.valenceMAE, $0.arousalMAE], note: "",
                whiskers: [$0.intervals?.valenceMAE, $0.intervals?.arousalMAE])
            },
            format: { fixed($0, 2) }
          ).rendered(),
          caption:
            "Errors of \(model.title) by \(name), with the number of songs; whiskers are 95 % intervals"
        )
      }
    if !charts.isEmpty { blocks.append(.row(charts)) }
    if !model.quadrants.isEmpty { blocks.append(.table(quadrantTable(model))) }
    if !model.genres.isEmpty { blocks.append(.table(genreTable(model))) }
    if !truth.isEmpty {
      blocks += [
        .heading("The largest errors"), .table(largestErrors(of: model)),
        .table(claimedErrorTable),
      ]
    }
    if !conservatism.isEmpty {
      blocks += [
        .heading("Caution"),
        .text(
          "A model that is unsure answers with something near the mean. The slope is that of the prediction on "
            + "the label: at 1 extremes are predicted as extreme as they are. The reach is how far the "
            + "predictions of songs beyond 0.7 (on -1 to 1) go from neutral towards the label."),
        .row([
          slopes("valence", \.valence.slope), slopes("arousal", \.arousal.slope),
        ]), .table(conservatismTable),
      ]
    }
    return PageSection(
      id: "errors", title: "Where the errors are", link: "Errors", blocks: blocks)
  }

  private func slopes(
    _ dimension: String, _ slope: KeyPath<ConservatismResult, Interval>
  ) -> PageFigure {
    PageFigure(
      svg: IntervalChart(
        title: "slope, \(dimension)",
        rows: conservatism.map {
          IntervalChart.Row(name: $0.model, interval: $0[keyPath: slope], claimed: nil)
        }, reference: 1
      ).rendered(),
      caption: "Slope of predicted on labelled \(dimension), 95 % interval; the dashed line is 1")
  }
}
