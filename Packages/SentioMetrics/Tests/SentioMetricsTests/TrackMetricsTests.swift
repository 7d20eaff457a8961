import Foundation
import SentioMetrics
import Testing

@Suite struct TrackMetricsTests {
  struct Golden: Decodable {
    struct Song: Decodable { let prediction, truth: [[Double]] }
    let songs: [Song]
    let pooled: [[Double]]
    let within, limits: [Double]

    var tracks: [EmotionTrackMetrics.Song] {
      songs.enumerated().map { index, song in
        .init(
          id: "song \(index)", prediction: song.prediction.map { unit($0[0], $0[1]) },
          truth: song.truth.map { unit($0[0], $0[1]) })
      }
    }
  }

  @Test func metricsEqualPeers() throws {
    let golden = try golden("tracks", as: Golden.self)
    let found = try EmotionTrackMetrics(
      songs: golden.tracks, scale: .unit, resampling: Resampling(count: 4000))
    for (intervals, expected) in zip([found.pooled.valence, found.pooled.arousal], golden.pooled) {
      expectClose(
        [.concordanceCorrelation, .rootMeanSquaredError].map { intervals[$0]?.estimate ?? .nan },
        expected)
    }
    expectClose(
      [found.within.valence, found.within.arousal].map {
        $0[.concordanceCorrelation]?.estimate ?? .nan
      }, golden.within)
    // Two sets of 4,000 draws of eight songs; limits of such sets differ by a few thousandths.
    let interval = try #require(found.pooled.mean[.concordanceCorrelation])
    expectClose([interval.lower, interval.upper], golden.limits, relative: 0, absolute: 0.02)
    #expect(found.songs.map(\.count) == golden.songs.map(\.truth.count))
    #expect(found.pooled.valence.count == 301 && found.within.valence.count == 8)
    let read = try JSONDecoder().decode(
      EmotionTrackMetrics.self, from: JSONEncoder().encode(found))
    #expect(read == found)
  }

  @Test func samplesAreNotSongs() throws {
    let golden = try golden("tracks", as: Golden.self)
    let bySong = try EmotionTrackMetrics(
      songs: golden.tracks, scale: .unit, resampling: Resampling(count: 1000))
    let bySample = try EmotionIntervals(
      prediction: golden.tracks.flatMap(\.prediction), truth: golden.tracks.flatMap(\.truth),
      scale: .unit, metrics: [.concordanceCorrelation], resampling: Resampling(count: 1000))
    let wide = try #require(bySong.pooled.mean[.concordanceCorrelation])
    let narrow = try #require(bySample.mean[.concordanceCorrelation])
    expectClose(wide.estimate, narrow.estimate)
    #expect(wide.width > 1.5 * narrow.width)
  }

  @Test func oneValueASongFollowsNothing() throws {
    let golden = try golden("tracks", as: Golden.self)
    let flat = golden.tracks.map { song in
      let count = Double(song.truth.count)
      let mean = unit(
        song.truth.reduce(0) { $0 + $1.valence } / count,
        song.truth.reduce(0) { $0 + $1.arousal } / count)
      return EmotionTrackMetrics.Song(
        id: song.id, prediction: song.truth.map { _ in mean }, truth: song.truth)
    }
    let found = try EmotionTrackMetrics(
      songs: flat, scale: .unit, resampling: Resampling(count: 200))
    #expect(try #require(found.within.mean[.concordanceCorrelation]).estimate == 0)
    #expect(try #require(found.pooled.mean[.concordanceCorrelation]).estimate > 0.8)
  }

  @Test func faultsNameTheSong() {
    let songs = [
      EmotionTrackMetrics.Song(id: "2", prediction: [unit(0, 0)], truth: [unit(0, 0)]),
      .init(id: "3", prediction: [unit(0, .nan)], truth: [unit(0, 0)]),
    ]
    #expect(
      throws: MetricsError.nonFiniteValue(
        argument: "3: prediction.arousal", index: 0, value: "nan")
    ) { try EmotionTrackMetrics(songs: songs, scale: .unit) }
    #expect(throws: MetricsError.self) {
      try EmotionTrackMetrics(songs: [songs[0]], scale: .unit)
    }
    #expect(throws: MetricsError.self) {
      try EmotionTrackMetrics(
        songs: [songs[0], songs[0]], scale: .unit, metrics: [.spearmanCorrelation])
    }
  }
}

