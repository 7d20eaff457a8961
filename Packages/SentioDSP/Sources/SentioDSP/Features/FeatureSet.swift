/// A named list of features of a whole song, with the names of its columns in order.
///
/// A set is stored by its identifier, so that a file says which columns it holds and a reader that
/// does not know the set says so, instead of mistaking one column for another. Once published, a
/// set's columns never change: a change makes a new version.
public struct FeatureSet: Hashable, Sendable {
  /// The set's name, such as `report164`.
  public let name: String

  /// Rises with every change of the columns or of what they mean.
  public let version: Int

  /// The groups of rows that are measured, in order.
  let groups: [FeatureGroup]

  /// The statistics of each row.
  public let statistics: [TemporalStatistic]

  /// What is measured of the song as a whole, in order.
  let summaries: [SongSummary]

  /// The set's name and version: `report164.v1`.
  public var identifier: String { "\(name).v\(version)" }

  /// The names of the rows, features over time, in order: `mfcc1`, `spectral_centroid`.
  public var rowNames: [String] { groups.flatMap(\.rowNames) }

  /// The names of the columns in order: `mfcc1_mean`, `mfcc1_std`, `mfcc1_min`, and so on.
  public var names: [String] {
    TemporalStatistic.columnNames(rows: rowNames, statistics: statistics)
      + summaries.flatMap(\.columnNames)
  }

  /// The 164 features of the report: mean, standard deviation, minimum and maximum of 41 rows.
  ///
  /// | rows | columns | |
  /// |---|---|---|
  /// | `mfcc1` … `mfcc13` | 52 | coefficients of the mel levels; `mfcc1` is the constant one |
  /// | `spectral_centroid`, `spectral_rolloff`, `spectral_bandwidth` | 12 | in hertz |
  /// | `spectral_contrast1` … `7` | 28 | in decibels, from the lowest octave up |
  /// | `zcr`, `rms`, `zcr_delta`, `rms_delta` | 16 | of the samples; slopes are per frame |
  /// | `energy_entropy`, `onset_strength` | 8 | in bits; in decibels |
  /// | `chroma1` … `12` | 48 | from C upwards |
  ///
  /// The report names zero-crossing rate and energy for its 24 temporal columns; the other four
  /// rows are our reading.
  public static let report164 = FeatureSet(
    name: "report164", version: 1, groups: [.cepstral, .spectral, .temporal, .chroma],
    statistics: TemporalStatistic.report, summaries: [])

  /// 289 features for the prediction of emotion: the report's rows and what they leave out.
  ///
  /// Mean, standard deviation and deviation of the change of 70 rows, and 79 numbers about the whole song:
  ///
  /// | rows or columns | columns | |
  /// |---|---|---|
  /// | the 41 rows of ``report164`` | 123 | |
  /// | `band_level1` … `16` | 48 | mean levels of sixteenths of the mel bands, in decibels |
  /// | `band_rise1` … `8` | 24 | onset strength of eighths of the mel bands, in decibels |
  /// | `triad_major`, `_minor`, `_diminished`, `_augmented`, `_mode` | 15 | likeness to chords |
  /// | `scale_step1` … `12` | 12 | shares of the pitch classes, counted from the key's tonic |
  /// | `key_major`, `key_minor`, `key_mode`, `key_clarity` | 4 | correlation with key profiles |
  /// | `modulation1_1` … `8_6` | 48 | variance of levels by register and rate, in decibels |
  /// | `pulse_peak1` … `6`, `pulse_mean1` … `6`, `pulse_clarity` | 13 | repetition of onsets |
  /// | `onset_density`, `low_energy` | 2 | onsets per second; part of soft frames |
  ///
  /// Extraction reads the same transform as the report's set. `mfcc1` and `band_level` depend on how
  /// loud a file is.
  ///
  /// *Reference:* for rows beyond the report's and for whole songs, the sources in each one's
  /// description: Krumhansl (keys), Fujishima (chords), Pampalk (modulation), Lartillot (pulse),
  /// Tzanetakis and Cook (low energy).
  public static let extended = FeatureSet(
    name: "extended", version: 1,
    groups: [.cepstral, .spectral, .temporal, .chroma, .texture],
    statistics: [.mean, .standardDeviation, .changeDeviation],
    summaries: [.key, .modulation, .pulse, .lowEnergy])

  /// All sets, newest versions.
  public static let all: [FeatureSet] = [.report164, .extended]

  /// The set of a name or identifier.
  ///
  /// - Parameter name: `report164` or `report164.v1`.
  /// - Returns: the set.
  /// - Throws: ``DSPError/unknownName(_:known:)``.
  public static func named(_ name: String) throws(DSPError) -> FeatureSet {
    guard let set = all.first(where: { $0.name == name || $0.identifier == name }) else {
      throw .unknownName(name, known: all.map(\.identifier))
    }
    return set
  }
}

extension FeatureSet: Codable {
  /// Reads a set's identifier.
  ///
  /// - Parameter decoder: gives a string.
  /// - Throws: an error that names the known sets.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let identifier = try container.decode(String.self)
    guard let set = Self.all.first(where: { $0.identifier == identifier }) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "\(DSPError.unknownName(identifier, known: Self.all.map(\.identifier)))")
    }
    self = set
  }

  /// Writes the set's identifier.
  ///
  /// - Parameter encoder: takes a string.
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(identifier)
  }
}

/// Rows that are measured together.
enum FeatureGroup: Hashable, Sendable {
  case cepstral
  case spectral
  case temporal
  case chroma
  case texture

  var rowNames: [String] {
    switch self {
    case .cepstral: (1...13).map { "mfcc\($0)" }
    case .spectral:
      ["spectral_centroid", "spectral_rolloff", "spectral_bandwidth"]
        + (1...7).map { "spectral_contrast\($0)" }
    case .temporal: ["zcr", "rms", "zcr_delta", "rms_delta", "energy_entropy", "onset_strength"]
    case .chroma: (1...12).map { "chroma\($0)" }
    case .texture: TextureRows.names
    }
  }
}
