import Foundation
import GRDB

/// What pruning took away, or would take.
public struct PruneOutcome: Encodable, Sendable {
  /// The runs, the oldest first.
  public var runs: [RunSummary]
  /// The files that were deleted with them.
  public var files: [String]
  /// Files that were left because they are not what was registered, or are shared with a run that stays.
  public var leftFiles: [String]
}

extension Registry {
  /// Forgets old runs that nothing was ever decided for in their favour.
  ///
  /// Kept are the newest of each model type, whatever is in production or a reference, and whatever ever was.
  ///
  /// - Parameters:
  ///   - keep: how many of the newest of each model type stay.
  ///   - deleteFiles: deletes their files too, where they still have the registered hash and no run that
  ///     stays has them.
  ///   - isDryRun: only tells what would go.
  /// - Returns: what went.
  /// - Throws: ``RegistryError``.
  public func prune(
    keep: Int, deleteFiles: Bool = false, isDryRun: Bool = false
  ) throws -> PruneOutcome {
    var orphans: [StoredArtifact] = []
    let runs = try write { database in
      let chosen = try RunSummary.fetchAll(
        database,
        sql: Self.summaryQuery + """
           WHERE listed.status IN ('candidate', 'deprecated')
            AND NOT EXISTS (SELECT 1 FROM decision WHERE run = listed.id
              AND decision.status IN ('production', 'reference'))
            AND (SELECT COUNT(*) FROM run AS newer WHERE newer.model = listed.model
              AND (newer.created, newer.id) > (listed.created, listed.id)) >= ?
          ORDER BY listed.created, listed.id
          """,
        arguments: [keep])
      for run in chosen {
        orphans += try Self.artifacts(of: run.id, in: database)
        if !isDryRun {
          try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run.id])
        }
      }
      try database.execute(
        sql: "DELETE FROM sample WHERE id NOT IN (SELECT sample FROM run WHERE sample IS NOT NULL)")
      return chosen
    }
    var outcome = PruneOutcome(runs: runs, files: [], leftFiles: [])
    guard deleteFiles else { return outcome }
    let gone = Set(runs.map(\.id))
    let kept = try read { database in
      Set(
        try Row.fetchAll(database, sql: "SELECT run, path FROM artifact").compactMap { row in
          guard let run = Int64.fromDatabaseValue(row["run"]),
            let path = String.fromDatabaseValue(row["path"]), !gone.contains(run)
          else { return nil }
          return path
        } as [String])
    }
    // After the transaction: a file without a record can be deleted by hand, a record without its file
    // would be a lie.
    for artifact in Set(orphans).sorted(by: { $0.path < $1.path }) {
      let url = location(of: artifact)
      guard FileManager.default.fileExists(atPath: url.path) else { continue }
      guard !kept.contains(artifact.path),
        (try? ArtifactHash.measure(url).sha256) == artifact.sha256
      else {
        outcome.leftFiles.append(url.path)
        continue
      }
      if !isDryRun { try FileManager.default.removeItem(at: url) }
      outcome.files.append(url.path)
    }
    return outcome
  }
}
