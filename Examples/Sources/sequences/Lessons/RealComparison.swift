import Foundation
import SentioModels
import SentioNN
import SentioTensor

/// The three cells on recorded digits and on published music, by the length of the sequences.
struct RealComparison {
  /// The seeds of weights and orders.
  let seeds: [UInt64]
  private var count: Int { seeds.count }

  // MARK: - Spoken digits, many to one

  /// Each speaker in turn is left out of training and heard in the test, so that every recording is tested once.
  func digits(_ folder: URL) throws {
    let digits = try SpokenDigits(folder: folder)
    let speakers = digits.speakers
    // Thirds of all recordings by their frames.
    let frames = digits.recordings.map { $0.coefficients.count / SpokenDigits.features }.sorted()
    let bounds = [frames[frames.count / 3], frames[2 * frames.count / 3]]
    let thirds = [
      "\(frames[0]) to \(bounds[0]) frames", "\(bounds[0] + 1) to \(bounds[1])",
      "\(bounds[1] + 1) to \(frames[frames.count - 1])",
    ]
    var (rows, speakerRows): ([[String]], [[String]]) = ([], [])
    for cell in SequenceCell.allCases {
      var right = [Double](repeating: 0, count: count)
      var bySpeaker = [[Double]](repeating: [], count: speakers.count)
      var byThird = [[Double]](repeating: [], count: 3)
      var (seconds, parameters): ([Double], Int) = ([], 0)
      for (place, seed) in seeds.enumerated() {
        var (hits, totals) = ([0.0, 0, 0], [0.0, 0, 0])
        for (number, speaker) in speakers.enumerated() {
          let (training, test) = digits.divided(.speaker(speaker))
          let result = try classify(cell, training, test, seed)
          parameters = result.model.parameterCount.total
          seconds.append(result.secondsPerEpoch)
          let correct = Self.correct(result.model, test)
          bySpeaker[number].append(
            100 * Double(correct.count { $0 }) / Double(max(1, test.count)))
          for (sample, isRight) in zip(test, correct) {
            let length = sample.frames.shape[0]
            let third = length <= bounds[0] ? 0 : length <= bounds[1] ? 1 : 2
            totals[third] += 1
            hits[third] += isRight ? 1 : 0
          }
        }
        right[place] = 100 * hits.reduce(0, +) / Double(digits.recordings.count)
        for third in 0..<3 { byThird[third].append(100 * hits[third] / max(1, totals[third])) }
      }
      rows.append(
        [cell.title, "\(parameters)", "\(Spread(right, decimals: 1))"]
          + byThird.map { "\(Spread($0, decimals: 1))" } + [Self.median(seconds)])
      speakerRows.append([cell.title] + bySpeaker.map { "\(Spread($0, decimals: 1))" })
    }
    printTable(
      "Spoken digits of speakers that were not heard, right in % (chance 10), n = \(digits.recordings.count), \(count) seeds",
      ["cell, 32 units both ways", "parameters", "all"] + thirds + ["seconds an epoch"], rows)
    printTable(
      "By the speaker who was left out, \(digits.recordings.count / max(1, speakers.count)) recordings each",
      ["cell"] + speakers, speakerRows)
  }

  private func classify(
    _ cell: SequenceCell, _ training: [TargetedFrames], _ test: [TargetedFrames], _ seed: UInt64
  ) throws -> Fitted<SequenceClassifier> {
    var stream = RandomStream(seed: seed, "weights")
    let model = SequenceClassifier(
      .init(
        features: SpokenDigits.features, outputs: 10,
        RecurrentStack(cell, units: 32, isBidirectional: true, outputDropout: 0.2),
        readout: .mean), from: &stream)
    return try fit(
      .sequences(.crossEntropy()), model,
      SequenceBatches(training, batchSize: 16, seed: seed, bucket: 4),
      SequenceBatches(test, batchSize: 60), epochs: 15, seed: seed)
  }

  private static func correct(_ model: SequenceClassifier, _ test: [TargetedFrames]) -> [Bool] {
    guard !test.isEmpty else { return [] }
    let batch = TargetedFrames.batch(of: test)
    let found = model(batch.inputs, lengths: batch.lengths).argmax(axis: 1)
    return zip(found, batch.targets.argmax(axis: 1)).map { $0 == $1 }
  }

