import GRDB
import SentioMetrics

/// Two runs side by side: their figures, and a paired test on the songs that both were tested on.
public struct RunComparison: Encodable, Sendable {
  /// A figure that either run has.
  public struct Figure: Encodable, Sendable {
    /// The metric's key.
    public var name: String
    /// The dimension.
    public var dimension: RunMetric.Dimension
    /// The songs that it was measured on.
    public var part: RunMetric.Part
    /// The first run's value.
    public var first: Double?
    /// The second run's value.
    public var second: Double?
  }

  /// The first run.
  public var first: RunSummary
  /// The second run.
  public var second: RunSummary
  /// Settings in which they differ: the first's and the second's value.
  public var settings: [String: [String?]]
  /// The figures of both.
  public var figures: [Figure]
  /// Songs that both were tested on.
  public var commonSongs: Int
  /// Differences on these songs, first less second; `nil` where fewer than 2 are common.
  public var paired: EmotionComparison?
}

/// Two runs' predictions of the same songs.
struct PairedPredictions {
  let first: [ValenceArousal]
  let second: [ValenceArousal]
  let truth: [ValenceArousal]
  let scale: EmotionScale

  /// Joins by song; predictions are put onto the first run's scale.
  ///
  /// Songs whose labels differ by more than a thousandth of the scale are not the same songs, though their
  /// ids may be: they are left out.
  init(
    first: (scale: EmotionScale, songs: [StoredPrediction]),
    second: (scale: EmotionScale, songs: [StoredPrediction])
  ) {
    scale = first.scale
    let tolerance = (scale.upper - scale.lower) / 1000
    let others = Dictionary(second.songs.map { ($0.song, $0) }, uniquingKeysWith: { $1 })
    var rows: [(ValenceArousal, ValenceArousal, ValenceArousal)] = []
    for song in first.songs {
      guard let other = others[song.song] else { continue }
      let label = ValenceArousal(
        valence: song.labelledValence, arousal: song.labelledArousal, scale: first.scale)
      let otherLabel = ValenceArousal(
        valence: other.labelledValence, arousal: other.labelledArousal, scale: second.scale
      ).on(first.scale)
      guard abs(label.valence - otherLabel.valence) <= tolerance,
        abs(label.arousal - otherLabel.arousal) <= tolerance
      else { continue }
      rows.append(
        (
          ValenceArousal(valence: song.valence, arousal: song.arousal, scale: first.scale),
          ValenceArousal(valence: other.valence, arousal: other.arousal, scale: second.scale)
            .on(first.scale), label
        ))
    }
    self.first = rows.map(\.0)
    self.second = rows.map(\.1)
    truth = rows.map(\.2)
  }
}

extension Registry {
  /// Compares two runs.
  ///
  /// - Parameters:
  ///   - first: as of ``run(_:)``.
  ///   - second: as of ``run(_:)``.
  ///   - resampling: resamples and seed of the paired test.
  /// - Returns: figures side by side and the paired test.
  /// - Throws: ``RegistryError`` or `MetricsError`.
  public func compare(
    _ first: String, _ second: String, resampling: Resampling = Resampling()
  ) throws -> RunComparison {
    let (left, right) = (try details(first), try details(second))
    let pairs = PairedPredictions(first: try predictions(first), second: try predictions(second))
    var settings: [String: [String?]] = [:]
    for name in Set(left.settings.keys).union(right.settings.keys)
    where left.settings[name] != right.settings[name] {
      settings[name] = [left.settings[name], right.settings[name]]
    }
    func key(_ metric: RunMetric) -> [String] {
      [metric.name, metric.dimension.rawValue, metric.part.rawValue]
    }
    var figures: [RunComparison.Figure] = []
    var places: [[String]: Int] = [:]
    for (metrics, isFirst) in [(left.metrics, true), (right.metrics, false)] {
      for metric in metrics {
        let place = places[key(metric)] ?? figures.count
        if place == figures.count {
          places[key(metric)] = place
          figures.append(
            .init(name: metric.name, dimension: metric.dimension, part: metric.part))
        }
        if isFirst { figures[place].first = metric.value }
        if !isFirst { figures[place].second = metric.value }
      }
    }
    return RunComparison(
      first: left.summary, second: right.summary, settings: settings, figures: figures,
      commonSongs: pairs.truth.count,
      paired: pairs.truth.count < 2
        ? nil
        : try EmotionComparison(
          first: pairs.first, second: pairs.second, truth: pairs.truth, scale: pairs.scale,
          metrics: [.concordanceCorrelation, .coefficientOfDetermination, .meanSquaredError],
          resampling: resampling))
  }
}
