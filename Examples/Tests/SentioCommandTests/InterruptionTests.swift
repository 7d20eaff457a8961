import Foundation
import Testing

/// Ctrl-C and kill -9 in the middle of work: nothing is half-written, and the next run goes on.
@Suite struct InterruptionTests {
  private static let composing = [
    "corpus", "synthesize", "c", "--songs", "12", "--duration", "20", "--seed", "7",
  ]

  private func finished(_ folder: ScratchFolder) -> [String] {
    folder.files.filter { $0.hasSuffix(".mp3") }
  }

  /// Composes on, and compares with songs that were composed in one go.
  private func composesOn(_ folder: ScratchFolder) throws {
    let kept = finished(folder).count
    #expect(kept >= 2 && kept < 12, "\(kept) songs before the signal")
    let json = try Tool.run(Self.composing + ["--json"], in: folder.url).succeeded().json()
    #expect(json["kept"] as? Int == kept)
    let corpus = try SampleCorpus.made()
    for index in 0..<12 {
      #expect(
        try folder.data(of: "c/MEMD_audio/\(10_001 + index).mp3")
          == Data(contentsOf: URL(filePath: corpus.song(index))), "song \(index)")
    }
    #expect(!folder.files.contains { $0.hasSuffix(".tmp") })
    try Tool.run(["corpus", "validate", "c", "--require-audio"], in: folder.url).succeeded()
  }

  @Test func killedComposingGoesOn() throws {
    let folder = try ScratchFolder()
    let outcome = try Tool.start(Self.composing, in: folder.url).signal(SIGKILL) {
      finished(folder).count >= 2
    }
    #expect(outcome.status == 128 + SIGKILL)
    try composesOn(folder)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func stoppedComposingSaysSoAndGoesOn(number: Int32) throws {
    let folder = try ScratchFolder()
    let outcome = try Tool.start(Self.composing, in: folder.url).signal(number) {
      finished(folder).count >= 2
    }
    outcome.failed(130, naming: "stopped by Ctrl-C", "run again to go on")
    #expect(outcome.output.isEmpty)
    #expect(!folder.files.contains { $0.hasSuffix(".tmp") })
    try composesOn(folder)
  }

  @Test func stoppedMeasuringLeavesWholeFiles() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let arguments = [
      "features", corpus.folder + "/MEMD_audio", "--set", "mel", "-o", folder.path("out") + "/",
    ]
    let outcome = try Tool.start(arguments).signal(SIGINT) {
      folder.files.contains { $0.hasSuffix(".npy") }
    }
    outcome.failed(130, naming: "stopped by Ctrl-C")
    #expect(!folder.files.contains { $0.hasSuffix(".tmp") })
    #expect(folder.files.count < SampleCorpus.songCount)
    for file in folder.files {
      // A header of 128 bytes and 128 × 862 numbers of 4 bytes.
      #expect(try folder.data(of: file).count == 128 + 128 * 862 * 4, "\(file)")
    }
  }

  @Test func stoppedSearchWritesNoModel() throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels(), to: "l.csv")
    let running = try Tool.start(
      [
        "train", "xgboost", "--table", "t.csv", "--labels", "l.csv", "-o", "m.sentio", "--grid",
        "report",
      ], in: folder.url)
    // The warning about the scale is the last word before the search.
    let outcome = try running.signal(SIGINT) { running.errorsSoFar.contains("no scale") }
    outcome.failed(130, naming: "stopped by Ctrl-C")
    #expect(folder.files == ["l.csv", "t.csv"])
  }
}