  // MARK: - Music, many to many

  /// The next chord where pieces are cut into excerpts, so that no memory reaches back farther than an excerpt is long.
  ///
  /// - Parameters:
  ///   - name: the pieces' name.
  ///   - music: the pieces in the published split.
  ///   - lengths: the steps of an excerpt; nil for whole pieces.
  ///   - epochs: passes over whole pieces; of excerpts as many, since the steps are the same.
  /// - Throws: what training throws.
  func music(_ name: String, _ music: SymbolicMusic, lengths: [Int?], epochs: Int) throws {
    var rows: [[String]] = []
    for length in lengths {
      let parts = [music.training, music.validation, music.test].map { pieces in
        SymbolicMusic.pianoRolls(pieces.flatMap { Self.excerpts($0, of: length) }, name: name)
      }
      let steps = parts[2].reduce(0) { $0 + $1.length }
      for cell in SequenceCell.allCases {
        var (losses, accuracies, seconds): ([Double], [Double], [Double]) = ([], [], [])
        var parameters = 0
        for seed in seeds {
          let result = try predictNext(cell, parts, seed, epochs: epochs, length: length)
          losses.append(result.measures["loss"] ?? .nan)
          accuracies.append(100 * (result.measures["accuracy"] ?? .nan))
          seconds.append(result.secondsPerEpoch)
          parameters = result.model.parameterCount.total
        }
        rows.append([
          length.map(String.init) ?? "whole", cell.title, "\(parameters)",
          "\(Spread(losses, decimals: 3))", "\(Spread(accuracies, decimals: 1))",
          Self.median(seconds), "\(steps)",
        ])
      }
    }
    printTable(
      "\(name): the next chord of \(music.test.count) test pieces, 128 units, \(epochs) epochs, \(count) seeds",
      [
        "steps of an excerpt", "cell", "parameters", "nats a step", "accuracy, %",
        "seconds an epoch", "predictions",
      ], rows)
  }

  private static func excerpts(_ piece: [[Int]], of length: Int?) -> [[[Int]]] {
    guard let length else { return [piece] }
    return stride(from: 0, to: piece.count, by: length).map {
      Array(piece[$0..<min($0 + length, piece.count)])
    }
  }

  private func predictNext(
    _ cell: SequenceCell, _ parts: [[PianoRoll]], _ seed: UInt64, epochs: Int, length: Int?
  ) throws -> Fitted<SequenceLabeler> {
    var stream = RandomStream(seed: seed, "weights")
    let model = SequenceLabeler(
      .init(features: 88, outputs: 88, RecurrentStack(cell, units: 128, outputDropout: 0.4)),
      from: &stream)
    // Short excerpts come in larger batches, so that an update is of about as many steps.
    let batchSize = length.map { max(16, 1024 / $0) } ?? 16
    let training = SequenceBatches(parts[0], batchSize: batchSize, seed: seed, bucket: 4)
    let trainer = Trainer(
      PianoRollObjective<SequenceLabeler>.nextNotes,
      optimizer: Optimizer(
        .adam(), learningRate: .cosine(5e-3, over: epochs * training.batchesPerEpoch),
        clipping: .norm(1)),
      settings: TrainingSettings(epochs: epochs, seed: seed))
    let outcome = try trainer.train(
      model, on: training, validation: SequenceBatches(parts[1], batchSize: 64))
    // The epoch is chosen by the validation, and measured on pieces that chose nothing.
    var meter = PianoRollObjective<SequenceLabeler>.nextNotes.makeMeter()
    for part in stride(from: 0, to: parts[2].count, by: 64) {
      try meter.add(
        PianoRoll.batch(of: Array(parts[2][part..<min(part + 64, parts[2].count)])),
        under: outcome.best)
    }
    let seconds = outcome.history.map {
      Double(training.samplesPerEpoch) / max($0.samplesPerSecond, 1e-9)
    }.sorted()
    return Fitted(
      model: outcome.best, measures: meter.measures,
      secondsPerEpoch: seconds.isEmpty ? .nan : seconds[seconds.count / 2],
      history: outcome.history)
  }

  private static func median(_ values: [Double]) -> String {
    values.isEmpty ? "–" : formatted(values.sorted()[values.count / 2], 2)
  }
}
