import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

/// Training of a generator and a discriminator against each other.
struct AdversarialTrainerTests {
  static let clips = ToyClips.clips(40, seed: 2)

  /// What must be the same however often a training was interrupted; times are not.
  struct Result: Equatable {
    let last: [String: [UInt32]]
    let best: [String: [UInt32]]
    let bestEpoch: Int?
    let numbers: [[Double]]
    let end: AdversarialEnd

    init(_ outcome: AdversarialOutcome) {
      last = outcome.last.bits
      best = outcome.best.bits
      bestEpoch = outcome.bestEpoch
      numbers = outcome.history.map {
        [
          $0.discriminatorLoss, $0.generatorLoss, $0.discriminatorAccuracy, $0.qualityScore,
          $0.discriminatorGradientNorm, $0.generatorGradientNorm, $0.discriminatorUpdates,
        ]
      }
      end = outcome.end
    }
  }

  @discardableResult
  static func run(
    _ settings: AdversarialSettings = ToyClips.settings(), in folder: URL? = nil,
    clips: LabelledBatch = clips, isCancelled: () -> Bool = { false },
    onEvent: (AdversarialEvent) -> Void = { _ in }
  ) throws -> AdversarialOutcome {
    try AdversarialTrainer(settings).train(
      ToyClips.networks(), on: ToyClips.batches(clips), reference: clips.rows(0..<16),
      folder: folder, isCancelled: isCancelled, onEvent: onEvent)
  }

  @Test func goesOnBitForBitFromAnyBatch() throws {
    var settings = ToyClips.settings()
    settings.discriminatorCeiling = 0.7
    settings.checkpointInterval = 3
    let whole = Result(try Self.run(settings))
    #expect(whole.end == .finished && whole.numbers.count == 4)
    // 40 clips by 8 are 5 batches an epoch.
    for batches in [1, 2, 5, 7] {
      let folder = try TemporaryFolder()
      var rounds = 0
      var outcome: AdversarialOutcome
      repeat {
        rounds += 1
        var made = 0
        outcome = try Self.run(
          settings, in: folder.url, isCancelled: { made >= batches },
          onEvent: { if case .progress = $0 { made += 1 } })
        try #require(rounds < 30, "no progress")
      } while outcome.end == .cancelled
      #expect(rounds > 1)
      #expect(Result(outcome) == whole, "every \(batches) batches")
      #expect(Result(try Self.run(settings, in: folder.url)) == whole, "a finished one is finished")
      let lines = try String(
        contentsOf: folder("log.jsonl"), encoding: .utf8
      ).split(separator: "\n")
      #expect(lines.count == 4)
      let record = try JSONDecoder().decode(AdversarialEpoch.self, from: Data(lines[3].utf8))
      #expect(record == outcome.history[3])
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
      #expect(files.contains { $0.hasPrefix("events.out.tfevents.") })
    }
  }

