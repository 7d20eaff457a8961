import Foundation
import Testing

/// `sentio corpus`: composing, checking and splitting.
@Suite struct CorpusTests {
  @Test func synthesizedCorpusIsValid() throws {
    let corpus = try SampleCorpus.made()
    let outcome = try Tool.run([
      "corpus", "validate", corpus.folder, "--require-labels", "--require-audio", "--json",
    ]).succeeded()
    let json = try outcome.json()
    #expect(json["songs"] as? Int == 24 && json["withLabels"] as? Int == 24)
    #expect(json["withAudio"] as? Int == 24 && json["errors"] as? Int == 0)
    #expect(json["layout"] as? String == "deam" && json["scale"] as? String == "1..9")
    let text = try Tool.run(["corpus", "validate", corpus.folder]).succeeded().output
    #expect(text.contains("24 songs") && text.contains("genres:") && text.contains("artists:"))
  }

  @Test func sameSeedGivesTheSameSongsAndMoreCanBeAdded() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    func synthesize(_ songs: Int) throws -> [String: Any] {
      try Tool.run(
        [
          "corpus", "synthesize", "c", "--songs", "\(songs)", "--duration", "20", "--seed", "7",
          "--json",
        ], in: folder.url
      ).succeeded().json()
    }
    #expect(try synthesize(2)["kept"] as? Int == 0)
    #expect(try synthesize(3)["kept"] as? Int == 2)
    for index in 0..<3 {
      #expect(
        try folder.data(of: "c/MEMD_audio/\(10_001 + index).mp3")
          == Data(contentsOf: URL(filePath: corpus.song(index))))
    }
    // Another seed is another corpus and does not overwrite this one.
    try Tool.run(
      ["corpus", "synthesize", "c", "--songs", "3", "--duration", "20", "--seed", "8"],
      in: folder.url
    ).failed(naming: "seed", "another folder")
  }

  @Test func foreignFoldersStayAsTheyAre() throws {
    let folder = try ScratchFolder()
    try folder.write("mine", to: "MEMD_audio/mine.txt")
    try Tool.run(["corpus", "synthesize", folder.url.path, "--songs", "2", "--duration", "20"])
      .failed(naming: "not a synthetic corpus", "empty folder")
    #expect(folder.files == ["MEMD_audio/mine.txt"])
  }

  @Test func validateNamesEveryBadRowAndExitsWith1() throws {
    let folder = try ScratchFolder()
    for name in ["a", "b", "e"] {
      try folder.write(SampleAudio.wav(seconds: 0.1), to: "\(name).wav")
    }
    try folder.write(
      """
      song_id,file,valence,arousal
      1,a.wav,4,5
      2,b.wav,x,5
      3,missing.wav,4,5
      1,e.wav,4,5
      5,e.wav,4,12

      """, to: "songs.csv")
    let outcome = try Tool.run(["corpus", "validate", folder.url.path, "--scale", "1..9"])
    #expect(outcome.status == 1)
    for part in ["songs.csv:3", "missing.wav", "songs.csv:5", "songs.csv:6"] {
      #expect(outcome.output.contains(part), "“\(part)” in \(outcome.output)")
    }
    let json = try Tool.run([
      "corpus", "validate", folder.url.path, "--scale", "1..9", "--json",
    ]).json()
    let findings = try #require(json["findings"] as? [[String: Any]])
    #expect(findings.count { $0["severity"] as? String == "error" } == json["errors"] as? Int)
    #expect(findings.allSatisfy { $0["message"] is String })
  }

  @Test func splitKeepsArtistsTogetherAndCanBeRepeated() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    func split(_ name: String, _ more: [String] = []) throws -> [String: Any] {
      try Tool.run(
        ["corpus", "split", corpus.folder, "-o", folder.path(name), "--json"] + more
      ).succeeded().json()
    }
    let first = try split("a.json", ["--fractions", "0.5", "0.25", "0.25"])
    let counts = ["training", "validation", "test"].compactMap { first[$0] as? Int }
    #expect(counts.count == 3 && counts.reduce(0, +) == 24 && counts.allSatisfy { $0 > 0 })
    #expect((first["leaks"] as? [String])?.isEmpty == true)
    let again = try split("b.json", ["--fractions", "0.5", "0.25", "0.25"])
    #expect(first["hash"] as? String == again["hash"] as? String)
    #expect(try folder.data(of: "a.json") == folder.data(of: "b.json"))
    let other = try split("c.json", ["--fractions", "0.5", "0.25", "0.25", "--seed", "2"])
    #expect(first["hash"] as? String != other["hash"] as? String)
  }

  @Test func corporaThatAreNone() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
    try folder.write("hello", to: "text/readme.txt")
    for command in [["corpus", "validate"], ["run", "--data"], ["corpus", "split", "-o", "s"]] {
      try Tool.run(command + ["empty"], in: folder.url).failed(naming: "empty", "folder")
      try Tool.run(command + ["text"], in: folder.url).failed(naming: "text", "songs.csv")
      try Tool.run(command + ["nowhere"], in: folder.url).failed(naming: "nowhere", "o such")
    }
    #expect(!folder.exists("s"))
    try Tool.run(["corpus", "split", "text", "-o", "s", "--published"], in: folder.url).failed()
  }
}
