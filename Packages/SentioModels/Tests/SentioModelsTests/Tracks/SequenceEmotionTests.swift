import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct SequenceEmotionTests {
  static let sizes = SequenceEmotionNetwork.Settings(
    features: 6, filters: [8, 10], kernel: 3, units: 7, dropout: 0)

  static func network(_ sizes: SequenceEmotionNetwork.Settings = sizes, seed: UInt64 = 1)
    -> SequenceEmotionNetwork
  {
    var stream = RandomStream(seed: seed, "sequence")
    return SequenceEmotionNetwork(sizes, from: &stream)
  }

  /// Songs whose emotion follows one feature slowly: a lone step does not tell it.
  static func songs(_ count: Int, steps: Range<Int> = 40..<61, seed: UInt64) -> [TrackSong] {
    var stream = RandomStream(seed: seed, "songs over time")
    return (0..<count).map { number in
      let length = steps.lowerBound + number * 7 % steps.count
      let x = Tensor.normal([length, 6], from: &stream)
      let values = x.scalars
      var (labels, slow) = ([Float](), SIMD2<Float>())
      for step in 0..<length {
        let heard = SIMD2(values[6 * step], values[6 * step + 3])
        slow += (heard - slow) * 0.15
        // As in DEAM, nobody has said anything before second 15.
        labels += step < 12 ? [.nan, .nan] : [slow.x, slow.y]
      }
      return TrackSong(
        id: "song \(seed).\(number)", features: x * 5 + 20,
        labels: Tensor(labels, shape: [length, 2]))
    }
  }

  @Test func stepsThatDoNotCountInfluenceNothing() {
    let network = Self.network()
    var stream = RandomStream(seed: 3, "x")
    let x = Tensor.normal([2, 20, 6], from: &stream)
    var dirty = x
    dirty.withUnsafeMutableBufferPointer { values in
      for index in (20 + 13) * 6..<40 * 6 { values[index] = .nan }
    }
    let lengths = SequenceMask.lengths([20, 13])
    let y = network(dirty, mask: lengths)
    #expect(y.shape == [2, 20, 2] && y.scalars.allSatisfy(\.isFinite))
    #expect(y == network(x, mask: lengths))
    // The short song gives what it gives alone, and nothing behind its end.
    let alone = network(x.sliced(1..<2, axis: 0).sliced(..<13, axis: 1))
    expectClose(
      y.sliced(1..<2, axis: 0).sliced(..<13, axis: 1), alone,
      within: Tolerance(relative: 1e-5, absolute: 1e-6))
    #expect(y.sliced(1..<2, axis: 0).sliced(13..., axis: 1).scalars.allSatisfy { $0 == 0 })
    expectClose(
      y.sliced(..<1, axis: 0), network(x.sliced(..<1, axis: 0)),
      within: Tolerance(relative: 1e-5, absolute: 1e-6))
  }

  /// In training too: loss, gradients and running statistics do not depend on what stands in the padding.
  @Test func paddingDoesNotTrain() throws {
    let batch = TrackBatch(Self.songs(3, seed: 4))
    var dirty = batch
    let steps = batch.inputs.shape[1]
    dirty.inputs.withUnsafeMutableBufferPointer { values in
      for (row, length) in batch.lengths.enumerated() {
        for index in (row * steps + length) * 6..<(row + 1) * steps * 6 { values[index] = 1e6 }
      }
    }
    let objective = TrackObjective<SequenceEmotionNetwork>()
    func step(_ batch: TrackBatch) throws -> (Float, [Tensor], [String: Tensor]) {
      var model = Self.network()
      let (loss, gradients) = try TrainingPass(seed: 1, step: 0).run(on: &model) { model in
        try valueAndGradient(of: model) { try objective.loss(of: batch, under: $0) }
      }
      return (loss.scalar, gradients, model.stateDictionary)
    }
    let (clean, other) = (try step(batch), try step(dirty))
    #expect(clean.0 == other.0 && clean.1 == other.1 && clean.2 == other.2)
  }

  @Test func batchesHoldTheLabelledSteps() throws {
    let songs = Self.songs(4, seed: 5)
    let batch = TrackBatch(songs)
    #expect(batch.lengths == songs.map(\.stepCount) && batch.inputs.shape == [4, 54, 6])
    #expect(batch.counts == songs.map { $0.stepCount - 12 })
    #expect(batch.places.count == batch.targets.shape[0])
    #expect(batch.places.first == 12 && batch.targets.scalars.allSatisfy(\.isFinite))
    let silent = TrackSong(
      id: "unrated", features: Tensor.zeros([5, 6]), labels: Tensor(repeating: .nan, [5, 2]))
    let data = TrackBatches(songs + [silent], batchSize: 3, seed: 1)
    #expect(data.samplesPerEpoch == 4 && data.batchesPerEpoch == 2)
    let (first, again) = (data.batches(epoch: 1, from: 0), data.batches(epoch: 1, from: 1))
    #expect(try first()?.ids.count == 3)
    #expect(try first()?.ids == again()?.ids)
    #expect(try first() == nil)
  }

  @Test func annotationsFindTheirSteps() {
    let said = AnnotationSequence(
      times: [1, 1.5, 2, 9], valence: [0.5, .nan, -0.25, 1], arousal: [0.25, 0, 0.125, 1])
    let song = TrackSong(id: "2", features: Tensor.zeros([6, 3]), annotations: said)
    #expect(song.labelledSteps == [2, 4])
    #expect(song.labels.scalars[4...5] == [0.5, 0.25])
    #expect(song.labels.scalars[8...9] == [-0.25, 0.125])
  }

  @Test func learnsWhatALoneStepDoesNotTell() throws {
    var settings = TrainingSettings(epochs: 14, seed: 2)
    settings.monitor = Monitor("ccc", .higher)
    let outcome = try Trainer(
      TrackObjective<SequenceEmotionNetwork>(),
      optimizer: Optimizer(.adam(), learningRate: .constant(5e-3), clipping: .norm(1)),
      settings: settings
    ).train(
      Self.network(), on: TrackBatches(Self.songs(48, seed: 6), batchSize: 8, seed: 3),
      validation: TrackBatches(Self.songs(16, seed: 7), batchSize: 8))
    let best = try #require(outcome.history.compactMap { $0.validation["ccc"] }.max())
    // The best that a step by itself allows: labels have a deviation of 0.28, of which one step is 0.15.
    #expect(best > 0.75, "\(best)")
    let last = try #require(outcome.history.last)
    for name in ["ccc.valence", "ccc.arousal", "rmse", "ccc.within"] {
      #expect(last.validation[name]?.isFinite == true, "\(name)")
    }
    // Songs of any length, in parts: those of a trained network agree with the whole but for what lies far away.
    let song = Self.songs(1, steps: 700..<701, seed: 8)[0]
    let network = outcome.best
    let whole = try SequenceTracker(scale: .unit, part: 1000) { network($0) }.track(song.features)
    var longest = 0
    let parts = try SequenceTracker(scale: .unit, part: 100, context: 40) {
      longest = max(longest, $0.shape[1])
      return network($0)
    }.track(song.features)
    #expect(whole.points.map(\.time) == parts.points.map(\.time) && longest == 180)
    let gaps = zip(whole.points, parts.points).map {
      abs($0.emotion.valence - $1.emotion.valence) + abs($0.emotion.arousal - $1.emotion.arousal)
    }
    #expect(try #require(gaps.max()) < 0.01, "\(gaps.max() ?? .nan)")
  }

  @Test func resumesBitForBit() throws {
    func run(in folder: URL?, stoppingAfter limit: Int = .max) throws -> TrainingOutcome<
      SequenceEmotionNetwork
    > {
      var made = 0
      var sizes = Self.sizes
      sizes.dropout = 0.2
      return try Trainer(
        TrackObjective<SequenceEmotionNetwork>(loss: .meanSquaredError),
        optimizer: Optimizer(.adam(), learningRate: .constant(1e-3)),
        settings: TrainingSettings(epochs: 3, seed: 2)
      ).train(
        Self.network(sizes), on: TrackBatches(Self.songs(10, seed: 6), batchSize: 4, seed: 3),
        folder: folder, isCancelled: { made >= limit },
        onEvent: { if case .progress = $0 { made += 1 } })
    }
    let whole = try run(in: nil)
    let folder = try TemporaryFolder()
    #expect(try run(in: folder.url, stoppingAfter: 4).end == .cancelled)
    #expect(try run(in: folder.url).model.stateDictionary == whole.model.stateDictionary)
  }
}
