import Foundation

/// Artist, title and genres of DEAM's songs from its yearly metadata files.
///
/// The files differ in column names and order; fields of 2013 carry TABs, those of 2014 are followed
/// by a hundred unnamed columns of tags.
struct DEAMMetadata {
  struct Details {
    var artist: String?
    var title: String?
    var genres: [String]
  }

  private(set) var songs: [String: Details] = [:]

  init(_ files: [URL], findings: inout [CorpusFinding]) throws {
    for file in files {
      let table = try DelimitedTable(
        contentsOf: file, options: DelimitedTable.Options(shortRows: .fill))
      let idColumn = try table.column("song_id", "id")
      let artistColumn = table.optionalColumn(["artist"])
      let titleColumn = table.optionalColumn(["title", "song title", "track", "song_title"])
      let genreColumn = table.optionalColumn(["genre"])
      for row in 0..<table.rowCount {
        let id = table.text(row: row, column: idColumn)
        func text(_ column: Int?) -> String? {
          guard let column else { return nil }
          let text = table.text(row: row, column: column)
          return ["", "n/a", "na", "none", "unknown", "-"].contains(text.lowercased()) ? nil : text
        }
        let genreText = text(genreColumn)
        let genres = genreText.map(GenreName.clean) ?? []
        if let genreText, genres.isEmpty {
          findings.append(
            CorpusFinding(
              .warning, song: id, place: "\(file.path):\(table.line(ofRow: row))",
              message: "\(TableError.quoted(genreText)) is no genre that this corpus uses",
              fix: "Look for an unquoted comma in the row"))
        }
        // A shifted row would name a wrong artist too.
        let isShifted = genreText != nil && genres.isEmpty
        songs[id] = Details(
          artist: isShifted ? nil : text(artistColumn), title: isShifted ? nil : text(titleColumn),
          genres: genres)
      }
    }
  }
}
