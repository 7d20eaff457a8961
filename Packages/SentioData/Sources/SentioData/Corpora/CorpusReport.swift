/// Something about a corpus that a person should know: which row or file, what, and the way out.
public struct CorpusFinding: Hashable, Sendable, CustomStringConvertible {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable {
    /// The song or file can't be used and was left out.
    case error
    /// It can be used, but look at it.
    case warning
  }

  /// How bad it is.
  public var severity: Severity
  /// Id of the song, where one song is meant.
  public var song: String?
  /// Path of the file that says it, with `:line` where a row is meant.
  public var place: String?
  /// What was found, and what was expected.
  public var message: String
  /// What the user can do.
  public var fix: String?

  /// Creates a finding.
  public init(
    _ severity: Severity, song: String? = nil, place: String? = nil, message: String,
    fix: String? = nil
  ) {
    self.severity = severity
    self.song = song
    self.place = place
    self.message = message
    self.fix = fix
  }

  /// One line: `error: songs.csv:12: song 7: valence 11 is outside of 1..9. Correct it`.
  public var description: String {
    var text = severity.rawValue + ": "
    if let place { text += place + ": " }
    if let song { text += "song \(song): " }
    text += message
    if let fix { text += ". \(fix)" }
    return text
  }
}

/// What opening and checking a corpus has found.
public struct CorpusReport: Hashable, Sendable, CustomStringConvertible {
  /// What the folder was recognized as, and by what.
  public var recognized: String
  /// Number of usable songs.
  public var songCount: Int
  /// Number of songs with a label.
  public var labelledCount: Int
  /// Number of songs whose audio file is there.
  public var audioCount: Int
  /// Everything that was found, in the order of the files.
  public var findings: [CorpusFinding]

  /// The findings for which a song or a file was left out.
  public var errors: [CorpusFinding] { findings.filter { $0.severity == .error } }
  /// The findings that should be looked at.
  public var warnings: [CorpusFinding] { findings.filter { $0.severity == .warning } }

  /// A summary line, then one line a finding.
  public var description: String {
    let summary =
      "\(recognized): \(songCount) songs, \(labelledCount) with labels, \(audioCount) with audio, "
      + "\(errors.count) errors, \(warnings.count) warnings"
    return ([summary] + findings.map(\.description)).joined(separator: "\n")
  }
}
