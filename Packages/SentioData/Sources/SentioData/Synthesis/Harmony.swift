/// The scales that songs are written in.
public enum MusicalMode: Int, Sendable, CaseIterable, Codable {
  /// From the brightest scale to the darkest.
  case lydian, major, mixolydian, dorian, minor, harmonicMinor, phrygian

  /// Semitones above the tonic of the seven degrees.
  var scale: [Int] {
    switch self {
    case .lydian: [0, 2, 4, 6, 7, 9, 11]
    case .major: [0, 2, 4, 5, 7, 9, 11]
    case .mixolydian: [0, 2, 4, 5, 7, 9, 10]
    case .dorian: [0, 2, 3, 5, 7, 9, 10]
    case .minor: [0, 2, 3, 5, 7, 8, 10]
    case .harmonicMinor: [0, 2, 3, 5, 7, 8, 11]
    case .phrygian: [0, 1, 3, 5, 7, 8, 10]
    }
  }

  /// Place on the scale of ``AffectCues/mode``.
  var cue: Double {
    switch self {
    case .lydian: 1
    case .major: 0.9
    case .mixolydian: 0.5
    case .dorian: -0.35
    case .minor: -0.75
    case .harmonicMinor: -0.9
    case .phrygian: -1
    }
  }

  var isMajor: Bool { scale[2] == 4 }
}

/// A chord: its root as a degree of the scale, and what is stacked on it.
struct Chord: Sendable, Equatable {
  /// Degree of the root, 0 to 6.
  var degree: Int
  /// Semitones above the tonic of the chord's notes, root first.
  var tones: [Int]
  /// Tension of the chord, 0 (triad) to 1.
  var tension: Double

  init(degree: Int, mode: MusicalMode, tension: Double, blues: Bool = false) {
    let scale = mode.scale
    func step(_ d: Int) -> Int { scale[d % 7] + 12 * (d / 7) }
    self.degree = degree
    let root = step(degree)
    var tones = [root, step(degree + 2), step(degree + 4)]
    // The dominant of a minor key borrows the leading note.
    if mode == .minor || mode == .harmonicMinor, degree == 4 { tones[1] = root + 4 }
    if blues { tones = [root, root + 4, root + 7, root + 10] }
    if tension > 0.3, !blues { tones.append(step(degree + 6)) }
    if tension > 0.55 { tones.append(step(degree + 8)) }
    if tension > 0.8 { tones.append(root + 13) }
    self.tones = tones
    self.tension = tension
  }
}

/// Writes the chord of every bar.
struct HarmonyWriter {
  var mode: MusicalMode
  var genre: MusicalGenre

  /// Loops of four that the genres live on, as degrees.
  private var loops: [[Int]] {
    switch (genre, mode) {
    case (_, .lydian): [[0, 1, 0, 1], [0, 4, 1, 0], [0, 1, 4, 0]]
    case (_, .mixolydian): [[0, 6, 3, 0], [0, 3, 6, 3], [0, 6, 0, 3]]
    case (_, .dorian): [[0, 3, 0, 3], [0, 6, 3, 0], [0, 2, 3, 0]]
    case (_, .phrygian): [[0, 1, 0, 1], [0, 1, 2, 1], [0, 5, 1, 0]]
    case (.jazzBlues, .major): [[1, 4, 0, 5], [0, 5, 1, 4], [2, 5, 1, 4], [3, 4, 2, 5]]
    case (.jazzBlues, _): [[1, 4, 0, 0], [0, 3, 1, 4], [5, 1, 4, 0]]
    case (.electronic, .major): [[5, 3, 0, 4], [0, 0, 3, 3], [3, 4, 5, 4]]
    case (.electronic, _): [[0, 0, 5, 6], [0, 5, 2, 6], [0, 0, 0, 0], [0, 3, 5, 4]]
    case (_, .major): [[0, 4, 5, 3], [0, 3, 4, 3], [0, 5, 3, 4], [5, 3, 0, 4], [0, 3, 0, 4]]
    default: [[0, 5, 2, 6], [0, 3, 6, 2], [0, 6, 5, 4], [0, 3, 4, 0], [0, 5, 3, 4]]
    }
  }

  /// Where functional harmony goes from each degree, with weights.
  private static let functional: [[(Int, Double)]] = [
    [(3, 3), (4, 3), (5, 2), (1, 2), (2, 0.7)], [(4, 4), (6, 0.6), (3, 0.5)],
    [(5, 3), (3, 2)], [(4, 3), (0, 2), (1, 1.5)], [(0, 5), (5, 1.4), (3, 0.3)],
    [(1, 2.5), (3, 2.5), (4, 1)], [(0, 3), (4, 1)],
  ]

  /// One chord a half bar or bar.
  ///
  /// - Parameters:
  ///   - count: number of chords.
  ///   - tension: how far chords are coloured, 0 to 1.
  ///   - random: source of the choices.
  /// - Returns: `count` chords; the last but one is a dominant where the genre cadences.
  func chords(count: Int, tension: Double, random: inout CounterRandom) -> [Chord] {
    let blues = genre == .jazzBlues && mode == .mixolydian
    var degrees: [Int] = []
    if blues {
      let form = [0, 0, 0, 0, 3, 3, 0, 0, 4, 3, 0, 4]
      degrees = (0..<count).map { form[$0 % 12] }
    } else if genre == .classical || (genre == .other && random.chance(0.4)) {
      var degree = 0
      for index in 0..<count {
        degrees.append(index == count - 1 ? 0 : index == count - 2 ? 4 : degree)
        degree = random.pick(weighted: Self.functional[degree])
      }
    } else {
      let loop = random.pick(loops)
      degrees = (0..<count).map { loop[$0 % 4] }
    }
    return degrees.map { degree in
      let colour = tension + random.uniform(-0.25...0.15)
      return Chord(degree: degree, mode: mode, tension: colour, blues: blues)
    }
  }
}
