import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What a generator learns, and what is kept of what it makes.
struct SyntheticSpectrogramsTests {
  /// A generator learns the means of two clusters and that they follow the condition; a regressor finds the emotion.
  @Test func theConditionIsLearned() throws {
    let clips = ToyClips.clips(256, seed: 2)
    var settings = ToyClips.settings(epochs: 40)
    settings.learningRate = 2e-3
    settings.noise = InstanceNoise(deviation: 0.1, epochs: 40)
    let outcome = try AdversarialTrainer(settings).train(
      ToyClips.networks(), on: ToyClips.batches(clips, size: 32), reference: clips.rows(0..<64))
    let best = try #require(outcome.bestEpoch)
    let score = outcome.history[best - 1].qualityScore
    #expect(score == outcome.history.map(\.qualityScore).max())
    #expect(score > 50, "\(outcome.history.map(\.qualityScore))")

    var stream = RandomStream(seed: 9, "noise")
    let requested = ToyClips.clips(64, seed: 4).targets
    let range = outcome.best.generator.settings.range
    let made = range.expanded(
      outcome.best.generator(noise: .normal([64, 4], from: &stream), emotions: requested))
    // The levels of the two halves, as a regressor would read them.
    func found(_ clips: Tensor) -> Tensor {
      .concatenate(
        [clips.sliced(0..<4, axis: 2), clips.sliced(4..<8, axis: 2)].map {
          $0.mean(axes: [1, 2, 3]).expanded(at: 1) / 2
        }, axis: 1)
    }
    let consistency = try LabelConsistency(requested: requested, found: found(made))
    #expect(consistency.count == 64)
    #expect(consistency.valence.correlation > 0.9 && consistency.arousal.correlation > 0.9)
    #expect(consistency.valence.concordance > 0.7 && consistency.arousal.concordance > 0.7)
    let batch = LabelledBatch(ids: (0..<64).map { "\($0)" }, inputs: made, targets: requested)
    let again = try LabelConsistency(of: batch, batchSize: 10, regressor: found)
    #expect(abs(again.valence.correlation - consistency.valence.correlation) < 1e-6)

    let diversity = try SpectrogramDiversity(made, real: clips.inputs)
    #expect(diversity.ratio > 0.5 && diversity.ratio < 1.5, "\(diversity)")
  }

