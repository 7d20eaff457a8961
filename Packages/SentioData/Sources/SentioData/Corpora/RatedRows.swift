import SentioMetrics

/// Reads the rows of a table of ratings one by one, and names the bad ones instead of stopping.
struct RatedRows {
  struct Row {
    var index: Int
    var id: String
    var label: ValenceArousal?
    var deviation: LabelDeviation?
  }

  private(set) var rows: [Row] = []
  private(set) var findings: [CorpusFinding] = []
  private var lineOfID: [String: String] = [:]

  /// Reads a table and appends to what was read before; an id may occur once over all tables.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - idColumn: the column of the song's id.
  ///   - valence: the column of valence, nil when the table has no labels.
  ///   - arousal: the column of arousal.
  ///   - deviations: the columns of both standard deviations.
  ///   - scale: the interval in which labels must lie.
  ///   - allowsUnrated: whether both fields of a label may be empty.
  mutating func read(
    _ table: DelimitedTable, id idColumn: Int, valence: Int?, arousal: Int?,
    deviations: (valence: Int, arousal: Int)? = nil, scale: EmotionScale?,
    allowsUnrated: Bool = false
  ) {
    for row in 0..<table.rowCount {
      let place = "\(table.file):\(table.line(ofRow: row))"
      let id = table.text(row: row, column: idColumn)
      func report(_ message: String, fix: String) {
        findings.append(
          CorpusFinding(
            .error, song: id.isEmpty ? nil : id, place: place, message: message, fix: fix))
      }
      if id.isEmpty {
        report("the song's id is empty", fix: "Fill in column \"\(table.header[idColumn])\"")
        continue
      }
      if let first = lineOfID[id] {
        report("the id occurs again (first at \(first))", fix: "Remove one of the two rows")
        continue
      }
      lineOfID[id] = place
      var label: ValenceArousal?
      if let valence, let arousal, let scale {
        let isUnrated =
          allowsUnrated && table.isEmpty(row: row, column: valence)
          && table.isEmpty(row: row, column: arousal)
        if !isUnrated {
          var values: [Double] = []
          for column in [valence, arousal] {
            let name = table.header[column]
            guard let value = table.parsedNumber(row: row, column: column), value.isFinite else {
              let found =
                table.isEmpty(row: row, column: column)
                ? "is empty"
                : "is \(TableError.quoted(table.text(row: row, column: column))), no finite number"
              report("column \"\(name)\" \(found)", fix: "Correct the field or remove the row")
              continue
            }
            guard (scale.lower...scale.upper).contains(value) else {
              report(
                "\(name) \(value) is outside of \(scale.notation)",
                fix: "Correct it, or give the right scale")
              continue
            }
            values.append(value)
          }
          guard values.count == 2 else { continue }
          label = ValenceArousal(valence: values[0], arousal: values[1], scale: scale)
        }
      }
      var deviation: LabelDeviation?
      if let deviations,
        let valence = table.parsedNumber(row: row, column: deviations.valence),
        let arousal = table.parsedNumber(row: row, column: deviations.arousal),
        valence.isFinite, arousal.isFinite, valence >= 0, arousal >= 0
      {
        deviation = LabelDeviation(valence: valence, arousal: arousal)
      }
      rows.append(Row(index: row, id: id, label: label, deviation: deviation))
    }
  }
}
