import Foundation
import SentioDSP
import SentioData
import SentioTensor
import Testing

/// `sentio features`: files whose numbers are those of the library.
@Suite struct FeaturesTests {
  @Test func melIsTheLibrarysMel() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try Tool.run(["features", corpus.song(), "--set", "mel", "-o", folder.path("mel.npy")])
      .succeeded()
    let samples = try AudioDecoder().decode(
      URL(filePath: corpus.song()), as: AudioFormat(sampleRate: 22_050),
      range: SongMeasurement(featureSet: .report164).range
    ).samples
    let expected = try FrameFeature.mel.matrix(of: samples, frontEnd: .report)
    let file = try NPYFile(contentsOf: folder.url.appending(path: "mel.npy"))
    #expect(file.shape == [128, expected.frameCount])
    // 20 s at 22,050 Hz and a hop of 512 samples, frames centred on the first and the last one.
    #expect(expected.frameCount == 862)
    #expect(file.elementType == .float32)
    let values = file.floats()
    #expect(values == expected.rowMajorValues())
    // Decibels with top_db 80.
    let range = values.max()! - values.min()!
    #expect(range <= 80.001 && range > 40)
  }

  @Test func tableHas164NamedColumns() throws {
    let corpus = try SampleCorpus.made()
    let table = try FeatureTable(csv: URL(filePath: corpus.table))
    #expect(table.columns == FeatureSet.report164.names)
    #expect(table.ids == (10_001...10_024).map(String.init))
    let measured = try SongMeter(SongMeasurement(featureSet: .report164)).measure(
      URL(filePath: corpus.song(3)))
    #expect(Array(table.row(3)) == measured.features)
  }

  @Test func optionsReachTheFrontEnd() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let json = try Tool.run([
      "features", corpus.song(), "--set", "mel", "-o", folder.path("m.npy"), "--mels", "40",
      "--hop", "256", "--fft", "1024", "--sample-rate", "16000", "--duration", "2", "--offset",
      "1", "--json",
    ]).succeeded().json()
    #expect(json["shape"] as? [Int] == [40, 126])
    #expect(json["songs"] as? [String] == ["10001"])
  }

  @Test(arguments: [("mfcc", 13), ("chroma", 12), ("fbank", 128)])
  func otherMatrices(set: String, rows: Int) throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try Tool.run(["features", corpus.song(), "--set", set, "-o", folder.path("f.npy")])
      .succeeded()
    let file = try NPYFile(contentsOf: folder.url.appending(path: "f.npy"))
    #expect(file.shape.count == 2 && file.shape[0] == rows)
    // Kaldi's framing fits whole windows of 25 ms every 10 ms into 20 s.
    #expect(file.shape[1] == (set == "fbank" ? 1998 : 862))
    #expect(file.floats().allSatisfy { $0.isFinite })
  }

  @Test func aFolderGetsOneMatrixASong() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try Tool.run([
      "features", corpus.song(0), corpus.song(1), corpus.song(2), "--set", "mel", "-o",
      folder.path("out") + "/",
    ]).succeeded()
    #expect(folder.files == ["out/10001.npy", "out/10002.npy", "out/10003.npy"])
  }

  @Test func csvHasARowAFrame() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try Tool.run([
      "features", corpus.song(), "--set", "chroma", "--duration", "3", "-o",
      folder.path("c.csv"),
    ]).succeeded()
    let rows = try folder.rows(of: "c.csv")
    #expect(rows[0].count == 13 && rows[0][0] == "time")
    #expect(rows.count == 1 + 130)
    #expect(rows[1][0] == "0")
    #expect(abs(try #require(Double(rows[2][0])) - 512.0 / 22_050) < 1e-12)
  }

  @Test func severalSongsNeedAFolder() throws {
    let corpus = try SampleCorpus.made()
    try Tool.run(["features", corpus.song(0), corpus.song(1), "--set", "mel", "-o", "x.npy"])
      .failed(2, naming: "name a folder", "Usage: sentio features")
  }

  @Test func unknownSetNamesTheKnown() throws {
    let corpus = try SampleCorpus.made()
    try Tool.run(["features", corpus.song(), "--set", "mell", "-o", "x.npy"])
      .failed(2, naming: "mell", "report164", "mel, mfcc")
  }

  @Test func theFormOfTheOutputIsCheckedBeforeTheWork() throws {
    let corpus = try SampleCorpus.made()
    let outcome = try Tool.run(["features", corpus.folder + "/MEMD_audio", "-o", "x.xlsx"])
      .failed(2, naming: ".npy or .csv")
    #expect(!outcome.errors.contains("songs in"))
  }

  @Test(arguments: [
    "--mels=0", "--mels=-1", "--mels=9223372036854775807", "--fft=0", "--fft=1073741824",
    "--fft=4611686018427387904", "--hop=0", "--hop=9223372036854775807", "--fmin=9000",
    "--fmin=-5", "--fmin=nan", "--fmax=inf", "--offset=1e308", "--offset=100",
    "--duration=1e-9", "--sample-rate=1000", "--duration=nan",
  ])
  func frontEndsThatCannotBeAreRefused(option: String) throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let outcome = try Tool.run(
      ["features", corpus.song(), "-o", "o.csv", option], in: folder.url)
    #expect(outcome.status == 1 || outcome.status == 2, "\(outcome.status): \(outcome.errors)")
    #expect(!outcome.errors.isEmpty && folder.files.isEmpty)
  }
}