  @Test func aLongerTrainingGoesOn() throws {
    let folder = try TemporaryFolder()
    let whole = Result(try Self.run(ToyClips.settings(epochs: 3)))
    #expect(try Self.run(ToyClips.settings(epochs: 1), in: folder.url).end == .finished)
    #expect(Result(try Self.run(ToyClips.settings(epochs: 3), in: folder.url)) == whole)
    var other = ToyClips.settings(epochs: 3)
    other.realTarget = 1
    #expect {
      try Self.run(other, in: folder.url)
    } throws: {
      guard case TrainingError.otherRun(_, "real target", "1.0", "0.9") = $0 else { return false }
      return true
    }
  }

  @Test func damagedCheckpointsAreErrors() throws {
    let folder = try TemporaryFolder()
    try Self.run(ToyClips.settings(epochs: 1), in: folder.url)
    let last = folder("last.safetensors")
    let file = try Safetensors(contentsOf: last)
    let contents = try file.names.map { name in
      file.tensors[name]?.elementType == .int64
        ? Safetensors.Content(name, shape: [], integers: try file.integers(name))
        : Safetensors.Content(name, try file.tensor(name))
    }
    func rewrite(_ change: (String) -> String, without missing: String? = nil) throws -> String {
      var metadata = file.metadata
      metadata["sentio.adversarial"] = metadata["sentio.adversarial"].map(change)
      try Safetensors.write(
        contents.filter { $0.name != missing }, metadata: metadata, to: last)
      do {
        try Self.run(ToyClips.settings(epochs: 2), in: folder.url)
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    #expect(try rewrite { _ in "{}" }.contains("the state of adversarial training"))
    #expect(
      try rewrite { $0.replacing(#""version":1"#, with: #""version":2"#) }
        .contains("version: expected 1, found 2"))
    #expect(
      try rewrite { $0.replacing(#""epoch":1,"history""#, with: #""epoch":7,"history""#) }
        .contains("a record for each epoch"))
    #expect(
      try rewrite({ $0 }, without: "generator.linear.weight").contains(
        "1 missing: generator.linear.weight"))
    #expect(
      try rewrite({ $0 }, without: "training.discriminator.second.head.weight").contains(
        "training.discriminator.second.head.weight"))
    #expect(try rewrite { $0 } == "no error")
  }

  /// An accuracy that stays outside of the bounds ends training, after the epochs that do not count.
  @Test func collapseEndsTraining() throws {
    var settings = ToyClips.settings(epochs: 30)
    settings.learningRate = 0  // the accuracy stays what chance made it
    settings.noise = InstanceNoise(deviation: 0)
    let accuracy = try Self.run(settings).history.map(\.discriminatorAccuracy)
    #expect(accuracy.count == 30)
    let bounds = (accuracy.min()! - 0.01, accuracy.max()! + 0.01)
    settings.collapse = CollapseRule(accuracies: bounds.0...bounds.1, warmUp: 0, patience: 1)
    #expect(try Self.run(settings).end == .finished)
    settings.collapse = CollapseRule(accuracies: bounds.1...1, warmUp: 2, patience: 3)
    let outcome = try Self.run(settings)
    #expect(outcome.end == .collapsed && outcome.history.count == 5)
    let folder = try TemporaryFolder()
    #expect(try Self.run(settings, in: folder.url).end == .collapsed)
    #expect(try Self.run(settings, in: folder.url).history.count == 5, "it has ended")

    let rule = CollapseRule()
    #expect(!rule.hasCollapsed([1, 1, 1, 0.99]))
    #expect(rule.hasCollapsed([1, 1, 1, 0.99, 0.97]))
    #expect(!rule.hasCollapsed([0.7, 0.7, 0.7, 0.5, 0.96, 0.7]))
    #expect(rule.hasCollapsed([0.7, 0.7, 0.7, 0.5, 0.96]), "from side to side is outside")
  }

  /// The discriminator rests while it is right too often.
  @Test func theCeilingHoldsUpdatesBack() throws {
    var settings = ToyClips.settings(epochs: 3)
    settings.discriminatorCeiling = 0
    let outcome = try Self.run(settings)
    // The first batch has no accuracy before it.
    #expect(outcome.history.map(\.discriminatorUpdates) == [0.2, 0, 0])
    settings.discriminatorCeiling = nil
    #expect(try Self.run(settings).history.allSatisfy { $0.discriminatorUpdates == 1 })
  }

  @Test func badClipsAreNamed() throws {
    var clips = Self.clips
    clips.inputs[element: 33, 0, 2, 2] = .nan
    #expect {
      try AdversarialTrainer(ToyClips.settings()).train(
        ToyClips.networks(), on: ToyClips.batches(clips), reference: Self.clips.rows(0..<9))
    } throws: {
      "\($0)".contains("the clip clip 33 holds a value that is no number")
    }
    clips = Self.clips
    clips.targets[element: 4, 1] = 7.5
    #expect { try Self.run(clips: clips) } throws: {
      "\($0)".contains("the clip clip 4 has a label of 7.5")
    }
    clips = Self.clips
    clips.inputs = clips.inputs.sliced(0..<7, axis: 3)
    #expect { try Self.run(clips: clips) } throws: { "\($0)".contains("[16, 1, 8, 8]") }
    #expect(throws: AdversarialError.self) {
      try ProgressiveBatches(Self.clips.rows(0..<3), batchSize: 4, seed: 1)
    }
  }

  /// Weights that leave the numbers end training with the network, the place and the songs.
  @Test func aLossThatIsNoNumberNamesTheBatch() throws {
    var networks = ToyClips.networks()
    networks.discriminator.head.weight[element: 0, 0] = .infinity
    #expect {
      try AdversarialTrainer(ToyClips.settings()).train(
        networks, on: ToyClips.batches(Self.clips), reference: Self.clips.rows(0..<9))
    } throws: {
      guard case AdversarialError.lossNotFinite("discriminator", _, let place, let ids) = $0
      else { return false }
      return place == TrainingPlace(epoch: 1, batch: 1, step: 0) && ids.count == 8
    }
  }

  @Test func easyClipsComeFirst() throws {
    let batches = try ProgressiveBatches(
      Self.clips, batchSize: 8, seed: 5, curriculum: Curriculum(firstShare: 0.25, epochs: 3))
    #expect(batches.batchesPerEpoch == 5 && batches.samplesPerEpoch == 40)
    let mean = Self.clips.inputs.mean(axes: [0])
    let distances = (0..<40).map { (Self.clips.inputs[$0] - mean).squared().sum().scalar }
    for (first, second) in zip(batches.byDifficulty, batches.byDifficulty.dropFirst()) {
      #expect(distances[first] <= distances[second] * 1.0001)
    }
    #expect(Set(batches.order(epoch: 0)) == Set(batches.byDifficulty[..<10]))
    #expect(Set(batches.order(epoch: 1)) == Set(batches.byDifficulty[..<20]))
    #expect(batches.order(epoch: 3).sorted() == Array(0..<40))
    #expect(batches.order(epoch: 3) != batches.order(epoch: 4))
    let third = try batches.batches(epoch: 1, from: 2)()
    #expect(third?.ids == batches.order(epoch: 1)[16..<24].map { "clip \($0)" })
  }

  /// With a judge the best epoch is that of the best product of quality and consistency.
  @Test func theJudgeHasAWord() throws {
    let judge = try BandRegressor(Self.clips)
    let fresh = ToyClips.clips(60, seed: 9)
    let heard = try LabelConsistency(of: fresh, regressor: { try judge.emotions(of: $0) })
    #expect(heard.valence.correlation > 0.9 && heard.arousal.correlation > 0.9, "\(heard)")
    #expect(abs(heard.weight - (heard.valence.correlation + heard.arousal.correlation) / 2) < 1e-12)

    let outcome = try AdversarialTrainer(ToyClips.settings(epochs: 6)).train(
      ToyClips.networks(), on: ToyClips.batches(Self.clips), reference: Self.clips.rows(0..<16),
      judge: { try judge.emotions(of: $0) })
    let scores = outcome.history.map(\.score)
    for record in outcome.history {
      let consistency = try #require(record.consistency)
      #expect(abs(record.score - record.qualityScore * consistency.weight) < 1e-9)
    }
    let best = try #require(outcome.bestEpoch)
    #expect(scores[best - 1] == scores.max())
    // Without one nothing has changed.
    let plain = try Self.run(ToyClips.settings(epochs: 6))
    #expect(plain.history.allSatisfy { $0.consistency == nil && $0.score == $0.qualityScore })
    #expect(plain.history.map(\.qualityScore) == outcome.history.map(\.qualityScore))
  }

  /// Terms for emotions go into the checkpoint's identity, and need the head.
  @Test func emotionTermsAreTrainedWith() throws {
    var settings = ToyClips.settings(epochs: 2)
    settings.emotions = EmotionTerms(mismatch: 0.5, reading: 1)
    #expect {
      try Self.run(settings)
    } throws: {
      "\($0)".contains("readsEmotions: true")
    }
    var stream = RandomStream(seed: 4, "reading")
    let networks = AdversarialNetworks(
      generator: ToyClips.networks().generator,
      discriminator: SpectrogramDiscriminator(
        SpectrogramDiscriminator.Settings(
          mels: ToyClips.mels, frames: ToyClips.frames, filters: [8, 12], readsEmotions: true),
        from: &stream))
    func train(_ settings: AdversarialSettings, _ folder: URL?) throws -> Result {
      Result(
        try AdversarialTrainer(settings).train(
          networks, on: ToyClips.batches(Self.clips), reference: Self.clips.rows(0..<16),
          folder: folder))
    }
    let folder = try TemporaryFolder()
    let whole = try train(settings, nil)
    settings.epochs = 1
    _ = try train(settings, folder.url)
    settings.epochs = 2
    #expect(try train(settings, folder.url) == whole)
    settings.emotions = .none
    #expect(throws: TrainingError.self) { try train(settings, folder.url) }
  }
}
