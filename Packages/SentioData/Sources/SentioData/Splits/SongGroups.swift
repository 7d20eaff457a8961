import Foundation

/// Which songs must stay together, whatever split is made.
public enum SongGrouping: String, CaseIterable, Hashable, Sendable, Codable {
  /// Songs whose audio is the same: without this a model is tested on what it was trained on.
  case copies
  /// Songs that share an artist too: without this a model may recognize the artist's sound.
  /// Songs without a known artist stand alone.
  case artist

  /// How many groups there are, and so how many folds can be made at most.
  ///
  /// - Parameter songs: songs with distinct ids.
  /// - Returns: the number of groups, spellings of one artist's name brought together.
  public func groupCount(of songs: [Song]) -> Int { SongGroups(songs, by: self).count }
}

/// Songs joined into groups by what they share (union-find over songs, artists and copies).
struct SongGroups {
  /// Number of the group of each song, in the songs' order; numbers are dense from 0.
  let groupOfSong: [Int]
  let count: Int

  init(_ songs: [Song], by grouping: SongGrouping) {
    var parents = Array(songs.indices)
    func root(_ song: Int) -> Int {
      var song = song
      while parents[song] != song {
        parents[song] = parents[parents[song]]
        song = parents[song]
      }
      return song
    }
    var firstWithKey: [String: Int] = [:]
    func join(_ song: Int, key: String) {
      if let other = firstWithKey[key] {
        let (a, b) = (root(song), root(other))
        parents[max(a, b)] = min(a, b)
      } else {
        firstWithKey[key] = song
      }
    }
    for (index, song) in songs.enumerated() {
      join(index, key: "copy of \(song.copyOf ?? song.id)")
      if grouping == .artist, let artist = song.artist {
        for name in ArtistName.keys(artist) { join(index, key: "by \(name)") }
      }
    }
    var numbers: [Int: Int] = [:]
    groupOfSong = songs.indices.map { index in
      let root = root(index)
      if let known = numbers[root] { return known }
      numbers[root] = numbers.count
      return numbers.count - 1
    }
    count = numbers.count
  }
}

/// Brings the spellings of an artist's name together.
enum ArtistName {
  private static let nobody: Set<String> = [
    "", "unknown", "unknown artist", "various", "various artists", "n/a", "na", "none",
  ]

  /// The artists that a credit names, each without case, accents and punctuation.
  ///
  /// Guests after `feat.` count as artists of their own; `&` and `,` stay, since bands carry them.
  static func keys(_ credit: String) -> [String] {
    var parts = [" \(credit.lowercased()) "]
    for mark in [
      " feat. ", " feat ", " ft. ", " ft ", " featuring ", " (feat. ", " (feat ", " (ft. ",
    ] {
      parts = parts.flatMap { $0.components(separatedBy: mark).map { " \($0) " } }
    }
    return parts.compactMap { part in
      let plain = part.folding(options: .diacriticInsensitive, locale: nil)
      if nobody.contains(plain.trimming()) { return nil }
      let words = plain.split { !$0.isLetter && !$0.isNumber }
      // A name of punctuation only, such as "!!!", is kept as it is.
      let key = words.isEmpty ? plain.trimming() : words.joined(separator: " ")
      return nobody.contains(key) ? nil : key
    }
  }
}