  @Test func theFilterKeepsTheConfident() throws {
    let networks = ToyClips.networks()
    var settings = SyntheticSpectrograms.Settings()
    // Untrained confidences lie around one half: the median is a threshold that some pass.
    settings.threshold = 0
    let all = try SyntheticSpectrograms(from: networks, seed: 7, settings: settings).clips(60)
    #expect(all.tally.made == 60 && all.tally.rejected == 0)
    #expect(all.clips.inputs.shape == [60, 1, 8, 8])
    #expect(all.clips.ids[0] == "synthetic-000001" && all.clips.ids[59] == "synthetic-000060")
    let labels = all.clips.targets.scalars
    #expect(labels.allSatisfy { $0 >= -1 && $0 < 1 } && labels.max()! > 0.9 && labels.min()! < -0.9)
    // As the front ends give them.
    for row in 0..<60 {
      expectClose(all.clips.inputs[row].mean(), Tensor(0), within: Tolerance(absolute: 1e-5))
      expectClose(
        all.clips.inputs[row].variance(), Tensor(1), within: Tolerance(absolute: 1e-4))
    }

    // Kept clips are those of the whole list whose confidence is above, whatever the batches.
    settings.threshold = Float(all.tally.meanConfidence)
    var kept: [[String]] = []
    for size in [1, 7, 16] {
      settings.batchSize = size
      var progress: [Int] = []
      let some = try SyntheticSpectrograms(from: networks, seed: 7, settings: settings)
        .clips(10) { progress.append($0) }
      #expect(some.clips.ids.count == 10 && some.tally.kept == 10 && some.tally.rejected > 0)
      #expect(some.tally.quadrants.map { $0[0] }.reduce(0, +) == some.tally.made)
      #expect(some.tally.quadrants.map { $0[1] }.reduce(0, +) == 10)
      #expect(progress.last == 10)
      kept.append(some.clips.ids)
      for (row, id) in some.clips.ids.enumerated() {
        guard let place = all.clips.ids.firstIndex(of: id) else { continue }
        expectClose(
          some.clips.inputs[row], all.clips.inputs[place], within: Tolerance(absolute: 1e-5))
      }
    }
    #expect(kept[0] == kept[1] && kept[1] == kept[2])

    settings.threshold = 0.999
    settings.tries = 3
    #expect {
      try SyntheticSpectrograms(from: networks, seed: 7, settings: settings).clips(10)
    } throws: {
      guard case AdversarialError.tooFewPassed(10, 0, 30, 0.999, _) = $0 else { return false }
      return "\($0)".contains("train longer, or lower the threshold")
    }
    #expect(try SyntheticSpectrograms(from: networks, seed: 7).clips(0).clips.ids.isEmpty)
  }

  @Test func diversityFindsCopies() throws {
    let real = ToyClips.clips(30, seed: 2).inputs
    let fresh = ToyClips.clips(20, seed: 8).inputs
    let honest = try SpectrogramDiversity(fresh, real: real)
    #expect(honest.copies < 5 && honest.count == 20)
    #expect(honest.novelty > 0.8 && honest.novelty < 1.25, "\(honest.novelty)")
    #expect(honest.ratio > 0.8 && honest.ratio < 1.25)
    let copied = try SpectrogramDiversity(real[0..<20] + 0.001, real: real)
    #expect(copied.copies == 20 && copied.novelty < 0.1)
    let collapsed = try SpectrogramDiversity(
      Tensor.concatenate([real[0..<1], real[0..<1]]), real: real)
    #expect(collapsed.ratio < 0.01)
    // By hand: two clips that differ by 3 everywhere.
    let plain = Tensor.concatenate([.zeros([1, 1, 2, 2]), Tensor(repeating: 3, [1, 1, 2, 2])])
    let measured = try SpectrogramDiversity(plain, real: plain)
    #expect(abs(measured.realDistance - 3) < 1e-6 && measured.nearestReal < 1e-3)
    #expect(throws: AdversarialError.self) { try SpectrogramDiversity(real[0..<1], real: real) }
  }

  @Test func qualityIsThatOfTheStatistics() {
    let real = SpectrogramStatistics(ToyClips.clips(200, seed: 2).inputs)
    let same = QualityScore(SpectrogramStatistics(ToyClips.clips(200, seed: 3).inputs), to: real)
    #expect(same.value > 95, "\(same)")
    // One clip over and over has no diversity.
    let one = ToyClips.clips(2, seed: 2).inputs[0..<1]
    let collapsed = QualityScore(
      SpectrogramStatistics(.concatenate(Array(repeating: one, count: 10))), to: real)
    #expect(collapsed.diversity < 0.01 && collapsed.value < 40)
    var stream = RandomStream(seed: 1, "noise")
    let noise = QualityScore(
      SpectrogramStatistics(.normal([50, 1, 8, 8], from: &stream)), to: real)
    #expect(noise.movements < 0.5 && noise.value < same.value)

    // By hand: two bands of two frames, two clips.
    let statistics = SpectrogramStatistics(
      Tensor([0, 2, 1, 1, 4, 6, 1, 1], shape: [2, 1, 2, 2]))
    #expect(statistics.means == [3, 1])
    let root = 5.0
    #expect(statistics.deviations == [root.squareRoot(), 0])
    #expect(statistics.movements == [2, 0])
    #expect(abs(statistics.meanDistance * statistics.meanDistance - 8) < 1e-5)
  }
}
