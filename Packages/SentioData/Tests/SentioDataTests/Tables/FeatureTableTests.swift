import Foundation
import SentioMetrics
import SentioTensor
import Testing

@testable import SentioData

@Suite("Feature, label and prediction tables")
struct FeatureTableTests {
  @Test("reading, selecting and joining keep rows and columns together")
  func operations() throws {
    let folder = try FolderOfTexts([
      "f.csv": "song_id,genre,rms,zcr\n10,rock,0.5,1\n2,pop,0.25,2\n",
      "g.csv": "id,flux\n2,7\n10,8\n99,9\n",
    ])
    let f = try FeatureTable(csv: folder.url.appending(path: "f.csv"), textColumns: .skip)
    #expect(f.ids == ["10", "2"])
    #expect(f.columns == ["rms", "zcr"])
    #expect(f.values == [0.5, 1, 0.25, 2])
    #expect(try f.selecting(columns: ["zcr"]).values == [1, 2])
    #expect(try f.selecting(ids: ["2"]).values == [0.25, 2])
    #expect(f.column(0) == [0.5, 0.25])
    let both = try f.joined(with: FeatureTable(csv: folder.url.appending(path: "g.csv")))
    #expect(both.columns == ["rms", "zcr", "flux"])
    #expect(both.values == [0.5, 1, 8, 0.25, 2, 7])
    #expect(throws: CorpusError.missingColumns(["nope"], available: ["rms", "zcr"])) {
      try f.selecting(columns: ["nope"])
    }
    let rejected = #expect(throws: TableError.self) {
      try FeatureTable(csv: folder.url.appending(path: "f.csv"))
    }
    #expect(rejected?.column == "genre" && rejected?.line == 2)
  }

  @Test("bad cells are named by song and column")
  func badCells() throws {
    let folder = try FolderOfTexts(["f.csv": "song_id,a,b\n1,nan,1\n2,3,\n3,-inf,1\n"])
    let f = try FeatureTable(csv: folder.url.appending(path: "f.csv"))
    #expect(f.badCells().map(\.id) == ["1", "2", "3"])
    #expect(f.badCells().map(\.column) == ["a", "b", "a"])
    let error = #expect(throws: CorpusError.self) { try f.validate() }
    #expect("\(error!)".contains("song 2, column \"b\": nan"))
    #expect(
      FeatureTable(ids: ["1", "2"], columns: ["a", "b"], values: [1, 5, 2, 5])
        .constantColumns == ["b"])
  }

  @Test("a repeated id is an error that names both lines")
  func repeatedID() throws {
    let folder = try FolderOfTexts(["f.csv": "song_id,a\n1,2\n1,3\n"])
    let error = #expect(throws: TableError.self) {
      try FeatureTable(csv: folder.url.appending(path: "f.csv"))
    }
    #expect(error?.line == 3)
    #expect(error?.expected == "distinct ids (first use on line 2)")
  }

  @Test("floats survive a CSV file bit for bit")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 3, stream: "floats")
    let values = (0..<300).map { _ -> Float in
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      return value.isFinite ? value : 0.1
    }
    let table = FeatureTable(
      ids: (0..<100).map(String.init), columns: ["a", "b,c", "d"], values: values)
    let folder = try FolderOfTexts()
    let url = folder.url.appending(path: "f.csv")
    try table.write(csv: url)
    #expect(try FeatureTable(csv: url) == table)
    // Nothing but the table is left in the folder.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["f.csv"])
  }

  @Test("the scale is known, stands in the table, or is inferred with a warning")
  func scales() throws {
    let folder = try FolderOfTexts([
      "deam.csv": "song_id, valence_mean, arousal_mean,genre\n1,5,6.5,rock\n2,1,9,\n",
      "unit.csv": "id,valence,arousal\n1,-0.5,0.2\n",
      "said.csv": "id,valence,arousal,scale\n1,0.5,0.2,-10..10\n2,0.5,0.1,-10..10\n",
    ])
    let deam = try LabelTable(csv: folder.url.appending(path: "deam.csv"))
    #expect(deam.scale == .deam1to9 && deam.warnings.count == 1)
    #expect(deam.rows[0].attributes == ["genre": "rock"])
    #expect(try LabelTable(csv: folder.url.appending(path: "unit.csv")).scale == .unit)
    let said = try LabelTable(csv: folder.url.appending(path: "said.csv"))
    #expect(said.scale == .interval(lower: -10, upper: 10) && said.warnings.isEmpty)
    let error = #expect(throws: CorpusError.self) {
      try LabelTable(csv: folder.url.appending(path: "deam.csv"), scale: .known(.unit))
    }
    #expect("\(error!)".contains("line 2, song 1: valence 5.0, arousal 6.5"))
    #expect(EmotionScale(notation: "1...9") == .deam1to9)
    #expect(EmotionScale(notation: "-1..1") == .unit)
    #expect(EmotionScale(notation: "0..100")?.notation == "0..100")
    for text in ["", "1..", "9..1", "1..nan", "a..b", "1-9"] {
      #expect(EmotionScale(notation: text) == nil, "\(text)")
    }
  }

  @Test("labels that are words, empty or not finite are errors with their place")
  func badLabels() throws {
    for (field, found) in [("x", "\"x\""), ("", "an empty field"), ("nan", "\"nan\"")] {
      let folder = try FolderOfTexts(["l.csv": "id,valence,arousal\n1,2,3\n2,\(field),3\n"])
      let error = #expect(throws: TableError.self) {
        try LabelTable(csv: folder.url.appending(path: "l.csv"))
      }
      #expect(error?.line == 3 && error?.field == 2 && error?.found == found)
    }
  }

  @Test("features and labels meet by id, and what is left over is named")
  func labelled() throws {
    let features = FeatureTable(ids: ["3", "1", "2"], columns: ["a"], values: [30, 10, 20])
    func label(_ value: Double) -> ValenceArousal {
      ValenceArousal(valence: value, arousal: value, scale: .deam1to9)
    }
    let labels = LabelTable(
      rows: [
        .init(id: "1", label: label(1)), .init(id: "3", label: label(3)),
        .init(id: "9", label: label(9)),
      ], scale: .deam1to9)
    let joined = try features.joined(with: labels)
    #expect(joined.features.ids == ["3", "1"])
    #expect(joined.features.values == [30, 10])
    #expect(joined.labels == [label(3), label(1)])
    #expect(joined.withoutLabel == ["2"] && joined.withoutFeatures == ["9"])
    let strangers = LabelTable(rows: [.init(id: "x", label: label(1))], scale: .deam1to9)
    #expect(throws: CorpusError.self) { try features.joined(with: strangers) }
  }

  @Test("predictions survive a file, with scale and quadrant")
  func predictions() throws {
    let folder = try FolderOfTexts()
    let url = folder.url.appending(path: "p.csv")
    let table = PredictionTable(
      rows: [
        .init(
          id: "a, b.mp3",
          prediction: ValenceArousal(valence: 9.25, arousal: 1.5, scale: .deam1to9), seconds: 0.25),
        .init(id: "2", prediction: ValenceArousal(valence: 3, arousal: 7.125, scale: .deam1to9)),
      ], scale: .deam1to9)
    try table.write(csv: url)
    #expect(try PredictionTable(csv: url) == table)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains("\"a, b.mp3\",9.25,1.5,1..9,Q4,calm,0.25"))
  }

  @Test("a read-only or missing folder is a typed error and leaves nothing")
  func unwritable() throws {
    let error = #expect(throws: FileError.self) {
      try CSVWriter(columns: ["x"]).write(to: URL(filePath: "/no such folder/x.csv"))
    }
    #expect(error?.code == ENOENT)
  }
}
