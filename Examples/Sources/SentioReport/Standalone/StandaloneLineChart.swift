import Foundation

/// Lines over a numeric axis, each of one colour, with a linear or a logarithmic vertical axis.
package struct StandaloneLineChart {
  /// One line.
  package struct Line {
    let name: String
    let points: [(x: Double, y: Double)]

    /// Names a line.
    package init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  let title: String
  let horizontal: String
  let vertical: String
  let lines: [Line]
  /// Whether the vertical axis is in powers of ten; values that are not above 0 are then left out.
  let isLogarithmic: Bool

  /// Describes a chart.
  package init(
    _ title: String, horizontal: String, vertical: String, isLogarithmic: Bool = false,
    _ lines: [Line]
  ) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.isLogarithmic = isLogarithmic
    self.lines = lines
  }

  /// A file of its own, with its styles.
  package func standalone() -> String {
    let drawn = lines.map { line in
      (
        line.name,
        line.points.filter { $0.x.isFinite && $0.y.isFinite && (!isLogarithmic || $0.y > 0) }
          .map { (x: $0.x, y: isLogarithmic ? log10($0.y) : $0.y) }
      )
    }
    let all = drawn.flatMap(\.1)
    let (xs, ys) = (all.map(\.x), all.map(\.y))
    let x = LinearAxis(domain: (xs.min() ?? 0)...(xs.max() ?? 1), from: 70, to: 480)
    let y = LinearAxis(domain: (ys.min() ?? 0)...(ys.max() ?? 1), from: 300, to: 34)
    var svg = SVGDrawing(width: 640, height: 350)
    svg.text(title, x: 70, y: 20, class: "axis-title")
    for tick in x.ticks(about: 6) {
      svg.text(tickLabel(tick), x: x.position(of: tick), y: 316, anchor: .middle)
    }
    for tick in y.ticks(about: 6) {
      let label = isLogarithmic ? "1e\(tickLabel(tick))" : tickLabel(tick)
      svg.line(from: (70, y.position(of: tick)), to: (480, y.position(of: tick)), class: "grid")
      svg.text(label, x: 64, y: y.position(of: tick) + 4, anchor: .end)
    }
    for (index, line) in drawn.enumerated() {
      let style = "line colour\(index % 6)"
      for (start, end) in zip(line.1, line.1.dropFirst()) {
        svg.line(
          from: (x.position(of: start.x), y.position(of: start.y)),
          to: (x.position(of: end.x), y.position(of: end.y)), class: style)
      }
      let height = 44 + 18 * Double(index)
      svg.line(from: (492, height), to: (512, height), class: style)
      svg.text(line.0, x: 518, y: height + 4)
    }
    svg.text(horizontal, x: 275, y: 338, anchor: .middle, class: "axis-title")
    svg.text(vertical, x: 14, y: 167, anchor: .middle, class: "axis-title", rotation: -90)
    return StandaloneStyle.file(svg.rendered(label: title))
  }
}

/// The style of drawings that stand in files of their own, on white.
enum StandaloneStyle {
  static func file(_ svg: String) -> String {
    let style = """
      <style>text{font:11px sans-serif;fill:#444}.axis-title{font-weight:bold}.grid{stroke:#ddd}
      .frame{fill:none;stroke:#999}.line{stroke-width:2}.colour0{stroke:#6b2fa0}.colour1{stroke:#c2571a}
      .colour2{stroke:#1b7f5c}.colour3{stroke:#2a62b8}.colour4{stroke:#a02f5e}.colour5{stroke:#777}</style>
      """
    guard let end = svg.firstIndex(of: ">") else { return svg }
    return String(svg[...end]) + style + String(svg[svg.index(after: end)...]) + "\n"
  }
}
