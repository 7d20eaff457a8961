/// Estimates with their confidence intervals, one row each, and the claimed value as a rhombus.
struct IntervalChart {
  /// One row of the chart; without an interval the row says that nothing was measured.
  struct Row {
    let name: String
    let interval: Interval?
    let claimed: Double?
  }

  let title: String
  let rows: [Row]
  /// Values that the axis shows in any case.
  var including: [Double] = [0, 1]
  /// A value with a line of its own, such as 1 for a slope.
  var reference: Double?

  func rendered() -> String {
    let rowHeight = 28.0
    let bottom = 10 + Double(rows.count) * rowHeight
    var svg = SVGDrawing(width: 400, height: bottom + 40)
    let values =
      including
      + rows.flatMap { row in
        [row.interval?.lower, row.interval?.upper, row.interval?.estimate, row.claimed]
          .compactMap(\.self)
      }.filter(\.isFinite)
    let names = rows.map { Double($0.name.count) }.max() ?? 10
    let left = min(max(70, 6.9 * names + 12), 178)
    let axis = LinearAxis(
      domain: (values.min() ?? 0)...(values.max() ?? 1), from: left + 6, to: 388)
    for tick in axis.ticks(about: 5) {
      let x = axis.position(of: tick)
      svg.line(from: (x, 4), to: (x, bottom), class: tick == 0 ? "axis" : "grid")
      svg.text(tickLabel(tick), x: x, y: bottom + 16, anchor: .middle)
    }
    if let reference {
      let x = axis.position(of: reference)
      svg.line(from: (x, 4), to: (x, bottom), class: "limit")
    }
    svg.text(title, x: (left + 394) / 2, y: bottom + 34, anchor: .middle, class: "axis-title")
    for (index, row) in rows.enumerated() {
      draw(row, at: 10 + (Double(index) + 0.5) * rowHeight, left, axis, &svg)
    }
    return svg.rendered(
      label: "\(title): "
        + rows.map { "\($0.name) \($0.interval.map { fixed($0.estimate, 2) } ?? "not measured")" }
        .joined(separator: ", "))
  }

  private func draw(
    _ row: Row, at y: Double, _ left: Double, _ axis: LinearAxis, _ svg: inout SVGDrawing
  ) {
    svg.text(
      shortened(row.name, to: 24), x: left - 4, y: y + 4, anchor: .end, class: "row-name")
    if let interval = row.interval {
      if interval.lower.isFinite && interval.upper.isFinite {
        svg.line(
          from: (axis.position(of: interval.lower), y), to: (axis.position(of: interval.upper), y),
          class: "interval")
      }
      if interval.estimate.isFinite {
        svg.circle(
          x: axis.position(of: interval.estimate), y: y, radius: 5, class: "dot strong",
          title: "\(row.name): \(fixed(interval.estimate, 3)) "
            + "(\(fixed(interval.lower, 3)) to \(fixed(interval.upper, 3)))")
      }
    } else {
      svg.text("not measured in this run", x: left + 10, y: y + 4, class: "small")
    }
    if let claimed = row.claimed {
      svg.diamond(
        x: axis.position(of: claimed), y: y, radius: 5.5, class: "claimed",
        title: "\(row.name), claimed: \(fixed(claimed, 3))")
    }
  }
}
