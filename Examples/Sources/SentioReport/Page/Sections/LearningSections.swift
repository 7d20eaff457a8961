extension RunReport {
  /// Every network's training, epoch by epoch.
  var learningSection: PageSection? {
    let known = curves.filter { !$0.epochs.isEmpty }
    guard !known.isEmpty else { return nil }
    var blocks: [PageBlock] = []
    for curve in known {
      let chart = LearningCurveChart(curve: curve)
      let seconds = curve.epochs.compactMap(\.seconds).reduce(0, +)
      var words = "\(curve.epochs.count) epochs"
      if seconds > 0 { words += ", \(duration(seconds))" }
      if let best = curve.bestEpoch { words += "; the weights of epoch \(best) were kept" }
      if let stopped = curve.stopped { words += "; ended: \(stopped)" }
      let figures = [("loss", chart.loss), ("agreement", chart.agreement)].compactMap {
        name, chart in
        chart.map {
          PageFigure(svg: $0.rendered(), caption: "\(curve.title), \(name) by epoch")
        }
      }
      blocks += [.heading(curve.title), .text(words + "."), .row(figures)]
    }
    return PageSection(
      id: "learning", title: "How the networks learned", link: "Learning", blocks: blocks)
  }

  /// The conditional GAN: its training, its spectrograms, and what was checked on them.
  var syntheticSection: PageSection? {
    guard adversarial != nil || synthetic != nil else { return nil }
    var blocks: [PageBlock] = []
    if let adversarial, !adversarial.epochs.isEmpty {
      let chart = AdversarialChart(training: adversarial)
      blocks.append(
        .text(
          "The generator and the discriminator were trained against each other for "
            + "\(adversarial.epochs.count) epochs"
            + (adversarial.stopped.map { "; ended: \($0)" } ?? "")
            + ". The shaded band is where the discriminator's accuracy should be; outside the dashed lines "
            + "training stops as collapsed."))
      var figures = [
        PageFigure(
          svg: chart.accuracy.rendered(),
          caption: "Share of real and generated spectrograms that the discriminator told right"),
        PageFigure(svg: chart.losses.rendered(), caption: "Losses of both networks"),
      ]
      if let quality = chart.quality {
        figures.append(
          PageFigure(svg: quality.rendered(), caption: "Quality score of the generator, 0 to 100"))
      }
      if let consistency = chart.consistency {
        figures.append(
          PageFigure(
            svg: consistency.rendered(),
            caption: "Correlation of the emotion that was asked for with the one that a judge found"
          ))
      }
      if !adversarial.additions.isEmpty {
        blocks.append(
          .text(
            "Beside what the original report describes: "
              + adversarial.additions.joined(separator: "; ")
              + "."))
      }
      blocks.append(.row(figures))
    }
    if let synthetic {
      blocks.append(.table(syntheticTable(synthetic)))
      for (heading, pictures, isReal) in [
        ("Generated for a requested emotion", synthetic.samples, false),
        ("Real songs of near-by labels", synthetic.realSamples, true),
      ] where !pictures.isEmpty {
        blocks += [.heading(heading), .row(pictures.map { picture($0, isReal: isReal) })]
      }
    }
    return PageSection(
      id: "synthetic", title: "Synthetic spectrograms", link: "GAN", blocks: blocks)
  }

  private func picture(_ picture: EmotionPicture, isReal: Bool) -> PageFigure {
    let emotion = "V \(fixed(picture.valence, 1)), A \(fixed(picture.arousal, 1))"
    return PageFigure(
      svg: SpectrogramChart(image: picture.image).thumbnail(),
      caption: isReal
        ? "\(picture.image.title): label \(emotion)"
        : "Asked for \(emotion)"
          + (picture.confidence.map { "; confidence \(fixed($0, 2))" } ?? ""),
      size: .small)
  }

  private func syntheticTable(_ synthetic: SyntheticSpectrograms) -> ReportTable {
    var rows = [
      ["generated", "\(synthetic.generated)", "3,200 kept"],
      ["kept by the filter", "\(synthetic.kept)", "3,200"],
      ["filter: discriminator's confidence above", fixed(synthetic.threshold, 2), "0.3"],
    ]
    func add(_ name: String, _ value: String?) {
      if let value { rows.append([name, value, "–"]) }
    }
    let judge = synthetic.judge.map { ", found by \($0)" } ?? ""
    add(
      "correlation of requested and found valence\(judge)",
      synthetic.valenceConsistency.map { described($0, 2) })
    add(
      "correlation of requested and found arousal\(judge)",
      synthetic.arousalConsistency.map { described($0, 2) })
    add("mean distance of two synthetic ones", synthetic.diversity.map { fixed($0, 3) })
    add("mean distance of two real ones", synthetic.realDiversity.map { fixed($0, 3) })
    rows += synthetic.checks.map { [$0.name, $0.value, "–"] }
    return ReportTable(
      caption: "Synthetic spectrograms and what was checked on them",
      header: [
        "What", "this run", "claimed",
      ], rows: rows)
  }
}
