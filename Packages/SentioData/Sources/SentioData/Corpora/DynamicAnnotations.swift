import Foundation
import SentioMetrics

/// Valence and arousal of one song over time.
public struct AnnotationSequence: Hashable, Sendable {
  /// Times in seconds from the start of the song's file, ascending.
  public var times: [Double]
  /// Valence at each time; NaN where the sample is missing.
  public var valence: [Double]
  /// Arousal at each time; NaN where the sample is missing.
  public var arousal: [Double]
  /// The scale of both.
  public var scale: EmotionScale

  /// Creates a sequence.
  public init(times: [Double], valence: [Double], arousal: [Double], scale: EmotionScale = .unit) {
    precondition(
      times.count == valence.count && times.count == arousal.count,
      "\(times.count) times, \(valence.count) valences, \(arousal.count) arousals")
    self.times = times
    self.valence = valence
    self.arousal = arousal
    self.scale = scale
  }

  /// Number of samples, missing ones included.
  public var count: Int { times.count }

  /// Mean over the samples that are there; nil when a dimension has none.
  public var mean: ValenceArousal? {
    func average(_ values: [Double]) -> Double? {
      let present = values.filter { !$0.isNaN }
      return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
    }
    guard let valence = average(valence), let arousal = average(arousal) else { return nil }
    return ValenceArousal(valence: valence, arousal: arousal, scale: scale)
  }
}

/// Valence and arousal over time for the songs of a corpus, such as DEAM's at 2 Hz from second 15.
public struct DynamicAnnotations: Hashable, Sendable {
  /// Every sample time of the table, in seconds, ascending.
  public var times: [Double]
  /// The songs' sequences by id, from the first to the last sample that is there.
  public var sequences: [String: AnnotationSequence]

  /// Creates annotations.
  public init(times: [Double], sequences: [String: AnnotationSequence]) {
    self.times = times
    self.sequences = sequences
  }

  /// Reads DEAM's pair of wide tables: `song_id,sample_15000ms,sample_15500ms,…` on [-1, 1].
  ///
  /// An empty field is a missing sample. A song needs a row in both tables; those with one only are
  /// named in `findings`.
  ///
  /// - Parameters:
  ///   - valence: the table of valence.
  ///   - arousal: the table of arousal, with the same sample columns.
  ///   - findings: rows that can't be used are appended here.
  /// - Throws: `FileError`, or ``TableError`` for a table of another form.
  public init(valence: URL, arousal: URL, findings: inout [CorpusFinding]) throws {
    let valences = try WideTable(valence, findings: &findings)
    let arousals = try WideTable(arousal, findings: &findings)
    let times = valences.times.count >= arousals.times.count ? valences.times : arousals.times
    guard times.starts(with: valences.times), times.starts(with: arousals.times) else {
      throw TableError(
        file: arousal.path, line: 1, expected: "the sample columns of \(valence.path)",
        found: "others", fix: "Use the two files of one release")
    }
    var sequences: [String: AnnotationSequence] = [:]
    for (id, v) in valences.rows {
      guard let a = arousals.rows[id] else {
        findings.append(
          CorpusFinding(
            .warning, song: id, place: arousal.path, message: "no dynamic arousal for this song"))
        continue
      }
      // One dimension may start or end earlier: the missing samples of the other are NaN.
      let range = min(v.start, a.start)..<max(v.start + v.values.count, a.start + a.values.count)
      func spread(_ row: WideTable.Row) -> [Double] {
        range.map { index in
          let offset = index - row.start
          return row.values.indices.contains(offset) ? row.values[offset] : .nan
        }
      }
      sequences[id] = AnnotationSequence(
        times: Array(times[range]), valence: spread(v), arousal: spread(a))
    }
    for id in arousals.rows.keys where valences.rows[id] == nil {
      findings.append(
        CorpusFinding(
          .warning, song: id, place: valence.path, message: "no dynamic valence for this song"))
    }
    self.init(times: times, sequences: sequences)
  }
}

/// One of the two tables of dynamic annotations.
private struct WideTable {
  struct Row {
    var start: Int
    var values: [Double]
  }

  var times: [Double] = []
  var rows: [String: Row] = [:]

  init(_ url: URL, findings: inout [CorpusFinding]) throws {
    let table = try DelimitedTable(
      contentsOf: url, options: DelimitedTable.Options(shortRows: .fill))
    let idColumn = try table.column("song_id", "id")
    var columns: [Int] = []
    for (index, name) in table.header.enumerated() where index != idColumn && !name.isEmpty {
      guard name.hasPrefix("sample_"), name.hasSuffix("ms"),
        let milliseconds = Int(name.dropFirst(7).dropLast(2)), milliseconds >= 0
      else {
        throw TableError(
          file: url.path, line: 1, field: index + 1, column: name,
          expected: "a column such as sample_15000ms", found: TableError.quoted(name))
      }
      let time = Double(milliseconds) / 1000
      if let last = times.last, time <= last {
        throw TableError(
          file: url.path, line: 1, field: index + 1, column: name,
          expected: "a time after \(last) s", found: "\(time) s")
      }
      columns.append(index)
      times.append(time)
    }
    for row in 0..<table.rowCount {
      let id = table.text(row: row, column: idColumn)
      let place = "\(url.path):\(table.line(ofRow: row))"
      var values: [Double] = []
      var start: Int?
      var lastPresent = 0
      var isUsable = true
      for (index, column) in columns.enumerated() {
        if let value = table.parsedNumber(row: row, column: column), !value.isNaN {
          guard (-1...1).contains(value) else {
            findings.append(
              CorpusFinding(
                .warning, song: id, place: place,
                message: "\(table.header[column]) is \(value), outside of -1..1; "
                  + "the song's dynamic annotation is left out"))
            isUsable = false
            break
          }
          if start == nil { start = index }
          values.append(value)
          lastPresent = values.count
        } else if table.isEmpty(row: row, column: column)
          || table.parsedNumber(row: row, column: column) != nil
        {
          if start != nil { values.append(.nan) }
        } else {
          throw table.error(row: row, column: column, expected: "a number or an empty field")
        }
      }
      guard isUsable, let start else { continue }
      let series = Row(start: start, values: Array(values[..<lastPresent]))
      if rows.updateValue(series, forKey: id) != nil {
        throw table.error(row: row, column: idColumn, expected: "distinct ids")
      }
    }
  }
}
