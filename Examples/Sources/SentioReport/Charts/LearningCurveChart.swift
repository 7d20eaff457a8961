/// A network's loss and agreement, epoch by epoch: one picture each.
struct LearningCurveChart {
  let curve: LearningCurve

  /// The losses; `nil` where none were recorded.
  var loss: LineChart? {
    chart(
      curve.loss.map { "loss, \($0)" } ?? "loss",
      [("training", 0, \.trainingLoss), ("validation", 1, \.validationLoss)])
  }

  /// The agreement with the labels; `nil` where none was recorded.
  var agreement: LineChart? {
    var result = chart(
      "CCC",
      [
        ("training, mean", 0, \.trainingCCC), ("validation, mean", 1, \.validationCCC),
        ("valence", 2, \.validationCCCValence), ("arousal", 3, \.validationCCCArousal),
      ])
    result?.including = [0]
    return result
  }

  private func chart(
    _ title: String, _ values: [(name: String, style: Int, path: KeyPath<EpochRecord, Double?>)]
  ) -> LineChart? {
    let series = values.compactMap { value -> LineChart.Series? in
      let points = curve.epochs.compactMap { record in
        record[keyPath: value.path].map { (x: Double(record.epoch), y: $0) }
      }
      guard !points.isEmpty else { return nil }
      return LineChart.Series(name: value.name, points: points, style: value.style)
    }
    guard !series.isEmpty else { return nil }
    return LineChart(
      title: title, horizontalTitle: "epoch", series: series,
      mark: curve.bestEpoch.map { (Double($0), "kept") },
      events: curve.events.map { (Double($0.epoch), $0.what) })
  }
}
