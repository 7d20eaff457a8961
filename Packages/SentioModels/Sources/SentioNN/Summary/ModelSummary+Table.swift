extension ModelSummary: CustomStringConvertible {
  /// A table with a row for each layer, and the totals below it.
  public var description: String {
    let header = ["layer", "type", "output shape", "parameters", "operations"]
    let cells = rows.map { row in
      [
        row.path.isEmpty ? "(model)" : row.path, row.type,
        row.outputShape.map { "[\($0.map(String.init).joined(separator: ", "))]" } ?? "",
        Self.grouped(row.parameters), Self.grouped(row.operations),
      ]
    }
    let widths = header.indices.map { column in
      ([header] + cells).map { $0[column].count }.max() ?? 0
    }
    let rule = String(repeating: "─", count: widths.reduce(2 * (widths.count - 1), +))
    var lines = [Self.line(header, widths), rule]
    lines += cells.map { Self.line($0, widths) }
    lines.append(rule)
    // A parameter takes four bytes.
    lines.append("parameters     \(Self.grouped(total)) (\(Self.size(4 * total)))")
    lines.append("  trainable    \(Self.grouped(trainable)) (\(Self.size(4 * trainable)))")
    lines.append("  not          \(Self.grouped(nonTrainable)) (\(Self.size(4 * nonTrainable)))")
    lines.append("operations     \(Self.grouped(operations))")
    return lines.joined(separator: "\n")
  }

  /// Text to the left, numbers to the right.
  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, (cell, width)) in zip(cells, widths).enumerated() {
      let blanks = String(repeating: " ", count: width - cell.count)
      line += (column > 0 ? "  " : "") + (column < 3 ? cell + blanks : blanks + cell)
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// A number with commas after every three digits.
  static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var end = digits.count - 3
    while end > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: end))
      end -= 3
    }
    return digits
  }

  /// Bytes in the unit that leaves one to three digits before the point.
  private static func size(_ bytes: Int) -> String {
    if bytes < 1 << 10 { return "\(bytes) B" }
    let (unit, name) =
      bytes < 1 << 20 ? (10, "KiB") : bytes < 1 << 30 ? (20, "MiB") : (30, "GiB")
    let tenths = (bytes * 10 + (1 << (unit - 1))) >> unit
    return "\(tenths / 10).\(tenths % 10) \(name)"
  }
}
