import Foundation
import Testing

/// `sentio train`: from a table and from audio, with and without a search.
@Suite struct TrainTests {
  @Test(arguments: ["ridge", "svr", "xgboost"])
  func fromATable(kind: String) throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels(), to: "l.csv")
    let json = try Tool.run(
      [
        "train", kind, "--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio", "--json",
        "--grid", kind == "xgboost" ? "single" : "small",
      ], in: folder.url
    ).succeeded().json()
    #expect(json["model"] as? String == kind && json["songs"] as? Int == 40)
    #expect(json["features"] as? Int == 3 && json["scale"] as? String == "1..9")
    let scores = try #require(json["scores"] as? [String: Double])
    // The labels are a function of the features, linear in them.
    #expect(try #require(scores["cv.r2.valence"]) > (kind == "xgboost" ? 0.6 : 0.95))
    #expect(try #require(scores["cv.r2.arousal"]) > (kind == "xgboost" ? 0.3 : 0.95))
    let predicted = try Tool.run(
      ["predict", "--model", "m.sentio", "--table", "t.csv", "--json"], in: folder.url
    ).succeeded().json()
    let songs = try #require(predicted["songs"] as? [[String: Any]])
    let errors = try zip(songs, SampleTable.rows()).map { song, row in
      #expect(song["song"] as? String == row.id)
      return abs(try #require(song["valence"] as? Double) - row.valence)
    }
    #expect(errors.reduce(0, +) / 40 < 0.3)
  }

  @Test(arguments: [
    (["ridge", "--alpha", "2.5"], ["alpha": "2.5"]),
    (
      ["svr", "--c", "2", "--epsilon", "0.05", "--gamma", "0.25"],
      ["c": "2.0", "epsilon": "0.05", "gamma": "0.25"]
    ),
    (
      ["xgboost", "--rounds", "12", "--depth", "2", "--rate", "0.3"],
      ["rounds": "12", "depth": "2", "rate": "0.3"]
    ),
  ])
  func aGivenSettingIsKeptAndNothingIsSearched(
    arguments: [String], settings: [String: String]
  ) throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels(), to: "l.csv")
    let common = ["--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio"]
    let json = try Tool.run(["train"] + arguments + common + ["--json"], in: folder.url)
      .succeeded().json()
    let found = try #require(json["settings"] as? [String: String])
    for (name, value) in settings { #expect(found[name] == value, "\(name)") }
    let text = try Tool.run(["train"] + arguments + common, in: folder.url).succeeded()
    #expect(text.errors.contains("1 setting × 5 folds"))
  }

  @Test func sameSeedGivesTheSameModel() throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels(), to: "l.csv")
    for name in ["a", "b"] {
      try Tool.run(
        [
          "train", "xgboost", "--table", "t.csv", "--labels", "l.csv", "-o", "\(name).sentio",
          "--rounds", "10",
        ], in: folder.url
      ).succeeded()
      try Tool.run(
        ["predict", "--model", "\(name).sentio", "--table", "t.csv", "-o", "\(name).csv"],
        in: folder.url
      ).succeeded()
    }
    func values(_ name: String) throws -> [[String]] {
      try folder.rows(of: name).map { Array($0.prefix(3)) }
    }
    #expect(try values("a.csv") == values("b.csv"))
  }

  @Test func fromAudioAndTheStoreIsUsedAgain() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let arguments = [
      "train", "svr", "--data", corpus.folder, "-o", folder.path("m.sentio"), "--store",
      folder.path("store"), "--duration", "5", "--c", "1",
    ]
    let first = try Tool.run(arguments).succeeded()
    #expect(first.errors.contains("measuring: 24 songs"))
    #expect(first.output.contains("24 songs × 164 features, labels on 1..9"))
    let journal = folder.files.filter { $0.hasPrefix("store/") }
    let before = try journal.map { try folder.data(of: $0) }
    let second = try Tool.run(arguments).succeeded()
    #expect(second.errors.contains("24 songs measured by an earlier run, kept in "))
    #expect(try journal.map { try folder.data(of: $0) } == before)
  }

  @Test(arguments: ["Abba", "A"]) func spellingsOfOneArtistAreOneArtist(name: String) throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    // Forty spellings of a name, or a name and its forty guests: folds by artist can't be made of one.
    let labels = SampleTable.labels { line, row in
      let spelling =
        name == "A"
        ? "A feat. guest \(line)"
        : String(repeating: "-", count: line % 7) + name + String(repeating: "!", count: line / 7)
      row.append(line == 0 ? "artist" : spelling)
    }
    try folder.write(labels, to: "l.csv")
    let outcome = try Tool.run(
      ["train", "ridge", "--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio"],
      in: folder.url
    ).succeeded()
    #expect(outcome.output.contains("40 songs × 3 features"))
  }

  @Test func songsWithoutLabelsAreLeftOutAloud() throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels { if (1...10).contains($0) { $1 = [] } }, to: "l.csv")
    let outcome = try Tool.run(
      ["train", "ridge", "--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio"],
      in: folder.url
    ).succeeded()
    #expect(outcome.errors.contains("10 songs of t.csv without a label in l.csv"))
    #expect(outcome.output.contains("30 songs × 3 features"))
  }
}
