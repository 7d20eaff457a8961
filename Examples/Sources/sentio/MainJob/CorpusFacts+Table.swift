import SentioData
import SentioMetrics
import SentioReport

extension CorpusFacts {
  /// What is known of the songs and their split.
  ///
  /// - Parameters:
  ///   - table: all songs.
  ///   - split: their parts.
  /// - Throws: `MetricsError` for a part without songs.
  init(_ table: LabelledTable, _ split: Split) throws {
    let training = try table.selecting(split.training).points
    let test = try table.selecting(split.test).points
    let counts = Dictionary(table.songs.compactMap(\.genre).map { ($0, 1) }, uniquingKeysWith: +)
    let artists = Dictionary(grouping: table.songs.filter { $0.artist != nil }) { $0.artist ?? "" }
    let part = Dictionary(
      split.songs.flatMap { part, ids in ids.map { ($0, part) } }
    ) { first, _ in first }
    let shared = artists.values.count { Set($0.compactMap { part[$0.id] }).count > 1 }
    self.init(
      labels: [
        Self.statistics("valence", table.points.map(\.valence)),
        Self.statistics("arousal", table.points.map(\.arousal)),
      ],
      genres: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        GenreShare(genre: $0.key, count: $0.value)
      }, artists: artists.isEmpty ? nil : artists.count,
      sharedArtists: artists.isEmpty ? nil : shared,
      valenceSplitP: try KolmogorovSmirnovTest(
        first: training.map(\.valence), second: test.map(\.valence)
      )
      .probability,
      arousalSplitP: try KolmogorovSmirnovTest(
        first: training.map(\.arousal), second: test.map(\.arousal)
      )
      .probability,
      checks: [
        DataCheck(
          check: "every feature of every song is finite",
          found:
            "\(table.design.values.count { !$0.isFinite }) of \(table.design.values.count) are not",
          passed: table.design.values.allSatisfy(\.isFinite)),
        DataCheck(
          check: "every label lies on the scale",
          found: "\(table.scale.notation)",
          passed: table.points.allSatisfy {
            (table.scale.lower...table.scale.upper).contains($0.valence)
              && (table.scale.lower...table.scale.upper).contains($0.arousal)
          }),
        DataCheck(
          check: "no artist in two parts of the split", found: "\(shared) artists",
          passed: shared == 0),
      ])
  }

  private static func statistics(_ name: String, _ values: [Double]) -> LabelStatistics {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, value in
        sum + (0..<power).reduce(1) { product, _ in product * (value - mean) }
      } / count
    }
    let deviation = moment(2).squareRoot()
    return LabelStatistics(
      dimension: name, mean: mean, deviation: deviation, minimum: values.min() ?? .nan,
      maximum: values.max() ?? .nan,
      skewness: deviation > 0 ? moment(3) / (deviation * deviation * deviation) : 0)
  }
}
