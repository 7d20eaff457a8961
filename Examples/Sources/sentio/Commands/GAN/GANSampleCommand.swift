import ArgumentParser
import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor

/// `sentio gan sample`: synthetic clips from a trained generator.
struct GANSampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Make synthetic spectrograms for emotions from all over the plane.",
    discussion: """
      Clips that the discriminator believes with more than --threshold are kept, as [N, 1, mels, frames] of \
      mean 0 and deviation 1 each; their labels stand beside them:
        sentio gan sample Data/gan --count 3200 --output synthetic.npy
      They are compared with the clips that were learned from: how different they are from each other, and \
      whether some are copies. A network for valence and arousal that takes the same spectrograms can be asked \
      whether it finds the emotion that was asked for:
        sentio gan sample Data/gan --count 500 --output synthetic.npy --regressor crnn.sentio
      """)

  @Argument(help: ArgumentHelp("The folder of sentio gan train.", valueName: "folder"))
  var model: String
  @Option(help: "How many clips are wanted.")
  var count = 3200
  @Option(name: .shortAndLong, help: ArgumentHelp("The array to write.", valueName: "npy"))
  var output: String
  @Option(
    help: ArgumentHelp(
      "The table of labels to write; by default beside the array, as NAME.csv.", valueName: "csv"))
  var labels: String?
  @Option(help: "The confidence that a clip must exceed, from 0 to 1.")
  var threshold: Float = 0.3
  @Option(
    help: ArgumentHelp(
      "A network that finds valence and arousal in such clips.", valueName: "file"))
  var regressor: String?
  @Option(help: "Seed of emotions and noise.")
  var seed: UInt64 = 1
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count must lie between 1 and 1000000.")
    }
    guard (0..<1).contains(threshold) else {
      throw ValidationError("--threshold must lie between 0 and 1.")
    }
  }

  private struct Output: Encodable {
    let made: Int
    let kept: Int
    let meanConfidence: Double
    let quadrants: [[Int]]
    let diversity: SpectrogramDiversity?
    let consistency: LabelConsistency?
  }

  func run() throws {
    Interruption.watch()
    let table =
      labels ?? URL(filePath: output).deletingPathExtension().appendingPathExtension("csv").path
    try OutputFile.check(output)
    try OutputFile.check(table)
    let folder = URL(filePath: model)
    let networks = try AdversarialNetworks(contentsOf: folder)
    let frontEnd = try NetworkFile(
      contentsOf: folder.appending(path: AdversarialNetworks.generatorName)
    ).configuration.networkFrontEnd()
    let judge = try regressor.map { try network($0, for: networks, frontEnd) }

    var settings = SyntheticSpectrograms.Settings()
    settings.threshold = threshold
    let line = ProgressLine("making", total: count, unit: "clips", isQuiet: json)
    let (clips, tally) = try SyntheticSpectrograms(from: networks, seed: seed, settings: settings)
      .clips(count) { kept in
        line.report(kept)
        try Interruption.check()
      }
    line.finish()
    let rows = clips.ids.indices.map { row in
      LabelTable.Row(
        id: clips.ids[row],
        label: ValenceArousal(
          valence: Double(clips.targets[element: row, 0]),
          arousal: Double(clips.targets[element: row, 1]), scale: .unit))
    }
    try clips.inputs.write(npy: URL(filePath: output))
    try LabelTable(rows: rows, scale: .unit).write(csv: URL(filePath: table))

    let result = Output(
      made: tally.made, kept: tally.kept, meanConfidence: tally.meanConfidence,
      quadrants: tally.quadrants, diversity: try diversity(of: clips, folder, frontEnd),
      consistency: try judge.map { judge in
        try LabelConsistency(of: clips) { judge($0) }
      })
    if json { return try Terminal.printJSON(result) }
    report(result)
    print("wrote \(output) and \(table)")
  }

  /// The network of a file, if it takes these clips and gives two numbers.
  private func network(
    _ path: String, for networks: AdversarialNetworks, _ frontEnd: NetworkFrontEnd?
  ) throws -> any Layer {
    let file = try NetworkFile(contentsOf: URL(filePath: path))
    let sizes = networks.generator.settings
    let shape: Shape = [1, 1, sizes.mels, sizes.frames]
    if let mismatch = file.configuration.network.mismatch(shape) {
      throw CommandError("\(path): does not take these clips: \(mismatch)")
    }
    if let frontEnd, let other = try file.configuration.networkFrontEnd(),
      other.input != frontEnd.input
    {
      throw CommandError(
        "\(path): was trained on clips of another front end than the generator: compare sentio model show "
          + "\(path) and \(model)/\(AdversarialNetworks.generatorName)")
    }
    let found = file.network(.zeros(shape)).shape
    guard found == [1, 2] else {
      throw CommandError("\(path): gives \(found) and not valence and arousal, [1, 2]")
    }
    return file.network
  }

  /// Compared with up to 500 of the clips that were learned from, where they are still there.
  private func diversity(
    of clips: LabelledBatch, _ folder: URL, _ frontEnd: NetworkFrontEnd?
  ) throws -> SpectrogramDiversity? {
    let url = folder.appending(path: GANTrainCommand.clipsName)
    guard let frontEnd, FileManager.default.fileExists(atPath: url.path), clips.ids.count >= 2
    else { return nil }
    let real = try SpectrogramClips(contentsOf: url, frontEnd)
    guard real.count >= 2 else { return nil }
    return try SpectrogramDiversity(
      clips.inputs[0..<min(500, clips.ids.count)], real: real.batch(2000).inputs)
  }

  private func report(_ result: Output) {
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    print(
      "kept \(result.kept) of \(result.made) clips, with a mean confidence of \(number(result.meanConfidence))"
    )
    if let diversity = result.diversity {
      print(
        "distance of two clips \(number(diversity.syntheticDistance)), of two real ones "
          + "\(number(diversity.realDistance)); nearest real clip at \(number(diversity.nearestReal)), "
          + "among real ones \(number(diversity.nearestAmongReal)); "
          + "\(diversity.copies) of \(diversity.count) look like copies")
    }
    if let consistency = result.consistency {
      print(
        "emotion found by the regressor: valence r = \(number(consistency.valence.correlation)), arousal r = "
          + "\(number(consistency.arousal.correlation)), n = \(consistency.count)")
    }
  }
}
