/// Curves over a common horizontal axis, with bands, marks and events.
struct LineChart {
  /// One curve.
  struct Series {
    let name: String
    /// Points in the order of the horizontal axis; a value that is no number is a gap.
    let points: [(x: Double, y: Double)]
    /// The number of its colour and dash.
    let style: Int
  }

  /// A range of values that stands for something, such as where an accuracy should be.
  struct Band {
    let name: String
    let range: ClosedRange<Double>
  }

  let title: String
  let horizontalTitle: String
  let series: [Series]
  var bands: [Band] = []
  /// Values with a line across the picture.
  var limits: [Double] = []
  /// A place on the horizontal axis that is marked, such as the best epoch.
  var mark: (x: Double, name: String)?
  /// Places where something changed.
  var events: [(x: Double, name: String)] = []
  /// Values that the vertical axis shows in any case.
  var including: [Double] = []
  var format: (Double) -> String = { fixed($0, 3) }
  /// Whether the picture is for a whole column's width.
  var isWide = false

  func rendered() -> String {
    let width = isWide ? 560.0 : 400
    let legendRows = rowsOfLegend(width: width)
    let top = 10 + 18 * Double(legendRows.count)
    let bottom = top + (isWide ? 170 : 180)
    var svg = SVGDrawing(width: width, height: bottom + 44)
    let xs = series.flatMap { $0.points.map(\.x) }.filter(\.isFinite)
    let ys =
      (series.flatMap { $0.points.map(\.y) } + including + limits
      + bands.flatMap { [$0.range.lowerBound, $0.range.upperBound] }).filter(\.isFinite)
    let span = (ys.max() ?? 1) - (ys.min() ?? 0)
    let horizontal = LinearAxis(
      domain: (xs.min() ?? 0)...(xs.max() ?? 1), from: 46, to: width - 12)
    let vertical = LinearAxis(
      domain: (ys.min() ?? 0) - 0.04 * span...(ys.max() ?? 1) + 0.04 * span, from: bottom, to: top)
    for band in bands {
      let (low, high) = (
        vertical.position(of: band.range.lowerBound), vertical.position(of: band.range.upperBound)
      )
      svg.rectangle(
        x: 46, y: high, width: width - 58, height: low - high, class: "band", title: band.name)
    }
    drawAxes(&svg, horizontal, vertical, top: top, bottom: bottom, width: width)
    for (index, event) in events.enumerated() {
      let x = horizontal.position(of: event.x)
      svg.line(from: (x, top), to: (x, bottom), class: "event")
      let nearEnd = x > width * 0.6
      svg.text(
        event.name, x: x + (nearEnd ? -4 : 4), y: top + 12 + 13 * Double(index % 4),
        anchor: nearEnd ? .end : .start,
        class: "small")
    }
    if let mark {
      let x = horizontal.position(of: mark.x)
      svg.line(from: (x, top), to: (x, bottom), class: "mark")
      let nearEnd = x > width * 0.6
      svg.text(
        mark.name, x: x + (nearEnd ? -4 : 4), y: bottom - 6, anchor: nearEnd ? .end : .start,
        class: "small")
    }
    for curve in series {
      svg.path(
        curve.points.map { (horizontal.position(of: $0.x), vertical.position(of: $0.y)) },
        class: "curve line\(curve.style)", title: curve.name)
      // With few points the curve between them is a guess: the points are shown.
      guard curve.points.count <= 40 else { continue }
      for point in curve.points where point.y.isFinite {
        svg.circle(
          x: horizontal.position(of: point.x), y: vertical.position(of: point.y), radius: 2.2,
          class: "point fill\(curve.style)",
          title: "\(curve.name), \(horizontalTitle) \(tickLabel(point.x)): \(format(point.y))")
      }
    }
    drawLegend(&svg, legendRows)
    return svg.rendered(label: label)
  }

  private func drawAxes(
    _ svg: inout SVGDrawing, _ horizontal: LinearAxis, _ vertical: LinearAxis, top: Double,
    bottom: Double, width: Double
  ) {
    for tick in vertical.ticks(about: 5) {
      let y = vertical.position(of: tick)
      svg.line(from: (46, y), to: (width - 12, y), class: tick == 0 ? "axis" : "grid")
      svg.text(tickLabel(tick), x: 41, y: y + 4, anchor: .end)
    }
    for limit in limits {
      let y = vertical.position(of: limit)
      svg.line(from: (46, y), to: (width - 12, y), class: "limit")
    }
    for tick in horizontal.ticks(about: isWide ? 9 : 6) {
      let x = horizontal.position(of: tick)
      svg.line(from: (x, bottom), to: (x, bottom + 4), class: "axis")
      svg.text(tickLabel(tick), x: x, y: bottom + 17, anchor: .middle)
    }
    svg.line(from: (46, bottom), to: (width - 12, bottom), class: "axis")
    svg.text(
      "\(horizontalTitle) · \(title)", x: (34 + width) / 2, y: bottom + 36, anchor: .middle,
      class: "axis-title")
  }

  /// The legend's entries in rows that fit the width.
  private func rowsOfLegend(width: Double) -> [[(series: Series, x: Double)]] {
    guard series.count > 1 else { return [] }
    var rows: [[(series: Series, x: Double)]] = [[]]
    var x = 46.0
    for curve in series {
      let room = 44 + 6.6 * Double(curve.name.count)
      if x + room > width, !(rows.last ?? []).isEmpty {
        rows.append([])
        x = 46
      }
      rows[rows.count - 1].append((curve, x))
      x += room
    }
    return rows
  }

  private func drawLegend(_ svg: inout SVGDrawing, _ rows: [[(series: Series, x: Double)]]) {
    for (row, entries) in rows.enumerated() {
      let y = 12 + 18 * Double(row)
      for entry in entries {
        svg.line(
          from: (entry.x, y), to: (entry.x + 22, y), class: "curve line\(entry.series.style)")
        svg.text(entry.series.name, x: entry.x + 27, y: y + 4)
      }
    }
  }

  private var label: String {
    "\(title) over \(horizontalTitle): "
      + series.map { curve in
        let values = curve.points.filter { $0.y.isFinite }
        guard let first = values.first, let last = values.last else { return curve.name }
        return "\(curve.name) from \(format(first.y)) to \(format(last.y))"
      }.joined(separator: ", ")
  }
}
