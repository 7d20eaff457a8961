import Foundation

/// A table of numbers as a picture: dark for the smallest, pale for the largest.
package struct StandaloneHeatMap {
  let title: String
  let horizontal: String
  let vertical: String
  let rows: [[Double]]
  let rowNames: [String]
  let columnNames: [String]

  /// Describes a picture.
  ///
  /// Rows are of one length; names are written where there is one for each row or column.
  package init(
    _ title: String, horizontal: String, vertical: String, rows: [[Double]],
    rowNames: [String] = [], columnNames: [String] = []
  ) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.rows = rows
    self.rowNames = rowNames
    self.columnNames = columnNames
  }

  /// A file of its own, with its styles.
  package func standalone() -> String {
    let width = rows.first?.count ?? 0
    let values = rows.flatMap { $0 }.filter(\.isFinite)
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let levels = rows.flatMap { row in
      row.map { value -> UInt8 in
        guard value.isFinite, high > low else { return 0 }
        return UInt8(min(255, max(0, (value - low) / (high - low) * 255)))
      }
    }
    let cell = rows.count <= 24 ? 20.0 : 8
    let height = Double(rows.count) * cell
    var svg = SVGDrawing(width: 640, height: height + 90)
    svg.text(title, x: 80, y: 20, class: "axis-title")
    if width > 0 {
      let png = PNGImage.encode(
        indices: levels, width: width, height: rows.count, palette: SpectrogramChart.palette)
      svg.image(dataURI: PNGImage.dataURI(png), x: 80, y: 34, width: 540, height: height)
    }
    svg.rectangle(x: 80, y: 34, width: 540, height: height, class: "frame")
    if rowNames.count == rows.count {
      for (index, name) in rowNames.enumerated() {
        svg.text(name, x: 74, y: 38 + (Double(index) + 0.5) * cell, anchor: .end)
      }
    }
    if columnNames.count == width {
      for (index, name) in columnNames.enumerated() {
        let x = 80 + (Double(index) + 0.5) * 540 / Double(max(1, width))
        svg.text(name, x: x, y: height + 50, anchor: .middle)
      }
    }
    svg.text(
      "\(horizontal); from \(fixed(low, 2)) (dark) to \(fixed(high, 2)) (pale)", x: 350,
      y: height + 74, anchor: .middle, class: "axis-title")
    svg.text(
      vertical, x: 14, y: 34 + height / 2, anchor: .middle, class: "axis-title", rotation: -90)
    return StandaloneStyle.file(svg.rendered(label: title))
  }
}
