import Foundation
import GRDB

/// The registry of runs and models: one SQLite file that any number of processes may use at once.
///
/// Every change is one transaction: a process that dies leaves the registry as it was before. Another
/// process that writes is waited for, up to ``patience``.
///
/// The file is that of `--registry`, else that of the environment's `SENTIO_REGISTRY`, else
/// `Reports/registry.sqlite` in the current folder.
public final class Registry: Sendable {
  /// The database's file.
  public let file: URL
  private let queue: DatabaseQueue

  /// Seconds that another process's transaction is waited for.
  public static let patience: TimeInterval = 30

  /// Where the registry lies unless a command says otherwise.
  public static var defaultFile: URL {
    let named = ProcessInfo.processInfo.environment["SENTIO_REGISTRY"] ?? ""
    return URL(filePath: named.isEmpty ? "Reports/registry.sqlite" : named)
  }

  /// Opens a registry, and makes it where there is none.
  ///
  /// - Parameter file: the database's file; its folder is made.
  /// - Returns: the registry.
  /// - Throws: ``RegistryError`` for a file that is no registry, is damaged, or is of a newer version.
  public static func open(at file: URL = defaultFile) throws -> Registry {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw RegistryError.unusable(file: file.path, reason: error.localizedDescription)
    }
    return try Registry(file: file)
  }

  private init(file: URL) throws {
    self.file = file
    queue = try Self.translating(file) {
      var configuration = Configuration()
      configuration.busyMode = .timeout(Self.patience)
      configuration.label = "Sentio registry"
      return try DatabaseQueue(path: file.path, configuration: configuration)
    }
    // Two processes that open a new registry at once would both begin to make the same tables, and one
    // would read in the middle of the other's work.
    try FolderLock.around(file, patience: Self.patience) {
      try Self.translating(file) { try migrate() }
    }
  }

  private func migrate() throws {
    let migrator = RegistrySchema.migrator
    // Named before there is any table, in one transaction: a process that dies here leaves a file that is
    // empty or named, never one with tables and without a name.
    if try queue.read(Self.owner) != RegistrySchema.applicationID {
      try queue.write { database in
        let owner = try Self.owner(database)
        let isEmpty =
          try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0 == 0
        if owner == RegistrySchema.applicationID { return }
        guard owner == 0, isEmpty else { throw RegistryError.foreign(file: file.path) }
        try database.execute(
          sql: "PRAGMA application_id = \(RegistrySchema.applicationID)")
      }
    }
    let unknown = try queue.read { database in
      try migrator.appliedIdentifiers(database).subtracting(migrator.migrations)
    }
    guard unknown.isEmpty else {
      throw RegistryError.newer(file: file.path, migrations: unknown.sorted())
    }
    try migrator.migrate(queue)
  }

  private static func owner(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
  }

  /// Reads in one transaction.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(file) { try queue.read(body) }
  }

  /// Writes in one transaction, which nothing is left of when it throws.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translating(file) { try queue.write(body) }
  }

  /// Turns what SQLite says into what a user can act on.
  private static func translating<Value>(_ file: URL, _ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let error as DatabaseError {
      let reason = error.message ?? "SQLite's code \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_NOTADB, .SQLITE_CORRUPT:
        throw RegistryError.damaged(file: file.path, reason: reason)
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        throw RegistryError.busy(file: file.path)
      case .SQLITE_ERROR:
        // A statement that finds no table or column: the file says that it is a registry and is not.
        throw RegistryError.damaged(file: file.path, reason: reason)
      default:
        throw RegistryError.unusable(file: file.path, reason: reason)
      }
    } catch let error as RowDecodingError {
      throw RegistryError.damaged(file: file.path, reason: "\(error)")
    } catch let error as DecodingError {
      throw RegistryError.damaged(file: file.path, reason: "\(error)")
    }
  }
}
