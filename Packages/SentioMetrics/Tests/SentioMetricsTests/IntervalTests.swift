import Foundation
import SentioMetrics
import Testing

@Suite struct IntervalTests {
  func emotions(_ series: ([Double], [Double])) -> [ValenceArousal] {
    zip(series.0, series.1).map { ValenceArousal(valence: $0, arousal: $1, scale: .unit) }
  }

  @Test(arguments: IntervalMethod.allCases)
  func oneDimensionEqualsSingleBootstraps(method: IntervalMethod) throws {
    let (x, y) = wavySeries(60)
    let resampling = Resampling(count: 400, seed: 8)
    let all = try RegressionIntervals(
      prediction: x, truth: y, method: method, resampling: resampling)
    #expect(all.metrics == RegressionMetric.allCases && all.count == 60)
    for metric in RegressionMetric.allCases {
      let alone = try BootstrapDistribution(
        of: metric, prediction: x, truth: y, resampling: resampling
      ).interval(method: method)
      let found = try #require(all[metric])
      expectClose(
        [found.estimate, found.lower, found.upper], [alone.estimate, alone.lower, alone.upper],
        relative: 1e-11, metric.symbol)
      #expect(found.lower < found.estimate && found.estimate < found.upper, "\(metric)")
    }
  }

  @Test func meanComesFromJointResamples() throws {
    // Equal dimensions: the mean's interval is each one's, which two independent draws would
    // narrow by √2.
    let (x, y) = wavySeries(50)
    let found = try EmotionIntervals(
      prediction: emotions((x, x)), truth: emotions((y, y)), scale: .unit,
      metrics: [.concordanceCorrelation, .meanSquaredError],
      resampling: Resampling(count: 500))
    #expect(found.mean[.concordanceCorrelation] == found.valence[.concordanceCorrelation])
    #expect(found.mean[.kendallCorrelation] == nil)
    let deam = found.on(.deam1to9)
    let unit = try #require(found.mean[.meanSquaredError])
    let wide = try #require(deam.mean[.meanSquaredError])
    expectClose([wide.lower, wide.upper], [16 * unit.lower, 16 * unit.upper])
    #expect(deam.mean[.concordanceCorrelation] == found.mean[.concordanceCorrelation])
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(EmotionIntervals.self, from: data) == found)
    #expect(String(decoding: data, as: UTF8.self).contains("\"concordanceCorrelation\":{"))
  }
}
