extension RunReport {
  /// Size, speed and agreement of everything that could be shipped.
  var deploymentSection: PageSection? {
    let entries = tradeOff
    guard deployment != nil || entries.count >= 2 else { return nil }
    var blocks: [PageBlock] = []
    if entries.count >= 2 {
      blocks.append(
        .figure(
          PageFigure(
            svg: TradeOffChart(entries: entries).rendered(),
            caption:
              "Agreement against the time of one song from its features or spectrogram; the disc's area "
              + "grows with the logarithm of the learned numbers, which stand behind the name",
            size: .wide
          )))
    }
    if let deployment {
      let forms = [deployment.teacher] + deployment.students
      blocks += [
        .heading("Distillation and quantization"), .text(deployment.setting),
        .figure(
          PageFigure(
            svg: IntervalChart(
              title: "share of the teacher's CCC",
              rows: deployment.students.map {
                IntervalChart.Row(
                  name: $0.title, interval: $0.retention,
                  claimed: $0.precision == "int8" ? nil : 0.932
                )
              }, including: [0.5, 1], reference: 1
            ).rendered(),
            caption: "Retention with its paired 95 % interval; the rhombus is the claimed 93.2 %")),
        .table(formTable(forms, teacher: deployment.teacher)),
      ]
    }
    return PageSection(
      id: "deployment", title: "Size, speed and agreement", link: "Trade-off", blocks: blocks)
  }

  /// Every model, and the students' forms that are no models of their own.
  private var tradeOff: [TradeOffChart.Entry] {
    var entries = models.map {
      TradeOffChart.Entry(
        name: $0.title, secondsPerSong: $0.predictSecondsPerSong, ccc: $0.meanCCC,
        parameterCount: $0.parameterCount)
    }
    for form in deployment?.students ?? []
    where !entries.contains(where: {
      $0.name == form.title || $0.secondsPerSong == form.secondsPerSong
    }) {
      entries.append(
        TradeOffChart.Entry(
          name: form.title, secondsPerSong: form.secondsPerSong, ccc: form.ccc,
          parameterCount: form.parameterCount))
    }
    return entries
  }

  private func formTable(_ forms: [DeployedForm], teacher: DeployedForm) -> ReportTable {
    func kept(_ interval: Interval?) -> String {
      interval.map {
        "\(fixed($0.estimate * 100, 1)) % (\(fixed($0.lower * 100, 1)) – \(fixed($0.upper * 100, 1)))"
      } ?? "–"
    }
    func ratio(_ value: Double) -> String {
      value.isFinite ? "\(fixed(value, 1))×" : "–"
    }
    return ReportTable(
      caption:
        "The teacher and its smaller forms; retention is CCC over the teacher's, 95 % interval",
      header: [
        "Form", "precision", "numbers", "file", "smaller by", "claimed", "one song", "faster by",
        "claimed", "peak memory", "CCC mean", "retained", "claimed", "valence", "arousal",
      ],
      rows: forms.enumerated().map { index, form in
        let isStudent = index > 0
        // The report has no quantized row.
        let isClaimed = isStudent && form.precision != "int8"
        return [
          form.title, form.precision, shortCount(Double(form.parameterCount)),
          byteCount(form.fileSize),
          isStudent ? ratio(Double(teacher.fileSize) / Double(form.fileSize)) : "–",
          isClaimed ? "10-15×" : "–", duration(form.secondsPerSong),
          isStudent ? ratio(teacher.secondsPerSong / form.secondsPerSong) : "–",
          isClaimed ? "4×" : "–", form.peakMemory.map(byteCount) ?? "–", described(form.ccc, 3),
          kept(form.retention), isClaimed ? "93.2 %" : "–", kept(form.valenceRetention),
          kept(form.arousalRetention),
        ]
      })
  }

  /// Learned numbers as counted and as claimed.
  var sizeSection: PageSection? {
    guard !parameterCounts.isEmpty else { return nil }
    return PageSection(
      id: "sizes", title: "Learned numbers, counted and claimed", link: "Sizes",
      blocks: [
        .text(
          "The networks are counted as the original report draws them, at its full size; the column “trained "
            + "here” is the size of this run."),
        .figure(
          PageFigure(
            svg: ParameterChart(counts: parameterCounts).rendered(),
            caption: "Counted (dot) and claimed (rhombus, or two for a range)")),
        .table(
          ReportTable(
            caption: "Learned numbers at the report's size",
            header: [
              "Network", "counted", "claimed", "counted over claimed", "trained here", "remark",
            ],
            rows: parameterCounts.map { count in
              let counted = Double(count.counted)
              let ratios = [counted / count.claimedUpper, counted / count.claimedLower].map {
                fixed($0, 2)
              }
              return [
                count.network, grouped(count.counted), claimText(count),
                ratios[0] == ratios[1] ? ratios[0] : "\(ratios[0]) – \(ratios[1])",
                count.trained.map(grouped) ?? "–", count.remark ?? "",
              ]
            }, proseColumns: [5])),
      ])
  }
}
