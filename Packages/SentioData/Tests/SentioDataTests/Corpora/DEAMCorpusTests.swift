import Foundation
import SentioMetrics
import Testing

@testable import SentioData

@Suite("DEAM")
struct DEAMCorpusTests {
  private static let first = "static_annotations_averaged_songs_1_2000.csv"
  private static let second = "static_annotations_averaged_songs_2000_2058.csv"

  @Test("the real corpus: songs, evidence for the swap, labels", .enabled(if: RealData.root != nil))
  func realCorpus() throws {
    let folder = RealData.folder("deam")
    let corpus = try Corpus.open(folder)
    #expect(corpus.layout == .deam)
    #expect(corpus.songs.count == 1802)
    #expect(corpus.songs.first?.id == "2" && corpus.songs.last?.id == "2058")
    #expect(corpus.report.errors.isEmpty)
    #expect(corpus.report.audioCount == 10)

    let years = try #require(corpus.labelRevisionCheck).years
    #expect(years.map(\.year) == [2013, 2014, 2015])
    #expect(years.map(\.songCount) == [744, 1000, 58])
    #expect(years.map(\.looksSwapped) == [true, false, false])
    // The figures that the data's own notes give, to three digits.
    let tolerance = 5e-4
    #expect(abs(years[0].valenceCrosswise - 0.956) < tolerance)
    #expect(abs(years[0].arousalCrosswise - 0.949) < tolerance)
    #expect(abs(years[0].valenceStraight - 0.575) < tolerance)
    #expect(abs(years[0].arousalStraight - 0.570) < tolerance)
    #expect(abs(years[1].valenceStraight - 0.912) < tolerance)
    #expect(abs(years[1].arousalStraight - 0.942) < tolerance)

    let unified = try DelimitedTable(contentsOf: folder.appending(path: "labels_unified.csv"))
    let published = try Corpus.open(folder, options: .init(labelRevision: .published))
    #expect(published.labelRevisionCheck?.wasCorrected == false)
    for row in 0..<unified.rowCount {
      let id = unified.text(row: row, column: try unified.column("song_id"))
      let expected = try ["valence_fixed", "arousal_fixed", "valence_released", "arousal_released"]
        .map { try unified.number(row: row, column: unified.column($0)) }
      let label = try #require(corpus.songs[row].label)
      #expect(corpus.songs[row].id == id)
      #expect([label.valence, label.arousal] == Array(expected[..<2]), "song \(id)")
      let raw = try #require(published.songs[row].label)
      #expect([raw.valence, raw.arousal] == Array(expected[2...]), "song \(id)")
    }
    #expect(corpus.songs.count { $0.publishedPart == .training } == 1261)
    #expect(corpus.songs.count { $0.publishedPart == .validation } == 271)
    #expect(corpus.songs.count { $0.publishedPart == .test } == 270)
  }

