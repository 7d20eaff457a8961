import ArgumentParser
import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor

/// `sentio gan train`: a generator and a discriminator, from a corpus.
struct GANTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train the conditional GAN on a corpus's spectrograms.",
    discussion: """
      At the report's size (73 million parameters) an epoch of 1,395 songs takes hours on a few cores:
        sentio gan train --data ~/DEAM --output Data/gan
      Smaller spectrograms and narrower networks train in minutes:
        sentio gan train --data Data/songs --mels 64 --duration 3.7 --width 0.125 --output Data/gan
      An epoch's line says how often the discriminator is right (70 to 80 % is the aim; it ends training where one \
      network has won) and how near synthetic clips are to real ones, from 0 to 100. The folder gets \
      generator.sentio and discriminator.sentio of the best epoch, with the front end that made the clips, \
      log.jsonl and TensorBoard's event files. Ctrl-C saves and stops; after that, and after any other end, the \
      same command goes on from the last checkpoint, bit for bit.
      """)

  @Option(help: ArgumentHelp("A corpus with audio and labels.", valueName: "folder"))
  var data: String
  @Option(
    help: ArgumentHelp(
      "A file of sentio corpus split: only its training songs are learned from.",
      valueName: "file"))
  var split: String?
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var output: String
  @Option(help: "What the report's numbers of channels are multiplied by.")
  var width = 1.0
  @Option(help: "Passes over the songs.")
  var epochs = 15
  @Option(help: "Songs in a batch.")
  var batch = 24
  @Option(
    help: ArgumentHelp(
      "The discriminator rests while it is right more often than this, from 0.5 to 1; 1 for never.",
      valueName: "share"))
  var ceiling = 1.0
  @Option(
    help: "float32, or bfloat16 where the chip multiplies it.", transform: parsePrecision)
  var precision: ComputePrecision = .float32
  @Option(help: "Seed of weights, order and noise.")
  var seed: UInt64 = 1
  @Flag(help: "Remove what an earlier run trained in the folder.")
  var startOver = false
  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var measurement: MeasurementOptions
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard measurement.duration.length != nil else {
      throw ValidationError("--duration must be a number of seconds: clips are of one length.")
    }
    guard measurement.mels % 16 == 0 else {
      throw ValidationError("--mels must be a multiple of 16, for four doublings.")
    }
    guard width > 0, width <= 4 else { throw ValidationError("--width must lie between 0 and 4.") }
    guard (1...100_000).contains(epochs) else {
      throw ValidationError("--epochs must lie between 1 and 100000.")
    }
    guard (2...4096).contains(batch) else {
      throw ValidationError("--batch must lie between 2 and 4096.")
    }
    guard (0.5...1).contains(ceiling) else {
      throw ValidationError("--ceiling must lie between 0.5 and 1.")
    }
  }

  func run() throws {
    Interruption.watch()
    let opened = try corpus.open(data, isQuiet: json)
    let songs = try usableSongs(of: opened)
    let folder = URL(filePath: output)
    let frontEnd = try frontEnd()
    let clips = try SpectrogramClips(
      songs, frontEnd, folder: folder.appending(path: Self.clipsName), isQuiet: json
    ).batch()
    guard clips.ids.count >= batch else {
      throw CommandError(
        "\(data): \(counted(clips.ids.count, "song")) could be measured, and a batch has \(batch); give more "
          + "songs or a smaller --batch")
    }
    let (mels, frames) = (clips.inputs.shape[2], clips.inputs.shape[3])
    var stream = RandomStream(seed: seed, "GAN")
    let networks = AdversarialNetworks(
      mels: mels, frames: frames, width: width, from: &stream)
    if !json {
      Terminal.note(
        "\(counted(clips.ids.count, "clip")) of \(mels) bands and \(frames) frames; generator "
          + "\(networks.generator.parameterCount.total), discriminator "
          + "\(networks.discriminator.parameterCount.total) parameters")
    }
    let outcome = try train(networks, clips, frontEnd, folder)
    try outcome.best.write(
      to: folder, frontEnd: frontEnd.json(),
      provenance: Provenance(corpus: opened.name, rowCount: clips.ids.count))
    try report(outcome)
  }

  /// The front end that the options describe, as networks over such spectrograms have it.
  private func frontEnd() throws -> NetworkFrontEnd {
    let measurement = try measurement.measurement()
    let frontEnd = NetworkFrontEnd(
      .spectrogram(
        SpectrogramInput(duration: measurement.duration ?? 30, frontEnd: measurement.frontEnd)),
      offset: measurement.offset)
    do {
      try frontEnd.validate()
    } catch {
      throw CommandError("\(error)")
    }
    let frames = frontEnd.inputShape[2]
    guard frames >= 16 else {
      throw CommandError("\(frames) frames are too few; give a longer --duration")
    }
    return frontEnd
  }

  /// The songs with audio and a label, of the split's training part where there is one.
  private func usableSongs(of corpus: Corpus) throws -> [Song] {
    var songs = corpus.songs.filter { $0.audio != nil && $0.label != nil }
    if let split {
      let training = Set(
        try SplitFile(contentsOf: URL(filePath: split), for: corpus).split.training)
      songs = songs.filter { training.contains($0.id) }
    }
    guard !songs.isEmpty else {
      throw CommandError(
        "\(data): no song has both audio and a label; see sentio corpus validate \(data)")
    }
    return songs
  }

  private func train(
    _ networks: AdversarialNetworks, _ clips: LabelledBatch, _ frontEnd: NetworkFrontEnd,
    _ folder: URL
  ) throws -> AdversarialOutcome {
    var settings = AdversarialSettings(epochs: epochs, seed: seed)
    settings.metadata["sentio.frontEnd"] = try frontEnd.json()
    settings.precision = precision
    settings.noise = InstanceNoise(epochs: Double(epochs))
    settings.discriminatorCeiling = ceiling < 1 ? ceiling : nil
    let batches = try ProgressiveBatches(
      clips, batchSize: batch, seed: seed, curriculum: Curriculum(epochs: max(1, epochs / 3)))
    let line = TrainingLine(measure: "loss", isQuiet: json)
    let outcome = try AdversarialTrainer(settings).train(
      networks, on: batches, reference: clips.rows(0..<min(64, clips.ids.count)), folder: folder,
      startsOver: startOver, isCancelled: { Interruption.isRequested },
      onEvent: { event in
        switch event {
        case .resumed(let place): line.show(.resumed(place))
        case .progress(let progress): line.show(.progress(progress))
        case .epoch(let record):
          if !json {
            Terminal.note((Terminal.isInteractive ? "\r\u{1B}[K" : "") + Self.line(record))
          }
        }
      })
    if outcome.end == .cancelled { throw Interrupted() }
    return outcome
  }

  private static func line(_ record: AdversarialEpoch) -> String {
    func number(_ value: Double, _ digits: Int = 3) -> String {
      String(format: "%.\(digits)f", value)
    }
    return "epoch \(record.epoch): discriminator \(number(record.discriminatorLoss)), right in "
      + "\(number(100 * record.discriminatorAccuracy, 0)) %, generator "
      + "\(number(record.generatorLoss)), quality \(number(record.qualityScore, 1)), "
      + "\(ProgressLine.clock(record.seconds)) (\(ProgressLine.rate(record.clipsPerSecond)) songs/s)"
      + (record.isBest ? ", best so far" : "")
  }

  private struct Output: Encodable {
    let end: AdversarialEnd
    let bestEpoch: Int?
    let epochs: [AdversarialEpoch]
    let generator: String
    let discriminator: String
  }

  private func report(_ outcome: AdversarialOutcome) throws {
    let folder = URL(filePath: output)
    if json {
      return try Terminal.printJSON(
        Output(
          end: outcome.end, bestEpoch: outcome.bestEpoch, epochs: outcome.history,
          generator: folder.appending(path: AdversarialNetworks.generatorName).path,
          discriminator: folder.appending(path: AdversarialNetworks.discriminatorName).path))
    }
    if outcome.end == .collapsed, let last = outcome.history.last {
      let side =
        last.discriminatorAccuracy > 0.75
        ? "the discriminator is almost always right: try --ceiling 0.8 or more songs"
        : "the discriminator no longer tells the clips apart: look at the quality score"
      Terminal.note("ended after epoch \(last.epoch): \(side)")
    }
    if let best = outcome.bestEpoch {
      let score = String(format: "%.1f", outcome.history[best - 1].qualityScore)
      print("best epoch \(best) with a quality score of \(score) of 100")
    }
    print("wrote \(output)/\(AdversarialNetworks.generatorName) and its discriminator")
  }

  /// The folder in the output that keeps the clips.
  static let clipsName = "clips"
}
