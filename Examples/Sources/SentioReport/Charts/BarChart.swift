/// Horizontal bars from zero, one or two a row.
struct BarChart {
  /// One row: a name, a value for each series and what stands behind the bars.
  struct Row {
    let name: String
    let values: [Double]
    let note: String
  }

  let title: String
  /// Names of the series, which become the legend where there are two.
  let series: [String]
  let rows: [Row]
  /// Writes a value behind its bar.
  let format: (Double) -> String

  func rendered() -> String {
    let barHeight = series.count > 1 ? 11.0 : 14
    let rowHeight = barHeight * Double(series.count) + 10
    let top = series.count > 1 ? 30.0 : 8
    let bottom = top + Double(rows.count) * rowHeight
    var svg = SVGDrawing(width: 480, height: bottom + 26)
    let largest = rows.flatMap(\.values).filter(\.isFinite).max() ?? 1
    let axis = LinearAxis(domain: 0...max(largest, .leastNormalMagnitude), from: 168, to: 400)
    if series.count > 1 {
      var x = 168.0
      for (index, name) in series.enumerated() {
        svg.rectangle(x: x, y: 6, width: 12, height: 12, class: "bar series\(index)")
        svg.text(name, x: x + 17, y: 16)
        x += 110
      }
    }
    for (rowIndex, row) in rows.enumerated() {
      let y = top + Double(rowIndex) * rowHeight
      svg.text(row.name, x: 160, y: y + rowHeight / 2, anchor: .end, class: "row-name")
      for (index, value) in row.values.enumerated() where value.isFinite {
        let barTop = y + 3 + Double(index) * barHeight
        let end = axis.position(of: max(value, 0))
        svg.rectangle(
          x: 168, y: barTop, width: max(end - 168, 0.5), height: barHeight - 1.5,
          class: "bar series\(index)", title: "\(row.name): \(format(value)) \(row.note)")
        svg.text(format(value), x: end + 5, y: barTop + barHeight - 2.5, class: "value")
      }
    }
    svg.text(title, x: 284, y: bottom + 20, anchor: .middle, class: "axis-title")
    return svg.rendered(
      label: "\(title): "
        + rows.map { row in
          "\(row.name) " + row.values.map(format).joined(separator: " and ")
        }.joined(separator: ", "))
  }
}
