import SentioMetrics

/// What every part of a split must hold in the same proportions.
public enum Stratification: Hashable, Sendable, Codable {
  /// Nothing: parts are drawn at random.
  case none
  /// The cells of a grid over the valence-arousal plane; the report's is 5 × 5.
  case valenceArousalGrid(Int)
  /// Genres.
  case genre

  /// The stratum of each song, dense from 0; songs without label or genre share one.
  func strata(of songs: [Song]) -> [Int] {
    switch self {
    case .none: return songs.map { _ in 0 }
    case .valenceArousalGrid(let cells):
      precondition(cells > 0, "a grid of \(cells) cells")
      return songs.map { song in
        guard let label = song.label else { return cells * cells }
        let scale = label.scale
        func bin(_ value: Double) -> Int {
          let fraction = (value - scale.lower) / (scale.upper - scale.lower)
          return min(max(Int(fraction * Double(cells)), 0), cells - 1)
        }
        return bin(label.valence) * cells + bin(label.arousal)
      }
    case .genre:
      var numbers: [String: Int] = [:]
      for genre in Set(songs.map { $0.genre ?? "" }).sorted() { numbers[genre] = numbers.count }
      return songs.map { numbers[$0.genre ?? ""]! }
    }
  }
}
