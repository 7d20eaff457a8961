import Foundation
import SentioMetrics
import Testing

/// Scores of several trainings of one recipe, and differences of two recipes.
@Suite struct RepeatedTrainingsTests {
  let truth = (0..<50).map {
    ValenceArousal(
      valence: 0.8 * sin(Double($0) * 1.1), arousal: 0.7 * cos(Double($0) * 0.7), scale: .unit)
  }

  /// Predictions that stray from the truth, otherwise for every seed.
  func training(_ seed: Int, straying: Double) -> [ValenceArousal] {
    truth.enumerated().map { index, point in
      let place = Double(index * index + 7 * seed)
      return ValenceArousal(
        valence: point.valence + straying * cos(place),
        arousal: point.arousal + straying * sin(place + 1), scale: .unit)
    }
  }

  /// scipy.stats 1.17.1: t.interval(level, n - 1, loc=mean, scale=sem(values)), tstd.
  @Test func studentsIntervalIsScipys() throws {
    let three = try MeanInterval(of: [0.61, 0.55, 0.64])
    #expect(three.count == 3)
    expectClose(three.mean, 0.6)
    expectClose(three.lower, 0.48616250899209734)
    expectClose(three.upper, 0.7138374910079028)
    let five = try MeanInterval(of: [1.5, -2, 4.25, 0.125, 3], level: 0.9)
    expectClose(five.lower, -0.9542316431482729)
    expectClose(five.upper, 3.704231643148271)
    expectClose(five.deviation, 2.443102535711508)
    // t of one degree of freedom is the tangent: 12.706204736174694 at 97.5 %.
    let two = try MeanInterval(of: [0, 2])
    expectClose(two.upper, 1 + 12.706204736174694)
  }

  @Test func fewValuesHaveNoInterval() throws {
    let one = try MeanInterval(of: [0.5])
    #expect(one.mean == 0.5 && one.deviation.isNaN && one.lower.isNaN && one.upper.isNaN)
    #expect(try MeanInterval(of: []).mean.isNaN)
    let same = try MeanInterval(of: [2, 2, 2])
    #expect(same.lower == 2 && same.upper == 2 && same.deviation == 0)
    #expect(throws: MetricsError.self) { try MeanInterval(of: [1, 2], level: 1) }
    let decoded = try JSONDecoder().decode(
      MeanInterval.self, from: JSONEncoder().encode(one))
    #expect(decoded.mean == 0.5 && decoded.upper.isNaN)
  }

  /// One training is what the interval of a single model says.
  @Test func oneTrainingIsAnEmotionInterval() throws {
    let resampling = Resampling(count: 400, seed: 3)
    let prediction = training(1, straying: 0.3)
    let single = try EmotionIntervals(
      prediction: prediction, truth: truth, scale: .unit, metrics: [.concordanceCorrelation],
      resampling: resampling)
    let repeated = try RepeatedTrainings(
      predictions: [prediction], truth: truth, scale: .unit, resampling: resampling)
    #expect(repeated.mean == single.mean[.concordanceCorrelation])
    #expect(repeated.valence == single.valence[.concordanceCorrelation])
    #expect(repeated.arousal == single.arousal[.concordanceCorrelation])
    #expect(repeated.overTrainings.lower.isNaN)
    #expect(repeated.scores == [repeated.mean.estimate])
  }

  @Test func differencesOverSongsAndSeeds() throws {
    let resampling = Resampling(count: 999, seed: 5)
    let good = try RepeatedTrainings(
      predictions: (1...3).map { training($0, straying: 0.2) }, truth: truth, scale: .unit,
      resampling: resampling)
    let poor = try RepeatedTrainings(
      predictions: (1...3).map { training($0 + 9, straying: 0.6) }, truth: truth, scale: .unit,
      resampling: resampling)
    expectClose(good.mean.estimate, good.scores.reduce(0, +) / 3)
    expectClose(good.overTrainings.mean, good.mean.estimate)
    let difference = try good.less(poor, resampling: resampling)
    expectClose(difference.songs.estimate, good.mean.estimate - poor.mean.estimate)
    expectClose(difference.overTrainings.mean, difference.songs.estimate)
    #expect(difference.songs.lower > 0 && difference.permutationProbability < 0.01)
    let back = try poor.less(good, resampling: resampling)
    expectClose(back.songs.lower, -difference.songs.upper)
    #expect(back.permutationProbability == difference.permutationProbability)
    let none = try good.less(good, resampling: resampling)
    #expect(none.songs.lower == 0 && none.songs.upper == 0 && none.permutationProbability == 1)

    let two = try RepeatedTrainings(
      predictions: (1...2).map { training($0, straying: 0.2) }, truth: truth, scale: .unit,
      resampling: resampling)
    #expect(throws: MetricsError.self) { try two.less(good) }
    #expect(throws: MetricsError.self) {
      try RepeatedTrainings(predictions: [], truth: truth, scale: .unit)
    }
    #expect(throws: MetricsError.self) {
      try RepeatedTrainings(predictions: [Array(truth.dropLast())], truth: truth, scale: .unit)
    }
  }
}
