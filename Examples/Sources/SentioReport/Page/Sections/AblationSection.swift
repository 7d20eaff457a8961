extension RunReport {
  /// What was answered by leaving parts out: unfreezing, augmentation, distillation.
  var ablationSection: PageSection? {
    let known = ablations.filter { !$0.variants.isEmpty }
    guard !known.isEmpty else { return nil }
    return PageSection(
      id: "ablations", title: "What each part is worth", link: "Ablations",
      blocks: known.flatMap { ablation -> [PageBlock] in
        [
          .heading(ablation.title), .text("\(ablation.model). \(ablation.setting)"),
          .figure(
            PageFigure(
              svg: IntervalChart(
                title: "mean CCC",
                rows: ablation.variants.map {
                  IntervalChart.Row(
                    name: $0.name, interval: $0.ccc, claimed: $0.claimedCCC)
                }
              ).rendered(),
              caption:
                "\(ablation.title): mean CCC on the test songs, 95 % interval over songs"
                + (ablation.variants.contains { $0.seeds > 1 } ? ", the mean of the seeds" : "")
                + "; the rhombus is the claimed value")),
          .table(ablationTable(ablation)),
        ] + verdicts(ablation)
      })
  }

  /// What the differences come to, in a sentence each: over these songs, and over seeds where there are several.
  private func verdicts(_ ablation: Ablation) -> [PageBlock] {
    guard let reference = ablation.variants.first(where: { $0.isReference }) else { return [] }
    let sentences = ablation.variants.compactMap { variant -> String? in
      guard let difference = variant.difference, difference.estimate.isFinite else { return nil }
      let isSure = difference.lower > 0 || difference.upper < 0
      let word = difference.estimate < 0 ? "worse" : "better"
      var text =
        "“\(variant.name)” was \(word) than “\(reference.name)” by "
        + "\(fixed(abs(difference.estimate), 3)), "
        + (isSure ? "which other songs would hardly undo" : "which other songs may undo")
      if let seeds = variant.differenceOverSeeds, seeds.lower.isFinite {
        switch (isSure, seeds.lower > 0 || seeds.upper < 0) {
        case (_, true): text += isSure ? ", nor other seeds" : ", but hardly other seeds"
        case (true, false): text += ", but other seeds may"
        case (false, false): text += ", and other seeds too"
        }
      }
      return text + "."
    }
    return sentences.isEmpty ? [] : [.text(sentences.joined(separator: " "))]
  }

  private func ablationTable(_ ablation: Ablation) -> ReportTable {
    let variants = ablation.variants
    var columns: [(String, (AblationVariant) -> String)] = [
      ("CCC mean", { described($0.ccc, 3) }),
      ("claimed", { $0.claimedCCC.map { fixed($0, 2) } ?? "–" }),
    ]
    func add<Value>(
      _ name: String, _ value: @escaping (AblationVariant) -> Value?,
      _ text: @escaping (Value) -> String
    ) {
      guard variants.contains(where: { value($0) != nil }) else { return }
      columns.append((name, { value($0).map(text) ?? "–" }))
    }
    add("over seeds", { $0.overSeeds }, { described($0, 3) })
    add("CCC valence", { $0.valenceCCC }, { described($0, 3) })
    add("CCC arousal", { $0.arousalCCC }, { described($0, 3) })
    let reference = variants.first { $0.isReference }?.name
    if let reference {
      columns.append(
        (
          "less “\(reference)”",
          { $0.isReference ? "reference" : $0.difference.map { described($0, 3) } ?? "–" }
        ))
    } else {
      add("difference", { $0.difference }, { described($0, 3) })
    }
    add("the same over seeds", { $0.differenceOverSeeds }, { described($0, 3) })
    add("p (Holm)", { $0.pHolm }, probability)
    add(
      "retained", { $0.retention },
      {
        "\(fixed($0.estimate * 100, 1)) % (\(fixed($0.lower * 100, 1)) – "
          + "\(fixed($0.upper * 100, 1)))"
      })
    add("examples", { $0.trainingExamples }, { "\($0)" })
    add("kept epoch", { $0.bestEpoch }, { "\($0)" })
    add("training", { $0.seconds }, duration)
    if variants.contains(where: { $0.seeds > 1 }) { columns.append(("seeds", { "\($0.seeds)" })) }
    add("claimed besides", { $0.claimedNote }, { $0 })
    return ReportTable(
      caption: "\(ablation.title): test songs, 95 % intervals",
      header: ["Variant"] + columns.map(\.0),
      rows: variants.map { variant in [variant.name] + columns.map { $0.1(variant) } })
  }
}
