import Foundation
import Testing

/// `sentio gan`: trained, stopped, killed and gone on with, and clips that are made with it.
@Suite struct GANTests {
  /// Three clips a batch of the smallest spectrograms that the networks take.
  private func training(_ folder: ScratchFolder, _ output: String) throws -> [String] {
    [
      "gan", "train", "--data", try SampleCorpus.made().folder, "-o", output, "--mels", "16",
      "--duration", "0.5", "--width", "0.02", "--batch", "6",
    ]
  }

  @Test func clipsAreMadeWithTheFrontEndThatWasStored() throws {
    let folder = try ScratchFolder()
    let command = try training(folder, "gan") + ["--epochs", "2"]
    let json = try Tool.run(command + ["--json"], in: folder.url).succeeded().json()
    #expect(
      (json["epochs"] as? [[String: Any]])?.count == 2 && json["end"] as? String == "finished")
    #expect(try folder.text(of: "gan/log.jsonl").split(separator: "\n").count == 2)
    #expect(folder.files.contains { $0.hasPrefix("gan/events.out.tfevents.") })
    let shown = try Tool.run(["model", "show", "gan/generator.sentio"], in: folder.url).succeeded()
    #expect(shown.output.contains("\"melBands\":16") && shown.output.contains("\"duration\":0.5"))
    let again = try Tool.run(command, in: folder.url).succeeded()
    #expect(again.output.contains("best epoch"))

    let sample = ["gan", "sample", "gan", "--count", "5", "-o", "s.npy", "--threshold", "0"]
    let made = try Tool.run(sample + ["--json"], in: folder.url).succeeded().json()
    #expect(made["kept"] as? Int == 5 && made["diversity"] is [String: Any])
    #expect(try folder.rows(of: "s.csv").count == 6)

    try Tool.run(
      sample + ["--regressor", "gan/discriminator.sentio"], in: folder.url
    ).failed(naming: "discriminator.sentio", "does not take these clips")
    // A network over as many bands and frames, whose clips are made otherwise, is no judge.
    try Tool.run(
      [
        "model", "make", "--network", "audioEmotion", "--front-end", "-o", "other.sentio",
        "--settings",
        "{\"spectrogramSize\": {\"height\": 16, \"width\": 22}, \"patchSize\": 8}",
      ], in: folder.url
    ).succeeded()
    try Tool.run(sample + ["--regressor", "other.sentio"], in: folder.url)
      .failed(naming: "other.sentio", "another front end")
    try Tool.run(["gan", "sample", "missing", "-o", "t.npy"], in: folder.url)
      .failed(naming: "missing")
  }

  @Test func killedTrainingGoesOnBitForBit() throws {
    let folder = try ScratchFolder()
    let epochs = ["--epochs", "12"]
    try Tool.run(try training(folder, "whole") + epochs, in: folder.url).succeeded()
    let command = try training(folder, "killed") + epochs
    var random = SystemRandomNumberGenerator()
    var kills = 0
    for round in 1...4 {
      let running = try Tool.start(command, in: folder.url)
      // Each gets farther, and dies at whatever it is doing then: computing, or writing a checkpoint.
      let outcome = try running.signal(SIGKILL) {
        guard running.errorsSoFar.contains("epoch \(round * 2):") else { return false }
        usleep(UInt32.random(in: 0..<20_000, using: &random))
        return true
      }
      if outcome.status == 128 + SIGKILL { kills += 1 }
    }
    #expect(kills > 0, "the training ended before it was killed")
    let rest = try Tool.run(command, in: folder.url).succeeded()
    #expect(rest.errors.contains("going on at epoch"))
    for name in ["generator", "discriminator"] {
      #expect(
        try folder.data(of: "killed/\(name).sentio") == folder.data(of: "whole/\(name).sentio"),
        "\(name) after \(kills) kills")
    }
    // The collapse rule may end it before the twelfth epoch; then it ends there however often it was killed.
    func logged(_ run: String) throws -> Int {
      try folder.text(of: "\(run)/log.jsonl").split(separator: "\n").count
    }
    #expect(try logged("killed") == logged("whole"))
    #expect(!folder.files.contains { $0.hasSuffix(".tmp") })
  }

  @Test func ctrlCSavesAndTheSameCommandGoesOn() throws {
    let folder = try ScratchFolder()
    let running = try Tool.start(
      try training(folder, "gan") + ["--epochs", "100000"], in: folder.url)
    let outcome = try running.signal(SIGINT) { running.errorsSoFar.contains("epoch 1:") }
    outcome.failed(130, naming: "stopped by Ctrl-C")
    #expect(folder.exists("gan/last.safetensors") && !folder.exists("gan/generator.sentio"))
    // Its noise fades over as many epochs as were asked for, so that another number is another training.
    try Tool.run(try training(folder, "gan") + ["--epochs", "4"], in: folder.url)
      .failed(naming: "another noise")
    try Tool.run(
      try training(folder, "gan") + ["--epochs", "2", "--width", "0.03", "--start-over"],
      in: folder.url
    ).succeeded()
    try Tool.run(try training(folder, "gan") + ["--epochs", "2"], in: folder.url)
      .failed(naming: "another", "start over")
  }

  @Test(arguments: [
    (["--mels", "20"], "multiple of 16"), (["--duration", "all"], "--duration"),
    (["--duration", "0.1"], "frames are too few"), (["--batch", "4000"], "smaller --batch"),
    (["--split", "none.json"], "none.json"), (["--fmax", "5"], "requency"),
    (["--width", "0"], "--width"),
  ])
  func wrongInputIsNamed(_ options: [String], _ message: String) throws {
    let folder = try ScratchFolder()
    let command = try training(folder, "gan") + options
    let outcome = try Tool.run(command.droppingRepeated(options[0]), in: folder.url)
    #expect(outcome.status != 0 && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!folder.exists("gan/generator.sentio"))
  }

  @Test func aMissingCorpusIsNamed() throws {
    let folder = try ScratchFolder()
    try Tool.run(["gan", "train", "--data", "nowhere", "-o", "gan"], in: folder.url)
      .failed(naming: "nowhere")
  }
}

extension [String] {
  /// The arguments with the last value of an option alone, since each may be given once.
  fileprivate func droppingRepeated(_ option: String) -> [String] {
    guard let last = lastIndex(of: option), let first = firstIndex(of: option), first < last
    else { return self }
    return Array(self[..<first] + self[(first + 2)...])
  }
}
