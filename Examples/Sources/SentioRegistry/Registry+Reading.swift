import Foundation
import GRDB
import SentioMetrics

extension Registry {
  /// All runs, the newest first.
  ///
  /// - Parameters:
  ///   - model: only runs of this model type.
  ///   - status: only runs with this status.
  /// - Returns: what the list shows.
  /// - Throws: ``RegistryError``.
  public func runs(model: String? = nil, status: ModelStatus? = nil) throws -> [RunSummary] {
    try read { database in
      try RunSummary.fetchAll(
        database,
        sql: Self.summaryQuery + """
           WHERE (:model IS NULL OR listed.model = :model)
            AND (:status IS NULL OR listed.status = :status)
          ORDER BY listed.created DESC, listed.id DESC
          """,
        arguments: ["model": model, "status": status?.rawValue])
    }
  }

  /// The run that a user names.
  ///
  /// - Parameter reference: the number, the version's name, or a beginning of the name that fits one run.
  /// - Returns: what the list shows.
  /// - Throws: ``RegistryError/unknown(reference:file:)`` or ``RegistryError/ambiguous(reference:matches:)``.
  public func run(_ reference: String) throws -> RunSummary {
    try read { try run(reference, in: $0) }
  }

  /// Everything about a run but its predictions and training features.
  ///
  /// - Parameter reference: as of ``run(_:)``.
  /// - Returns: what is stored.
  /// - Throws: ``RegistryError``.
  public func details(_ reference: String) throws -> RunDetails {
    try read { database in
      let summary = try run(reference, in: database)
      let id = summary.id
      let row = try Self.row(id, in: database)
      func count(_ table: String) throws -> Int {
        try Int.fetchOne(
          database, sql: "SELECT COUNT(*) FROM \(table) WHERE run = ?", arguments: [id]) ?? 0
      }
      let settings = try SettingRow.fetchAll(
        database, sql: "SELECT name, value FROM setting WHERE run = ?", arguments: [id])
      return RunDetails(
        summary: summary, command: row.command, splitHash: row.splitHash,
        seed: row.seed.flatMap(UInt64.init),
        settings: Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
        metrics: try Self.metrics(of: id, in: database),
        curve: try CurveRow.fetchAll(
          database, sql: "SELECT series, epoch, value FROM curve WHERE run = ? ORDER BY rowid",
          arguments: [id]
        ).map { CurveValue(series: $0.series, epoch: $0.epoch, value: $0.value ?? .nan) },
        artifacts: try Self.artifacts(of: id, in: database),
        decisions: try Self.decisions(of: id, in: database),
        predictionCount: try count("prediction"),
        trainingColumns: try Self.trainingColumns(of: id, in: database))
    }
  }

  /// The test songs' labels and predictions of a run, on its scale, in the order of their ids.
  ///
  /// - Parameter reference: as of ``run(_:)``.
  /// - Returns: the scale and the songs.
  /// - Throws: ``RegistryError``.
  public func predictions(
    _ reference: String
  ) throws -> (scale: EmotionScale, songs: [StoredPrediction]) {
    try read { try Self.predictions(of: try run(reference, in: $0).id, in: $0) }
  }

  /// The training songs' features of a run; `nil` where none were stored.
  ///
  /// - Parameter reference: as of ``run(_:)``.
  /// - Returns: at most 1,000 songs.
  /// - Throws: ``RegistryError``.
  public func trainingFeatures(_ reference: String) throws -> FeatureSample? {
    try read { database in
      let id = try run(reference, in: database).id
      return try SampleRow.fetchOne(
        database,
        sql: """
          SELECT columns, "values" FROM sample JOIN run ON run.sample = sample.id WHERE run.id = ?
          """,
        arguments: [id]
      ).map { try StoredSample.decode($0) }
    }
  }

  // MARK: Within a transaction

