/// A song's way through the plane: the model's line with seconds along it, the listeners' dashed.
struct PathChart {
  let path: EmotionPath
  let scale: ScaleSummary

  func rendered() -> String {
    var svg = SVGDrawing(width: 360, height: 388)
    let plane = PlaneFrame(scale: scale)
    plane.draw(&svg)
    let labels = path.points.compactMap { point -> (x: Double, y: Double)? in
      guard let valence = point.labelledValence, let arousal = point.labelledArousal else {
        return nil
      }
      return plane.place(valence, arousal)
    }
    svg.path(labels, class: "curve line1")
    let places = path.points.map { plane.place($0.valence, $0.arousal) }
    svg.path(places, class: "curve line0")
    for (point, place) in zip(path.points, places) {
      svg.circle(
        x: place.x, y: place.y, radius: 1.8, class: "point fill0",
        title: "\(fixed(point.time, 1)) s: \(fixed(point.valence, 2)), \(fixed(point.arousal, 2))")
    }
    if let first = places.first, let last = places.last {
      svg.circle(x: first.x, y: first.y, radius: 5, class: "hollow", title: "start")
      svg.circle(x: last.x, y: last.y, radius: 5, class: "dot strong", title: "end")
      svg.text("start", x: first.x + 8, y: first.y - 5, class: "value")
      // Beside the start the word would cover the other.
      let isNear = abs(first.x - last.x) < 30 && abs(first.y - last.y) < 14
      svg.text("end", x: last.x + 8, y: last.y + (isNear ? 14 : -5), class: "value")
    }
    var x = 40.0
    for (name, style) in [("predicted", 0), ("labelled", 1)] where style == 0 || !labels.isEmpty {
      svg.line(from: (x, 378), to: (x + 22, 378), class: "curve line\(style)")
      svg.text(name, x: x + 27, y: 382)
      x += 110
    }
    return svg.rendered(
      label: "Way of \(path.song) through the valence-arousal plane as \(path.model) sees it, "
        + "\(path.points.count) instants")
  }

  /// One dimension over time: predicted and, where there are labels, labelled.
  func overTime(_ dimension: String, isValence: Bool) -> LineChart {
    func series(
      _ name: String, _ style: Int, _ value: (PathPoint) -> Double?
    ) -> LineChart.Series? {
      guard path.points.contains(where: { value($0) != nil }) else { return nil }
      return LineChart.Series(
        name: name, points: path.points.map { ($0.time, value($0) ?? .nan) }, style: style)
    }
    return LineChart(
      title: dimension, horizontalTitle: "seconds",
      series: [
        series("predicted", 0) { isValence ? $0.valence : $0.arousal },
        series("labelled", 1) { isValence ? $0.labelledValence : $0.labelledArousal },
      ].compactMap(\.self), including: [(scale.lower + scale.upper) / 2],
      format: { fixed($0, 2) })
  }
}
