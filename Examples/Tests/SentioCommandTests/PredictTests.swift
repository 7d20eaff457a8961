import Foundation
import Testing

/// `sentio predict`: from audio and from a table, on any scale.
@Suite struct PredictTests {
  @Test func audioAndTableAgree() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try Tool.run(
      [
        "predict", "--model", corpus.model, corpus.song(0), corpus.song(5), "-o",
        folder.path("p.csv"),
      ]
    ).succeeded()
    let rows = try folder.rows(of: "p.csv")
    #expect(
      rows[0] == [
        "song_id", "valence", "arousal", "scale", "quadrant", "emotion", "seconds",
      ])
    let all = try String(contentsOfFile: corpus.predictions, encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(all.count == 25)
    for (row, place) in [(1, 1), (2, 6)] {
      #expect(rows[row][0] == all[place][0] && rows[row][3] == "1..9")
      for column in [1, 2] {
        let (audio, table) = (Double(rows[row][column]), Double(all[place][column]))
        #expect(abs(try #require(audio) - (try #require(table))) < 1e-6)
      }
      #expect(try #require(Double(rows[row][6])) > 0)
    }
  }

  @Test func quadrantFollowsFromTheNumbers() throws {
    let corpus = try SampleCorpus.made()
    let json = try Tool.run([
      "predict", "--model", corpus.model, "--table", corpus.table, "--json",
    ]).succeeded().json()
    let names = ["Q1": "happy", "Q2": "tense", "Q3": "sad", "Q4": "calm"]
    for song in try #require(json["songs"] as? [[String: Any]]) {
      let valence = try #require(song["valence"] as? Double)
      let arousal = try #require(song["arousal"] as? Double)
      let expected =
        arousal >= 5 ? (valence >= 5 ? "Q1" : "Q2") : (valence >= 5 ? "Q4" : "Q3")
      #expect(song["quadrant"] as? String == expected)
      #expect(song["emotion"] as? String == names[expected])
    }
  }

  @Test func scaleIsConverted() throws {
    let corpus = try SampleCorpus.made()
    func songs(_ scale: String) throws -> [[String: Any]] {
      let json = try Tool.run([
        "predict", "--model", corpus.model, corpus.song(), "--json", "--scale", scale,
      ]).succeeded().json()
      #expect(json["scale"] as? String == scale)
      return try #require(json["songs"] as? [[String: Any]])
    }
    let one = try #require(songs("1..9")[0]["valence"] as? Double)
    let unit = try #require(songs("-1..1")[0]["valence"] as? Double)
    #expect(abs((one - 5) / 4 - unit) < 1e-9)
  }

  @Test func oneBrokenFileStopsNothingAndIsNamed() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try FileManager.default.copyItem(atPath: corpus.song(), toPath: folder.path("good 🎶.mp3"))
    try folder.write("this is no music", to: "bad.mp3")
    let outcome = try Tool.run(
      ["predict", "--model", corpus.model, ".", "-o", "p.csv"], in: folder.url)
    outcome.failed(naming: "bad.mp3", "Check that the file is audio")
    #expect(outcome.output.contains("good 🎶"))
    #expect(try folder.rows(of: "p.csv").count == 2)
    let json = try Tool.run(
      ["predict", "--model", corpus.model, ".", "--json"], in: folder.url
    ).json()
    #expect((json["failed"] as? [String])?.count == 1)
    #expect((json["songs"] as? [[String: Any]])?.count == 1)
  }

  @Test func silenceIsPredictedAndStrangersArePointedOut() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try folder.write(SampleAudio.wav(seconds: 3, amplitude: 0), to: "silence.wav")
    let outcome = try Tool.run(
      ["predict", "--model", corpus.model, "silence.wav", "--json"], in: folder.url
    ).succeeded()
    let songs = try #require(try outcome.json()["songs"] as? [[String: Any]])
    let values = ["valence", "arousal"].compactMap { songs[0][$0] as? Double }
    #expect(values.count == 2 && values.allSatisfy { $0.isFinite })
    let isStrange = values.contains { !(1...9).contains($0) }
    #expect(outcome.errors.contains("outside of 1..9") == isStrange)
  }
}
