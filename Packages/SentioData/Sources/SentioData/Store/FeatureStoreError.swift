/// Why a feature store can't be opened, filled or read.
public enum FeatureStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The folder is no store, or one of its files is damaged beyond use.
  case damaged(path: String, reason: String)
  /// The store was filled with other settings; each difference reads `name: stored -> wanted`.
  case settingsDiffer(path: String, differences: [String])
  /// Another process is filling the store.
  case busy(path: String)
  /// The shape of records is empty or larger than a store allows.
  case badShape([Int])
  /// The extraction gave another number of values than the shape has.
  case wrongCount(song: String, expected: String, found: Int)
  /// Songs were asked for that the store does not hold.
  case missing(songs: [String], path: String)

  /// What is wrong, where, and the way out.
  public var description: String {
    switch self {
    case .damaged(let path, let reason):
      return "\(path): damaged feature store: \(reason). Remove the folder and fill it again"
    case .settingsDiffer(let path, let differences):
      return "\(path): the features were made with other settings: "
        + differences.joined(separator: "; ") + ". Replace the store, or use another folder"
    case .busy(let path):
      return "\(path): another process is filling this feature store. Wait until it has ended"
    case .badShape(let extents):
      return "records of shape \(extents): expected positive extents and at most "
        + "\(RecordShape.valueLimit) values"
    case .wrongCount(let song, let expected, let found):
      return "song \(song): the extraction gave \(found) values, expected \(expected)"
    case .missing(let songs, let path):
      return "\(path): \(songs.count) songs are not in the feature store: "
        + songs.prefix(5).joined(separator: ", ") + (songs.count > 5 ? ", …" : "")
        + ". Fill it first"
    }
  }
}
