import Foundation
import Testing

/// Tables that can't be learned from: each is refused by name, and no model is written.
@Suite struct BadTableTests {
  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var features: String
    var labels: String
    var named: [String]
  }

  static let cases: [Case] = {
    let good = (SampleTable.features(), SampleTable.labels())
    func features(
      _ name: String, _ named: [String], _ change: (Int, inout [String]) -> Void
    ) -> Case {
      Case(
        testDescription: name, features: SampleTable.features(change), labels: good.1,
        named: named)
    }
    func labels(
      _ name: String, _ named: [String], _ change: (Int, inout [String]) -> Void
    ) -> Case {
      Case(
        testDescription: name, features: good.0, labels: SampleTable.labels(change), named: named)
    }
    return [
      features("NaN", ["t.csv", "song s5", "\"b\": nan"]) { if $0 == 5 { $1[2] = "nan" } },
      features("infinite", ["t.csv", "song s5", "\"b\": inf"]) { if $0 == 5 { $1[2] = "inf" } },
      features("empty field", ["t.csv", "song s5"]) { if $0 == 5 { $1[2] = "" } },
      features("word", ["t.csv:6:3", "\"loud\""]) { if $0 == 5 { $1[2] = "loud" } },
      features("field too many", ["t.csv:6"]) { if $0 == 5 { $1.append("7") } },
      features("same id twice", ["t.csv:7:1", "s5", "line 6"]) { if $0 == 6 { $1[0] = "s5" } },
      features("all constant", ["t.csv", "every feature is the same"]) {
        if $0 > 0 { $1 = [$1[0], "1", "2", "3"] }
      },
      features("one song", ["t.csv", "1 song"]) { if $0 > 1 { $1 = [] } },
      features("fewer songs than folds", ["t.csv", "7 songs", "5 folds", "--folds 3"]) {
        if $0 > 7 { $1 = [] }
      },
      features("header only", ["t.csv"]) { if $0 > 0 { $1 = [] } },
      features("same column twice", ["t.csv", "\"a\""]) { if $0 == 0 { $1[2] = "a" } },
      Case(
        testDescription: "empty file", features: "", labels: good.1, named: ["t.csv", "empty"]),
      Case(
        testDescription: "binary file", features: "\u{0}\u{1}\u{2}", labels: good.1,
        named: ["t.csv:1", "UTF-8 text"]),
      Case(
        testDescription: "no id", features: "a,b\n1,2\n3,4\n", labels: good.1,
        named: ["t.csv:1", "song_id"]),
      labels("out of range", ["l.csv", "line 6", "song s5", "12.5"]) {
        if $0 == 5 { $1[2] = "12.5" }
      },
      labels("label NaN", ["l.csv:6:2"]) { if $0 == 5 { $1[1] = "nan" } },
      labels("label missing", ["l.csv:6:3"]) { if $0 == 5 { $1[2] = "" } },
      labels("label twice", ["l.csv:7:1", "s5", "line 6"]) { if $0 == 6 { $1[0] = "s5" } },
      labels("no column arousal", ["l.csv:1", "arousal"]) { $1.removeLast() },
      labels("other ids", ["t.csv", "l.csv", "\"s1\"", "\"x1\""]) {
        if $0 > 0 { $1[0] = $1[0].replacingOccurrences(of: "s", with: "x") }
      },
      labels("all alike", ["t.csv", "same valence", "nothing to learn"]) {
        if $0 > 0 { $1 = [$1[0], "5", "5"] }
      },
    ]
  }()

  @Test(arguments: cases) func isRefusedByName(bad: Case) throws {
    let folder = try ScratchFolder()
    try folder.write(bad.features, to: "t.csv")
    try folder.write(bad.labels, to: "l.csv")
    for kind in ["ridge", "svr", "xgboost"] {
      let outcome = try Tool.run(
        ["train", kind, "--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio"],
        in: folder.url)
      outcome.failed()
      for part in bad.named {
        #expect(outcome.errors.contains(part), "“\(part)” in \(outcome.errors)")
      }
    }
    let run = try Tool.run(
      ["run", "--quick", "--table", "t.csv", "--truth", "l.csv", "-o", "report"], in: folder.url)
    #expect(run.status == 1, "\(run.errors)")
    #expect(!folder.files.contains { $0.hasSuffix(".sentio") || $0.hasSuffix(".html") })
  }

  @Test func labelsOutsideOfTheGivenScale() throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels(), to: "l.csv")
    let arguments = ["train", "ridge", "--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio"]
    try Tool.run(arguments + ["--scale", "-1..1"], in: folder.url)
      .failed(naming: "l.csv", "outside of -1..1", "line 2, song s1")
  }

  @Test func aModelTakesNoOtherFeatures() throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels(), to: "l.csv")
    try Tool.run(
      ["train", "ridge", "--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio"],
      in: folder.url
    ).succeeded()
    func predict(_ name: String, _ text: String) throws -> Tool.Outcome {
      try folder.write(text, to: name)
      return try Tool.run(
        ["predict", "-m", "m.sentio", "--table", name, "-o", "p.csv"], in: folder.url)
    }
    try predict("less.csv", "song_id,a,b\n1,2,3\n").failed(naming: "less.csv", "\"c\"")
    try predict("nan.csv", "song_id,a,b,c\n1,2,nan,3\n").failed(naming: "nan.csv", "1", "b")
    try predict("none.csv", "song_id,a,b,c\n").failed(naming: "none.csv")
    try Tool.run(["predict", "-m", "m.sentio", "song.mp3"], in: folder.url)
      .failed(naming: "m.sentio", "--table")
    #expect(!folder.exists("p.csv"))
    // The order of the columns is the file's business.
    try predict("turned.csv", "song_id,c,a,b\n1,0.1,0.2,0.3\n").succeeded()
    // The largest numbers there are give an answer or a refusal.
    let huge = try predict("huge.csv", "song_id,a,b,c\n1,3e38,3e38,-3e38\n")
    #expect(huge.status <= 1, "\(huge.errors)")
  }

  @Test func badModelFiles() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let whole = try Data(contentsOf: URL(filePath: corpus.model))
    try folder.write("not a model at all", to: "text.sentio")
    try folder.write(Data(), to: "zero.sentio")
    try folder.write(whole.prefix(whole.count / 2), to: "half.sentio")
    try folder.write(whole.prefix(whole.count - 1), to: "less.sentio")
    var flipped = whole
    flipped[whole.count / 2] ^= 0xFF
    try folder.write(flipped, to: "flipped.sentio")
    try folder.write(Data(contentsOf: URL(filePath: corpus.song())), to: "song.sentio")
    try folder.write(Data(contentsOf: URL(filePath: corpus.table)), to: "table.sentio")
    for name in ["text", "zero", "half", "less", "song", "table", "absent"] {
      try Tool.run(
        ["predict", "-m", "\(name).sentio", "--table", corpus.table, "-o", "p.csv"],
        in: folder.url
      ).failed(naming: "\(name).sentio")
    }
    // A flipped bit is noticed or harmless, and never a trap.
    let outcome = try Tool.run(
      ["predict", "-m", "flipped.sentio", "--table", corpus.table], in: folder.url)
    #expect(outcome.status <= 1, "\(outcome.errors)")
    try Tool.run(["predict", "-m", folder.url.path, corpus.song()])
      .failed(naming: folder.url.path)
    #expect(!folder.exists("p.csv"))
  }
}
