import Foundation

/// Size, speed and agreement of every model in one picture: seconds a song to the right, CCC with its
/// interval upwards, learned numbers as the area of the disc.
struct TradeOffChart {
  /// One model.
  struct Entry {
    let name: String
    let secondsPerSong: Double
    let ccc: Interval
    let parameterCount: Int
  }

  let entries: [Entry]

  func rendered() -> String {
    let usable = entries.filter { $0.secondsPerSong > 0 && $0.ccc.estimate.isFinite }
    var svg = SVGDrawing(width: 560, height: 340)
    let (left, right, top, bottom) = (46.0, 548.0, 12.0, 286.0)
    let speed = LogarithmicAxis(
      covering: usable.map(\.secondsPerSong), from: left + 24, to: right - 70)
    let values = usable.flatMap { [$0.ccc.lower, $0.ccc.upper, $0.ccc.estimate] }
      .filter(\.isFinite)
    // Room above and below for names; not from zero, because the differences are what is looked for.
    let span = max((values.max() ?? 1) - (values.min() ?? 0), 0.05)
    let agreement = LinearAxis(
      domain: (values.min() ?? 0) - 0.3 * span...(values.max() ?? 1) + 0.3 * span, from: bottom,
      to: top)
    for tick in agreement.ticks(about: 6) {
      let y = agreement.position(of: tick)
      svg.line(from: (left, y), to: (right, y), class: tick == 0 ? "axis" : "grid")
      svg.text(tickLabel(tick), x: left - 5, y: y + 4, anchor: .end)
    }
    for tick in speed.ticks {
      let x = speed.position(of: tick)
      svg.line(from: (x, top), to: (x, bottom), class: "grid")
      svg.text(duration(tick), x: x, y: bottom + 16, anchor: .middle)
    }
    svg.text(
      "time of one song (logarithmic)", x: (left + right) / 2, y: bottom + 36, anchor: .middle,
      class: "axis-title")
    svg.text("mean CCC", x: 11, y: 150, anchor: .middle, class: "axis-title", rotation: -90)
    for entry in usable {
      let x = speed.position(of: entry.secondsPerSong)
      svg.line(
        from: (x, agreement.position(of: entry.ccc.lower)),
        to: (x, agreement.position(of: entry.ccc.upper)), class: "interval thin")
    }
    var layout = LabelLayout(
      area: .init(x: left + 2, y: top, width: right - left - 2, height: bottom - top))
    let discs = usable.map { entry in
      // The area grows with the logarithm: 100 numbers and 100 million have to fit one picture.
      (
        entry: entry, x: speed.position(of: entry.secondsPerSong),
        y: agreement.position(of: entry.ccc.estimate),
        radius: 3 + 2.1 * max(log10(Double(max(entry.parameterCount, 1))) - 2, 0)
      )
    }
    for disc in discs {
      layout.occupy(x: disc.x, y: disc.y, radius: disc.radius)
      svg.circle(
        x: disc.x, y: disc.y, radius: disc.radius, class: "disc",
        title: "\(disc.entry.name): \(shortCount(Double(disc.entry.parameterCount))) numbers, "
          + "\(duration(disc.entry.secondsPerSong)) a song, CCC \(described(disc.entry.ccc, 3))")
    }
    for disc in discs {
      let name = "\(disc.entry.name) · \(shortCount(Double(disc.entry.parameterCount)))"
      let place = layout.place(name, x: disc.x, y: disc.y, radius: disc.radius)
      let isFar = abs(place.y - disc.y) > disc.radius + 26
      if isFar {
        svg.line(
          from: (disc.x, disc.y), to: (place.x, place.y + (place.y < disc.y ? 3 : -10)),
          class: "residual")
      }
      svg.text(name, x: place.x, y: place.y, anchor: .middle, class: "value")
    }
    return svg.rendered(
      label: "Agreement against speed: "
        + usable.map {
          "\($0.name) CCC \(fixed($0.ccc.estimate, 2)) in \(duration($0.secondsPerSong)) with "
            + "\(shortCount(Double($0.parameterCount))) numbers"
        }.joined(separator: "; "))
  }
}
