/// Learned numbers of each network: counted as a dot, claimed as a rhombus or a bar between two.
struct ParameterChart {
  let counts: [ParameterCount]

  func rendered() -> String {
    let rowHeight = 30.0
    let bottom = 10 + Double(counts.count) * rowHeight
    var svg = SVGDrawing(width: 400, height: bottom + 42)
    let axis = LogarithmicAxis(
      covering: counts.flatMap { [Double($0.counted), $0.claimedLower, $0.claimedUpper] },
      from: 126, to: 376)
    for tick in axis.ticks {
      let x = axis.position(of: tick)
      svg.line(from: (x, 4), to: (x, bottom), class: "grid")
      svg.text(shortCount(tick), x: x, y: bottom + 16, anchor: .middle)
    }
    svg.text(
      "learned numbers (logarithmic)", x: 251, y: bottom + 35, anchor: .middle,
      class: "axis-title")
    for (index, count) in counts.enumerated() {
      let y = 10 + (Double(index) + 0.5) * rowHeight
      svg.text(count.network, x: 118, y: y + 4, anchor: .end, class: "row-name")
      let counted = axis.position(of: Double(count.counted))
      let lower = axis.position(of: count.claimedLower)
      let upper = axis.position(of: count.claimedUpper)
      svg.line(from: (counted, y), to: ((lower + upper) / 2, y), class: "residual")
      if upper > lower { svg.line(from: (lower, y), to: (upper, y), class: "claimed-range") }
      for x in upper > lower ? [lower, upper] : [lower] {
        svg.diamond(
          x: x, y: y, radius: 5.5, class: "claimed",
          title: "\(count.network), claimed: \(claimText(count))")
      }
      svg.circle(
        x: counted, y: y, radius: 5, class: "dot strong",
        title: "\(count.network), counted: \(grouped(count.counted))")
    }
    return svg.rendered(
      label: "Learned numbers: "
        + counts.map {
          "\($0.network) counted \(shortCount(Double($0.counted))), claimed \(claimText($0))"
        }.joined(separator: "; "))
  }
}

/// A claimed count or range of counts.
func claimText(_ count: ParameterCount) -> String {
  count.claimedUpper > count.claimedLower
    ? "\(shortCount(count.claimedLower)) – \(shortCount(count.claimedUpper))"
    : shortCount(count.claimedLower)
}

/// A count with thin spaces between thousands: `85 798 656`.
func grouped(_ count: Int) -> String {
  var digits = Array(String(count.magnitude))
  var place = digits.count - 3
  while place > 0 {
    digits.insert("\u{202F}", at: place)
    place -= 3
  }
  return (count < 0 ? "-" : "") + String(digits)
}
