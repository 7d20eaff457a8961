import Foundation
import GRDB

extension Registry {
  /// Registers a finished training.
  ///
  /// The version's name is `{model}-{architecture}-v{major}.{minor}-ccc{mean test CCC}`; the first of a
  /// kind is v1.0, and each further one counts the minor number up.
  ///
  /// - Parameter record: what is known of the training; its files are read and hashed.
  /// - Returns: the run as it is listed.
  /// - Throws: ``RegistryError``; nothing is stored then.
  @discardableResult
  public func add(_ record: RunRecord) throws -> RunSummary {
    try record.check()
    // Hashed before the transaction: large files must not keep other processes waiting.
    let artifacts = try record.artifacts.map {
      (role: $0.role, path: storedPath(of: $0.file), measured: try ArtifactHash.measure($0.file))
    }
    let sample = try record.trainingFeatures.map(StoredSample.init)
    return try write { database in
      let minor =
        try Int.fetchOne(
          database,
          sql: "SELECT MAX(minor) + 1 FROM run WHERE model = ? AND architecture = ? AND major = 1",
          arguments: [record.model, record.architecture]) ?? 0
      let version = record.versionName(major: 1, minor: minor)
      try database.execute(
        sql: """
          INSERT INTO run (version, model, architecture, major, minor, status, created, seconds,
            command, notes, corpus, splitHash, seed, scaleLower, scaleUpper)
          VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          version, record.model, record.architecture, minor, ModelStatus.candidate.rawValue,
          record.created, record.seconds, record.command, record.notes, record.corpus,
          record.splitHash, record.seed.map(String.init), record.scale.lowerBound,
          record.scale.upperBound,
        ])
      let id = database.lastInsertedRowID
      let insert = try database.makeStatement(
        sql: """
          INSERT INTO prediction (run, song, valence, arousal, labelledValence, labelledArousal)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      for song in record.predictions {
        try insert.execute(
          arguments: [
            id, song.song, song.valence, song.arousal, song.labelledValence, song.labelledArousal,
          ])
      }
      for (name, value) in record.settings {
        try database.execute(
          sql: "INSERT INTO setting (run, name, value) VALUES (?, ?, ?)",
          arguments: [id, name, value])
      }
      for metric in record.metrics {
        try database.execute(
          sql: """
            INSERT INTO metric (run, name, dimension, part, value, lower, upper, count)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            id, metric.name, metric.dimension.rawValue, metric.part.rawValue, metric.value,
            metric.lower, metric.upper, metric.count,
          ])
      }
      for point in record.curve {
        try database.execute(
          sql: "INSERT INTO curve (run, series, epoch, value) VALUES (?, ?, ?, ?)",
          arguments: [id, point.series, point.epoch, point.value])
      }
      for artifact in artifacts {
        try database.execute(
          sql: "INSERT INTO artifact (run, role, path, bytes, sha256) VALUES (?, ?, ?, ?, ?)",
          arguments: [
            id, artifact.role, artifact.path, artifact.measured.bytes, artifact.measured.sha256,
          ])
      }
      if let sample {
        try database.execute(
          sql: "INSERT OR IGNORE INTO sample (sha256, columns, \"values\") VALUES (?, ?, ?)",
          arguments: [sample.hash, sample.columns, sample.values])
        try database.execute(
          sql: "UPDATE run SET sample = (SELECT id FROM sample WHERE sha256 = ?) WHERE id = ?",
          arguments: [sample.hash, id])
      }
      return try Self.summary(of: id, in: database)
    }
  }

  /// Where a file lies, seen from the registry's folder where it lies below it: the two can be moved
  /// together.
  private func storedPath(of url: URL) -> String {
    let folder = file.deletingLastPathComponent().standardizedFileURL.path + "/"
    let path = url.standardizedFileURL.path
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }

  /// Where a registered file is looked for.
  public func location(of artifact: StoredArtifact) -> URL {
    artifact.path.hasPrefix("/")
      ? URL(filePath: artifact.path)
      : file.deletingLastPathComponent().appending(path: artifact.path)
  }
}

extension RunRecord {
  /// Names that can stand in a version's name and in a file's.
  private static func isName(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0) || $0 == 95
      }
  }

  /// Refuses what later commands could not work with.
  func check() throws {
    for (field, value) in [("model", model), ("architecture", architecture)]
    where !Self.isName(value) {
      throw RegistryError.invalid(
        field: "\(field) “\(value)”", reason: "1 to 40 letters, digits and _ are expected")
    }
    guard scale.lowerBound.isFinite, scale.upperBound.isFinite, scale.lowerBound < scale.upperBound
    else { throw RegistryError.invalid(field: "scale \(scale)", reason: "is empty or endless") }
    var songs: Set<String> = []
    for song in predictions {
      guard songs.insert(song.song).inserted else {
        throw RegistryError.invalid(field: "song \(song.song)", reason: "is predicted twice")
      }
      let values = [song.valence, song.arousal, song.labelledValence, song.labelledArousal]
      guard values.allSatisfy(\.isFinite) else {
        throw RegistryError.invalid(
          field: "song \(song.song)", reason: "has a label or prediction that is no number")
      }
    }
    guard let sample = trainingFeatures else { return }
    guard !sample.columns.isEmpty, sample.rows.count % sample.columns.count == 0,
      sample.rows.allSatisfy(\.isFinite)
    else {
      throw RegistryError.invalid(
        field: "training features",
        reason:
          "\(sample.rows.count) finite values for \(sample.columns.count) columns are expected")
    }
  }

  /// `vit-base-v1.0-ccc0.740`; where there is no CCC, as the report names its trees: `…-r2_0.540`.
  func versionName(major: Int, minor: Int) -> String {
    func test(_ name: String) -> Double? {
      metrics.first { $0.name == name && $0.part == .test && $0.dimension == .mean }
        .map(\.value).flatMap { $0.isFinite ? $0 : nil }
    }
    var name = "\(model)-\(architecture)-v\(major).\(minor)"
    if let ccc = test("ccc") {
      name += String(format: "-ccc%.3f", ccc)
    } else if let r2 = test("r2") {
      name += String(format: "-r2_%.3f", r2)
    }
    return name
  }
}
