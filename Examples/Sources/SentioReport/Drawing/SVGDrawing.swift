/// A picture under construction: shapes in user units, styled by the classes of the page's style
/// sheet, so that one drawing serves the light and the dark page.
struct SVGDrawing {
  /// Width in user units; the page scales the drawing to its column.
  let width: Double
  /// Height in user units.
  let height: Double
  private var elements: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), class style: String
  ) {
    elements.append(
      "<line class=\"\(style)\" x1=\"\(number(start.x))\" y1=\"\(number(start.y))\" "
        + "x2=\"\(number(end.x))\" y2=\"\(number(end.y))\"/>")
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, class style: String, title: String = ""
  ) {
    elements.append(
      "<rect class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\">\(tooltip(title))</rect>")
  }

  mutating func circle(
    x: Double, y: Double, radius: Double, class style: String, title: String = ""
  ) {
    elements.append(
      "<circle class=\"\(style)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\">"
        + "\(tooltip(title))</circle>")
  }

  /// A line through points; one that is no number is a gap.
  mutating func path(
    _ points: [(x: Double, y: Double)], class style: String, closed: Bool = false,
    title: String = ""
  ) {
    var commands = ""
    var isDown = false
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        isDown = false
        continue
      }
      commands += "\(isDown ? "L" : "M")\(number(point.x)) \(number(point.y))"
      isDown = true
    }
    guard !commands.isEmpty else { return }
    elements.append(
      "<path class=\"\(style)\" d=\"\(commands)\(closed ? "Z" : "")\">\(tooltip(title))</path>")
  }

  /// A rhombus, the mark of a claimed value.
  mutating func diamond(
    x: Double, y: Double, radius: Double, class style: String, title: String = ""
  ) {
    let points = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
      .map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ")
    elements.append("<polygon class=\"\(style)\" points=\"\(points)\">\(tooltip(title))</polygon>")
  }

  /// Where a text's position is: its start, middle or end.
  enum Anchor: String {
    case start, middle, end
  }

  mutating func text(
    _ string: String, x: Double, y: Double, anchor: Anchor = .start, class style: String = "label",
    rotation: Double = 0
  ) {
    let transform =
      rotation == 0
      ? "" : " transform=\"rotate(\(number(rotation)) \(number(x)) \(number(y)))\""
    elements.append(
      "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" "
        + "text-anchor=\"\(anchor.rawValue)\"\(transform)>\(escaped(string))</text>")
  }

  mutating func image(
    dataURI: String, x: Double, y: Double, width: Double, height: Double, isGrid: Bool = false
  ) {
    // A grid's cells are what was measured: no browser may blend them.
    let style = isGrid ? "style=\"image-rendering:pixelated\" " : ""
    elements.append(
      "<image \(style)href=\"\(dataURI)\" x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" preserveAspectRatio=\"none\"/>")
  }

  /// The finished element; `label` is what a screen reader says instead of the picture.
  func rendered(label: String) -> String {
    "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" "
      + "aria-label=\"\(escaped(label))\" xmlns=\"http://www.w3.org/2000/svg\">"
      + elements.joined() + "</svg>"
  }

  private func tooltip(_ title: String) -> String {
    title.isEmpty ? "" : "<title>\(escaped(title))</title>"
  }
}

/// `value` with at most two decimals: a hundredth of a unit can't be seen.
func number(_ value: Double) -> String {
  guard value.isFinite, value.magnitude < 1e15 else { return "0" }
  let rounded = (value * 100).rounded() / 100
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}

/// `text` with the characters replaced that HTML and SVG give a meaning to.
func escaped(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.append(character)
    }
  }
  return result
}