@Suite struct RetainedShareTests {
  @Test func ratioOfMeans() throws {
    let golden = try golden("diagnostics", as: Diagnostics.self)
    let teacher = golden.truths.enumerated().map {
      unit($1.valence + 0.1 * sin(Double($0)), $1.arousal + 0.1 * cos(Double(3 * $0)))
    }
    let found = try RetainedShare(
      student: golden.predictions, teacher: teacher, truth: golden.truths,
      resampling: Resampling(count: 1000))
    let small = try EmotionMetrics(
      prediction: golden.predictions, truth: golden.truths, scale: .unit)
    let large = try EmotionMetrics(prediction: teacher, truth: golden.truths, scale: .unit)
    expectClose(
      found.mean.estimate, small.mean.concordanceCorrelation / large.mean.concordanceCorrelation)
    expectClose(
      found.valence.estimate,
      small.valence.concordanceCorrelation / large.valence.concordanceCorrelation)
    #expect(found.mean.lower < found.mean.estimate && found.mean.estimate < found.mean.upper)
    // Equal models keep everything, in every resample.
    let same = try RetainedShare(
      student: teacher, teacher: teacher, truth: golden.truths,
      resampling: Resampling(count: 100))
    expectClose([same.mean.lower, same.arousal.upper], [1, 1])
    // A teacher that is worse than nothing has no share to keep.
    let opposed = golden.truths.map { unit(-$0.valence, -$0.arousal) }
    let none = try RetainedShare(
      student: teacher, teacher: opposed, truth: golden.truths,
      resampling: Resampling(count: 100))
    #expect(none.mean.estimate.isNaN && none.mean.lower.isNaN)
    #expect(throws: MetricsError.self) {
      try RetainedShare(
        student: teacher, teacher: teacher, truth: golden.truths, metric: .meanSquaredError)
    }
  }
}

@Suite struct RegressionGateTests {
  @Test func verdicts() throws {
    let golden = try golden("diagnostics", as: Diagnostics.self)
    let truth = golden.truths
    let good = truth.enumerated().map {
      unit($1.valence + 0.05 * sin(Double($0)), $1.arousal + 0.05 * cos(Double(3 * $0)))
    }
    let near = good.enumerated().map {
      unit($1.valence + 0.02 * sin(Double($0 * $0)), $1.arousal)
    }
    func gate(
      _ candidate: [ValenceArousal], _ production: [ValenceArousal], margin: Double? = nil,
      metric: RegressionMetric = .concordanceCorrelation
    ) throws -> RegressionGate {
      try RegressionGate(
        candidate: candidate, production: production, truth: truth, metric: metric,
        margin: margin, resampling: Resampling(count: 500))
    }
    for metric in [RegressionMetric.concordanceCorrelation, .meanSquaredError] {
      #expect(try gate(good, golden.predictions, metric: metric).verdict == .better)
      #expect(try gate(golden.predictions, good, metric: metric).verdict == .worse)
      #expect(try gate(good, golden.predictions, metric: metric).improvement.lower > 0)
    }
    #expect(try gate(good, good).verdict == .noWorse)
    #expect(try gate(near, good, margin: 0.05).verdict == .noWorse)
    // The interval of equal quality reaches below a margin of nothing.
    let swapped = good.indices.map { $0 % 2 == 0 ? good[$0] : near[$0] }
    let strict = try gate(swapped, near, margin: 0)
    #expect(strict.verdict == .undecided || strict.verdict == .better)
    let flat = truth.map { _ in unit(0.1, 0.1) }
    let undefined = try RegressionGate(
      candidate: flat, production: flat, truth: flat, resampling: Resampling(count: 50))
    #expect(undefined.verdict == .undefined && !undefined.passes)
    #expect(try gate(golden.predictions, good).description.contains("is worse: CCC"))
    #expect(throws: MetricsError.self) { try gate(good, near, metric: .predictionSlope) }
    #expect(throws: MetricsError.self) { try gate(good, near, margin: -1) }
    let read = try JSONDecoder().decode(
      RegressionGate.self, from: JSONEncoder().encode(undefined))
    #expect(read.verdict == .undefined)
  }
}
