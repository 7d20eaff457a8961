/// Numbers about a whole song that are no statistic of a single row.
enum SongSummary: String, Hashable, Sendable {
  /// The key and how clearly it is heard: see ``KeyProfile``.
  case key
  /// How fast the levels of each register go up and down: see ``LevelModulation``.
  case modulation
  /// How regularly things begin: see ``PulseProfile``.
  case pulse
  /// The part of the frames whose loudness is below the song's mean.
  ///
  /// *Reference:* Tzanetakis and Cook, "Musical genre classification of audio signals", 2002.
  case lowEnergy

  var columnNames: [String] {
    switch self {
    case .key: KeyProfile.columnNames
    case .modulation: LevelModulation.columnNames
    case .pulse: PulseProfile.columnNames
    case .lowEnergy: ["low_energy"]
    }
  }

  /// One number for each column.
  ///
  /// - Parameters:
  ///   - rows: the set's rows of a song, at least one frame.
  ///   - set: says where each row stands.
  ///   - frameRate: frames per second.
  /// - Returns: values in the order of ``columnNames``.
  func values(of rows: FrameMatrix, set: FeatureSet, frameRate: Double) -> [Float] {
    func row(_ name: String) -> [Float] { rows.row(set.rowNames.firstIndex(of: name)!) }
    switch self {
    case .key:
      let chroma = (1...12).map { row("chroma\($0)") }
      return KeyProfile(meanChroma: chroma.map(average)).values
    case .modulation:
      return LevelModulation.values(
        levels: (1...LevelModulation.registerCount).map { register in
          zip(row("band_level\(2 * register - 1)"), row("band_level\(2 * register)"))
            .map { ($0 + $1) / 2 }
        }, frameRate: frameRate)
    case .pulse:
      return PulseProfile.values(onsetStrength: row("onset_strength"), frameRate: frameRate)
    case .lowEnergy:
      let loudness = row("rms")
      let limit = average(loudness)
      return [Float(loudness.count { Double($0) < limit }) / Float(loudness.count)]
    }
  }
}

/// The mean in `Double`.
func average(_ values: [Float]) -> Double {
  // A constant row has exactly its constant, which rounding of the sum could miss.
  if let first = values.first, values.allSatisfy({ $0 == first }) { return Double(first) }
  return values.reduce(0) { $0 + Double($1) } / Double(values.count)
}
