import SentioMetrics

/// Why a corpus, or a table that belongs to it, can't be used.
public enum CorpusError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such folder or file.
  case notFound(path: String)
  /// The folder holds nothing.
  case emptyFolder(path: String)
  /// The folder holds nothing that any adapter recognizes.
  case notRecognized(path: String, found: [String])
  /// A file that the layout needs is not there.
  case missingFile(path: String, purpose: String)
  /// No song is left after the bad rows were named.
  case noSongs(path: String, findings: [CorpusFinding])
  /// The corpus has errors, each of which names a row or a file.
  case invalid(name: String, findings: [CorpusFinding])
  /// Columns that were asked for are not there.
  case missingColumns([String], available: [String])
  /// Columns that occur in both tables.
  case duplicateColumns([String])
  /// Ids that were asked for are not there.
  case unknownSongs([String], in: String)
  /// Two tables that should speak of the same songs share no id.
  case nothingInCommon([String], [String])
  /// Features that are NaN or infinite.
  case badFeatures([FeatureTable.BadCell], total: Int)
  /// Labels that can't occur on their scale.
  case labelsOutOfRange([String], scale: EmotionScale, total: Int, file: String)

  /// What is wrong, where, and what can be done about it.
  public var description: String {
    switch self {
    case .notFound(let path):
      return "\(path): no such file or folder. Check the path"
    case .emptyFolder(let path):
      return
        "\(path): the folder is empty. Give a folder with songs (see the layouts in the manual)"
    case .notRecognized(let path, let found):
      return """
        \(path): no known corpus layout; it holds \(Self.list(found)). Expected one of: DEAM \
        (annotations/ with static_annotations_averaged_songs_*.csv), songs.csv beside audio files, \
        All_annotations.csv with audio/, song_means.csv with audio (GEMS), or one folder of audio a genre
        """
    case .missingFile(let path, let purpose):
      return "\(path): no such file; it is needed for \(purpose)"
    case .noSongs(let path, let findings):
      return "\(path): no usable song. " + Self.first(findings)
    case .invalid(let name, let findings):
      return "corpus \(name): \(findings.count) error\(findings.count == 1 ? "" : "s"). "
        + Self.first(findings)
    case .missingColumns(let names, let available):
      return "no column \(Self.list(names)); there are \(available.count): \(Self.list(available))"
    case .duplicateColumns(let names):
      return "column \(Self.list(names)) occurs in both tables. Rename or leave out one of the two"
    case .unknownSongs(let ids, let place):
      return "\(ids.count) song\(ids.count == 1 ? "" : "s") not in \(place): \(Self.list(ids))"
    case .nothingInCommon(let left, let right):
      return """
        features and labels share no song id: the features have \(Self.list(left)) …, \
        the labels \(Self.list(right)) …. Use the same ids in both tables
        """
    case .badFeatures(let cells, let total):
      return "\(total) feature value\(total == 1 ? " is" : "s are") not finite: "
        + cells.map(\.description).joined(separator: "; ") + (total > cells.count ? "; …" : "")
        + ". Remove these songs or columns, or extract them again"
    case .labelsOutOfRange(let rows, let scale, let total, let file):
      return "\(file): \(total) label\(total == 1 ? " is" : "s are") outside of \(scale.notation): "
        + rows.joined(separator: "; ") + (total > rows.count ? "; …" : "")
        + ". Correct the rows or give the right scale"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty
      ? "nothing"
      : names.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
        + (names.count > 8 ? ", … (\(names.count))" : "")
  }

  private static func first(_ findings: [CorpusFinding]) -> String {
    findings.prefix(5).map(\.description).joined(separator: "; ")
      + (findings.count > 5 ? "; …" : "")
  }
}