  static let summaryQuery = """
    SELECT listed.*,
      (SELECT value FROM metric WHERE run = listed.id AND name = 'ccc' AND dimension = 'mean'
        AND part = 'training' LIMIT 1) AS trainingCCC,
      (SELECT value FROM metric WHERE run = listed.id AND name = 'ccc' AND dimension = 'mean'
        AND part = 'validation' LIMIT 1) AS validationCCC,
      (SELECT value FROM metric WHERE run = listed.id AND name = 'ccc' AND dimension = 'mean'
        AND part = 'test' LIMIT 1) AS testCCC,
      (SELECT bytes FROM artifact WHERE run = listed.id AND role = 'model' LIMIT 1) AS modelBytes
    FROM run AS listed
    """

  func run(_ reference: String, in database: Database) throws -> RunSummary {
    let exact = " WHERE listed.version = :text OR CAST(listed.id AS TEXT) = :text"
    if let run = try RunSummary.fetchOne(
      database, sql: Self.summaryQuery + exact, arguments: ["text": reference])
    {
      return run
    }
    // Not LIKE, to which `_` and `%` have a meaning.
    let beginning =
      " WHERE substr(listed.version, 1, length(:text)) = :text ORDER BY listed.id"
    let matches = try RunSummary.fetchAll(
      database, sql: Self.summaryQuery + beginning, arguments: ["text": reference])
    guard let match = matches.first, !reference.isEmpty else {
      throw RegistryError.unknown(reference: reference, file: file.path)
    }
    guard matches.count == 1 else {
      throw RegistryError.ambiguous(reference: reference, matches: matches.map(\.version))
    }
    return match
  }

  static func summary(of id: Int64, in database: Database) throws -> RunSummary {
    guard
      let run = try RunSummary.fetchOne(
        database, sql: summaryQuery + " WHERE listed.id = ?", arguments: [id])
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "run \(id) has gone") }
    return run
  }

  static func row(_ id: Int64, in database: Database) throws -> RunRow {
    guard
      let row = try RunRow.fetchOne(
        database, sql: "SELECT * FROM run WHERE id = ?", arguments: [id])
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "run \(id) has gone") }
    return row
  }

  private static func trainingColumns(of id: Int64, in database: Database) throws -> Int {
    let names = try String.fetchOne(
      database,
      sql: "SELECT columns FROM sample JOIN run ON run.sample = sample.id WHERE run.id = ?",
      arguments: [id])
    return names.map { $0.split(separator: "\n").count } ?? 0
  }

  static func metrics(of id: Int64, in database: Database) throws -> [RunMetric] {
    // A figure that was no number lies there as NULL and is no figure.
    try RunMetric.fetchAll(
      database,
      sql: "SELECT * FROM metric WHERE run = ? AND value IS NOT NULL ORDER BY rowid",
      arguments: [id])
  }

  static func artifacts(of id: Int64, in database: Database) throws -> [StoredArtifact] {
    try StoredArtifact.fetchAll(
      database, sql: "SELECT * FROM artifact WHERE run = ? ORDER BY rowid", arguments: [id])
  }

  static func decisions(of id: Int64, in database: Database) throws -> [StatusDecision] {
    try StatusDecision.fetchAll(
      database, sql: "SELECT * FROM decision WHERE run = ? ORDER BY rowid", arguments: [id])
  }

  static func predictions(
    of id: Int64, in database: Database
  ) throws -> (scale: EmotionScale, songs: [StoredPrediction]) {
    let run = try row(id, in: database)
    guard run.scaleLower < run.scaleUpper else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "run \(id) has an empty scale")
    }
    let scale: EmotionScale =
      switch (run.scaleLower, run.scaleUpper) {
      case (1, 9): .deam1to9
      case (-1, 1): .unit
      case (let lower, let upper): .interval(lower: lower, upper: upper)
      }
    return (
      scale,
      try StoredPrediction.fetchAll(
        database, sql: "SELECT * FROM prediction WHERE run = ? ORDER BY song", arguments: [id])
    )
  }
}
