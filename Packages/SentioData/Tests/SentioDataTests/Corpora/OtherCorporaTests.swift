import Foundation
import SentioMetrics
import Testing

@testable import SentioData

@Suite("Other corpora")
struct OtherCorporaTests {
  @Test(
    "muse: 266 clips, two pairs of copies together, categories agree",
    .enabled(if: RealData.root != nil))
  func muse() throws {
    let corpus = try Corpus.open(RealData.folder("muse"))
    #expect(corpus.layout == .muse)
    #expect(corpus.scale == .interval(lower: -10, upper: 10))
    #expect(corpus.songs.count == 266 && corpus.report.audioCount == 266)
    #expect(corpus.report.errors.isEmpty)
    #expect(Set(corpus.songs.compactMap(\.genre)).count == 10)
    let copies = Dictionary(
      grouping: corpus.songs.filter { $0.copyOf != nil }, by: { $0.copyOf! })
    let groups: [[String]] = copies.values.map { $0.map(\.id) }.sorted { $0[0] < $1[0] }
    #expect(
      groups == [
        ["out_blues.00032 - Kopia.wav", "out_blues.00032.wav"],
        ["out_classical.00001 - Kopia.wav", "out_classical.00001.wav"],
      ])
    let folds = Folds(of: corpus.songs, count: 5, grouping: .copies)
    let numbers = try folds.assignment(
      of: ["out_blues.00032 - Kopia.wav", "out_blues.00032.wav"])
    #expect(numbers[0] == numbers[1])
    let features = try FeatureTable(
      npy: RealData.folder("muse/features_opensmile260_2hz/song_mean_f32.npy"),
      index: RealData.folder("muse/features_opensmile260_2hz/index.csv"),
      columns: RealData.folder("muse/features_opensmile260_2hz/columns.txt"))
    let joined = try features.joined(with: corpus)
    #expect(joined.labels.count == 266 && joined.withoutLabel.isEmpty)
    #expect(joined.features.columnCount == 260)
  }

  @Test("emotify: 400 songs with nine shares and audio", .enabled(if: RealData.root != nil))
  func emotify() throws {
    let corpus = try Corpus.open(
      RealData.folder("emotify"), options: .init(findsCopies: false))
    #expect(corpus.layout == .gems)
    #expect(corpus.songs.count == 400 && corpus.report.audioCount == 400)
    #expect(corpus.songs[0].ratings["amazement"] == 0.1458)
    #expect(corpus.songs.allSatisfy { $0.label == nil && $0.ratings.count == 12 })
    #expect(Set(corpus.songs.compactMap(\.genre)) == ["classical", "rock", "electronic", "pop"])
  }

  @Test("DEAM's table of 167 features meets its labels", .enabled(if: RealData.root != nil))
  func deamFeatures() throws {
    let folder = RealData.folder("deam/features")
    let features = try FeatureTable(
      npy: folder.appending(path: "song_features_1802x167_f32.npy"),
      index: folder.appending(path: "song_features_index.csv"),
      columns: folder.appending(path: "song_features_columns.txt"))
    #expect(features.rowCount == 1802 && features.columnCount == 167)
    try features.validate()
    #expect(throws: TableError.self) {
      try FeatureTable(
        npy: folder.appending(path: "song_features_1802x167_f32.npy"),
        index: RealData.folder("muse/features_opensmile260_2hz/index.csv"),
        columns: folder.appending(path: "song_features_columns.txt"))
    }
  }

  @Test("openSMILE files: semicolons, 88 rows at 2 Hz", .enabled(if: RealData.root != nil))
  func openSMILE() throws {
    let table = try FeatureTable(
      csv: RealData.folder("deam/features_recomputed_per_song_csv/2.csv"),
      identifier: .named("frameTime"))
    #expect(table.rowCount == 88 && table.columnCount == 260)
    try table.validate()
  }

  @Test(
    "tables from elsewhere are read or refused with a reason",
    .enabled(if: RealData.root != nil))
  func tabular() throws {
    let folder = RealData.folder("tabular")
    let gtzan = try FeatureTable(
      csv: folder.appending(path: "gtzan_features_30_sec.csv"), excluding: ["label"])
    #expect(gtzan.rowCount == 1000 && gtzan.columnCount == 58)
    let turkish = try FeatureTable(
      csv: folder.appending(path: "turkish_Acoustic_Features.csv"), identifier: .rowNumber,
      textColumns: .skip)
    #expect(turkish.rowCount == 400 && turkish.columnCount == 50)
    #expect(throws: TableError.self) {
      try FeatureTable(csv: folder.appending(path: "turkish_Acoustic_Features.csv"))
    }
  }

  @Test("songs.csv: files by name or id, labels with a scale, unrated songs, bad rows")
  func songList() throws {
    let folder = try FolderOfTexts([
      "songs.csv": """
      song_id;file;valence;arousal;artist;genre;split;scale
      a;one song 🎵.mp3;0.5;-0.5;X;rock;train;-1..1
      b;;0.25;1;Y;;test;-1..1
      c;gone.mp3;0;0;;;;-1..1
      d;one song 🎵.mp3;;;;;;-1..1
      e;one song 🎵.mp3;0.5;;;;;-1..1
      f;one song 🎵.mp3;0.5;3;;;;-1..1

      """,
      "one song 🎵.mp3": "x", "audio/b.wav": "y",
    ])
    let corpus = try Corpus.open(folder.url)
    #expect(corpus.layout == .songList && corpus.scale == .unit)
    #expect(corpus.songs.map(\.id) == ["a", "b", "c", "d"])
    #expect(corpus.songs[0].audio?.lastPathComponent == "one song 🎵.mp3")
    #expect(corpus.songs[1].audio?.lastPathComponent == "b.wav")
    #expect(corpus.songs[2].audio == nil && corpus.songs[3].label == nil)
    #expect(corpus.songs[0].publishedPart == .training && corpus.songs[0].genre == "rock")
    #expect(corpus.report.errors.map(\.song) == ["e", "f"])
    #expect(corpus.report.warnings.contains { $0.song == "c" })
    // Songs a and d name one file.
    #expect(corpus.songs[0].copyOf == "a" && corpus.songs[3].copyOf == "a")
    #expect(corpus.check(requiring: [.audio, .labels]).errors.map(\.song) == ["e", "f", "c", "d"])
  }

  @Test("songs.csv without columns that are needed says which")
  func songListColumns() throws {
    let noID = try FolderOfTexts(["songs.csv": "title,valence,arousal\nx,1,2\n"])
    let first = #expect(throws: TableError.self) { try Corpus.open(noID.url) }
    #expect(first?.expected == "a column \"song_id\" or \"file\"")
    let half = try FolderOfTexts(["songs.csv": "song_id,valence\n1,2\n"])
    let second = #expect(throws: TableError.self) { try Corpus.open(half.url) }
    #expect(second?.expected == "a column \"arousal\"")
    let scale = try FolderOfTexts(["songs.csv": "song_id,valence,arousal,scale\n1,2,3,big\n"])
    let third = #expect(throws: TableError.self) { try Corpus.open(scale.url) }
    #expect(third?.line == 2 && third?.column == "scale")
  }

  @Test("a scale that was not given is inferred from most rows, and a wild row is named")
  func inferredScale() throws {
    var text = "song_id,valence,arousal\n"
    for id in 1...99 { text += "\(id),\(1 + id % 9),5\n" }
    let folder = try FolderOfTexts(["songs.csv": text + "100,99,5\n"])
    let corpus = try Corpus.open(folder.url)
    #expect(corpus.scale == .deam1to9)
    #expect(corpus.report.errors.map(\.song) == ["100"])
    #expect(corpus.report.warnings.contains { $0.message.contains("taken as 1..9") })
    let known = try Corpus.open(
      folder.url, options: .init(scale: .known(.interval(lower: 0, upper: 100))))
    #expect(known.songs.count == 100 && known.report.errors.isEmpty)
  }

  @Test("one folder a genre, and a folder of audio alone")
  func folders() throws {
    let genres = try FolderOfTexts([
      "blues/a.wav": "1", "blues/b.wav": "2", "jazz/a.mp3": "3", "jazz/cover.jpg": "4",
      "empty/readme.txt": "5",
    ])
    let corpus = try Corpus.open(genres.url)
    #expect(corpus.layout == .genreFolders)
    #expect(corpus.songs.map(\.id) == ["blues/a.wav", "blues/b.wav", "jazz/a.mp3"])
    #expect(corpus.songs.map(\.genre) == ["blues", "blues", "jazz"])
    #expect(corpus.report.warnings.count == 1)
    let flat = try FolderOfTexts(["10.mp3": "1", "9.mp3": "2"])
    let plain = try Corpus.open(flat.url)
    #expect(plain.layout == .audioFolder && plain.songs.map(\.id) == ["9.mp3", "10.mp3"])
    #expect(plain.songs.allSatisfy { $0.genre == nil })
  }

  @Test("a table of features and labels is a corpus with features")
  func table() throws {
    let folder = try FolderOfTexts([
      "t.csv": "song_id,rms,genre,valence,arousal,zcr\n1,0.5,rock,5,6.5,1\n2,0.25,pop,3,2,2\n"
    ])
    let corpus = try Corpus.open(folder.url.appending(path: "t.csv"))
    #expect(corpus.layout == .table)
    #expect(corpus.features?.columns == ["rms", "zcr"])
    #expect(corpus.songs.map(\.genre) == ["rock", "pop"])
    #expect(corpus.songs[0].label?.arousal == 6.5)
    try folder.add("empty.csv", "song_id,valence,arousal\n")
    #expect(throws: CorpusError.self) {
      try Corpus.open(folder.url.appending(path: "empty.csv"))
    }
  }

  @Test("bad muse and GEMS rows are named")
  func badRows() throws {
    let muse = try FolderOfTexts([
      "All_annotations.csv": """
      Id,Name,Arousal,Valence,EmoCat
      1,out_blues.1.wav,5,5,e1
      2,out_blues.2.wav,11,5,e1
      3,out_blues.3.wav,5,5,e3
      """,
      "audio/out_blues.1.wav": "x",
    ])
    let corpus = try Corpus.open(muse.url)
    #expect(corpus.report.errors.map(\.song) == ["out_blues.2.wav"])
    #expect(corpus.report.warnings.map(\.song) == ["out_blues.3.wav", "out_blues.3.wav"])
    let names = Corpus.gemsEmotions.joined(separator: ",")
    let gems = try FolderOfTexts([
      "song_means.csv": "track_id,genre,file,\(names)\n1,pop,a.mp3,0,0,0,0,0,0,0,0,1\n"
        + "2,pop,b.mp3,0,0,0,0,0,0,0,0,1.5\n"
    ])
    let rated = try Corpus.open(gems.url)
    #expect(rated.songs.map(\.id) == ["1"])
    #expect(rated.report.errors.map(\.song) == ["2"])
  }

  @Test("ids are in the order that people expect")
  func naturalOrder() {
    let ids = ["10", "9", "a10", "a9", "a9b", "007", "7", "", "a"]
    #expect(
      ids.sorted(by: NaturalOrder.precedes)
        == ["", "007", "7", "9", "10", "a", "a9", "a9b", "a10"])
  }

  @Test("SHA-256 equals the standard's examples")
  func hashes() throws {
    #expect(
      SHA256.hash(of: "abc").hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hash(of: "").hex
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hash(of: String(repeating: "a", count: 1_000_000)).hex
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    let folder = try FolderOfTexts(["a": String(repeating: "a", count: 1_000_000)])
    #expect(
      try SHA256.hash(of: folder.url.appending(path: "a"))
        == SHA256.hash(of: String(repeating: "a", count: 1_000_000)))
  }
}