  @Test(
    "real metadata: artists without TABs, joined genres, one shifted row",
    .enabled(if: RealData.root != nil))
  func realMetadata() throws {
    let corpus = try Corpus.open(RealData.folder("deam"))
    let two = try #require(corpus.song("2"))
    #expect(two.artist == "The New Mystikal Troubadours")
    #expect(two.title == "Tonight  A Lonely Century")
    #expect(two.genre == "Blues")
    #expect(
      try #require(corpus.song("1001")).genres
        == ["Soul-R&B", "Country", "Folk", "Pop", "Experimental", "Rock", "Blues"])
    #expect(try #require(corpus.song("2002")).genre == "Singer-Songwriter")
    let shifted = try #require(corpus.song("1459"))
    #expect(shifted.genre == nil && shifted.artist == nil)
    #expect(corpus.report.warnings.contains { $0.song == "1459" })
    #expect(corpus.songs.count { $0.genre == nil } == 2)
    #expect(corpus.songs.count { $0.artist == nil } == 1)
  }

  @Test("real dynamic annotations: 2 Hz from second 15", .enabled(if: RealData.root != nil))
  func realDynamics() throws {
    let dynamics = try #require(try Corpus.open(RealData.folder("deam")).dynamics)
    #expect(dynamics.sequences.count == 1802)
    let two = try #require(dynamics.sequences["2"])
    #expect(two.count == 60 && two.times.first == 15 && two.times.last == 44.5)
    #expect(two.arousal[0] == -0.109386 && two.valence[1] == -0.074660)
    #expect(dynamics.sequences.values.count { $0.count == 60 } == 1744)
    #expect(dynamics.sequences.values.map(\.count).max() ?? 0 > 1000)
  }

  /// The folders of the official download, with labels that are exchanged where told.
  private func official(songs: Int, swapped: Bool) throws -> FolderOfTexts {
    let base = "DEAM_Annotations/annotations/annotations averaged per song"
    var labels = "song_id, valence_mean, valence_std, arousal_mean, arousal_std\n"
    var dynamic = (
      v: "song_id,sample_15000ms,sample_15500ms\n", a: "song_id,sample_15000ms,sample_15500ms\n"
    )
    var raters = "workerID, SongId, Valence, Arousal\n"
    var generator = SeededGenerator(seed: 5, stream: "labels")
    for id in 1...songs {
      let v = Double(generator.below(801)) / 100 + 1
      let a = Double(generator.below(801)) / 100 + 1
      let pair = swapped ? (a, v) : (v, a)
      labels += "\(id),\(pair.0),0.5,\(pair.1),0.25\n"
      raters += "w1,\(id),\(pair.0),\(pair.1)\nw2,\(id),,\n"
      dynamic.v += "\(id),,\((v - 5) / 4)\n"
      dynamic.a += "\(id),\((a - 5) / 4),\((a - 5) / 4)\n"
    }
    return try FolderOfTexts([
      "\(base)/song_level/\(Self.first)": labels,
      "\(base)/dynamic (per second annotations)/valence.csv": dynamic.v,
      "\(base)/dynamic (per second annotations)/arousal.csv": dynamic.a,
      "DEAM_Annotations/annotations/annotations per each rater/song_level/"
        + "static_annotations_songs_1_2000.csv": raters,
      "DEAM_audio/MEMD_audio/7.mp3": "not really",
      "metadata/metadata/metadata_2014.csv": "Id,Artist,Album,Track,Genre,a,b\n7,X,Y,Z,Pop-Rock\n",
    ])
  }

  @Test("the official download's folders are found, with raters and missing samples")
  func officialLayout() throws {
    let folder = try official(songs: 30, swapped: true)
    let corpus = try Corpus.open(folder.url)
    let seven = try #require(corpus.song("7"))
    #expect(seven.audio?.lastPathComponent == "7.mp3")
    #expect(seven.artist == "X" && seven.genres == ["Pop", "Rock"])
    let sequence = try #require(corpus.dynamics?.sequences["7"])
    #expect(sequence.valence[0].isNaN && sequence.count == 2)
    // Exchanged back: the label agrees with the dynamic annotation, deviations go along.
    #expect(abs(seven.label!.valence - (sequence.valence[1] * 4 + 5)) < 1e-9)
    #expect(seven.deviation == LabelDeviation(valence: 0.25, arousal: 0.5))
    let raters = try corpus.raterLabels()
    #expect(raters.count == 30)
    #expect(raters[6].song == "7" && raters[6].label == seven.label)
  }

  @Test("labels that are straight already are left alone")
  func straightLabels() throws {
    let folder = try official(songs: 30, swapped: false)
    let corpus = try Corpus.open(folder.url)
    #expect(corpus.labelRevisionCheck?.wasCorrected == false)
    #expect(corpus.labelRevisionCheck?.years.first?.looksSwapped == false)
    let sequence = try #require(corpus.dynamics?.sequences["3"])
    #expect(abs(corpus.song("3")!.label!.valence - (sequence.valence[1] * 4 + 5)) < 1e-9)
  }

  @Test("every bad row is named and left out; the rest is used")
  func badRows() throws {
    let folder = try FolderOfTexts([
      "annotations/\(Self.first)":
        """
      song_id, valence_mean, valence_std, arousal_mean, arousal_std
      1,5,1,5,1
      2,nan,1,5,1
      3,5,1,11,1
      1,6,1,6,1
      ,6,1,6,1
      4,six,1,,1
      5,5,,5,
      """,
      "annotations/\(Self.second)": "song_id, valence_mean, arousal_mean\n5,1,1\n2001,2,2\n",
    ])
    let corpus = try Corpus.open(folder.url)
    #expect(corpus.songs.map(\.id) == ["1", "5", "2001"])
    let errors = corpus.report.errors
    #expect(errors.map(\.song) == ["2", "3", "1", nil, "4", "4", "5"])
    #expect(errors[0].place?.hasSuffix("1_2000.csv:3") == true)
    #expect(errors[1].message == "arousal_mean 11.0 is outside of 1..9")
    #expect(errors[2].message.contains("again (first at"))
    #expect(throws: CorpusError.self) { try corpus.validate(requiring: []) }
    #expect(corpus.check(requiring: .audio).errors.count == errors.count + 3)
  }

  @Test("a missing column, an empty folder and unknown content are typed errors")
  func unusable() throws {
    let missing = try FolderOfTexts(["annotations/\(Self.first)": "song_id, valence_mean\n1,2\n"])
    let error = #expect(throws: TableError.self) { try Corpus.open(missing.url) }
    #expect(error?.expected == "a column \"arousal_mean\" or \"arousal\"")
    let empty = try FolderOfTexts()
    #expect(throws: CorpusError.emptyFolder(path: empty.url.path)) { try Corpus.open(empty.url) }
    let other = try FolderOfTexts(["notes.txt": "hello"])
    #expect(throws: CorpusError.notRecognized(path: other.url.path, found: ["notes.txt"])) {
      try Corpus.open(other.url)
    }
    let none = other.url.appending(path: "none")
    #expect(throws: CorpusError.notFound(path: none.path)) { try Corpus.open(none) }
    let noSongs = try FolderOfTexts([
      "annotations/\(Self.first)": "song_id, valence_mean, arousal_mean\n1,99,1\n"
    ])
    #expect(throws: CorpusError.self) { try Corpus.open(noSongs.url) }
  }

  @Test("genre names come to one spelling")
  func genres() {
    #expect(GenreName.clean("Jazz-Hip-Hop-Electronic") == ["Jazz", "Hip-Hop", "Electronic"])
    #expect(GenreName.clean("hiphop") == ["Hip-Hop"])
    #expect(GenreName.clean("World/Folk") == ["World", "Folk"])
    #expect(GenreName.clean("Bird of Youth") == [])
    #expect(GenreName.clean("rock-Rock") == ["Rock"])
    #expect(GenreName.clean("-") == [])
  }
}
