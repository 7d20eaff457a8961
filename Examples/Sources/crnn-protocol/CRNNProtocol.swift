import ArgumentParser
import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN

/// The experiment that the second document proposes to check its estimate of R² = 0.60, as it is written there.
///
/// Mel spectrograms of 128 × 1292; three convolutions of 32, 64 and 128 filters along time, each with ReLU and pooling;
/// LSTMs of 128 and 64 units in both directions; dense 64 with dropout 0.5; two outputs with tanh. Adam at 0.001,
/// squared errors, batches of 32, 50 epochs, patience 10. The split is 80/10/10, stratified over the plane, by artist.
@main
struct CRNNProtocol: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crnn-protocol",
    abstract: "Run the validation protocol of the CRNN and print its verdict.",
    discussion: """
      The verdict holds for the corpus that is given, and the estimate was made for DEAM's 1,802 songs: on any other \
      corpus the figure is that corpus's own.
        swift run -c release crnn-protocol Data/songs
      A stopped run goes on when it is started again.
      """)

  @Argument(help: "A corpus with audio, valence and arousal.")
  var corpus: String
  @Option(help: "Seed of split, weights and orders.")
  var seed: UInt64 = 1
  @Option(help: "Passes over the training songs at most; the protocol has 50.")
  var epochs = 50
  @Option(help: "Seconds of a clip; the protocol has 30.")
  var duration = 30.0
  @Option(help: "Where transformed songs and checkpoints are kept.")
  var folder = "crnn-protocol"

  func run() throws {
    var recipe = NetworkRecipe(.crnnMel)
    recipe.setDuration(duration)
    recipe.training.seed = seed
    recipe.training.epochs = epochs
    // What is out of range is told before the first song is decoded.
    let training = try NetworkTraining(recipe)
    let opened = try Corpus.open(URL(filePath: corpus))
    // What is left out changes the verdict.
    for finding in opened.report.findings.prefix(5) { note("\(finding)") }
    if opened.report.findings.count > 5 {
      note("and \(opened.report.findings.count - 5) more: sentio corpus validate \(corpus)")
    }
    let songs = opened.songs.filter { $0.audio != nil && $0.label != nil }
    guard let scale = opened.scale, songs.count >= 20 else {
      throw ValidationError(
        "\(corpus): \(songs.count) songs have both audio and labels; 20 are the least to divide in three"
      )
    }
    let root = URL(filePath: folder)
    let inputs = try CorpusInputs(
      songs, frontEnd: recipe.input, store: root.appending(path: "songs"))
    for (song, reason) in inputs.failures.sorted(by: { $0.key < $1.key }).prefix(5) {
      note("left out: song \(song): \(reason)")
    }
    let split = Split(of: inputs.songs, settings: Split.Settings(seed: seed))
    let test = inputs.emotions(of: split.test)
    print(
      "corpus      \(opened.name): \(inputs.songs.count) songs with audio and labels on \(scale.notation)"
    )
    print(
      "split       \(split.training.count) training, \(split.validation.count) validation, "
        + "\(split.test.count) test songs; seed \(seed)")
    let start = ContinuousClock.now
    let result = try training.train(
      on: inputs.emotions(of: split.training), validation: inputs.emotions(of: split.validation),
      labelScale: scale, provenance: .init(corpus: opened.name),
      folder: root.appending(path: "training-\(seed)"),
      onEvent: { if case .epoch(let record) = $0 { tell(record) } })
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try result.file.write(to: root.appending(path: "crnn-\(seed).sentio"))
    print(
      "network     \(result.file.network.parameterCount.total) parameters; the document says 5.8 million, which its "
        + "list of layers does not give")
    print(
      "training    \(result.history.count) epochs, the best was \(result.bestEpoch ?? 0), "
        + "\(String(format: "%.1f", seconds / 60)) minutes; the document estimated 150")
    try judge(result.file, test, opened)
  }

  private func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  private func tell(_ record: EpochRecord) {
    let loss = record.validation["loss"] ?? .nan
    note(
      String(
        format: "epoch %d: loss %.4f, validation %.4f, %.1f s", record.epoch, record.trainingLoss,
        loss,
        record.seconds))
  }

  /// R² of the test songs with its interval, and what the protocol says of it.
  private func judge(_ file: NetworkFile, _ test: TrainingSongs, _ corpus: Corpus) throws {
    let outputs = try NetworkTraining.outputs(of: file, on: test).scalars.map(Double.init)
    let truth = test.targets.scalars.map(Double.init)
    func column(_ values: [Double], _ index: Int) -> [Double] {
      stride(from: index, to: values.count, by: 2).map { values[$0] }
    }
    let names = ["valence", "arousal"]
    for (index, name) in names.enumerated() {
      let distribution = try BootstrapDistribution(
        of: .coefficientOfDetermination, prediction: column(outputs, index),
        truth: column(truth, index), resampling: Resampling(count: 2000, seed: seed))
      print("R² \(name)  \(try distribution.interval())")
    }
    let mean = try BootstrapDistribution(
      sampleCount: test.count, resampling: Resampling(count: 2000, seed: seed)
    ) { rows in
      names.indices.map { index in
        (try? SentioMetrics.coefficientOfDetermination(
          prediction: rows.map { outputs[2 * $0 + index] },
          truth: rows.map { truth[2 * $0 + index] }))
          ?? .nan
      }.reduce(0, +) / 2
    }
    let interval = try mean.interval()
    print("R² mean     \(interval), \(test.count) test songs, 95 % by bootstrap over songs")
    let isSynthetic = corpus.songs.contains { $0.edition == "synthetic" }
    print(
      "data        "
        + (isSynthetic
          ? "songs that a program composed, with the emotions it meant: not DEAM's listeners"
          : "\(corpus.name), not the 1,802 songs of DEAM unless you know that it is them"))
    let verdict = ProtocolVerdict(interval.estimate)
    print(verdict.line)
    let ends = [interval.lower, interval.upper].map(ProtocolVerdict.init)
    if ends.contains(where: { $0 != verdict }) {
      print(
        "            by the estimate alone: at the interval's ends it would be \(ends[0].rawValue) and "
          + "\(ends[1].rawValue); more test songs would tell")
    }
  }
}

/// What the protocol says of an R².
enum ProtocolVerdict: String {
  case validated
  case underestimated
  case overestimated
  case undecided

  /// - Parameter value: the mean R² of valence and arousal.
  init(_ value: Double) {
    switch value {
    case 0.58...0.62: self = .validated
    case 0.65.nextUp...: self = .underestimated
    case ..<0.55: self = .overestimated
    default: self = .undecided
    }
  }

  /// The verdict as the document words it.
  var line: String {
    switch self {
    case .validated: "verdict     estimate validated ✅ (R² from 0.58 to 0.62)"
    case .underestimated: "verdict     underestimated (R² above 0.65)"
    case .overestimated: "verdict     overestimated (R² below 0.55)"
    case .undecided: "verdict     undecided: between the protocol's ranges"
    }
  }
}
