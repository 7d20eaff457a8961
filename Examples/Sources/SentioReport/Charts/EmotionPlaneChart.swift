/// Predictions in the valence-arousal plane: for each test song a dot at the prediction and a thin
/// line from its label, so that a model's pull towards the middle can be seen.
struct EmotionPlaneChart {
  let report: RunReport
  let model: ModelResult

  func drawing() -> SVGDrawing {
    var svg = SVGDrawing(width: 360, height: 372)
    let domain = report.scale.lower...report.scale.upper
    let horizontal = LinearAxis(domain: domain, from: 40, to: 350)
    let vertical = LinearAxis(domain: domain, from: 320, to: 10)
    let middle = (report.scale.lower + report.scale.upper) / 2

    svg.rectangle(x: 40, y: 10, width: 310, height: 310, class: "frame")
    for tick in horizontal.ticks(about: 4) {
      svg.line(
        from: (horizontal.position(of: tick), 10), to: (horizontal.position(of: tick), 320),
        class: "grid")
      svg.text(tickLabel(tick), x: horizontal.position(of: tick), y: 336, anchor: .middle)
      svg.line(
        from: (40, vertical.position(of: tick)), to: (350, vertical.position(of: tick)),
        class: "grid")
      svg.text(tickLabel(tick), x: 34, y: vertical.position(of: tick) + 4, anchor: .end)
    }
    svg.line(
      from: (horizontal.position(of: middle), 10), to: (horizontal.position(of: middle), 320),
      class: "axis")
    svg.line(
      from: (40, vertical.position(of: middle)), to: (350, vertical.position(of: middle)),
      class: "axis")
    for (name, x, y) in [
      ("happy", 340.0, 24.0), ("tense", 76, 24), ("sad", 66, 314), ("calm", 340, 314),
    ] {
      svg.text(name, x: x, y: y, anchor: .end, class: "quadrant")
    }
    svg.text("valence", x: 195, y: 358, anchor: .middle, class: "axis-title")
    svg.text("arousal", x: 12, y: 165, anchor: .middle, class: "axis-title", rotation: -90)

    for (song, prediction) in zip(report.truth, model.predictions) where prediction.count == 2 {
      let label = (horizontal.position(of: song.valence), vertical.position(of: song.arousal))
      let dot = (horizontal.position(of: prediction[0]), vertical.position(of: prediction[1]))
      svg.line(from: label, to: dot, class: "residual")
      svg.circle(
        x: dot.0, y: dot.1, radius: 2.6, class: "dot",
        title: "\(song.id): label \(fixed(song.valence, 2)), \(fixed(song.arousal, 2)); "
          + "predicted \(fixed(prediction[0], 2)), \(fixed(prediction[1], 2))")
    }
    return svg
  }

  /// The finished picture.
  func rendered() -> String {
    drawing().rendered(
      label: "Predictions of \(model.title) for \(report.truth.count) test songs in the "
        + "valence-arousal plane, each joined to its label")
  }
}
