/// The valence-arousal plane: where values lie in a drawing, its grid and the quadrants' names.
struct PlaneFrame {
  let scale: ScaleSummary
  private let horizontal: LinearAxis
  private let vertical: LinearAxis

  init(scale: ScaleSummary) {
    self.scale = scale
    horizontal = LinearAxis(domain: scale.lower...scale.upper, from: 40, to: 350)
    vertical = LinearAxis(domain: scale.lower...scale.upper, from: 320, to: 10)
  }

  func place(_ valence: Double, _ arousal: Double) -> (x: Double, y: Double) {
    (horizontal.position(of: valence), vertical.position(of: arousal))
  }

  func draw(_ svg: inout SVGDrawing) {
    let middle = (scale.lower + scale.upper) / 2
    svg.rectangle(x: 40, y: 10, width: 310, height: 310, class: "frame")
    for tick in horizontal.ticks(about: 4) {
      let (x, y) = place(tick, tick)
      svg.line(from: (x, 10), to: (x, 320), class: "grid")
      svg.text(tickLabel(tick), x: x, y: 336, anchor: .middle)
      svg.line(from: (40, y), to: (350, y), class: "grid")
      svg.text(tickLabel(tick), x: 34, y: y + 4, anchor: .end)
    }
    let centre = place(middle, middle)
    svg.line(from: (centre.x, 10), to: (centre.x, 320), class: "axis")
    svg.line(from: (40, centre.y), to: (350, centre.y), class: "axis")
    for (name, x, y, anchor) in [
      ("happy", 344.0, 24.0, SVGDrawing.Anchor.end), ("tense", 46, 24, .start),
      ("sad", 46, 314, .start), ("calm", 344, 314, .end),
    ] {
      svg.text(name, x: x, y: y, anchor: anchor, class: "quadrant")
    }
    svg.text("valence", x: 195, y: 356, anchor: .middle, class: "axis-title")
    svg.text("arousal", x: 12, y: 165, anchor: .middle, class: "axis-title", rotation: -90)
  }
}
