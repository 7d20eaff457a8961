import GRDB

/// The tables of a registry, as a row of migrations: a database of any earlier form becomes one of
/// this form when it is opened.
enum RegistrySchema {
  /// `SNTO`, in the file's header: tells a registry from other programs' databases.
  static let applicationID = 0x534E_544F

  /// A migration is never changed once it has been released; what comes later is added.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs", migrate: createRuns)
    migrator.registerMigration("2 training features", migrate: createTrainingFeatures)
    return migrator
  }

  private static func createRuns(_ database: Database) throws {
    try database.create(table: "run") { table in
      table.autoIncrementedPrimaryKey("id")
      table.column("version", .text).notNull().unique()
      table.column("model", .text).notNull()
      table.column("architecture", .text).notNull()
      table.column("major", .integer).notNull()
      table.column("minor", .integer).notNull()
      table.column("status", .text).notNull()
      table.column("created", .datetime).notNull()
      table.column("seconds", .double)
      table.column("command", .text).notNull()
      table.column("notes", .text).notNull()
      table.column("corpus", .text)
      table.column("splitHash", .text)
      // A seed is unsigned, and SQLite's integers are not.
      table.column("seed", .text)
      table.column("scaleLower", .double).notNull()
      table.column("scaleUpper", .double).notNull()
      table.uniqueKey(["model", "architecture", "major", "minor"])
    }
    func part(_ name: String, _ body: (TableDefinition) -> Void) throws {
      try database.create(table: name) { table in
        table.column("run", .integer).notNull().indexed()
          .references("run", onDelete: .cascade)
        body(table)
      }
    }
    try part("setting") { table in
      table.column("name", .text).notNull()
      table.column("value", .text).notNull()
    }
    try part("metric") { table in
      table.column("name", .text).notNull()
      table.column("dimension", .text).notNull()
      table.column("part", .text).notNull()
      table.column("value", .double)
      table.column("lower", .double)
      table.column("upper", .double)
      table.column("count", .integer)
    }
    try part("curve") { table in
      table.column("series", .text).notNull()
      table.column("epoch", .integer).notNull()
      table.column("value", .double)
    }
    try part("prediction") { table in
      table.column("song", .text).notNull()
      table.column("valence", .double).notNull()
      table.column("arousal", .double).notNull()
      table.column("labelledValence", .double).notNull()
      table.column("labelledArousal", .double).notNull()
    }
    try part("artifact") { table in
      table.column("role", .text).notNull()
      table.column("path", .text).notNull()
      table.column("bytes", .integer).notNull()
      table.column("sha256", .text).notNull()
    }
    try part("decision") { table in
      table.column("at", .datetime).notNull()
      table.column("status", .text).notNull()
      table.column("forced", .boolean).notNull()
      table.column("reason", .text).notNull()
    }
  }

  private static func createTrainingFeatures(_ database: Database) throws {
    // By hash, because all models of a run were trained on the same songs.
    try database.create(table: "sample") { table in
      table.autoIncrementedPrimaryKey("id")
      table.column("sha256", .text).notNull().unique()
      table.column("columns", .text).notNull()
      table.column("values", .blob).notNull()
    }
    try database.alter(table: "run") { table in
      table.add(column: "sample", .integer).references("sample", onDelete: .setNull)
    }
  }
}
