import Foundation
import Testing

/// Songs that are none, songs that are damaged, and lists that name the wrong ones.
@Suite struct BadSongTests {
  @Test(arguments: ["features", "mel", "predict"])
  func everyKindOfBrokenFile(command: String) throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try folder.write("this is no music", to: "text.mp3")
    try folder.write(Data(), to: "zero.mp3")
    try folder.write(SampleAudio.wav(seconds: 0), to: "no samples.wav")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
    func run(_ name: String) throws -> Tool.Outcome {
      switch command {
      case "features": try Tool.run(["features", name, "-o", "out.csv"], in: folder.url)
      case "mel":
        try Tool.run(["features", name, "--set", "mel", "-o", "out.csv"], in: folder.url)
      default: try Tool.run(["predict", "-m", corpus.model, name, "-o", "out.csv"], in: folder.url)
      }
    }
    try run("text.mp3").failed(naming: "text.mp3", "Check that the file is audio")
    try run("zero.mp3").failed(naming: "zero.mp3", "0 bytes")
    try run("no samples.wav").failed(naming: "no samples.wav")
    try run("absent.mp3").failed(naming: "absent.mp3", "no such file")
    try run("empty").failed(naming: "empty", "no audio files")
    #expect(!folder.exists("out.csv"))
  }

  @Test func aTruncatedSongGivesWhatIsThereAndAWarning() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let whole = try Data(contentsOf: URL(filePath: corpus.song()))
    try folder.write(whole.prefix(whole.count / 3), to: "third.mp3")
    let outcome = try Tool.run(
      ["features", "third.mp3", "--set", "mel", "-o", "m.npy", "--json"], in: folder.url
    ).succeeded()
    #expect(outcome.errors.contains("third.mp3: at 6.") && outcome.errors.contains("20.0"))
    let shape = try #require(try outcome.json()["shape"] as? [Int])
    #expect(shape[0] == 128 && (280...300).contains(shape[1]))
  }

  @Test func oneBrokenSongInACorpusIsLeftOutByName() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    var list = "song_id,file,valence,arousal\n"
    for index in 0..<12 {
      try FileManager.default.copyItem(
        atPath: corpus.song(index), toPath: folder.path("Lied \(index) ♥.mp3"))
      list += "\(index),Lied \(index) ♥.mp3,\(2 + index % 5),\(8 - index % 4)\n"
    }
    try folder.write("no music", to: "Lied 3 ♥.mp3")
    try folder.write(list + "12,Lied 12 ♥.mp3,4,4\n", to: "songs.csv")
    let outcome = try Tool.run(
      [
        "train", "ridge", "--data", ".", "-o", "m.sentio", "--alpha", "10", "--store", "store",
      ], in: folder.url
    ).succeeded()
    #expect(
      outcome.errors.contains("left out: song 3: ") && outcome.errors.contains("Lied 3 ♥.mp3"))
    #expect(outcome.errors.contains("Lied 12 ♥.mp3"))
    #expect(outcome.output.contains("11 songs × 164 features"))
    try Tool.run(["predict", "-m", "m.sentio", "Lied 5 ♥.mp3"], in: folder.url).succeeded()
  }

  @Test func aCorpusWhoseAudioIsMissing() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "song_id,file,valence,arousal\n1,a.mp3,4,5\n2,b.mp3,6,3\n", to: "songs.csv")
    for command in [["train", "ridge", "-o", "m.sentio", "--data"], ["run", "--data"]] {
      try Tool.run(command + ["."], in: folder.url).failed(naming: "songs.csv", "a.mp3")
    }
    #expect(!folder.exists("m.sentio"))
  }

  @Test func aCorpusOfOneSong() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try FileManager.default.copyItem(atPath: corpus.song(), toPath: folder.path("a.mp3"))
    try folder.write("song_id,file,valence,arousal\n1,a.mp3,4,5\n", to: "songs.csv")
    for command in [
      ["train", "ridge", "-o", "m.sentio", "--data"],
      ["train", "svr", "--c", "1", "-o", "m.sentio", "--data"], ["run", "--data"],
    ] {
      try Tool.run(command + [".", "--store", "store"], in: folder.url).failed(naming: "1 song")
    }
    // One song is a training song: nothing is left to be tested with, but nothing fails either.
    let split = try Tool.run(["corpus", "split", ".", "-o", "s.json"], in: folder.url).succeeded()
    #expect(split.output.contains("training 1, validation 0, test 0"))
    #expect(!folder.exists("m.sentio"))
  }
}
