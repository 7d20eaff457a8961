/// What can go wrong with a registry, with the file and how to mend it.
public enum RegistryError: Error, Equatable, CustomStringConvertible {
  /// The file can't be opened, read or written.
  case unusable(file: String, reason: String)
  /// The file is not a database, or a part of it is damaged.
  case damaged(file: String, reason: String)
  /// The file belongs to another program.
  case foreign(file: String)
  /// The file was made by a newer Sentio.
  case newer(file: String, migrations: [String])
  /// Another process kept the file for longer than was waited.
  case busy(file: String)
  /// No run has this number, version or beginning of a version.
  case unknown(reference: String, file: String)
  /// More than one run fits.
  case ambiguous(reference: String, matches: [String])
  /// A record that can't be kept, with the field.
  case invalid(field: String, reason: String)
  /// Two runs that have no test songs in common.
  case nothingInCommon(first: String, second: String)
  /// A run that has not stored what a command needs.
  case notStored(version: String, what: String, fix: String)

  /// The file or run, what is wrong, and what to do.
  public var description: String {
    switch self {
    case .unusable(let file, let reason):
      "\(file): can't be used as a registry (\(reason)); choose another file with --registry or "
        + "SENTIO_REGISTRY"
    case .damaged(let file, let reason):
      "\(file): the registry is damaged (\(reason)). Move it away and Sentio begins a new one: mv "
        + "'\(file)' '\(file).damaged'. The models and reports beside it are not touched"
    case .foreign(let file):
      "\(file): is a database, but not a registry of Sentio's; choose another file with --registry "
        + "or SENTIO_REGISTRY"
    case .newer(let file, let migrations):
      "\(file): was made by a newer Sentio (\(migrations.joined(separator: ", "))); update Sentio, "
        + "or choose another file with --registry or SENTIO_REGISTRY"
    case .busy(let file):
      "\(file): another process holds the registry; try again when it has ended"
    case .unknown(let reference, let file):
      "\(reference): no such run in \(file); sentio runs list shows all"
    case .ambiguous(let reference, let matches):
      "\(reference): fits \(matches.count) runs: \(matches.prefix(5).joined(separator: ", "))"
        + "\(matches.count > 5 ? ", …" : ""); write more of the name or use the number"
    case .invalid(let field, let reason):
      "\(field): \(reason)"
    case .nothingInCommon(let first, let second):
      "\(first) and \(second) were not tested on the same songs, so they can't be compared in pairs; "
        + "test both on one split"
    case .notStored(let version, let what, let fix):
      "\(version): \(what) was not stored; \(fix)"
    }
  }
}
