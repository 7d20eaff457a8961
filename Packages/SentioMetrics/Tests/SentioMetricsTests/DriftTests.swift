import Foundation
import SentioMetrics
import Testing

@Suite struct DriftTests {
  struct Golden: Decodable {
    struct Drift: Decodable {
      let width: Int
      let reference, new, distances, stability, statistics, corrected, shifts: [Double]
      let shrinkage, bound, probability, ratio, tied: Double
    }
    let drift: Drift
  }

  /// A Cholesky factorization of a matrix with a condition number of some thousands.
  static let solved = 1e-9

  @Test func figuresEqualPeers() throws {
    let golden = try golden("diagnostics", as: Golden.self).drift
    let names = (0..<golden.width).map { "f\($0)" }
    let found = try PopulationDrift(
      reference: golden.reference, new: golden.new, columns: names)
    let distance = try MahalanobisDistance(rows: golden.reference, featureCount: golden.width)
    expectClose(distance.shrinkage, golden.shrinkage, relative: Self.solved)
    expectClose(found.outliers.distances, golden.distances, relative: Self.solved)
    expectClose(
      try distance.squared(Array(golden.new[..<golden.width])), golden.distances[0],
      relative: Self.solved)
    expectClose(found.outliers.bound, golden.bound, relative: Self.solved)
    expectClose(found.outliers.ratio, golden.ratio, relative: Self.solved)
    expectClose(found.outliers.probability, golden.probability, relative: 1e-9, absolute: 0)
    let byName = Dictionary(uniqueKeysWithValues: found.features.map { ($0.name, $0) })
    let ordered = names.compactMap { byName[$0] }
    expectClose(ordered.map(\.stabilityIndex), golden.stability)
    expectClose(ordered.map(\.test.statistic), golden.statistics)
    expectClose(ordered.map(\.correctedProbability), golden.corrected, relative: 1e-10, absolute: 0)
    expectClose(ordered.map(\.shift), golden.shifts)
    // The second feature was moved by two and a half deviations.
    #expect(found.features[0].name == "f1" && found.features[0].state == .major)
    #expect(found.verdict == .drifted)
    func rounded(_ rows: [Double]) -> [Double] {
      stride(from: 0, to: rows.count, by: golden.width).map { rows[$0].rounded(.toNearestOrEven) }
    }
    expectClose(
      try populationStabilityIndex(
        reference: rounded(golden.reference), new: rounded(golden.new)), golden.tied)
  }

  @Test func nothingChangesByChance() throws {
    let golden = try golden("diagnostics", as: Golden.self).drift
    let width = golden.width
    // Every other song of one population: more outliers than expected would be a fault of the bound.
    var (even, odd) = ([Double](), [Double]())
    for row in 0..<80 {
      let values = golden.reference[row * width..<(row + 1) * width]
      if row % 2 == 0 { even += values } else { odd += values }
    }
    let found = try PopulationDrift(
      reference: even, new: odd, columns: (0..<width).map { "f\($0)" })
    #expect(found.verdict == .stable)
    #expect(found.features.allSatisfy { $0.state == .stable && $0.correctedProbability > 0.01 })
    let read = try JSONDecoder().decode(PopulationDrift.self, from: JSONEncoder().encode(found))
    #expect(read == found)
  }

  /// Each feature alone is as before, but two of them have parted: only all together show it.
  @Test func brokenCorrelationIsSeen() throws {
    var (reference, new) = ([Double](), [Double]())
    for index in 0..<200 {
      let (x, noise) = (sin(Double(index) * 1.7) * 2, cos(Double(index * index)) * 0.1)
      reference += [x, x + noise]
      if index % 4 == 0 { new += [x, noise - x] }
    }
    let found = try PopulationDrift(reference: reference, new: new, columns: ["a", "b"])
    #expect(found.features.allSatisfy { $0.state == .stable })
    #expect(found.outliers.share > 0.8 && found.outliers.probability < 1e-6)
    #expect(found.verdict == .drifted)
  }

  @Test func degenerateTables() throws {
    var rows = (0..<24).map { sin(Double($0) * 2.3) }
    for row in 0..<12 { rows[2 * row] = 5 }
    let same = try PopulationDrift(reference: rows, new: Array(rows[..<8]), columns: ["flat", "x"])
    let flat = try #require(same.features.first { $0.name == "flat" })
    #expect(flat.shift == 0 && flat.stabilityIndex == 0 && flat.state == .stable)
    #expect(same.verdict == .stable)
    let moved = try PopulationDrift(
      reference: rows, new: [6, 0, 6, 0.5, 6, 0.2], columns: ["flat", "x"])
    let other = try #require(moved.features.first { $0.name == "flat" })
    #expect(other.shift == .infinity && moved.outliers.count == 3)
    #expect(throws: MetricsError.self) {
      try PopulationDrift(reference: rows, new: [1], columns: ["flat", "x"])
    }
    #expect(throws: MetricsError.self) {
      try PopulationDrift(reference: rows, new: [1, .nan], columns: ["flat", "x"])
    }
    #expect(throws: MetricsError.self) {
      try PopulationDrift(reference: rows, new: [1, 2], columns: [])
    }
    #expect(throws: MetricsError.self) { try MahalanobisDistance(rows: [1, 2], featureCount: 2) }
  }

  /// Features that repeat each other, and more of them than songs.
  @Test func singularCovarianceIsShrunk() throws {
    let rows = (0..<8).flatMap { song in
      (0..<20).map { feature in sin(Double(song) + Double(feature % 3)) }
    }
    let distance = try MahalanobisDistance(rows: rows, featureCount: 20)
    #expect(distance.shrinkage > 0 && distance.shrinkage <= 1)
    let near = try distance.squared(Array(rows[..<20]))
    let far = try distance.squared((0..<20).map { Double($0) })
    #expect(near.isFinite && far > 10 * near)
  }
}
