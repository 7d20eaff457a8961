import Foundation
import SentioData
import SentioTensor

extension FuzzedReader {
  /// Tables of text: plain, of features, of labels and of predictions.
  static let csv = FuzzedReader(
    name: "csv", share: 3, realExtensions: ["csv"],
    makeOriginals: {
      let texts = [
        "song_id,rms,\"tempo, bpm\",title\r\n1,0.5,120,\"a \"\"b\"\" é\"\r\n2,-1e-3,,\"two\nlines\"\r\n",
        "song_id;valence;arousal;genre\n1;5,5;6;rock\n2;1;9;pop\n",
        "song_id, valence_mean, valence_std, arousal_mean, arousal_std\n2, 3.1, 0.94, 3, 0.63\n",
        "id\tvalence\tarousal\tscale\n1\t0.5\t-0.5\t-1..1\n2\t0\t1\t-1..1\n",
        "song_id,valence,arousal,seconds,scale\n1,0.25,0.75,0.1,0..1\n2,0.5,0.5,,0..1\n",
        "\u{FEFF}name,a,b\nx,1,nan\ny,inf,2\n",
      ]
      return texts.map { Original(path: "table.csv", bytes: [UInt8]($0.utf8)) }
    },
    read: { file, _ in
      // Each kind of table reads the same bytes; one that can is enough.
      let readers: [() throws -> Void] = [
        {
          let table = try DelimitedTable(
            contentsOf: file, options: .init(separator: .automatic, shortRows: .fill))
          for row in 0..<min(table.rowCount, 50) {
            for column in 0..<min(table.header.count, 50) {
              _ = table.text(row: row, column: column)
              _ = table.isEmpty(row: row, column: column)
              _ = try? table.optionalNumber(row: row, column: column)
            }
          }
        },
        { _ = try DelimitedTable(contentsOf: file) },
        {
          let features = try FeatureTable(csv: file, textColumns: .skip)
          _ = features.constantColumns
          try features.validate()
        },
        { _ = try LabelTable(csv: file) },
        { _ = try LabelTable(csv: file, scale: .known(.deam1to9)) },
        { _ = try PredictionTable(csv: file) },
        { _ = try Corpus.open(file).labels() },
      ]
      var result = Outcome.refused
      for reader in readers {
        switch outcome(
          refusing: { $0 is TableError || $0 is FileError || $0 is CorpusError }, reader)
        {
        case .defect(let message): return .defect(message)
        case .read: result = .read
        case .refused: break
        }
      }
      return result
    })
}
