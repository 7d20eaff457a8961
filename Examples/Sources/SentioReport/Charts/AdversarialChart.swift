/// The conditional GAN's training: the discriminator's accuracy in its band, the quality, the losses.
struct AdversarialChart {
  let training: AdversarialTraining

  var accuracy: LineChart {
    var bands: [LineChart.Band] = []
    if training.wantedAccuracy.count == 2, training.wantedAccuracy[0] <= training.wantedAccuracy[1]
    {
      bands = [
        .init(
          name: "wanted: \(percent(training.wantedAccuracy[0])) to "
            + percent(training.wantedAccuracy[1]),
          range: training.wantedAccuracy[0]...training.wantedAccuracy[1])
      ]
    }
    return LineChart(
      title: "discriminator's accuracy", horizontalTitle: "epoch",
      series: [series("accuracy", 0) { $0.discriminatorAccuracy }], bands: bands,
      limits: training.allowedAccuracy, mark: mark, including: [0.5, 1], format: percent)
  }

  var losses: LineChart {
    LineChart(
      title: "loss", horizontalTitle: "epoch",
      series: [
        series("generator", 0) { $0.generatorLoss },
        series("discriminator", 1) { $0.discriminatorLoss },
      ], mark: mark, including: [0])
  }

  /// `nil` where no quality was recorded.
  var quality: LineChart? {
    guard training.epochs.contains(where: { $0.quality != nil }) else { return nil }
    return LineChart(
      title: "quality score", horizontalTitle: "epoch",
      series: [series("quality", 2) { $0.quality ?? .nan }], mark: mark, including: [0, 100],
      format: { fixed($0, 1) })
  }

  /// Whether a judge found the emotions that were asked for; `nil` without a judge.
  var consistency: LineChart? {
    guard training.epochs.contains(where: { $0.valenceConsistency != nil }) else { return nil }
    return LineChart(
      title: "correlation", horizontalTitle: "epoch",
      series: [
        series("valence", 0) { $0.valenceConsistency ?? .nan },
        series("arousal", 1) { $0.arousalConsistency ?? .nan },
      ], mark: mark, including: [0, 1])
  }

  private var mark: (x: Double, name: String)? {
    training.bestEpoch.map { (Double($0), "kept") }
  }

  private func series(
    _ name: String, _ style: Int, _ value: (AdversarialEpoch) -> Double
  ) -> LineChart.Series {
    LineChart.Series(
      name: name, points: training.epochs.map { (Double($0.epoch), value($0)) }, style: style)
  }
}

/// A share as `73 %`.
///
/// - Parameter share: from 0 to 1.
/// - Returns: the share, without decimals.
public func percent(_ share: Double) -> String { "\(fixed(share * 100, 0)) %" }
