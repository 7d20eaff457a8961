/// Estimates with their confidence intervals, one row each, and the claimed value as a rhombus.
struct IntervalChart {
  /// One row of the chart.
  struct Row {
    let name: String
    let interval: Interval
    let claimed: Double?
  }

  let title: String
  let rows: [Row]

  func rendered() -> String {
    let rowHeight = 30.0
    let bottom = 12 + Double(rows.count) * rowHeight
    var svg = SVGDrawing(width: 480, height: bottom + 44)
    let values = rows.flatMap {
      [$0.interval.lower, $0.interval.upper, $0.claimed ?? $0.interval.estimate]
    }.filter(\.isFinite)
    let lower = min(0, values.min() ?? 0)
    let upper = max(1, values.max() ?? 1)
    let axis = LinearAxis(domain: lower...upper, from: 128, to: 466)
    for tick in axis.ticks(about: 5) {
      let x = axis.position(of: tick)
      svg.line(from: (x, 6), to: (x, bottom), class: tick == 0 ? "axis" : "grid")
      svg.text(tickLabel(tick), x: x, y: bottom + 16, anchor: .middle)
    }
    svg.text(title, x: 297, y: bottom + 36, anchor: .middle, class: "axis-title")
    for (index, row) in rows.enumerated() {
      let y = 12 + (Double(index) + 0.5) * rowHeight
      svg.text(row.name, x: 120, y: y + 4, anchor: .end, class: "row-name")
      if row.interval.lower.isFinite && row.interval.upper.isFinite {
        svg.line(
          from: (axis.position(of: row.interval.lower), y),
          to: (axis.position(of: row.interval.upper), y), class: "interval")
      }
      if row.interval.estimate.isFinite {
        svg.circle(
          x: axis.position(of: row.interval.estimate), y: y, radius: 5, class: "dot strong",
          title: "\(row.name): \(fixed(row.interval.estimate, 3)) "
            + "(\(fixed(row.interval.lower, 3)) to \(fixed(row.interval.upper, 3)))")
      }
      if let claimed = row.claimed {
        svg.diamond(
          x: axis.position(of: claimed), y: y, radius: 6, class: "claimed",
          title: "\(row.name), claimed: \(fixed(claimed, 3))")
      }
    }
    return svg.rendered(
      label: "\(title): "
        + rows.map { "\($0.name) \(fixed($0.interval.estimate, 2))" }.joined(separator: ", "))
  }
}
