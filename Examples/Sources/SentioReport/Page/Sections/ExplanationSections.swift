extension RunReport {
  /// What the models of features look at: gain, permutation importance, SHAP.
  var featureSection: PageSection? {
    guard !importance.isEmpty || featureEffects.contains(where: { !$0.features.isEmpty }) else {
      return nil
    }
    var blocks: [PageBlock] = []
    if !importance.isEmpty {
      let families = Dictionary(grouping: importance, by: \.family)
        .mapValues { $0.reduce(0) { $0 + $1.share } }
      func share(_ value: Double) -> String { "\(fixed(value * 100, 1)) %" }
      blocks += [
        .heading("Gain of the boosted trees"),
        .row([
          PageFigure(
            svg: BarChart(
              title: "share of gain", series: ["share"],
              rows: importance.prefix(15).map {
                BarChart.Row(name: $0.feature, values: [$0.share], note: "")
              }, format: share
            ).rendered(),
            caption:
              "The \(min(15, importance.count)) features that the boosted trees gained most from"),
          PageFigure(
            svg: BarChart(
              title: "share of gain", series: ["this run", "claimed"],
              rows: families.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, value in
                BarChart.Row(
                  name: name,
                  values: [
                    value, ReportedTables.importance.first { $0.family == name }?.share ?? .nan,
                  ], note: "")
              }, format: share
            ).rendered(),
            caption: "By family, beside the shares that the original report claims"),
        ]),
      ]
    }
    let known = featureEffects.filter { !$0.features.isEmpty }
    if !known.isEmpty {
      blocks += [.heading("Effects of single features"), .row(known.map(figure))]
    }
    return PageSection(
      id: "importance", title: "What the models of features look at", link: "Features",
      blocks: blocks)
  }

  private func figure(_ effects: FeatureEffects) -> PageFigure {
    let shown = effects.features.prefix(12)
    return PageFigure(
      svg: BarChart(
        title: effects.unit, series: ["valence", "arousal"],
        rows: shown.map {
          BarChart.Row(
            name: $0.feature, values: [$0.valence.estimate, $0.arousal.estimate], note: "",
            whiskers: [$0.valence, $0.arousal])
        }, format: { fixed($0, 3) }
      ).rendered(),
      caption:
        "\(effects.method) of \(effects.model): \(effects.unit), \(effects.songs) test songs; "
        + "whiskers are 95 % intervals over songs")
  }

  /// What the networks look at: attention and occlusion.
  var attentionSection: PageSection? {
    guard !attention.isEmpty || !occlusion.isEmpty else { return nil }
    var blocks: [PageBlock] = []
    for map in attention {
      var caption =
        "\(map.method) of \(map.model) over \(map.image.title): what counted little is dimmed"
      if let prediction = map.prediction, prediction.count == 2 {
        caption += "; predicted V \(fixed(prediction[0], 2)), A \(fixed(prediction[1], 2))"
      }
      if let label = map.label, label.count == 2 {
        caption += "; labelled V \(fixed(label[0], 2)), A \(fixed(label[1], 2))"
      }
      blocks.append(
        .figure(
          PageFigure(svg: RelevanceChart(map: map).rendered(), caption: caption, size: .wide)))
    }
    for map in occlusion {
      // One colour scale for both dimensions: their changes are compared.
      let largest = (map.valence + map.arousal).filter(\.isFinite).map(abs).max() ?? 0
      for dimension in [OcclusionChart.Dimension.valence, .arousal] {
        blocks.append(
          .figure(
            PageFigure(
              svg: OcclusionChart(map: map, dimension: dimension, largest: largest).rendered(),
              caption:
                "Change of \(map.model)'s \(dimension.rawValue) when a cell of \(map.image.title) is "
                + "covered with \(map.cover), on \(scaleName): orange raises it, blue lowers it",
              size: .wide)))
      }
    }
    return PageSection(
      id: "attention", title: "What the networks look at", link: "Attention", blocks: blocks)
  }

  /// Valence and arousal over time.
  var courseSection: PageSection? {
    guard !paths.isEmpty || !dynamics.isEmpty else { return nil }
    var blocks: [PageBlock] = []
    if !dynamics.isEmpty {
      blocks.append(
        .table(
          ReportTable(
            caption: "Agreement with the dynamic labels of the test songs; intervals over songs",
            header: [
              "Model", "songs", "instants", "CCC valence", "CCC arousal", "RMSE valence",
              "RMSE arousal",
            ],
            rows: dynamics.map {
              [
                $0.model, "\($0.songs)", "\($0.instants)", described($0.valenceCCC, 3),
                described($0.arousalCCC, 3), $0.valenceRMSE.map { fixed($0, 3) } ?? "–",
                $0.arousalRMSE.map { fixed($0, 3) } ?? "–",
              ]
            })))
    }
    blocks += paths.flatMap(pathBlocks)
    return PageSection(
      id: "course", title: "Emotion over time", link: "Over time", blocks: blocks)
  }

  /// A song's way through the plane, and both dimensions over time; nothing for a path without points.
  func pathBlocks(_ path: EmotionPath) -> [PageBlock] {
    guard !path.points.isEmpty else { return [] }
    let chart = PathChart(path: path, scale: scale)
    return [
      .heading(path.song), .text("\(path.model), \(path.method)."),
      .row([
        PageFigure(
          svg: chart.rendered(),
          caption: "The way through the plane, from the ring to the disc"),
        PageFigure(
          svg: chart.overTime("valence", isValence: true).rendered()
            + chart.overTime("arousal", isValence: false).rendered(),
          caption: "Valence and arousal of \(path.song) over time"),
      ]),
    ]
  }
}
