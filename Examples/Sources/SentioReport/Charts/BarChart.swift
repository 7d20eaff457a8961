/// Horizontal bars from zero, one or two a row.
struct BarChart {
  /// One row: a name, a value for each series and what stands behind the bars.
  struct Row {
    let name: String
    let values: [Double]
    let note: String
    /// The whisker of each value: from its lower to its upper limit.
    var whiskers: [Interval?] = []

    /// The limits of a value that has some.
    func limits(_ index: Int) -> (lower: Double, upper: Double)? {
      guard whiskers.indices.contains(index), let whisker = whiskers[index],
        whisker.lower.isFinite, whisker.upper.isFinite
      else { return nil }
      return (whisker.lower, whisker.upper)
    }
  }

  let title: String
  /// Names of the series, which become the legend where there are two.
  let series: [String]
  let rows: [Row]
  /// Writes a value behind its bar.
  let format: (Double) -> String

  func rendered() -> String {
    let barHeight = series.count > 1 ? 11.0 : 14
    let rowHeight = barHeight * Double(series.count) + 8
    let top = series.count > 1 ? 26.0 : 6
    let bottom = top + Double(rows.count) * rowHeight
    var svg = SVGDrawing(width: 400, height: bottom + 24)
    let ends = rows.flatMap { row in
      row.values.enumerated().flatMap { index, value -> [Double] in
        let limits = row.limits(index) ?? (value, value)
        return [min(value, limits.lower), max(value, limits.upper)]
      }
    }.filter(\.isFinite)
    let names = rows.map { Double($0.name.count) }.max() ?? 10
    let left = min(max(60, 6.9 * names + 12), 178)
    let words = rows.flatMap(\.values).map { Double(text($0).count) }.max() ?? 4
    let right = 392 - 6.9 * words
    let largest = max(ends.max() ?? 1, 0)
    let smallest = min(ends.min() ?? 0, 0)
    let axis = LinearAxis(
      domain: smallest...max(largest, smallest + .leastNormalMagnitude),
      from: left + (smallest < 0 ? 34 : 0), to: right)
    let zero = axis.position(of: 0)
    if series.count > 1 {
      var x = left
      for (index, name) in series.enumerated() {
        svg.rectangle(x: x, y: 4, width: 12, height: 12, class: "bar series\(index)")
        svg.text(name, x: x + 17, y: 14)
        x += 40 + 7 * Double(name.count)
      }
    }
    for (rowIndex, row) in rows.enumerated() {
      let y = top + Double(rowIndex) * rowHeight
      svg.text(
        shortened(row.name, to: 24), x: left - 7, y: y + rowHeight / 2 + 2, anchor: .end,
        class: "row-name")
      for (index, value) in row.values.enumerated() where value.isFinite {
        let barTop = y + 2 + Double(index) * barHeight
        let end = axis.position(of: value)
        svg.rectangle(
          x: min(zero, end), y: barTop, width: max(abs(end - zero), 0.5), height: barHeight - 1.5,
          class: "bar series\(index)", title: "\(row.name): \(format(value)) \(row.note)")
        var edge = max(zero, end)
        if let limits = row.limits(index) {
          let (low, high) = (axis.position(of: limits.lower), axis.position(of: limits.upper))
          let middle = barTop + (barHeight - 1.5) / 2
          svg.line(from: (low, middle), to: (high, middle), class: "whisker")
          edge = max(edge, high)
        }
        svg.text(format(value), x: edge + 5, y: barTop + barHeight - 2, class: "value")
      }
    }
    svg.line(from: (zero, top), to: (zero, bottom), class: "axis")
    svg.text(title, x: (left + right) / 2, y: bottom + 18, anchor: .middle, class: "axis-title")
    return svg.rendered(
      label: "\(title): "
        + rows.map { row in
          "\(row.name) " + row.values.map(text).joined(separator: " and ")
        }.joined(separator: ", "))
  }

  private func text(_ value: Double) -> String { value.isFinite ? format(value) : "–" }
}

/// `text` with its middle left out where it is longer than `length`.
func shortened(_ text: String, to length: Int) -> String {
  guard text.count > length else { return text }
  return "\(text.prefix(length - 9))…\(text.suffix(8))"
}
