/// A part of the page with a heading of its own; one without blocks is left out.
struct PageSection {
  /// The anchor in addresses.
  let id: String
  let title: String
  /// The word in the list of contents.
  let link: String
  var blocks: [PageBlock]

  /// What the page's template needs.
  var context: [String: Any] {
    ["id": id, "title": title, "link": link, "blocks": blocks.map(\.context)]
  }
}

/// Something below a heading.
enum PageBlock {
  case text(String)
  case heading(String)
  case figure(PageFigure)
  /// Pictures side by side where there is room.
  case row([PageFigure])
  case table(ReportTable)

  /// What the page's template needs.
  var context: [String: Any] {
    switch self {
    case .text(let text): ["text": text]
    case .heading(let text): ["heading": text]
    case .figure(let figure): ["figure": figure.context]
    case .row(let figures):
      [
        "row": [
          "class": figures.first?.size.rowClass ?? "", "figures": figures.map(\.context),
        ] as [String: Any]
      ]
    case .table(let table): ["table": table.context]
    }
  }
}

/// A drawing with what is written below it.
struct PageFigure {
  /// How much room it takes.
  enum Size: String {
    /// Half a column, at most.
    case narrow
    /// A column; on a phone it scrolls in a box of its own.
    case wide
    /// A quarter of a column.
    case small

    var rowClass: String { self == .small ? "row small" : "row" }
  }

  let svg: String
  let caption: String
  var size = Size.narrow

  var context: [String: Any] {
    var result: [String: Any] = ["svg": svg, "caption": caption, "class": size.rawValue]
    if size == .wide { result["scrolls"] = true }
    return result
  }
}
