import Foundation
import GRDB
import SentioRegistry
import Testing

@Suite struct DamagedRegistryTests {
  @Test func noDatabase() throws {
    let folder = try TemporaryFolder()
    try Data(repeating: 65, count: 4096).write(to: folder.registry)
    expectDamaged(folder.registry)
  }

  @Test func databaseOfAnotherProgram() throws {
    let folder = try TemporaryFolder()
    try DatabaseQueue(path: folder.registry.path).write {
      try $0.execute(sql: "CREATE TABLE song (id INTEGER)")
    }
    #expect(throws: RegistryError.foreign(file: folder.registry.path)) {
      try Registry.open(at: folder.registry)
    }
  }

  @Test func newerDatabase() throws {
    let folder = try TemporaryFolder()
    _ = try Registry.open(at: folder.registry)
    try DatabaseQueue(path: folder.registry.path).write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 wonders')")
    }
    #expect(
      throws: RegistryError.newer(file: folder.registry.path, migrations: ["99 wonders"])
    ) { try Registry.open(at: folder.registry) }
  }

  @Test(arguments: [
    "UPDATE run SET status = 'royal'", "UPDATE run SET created = 'yesterday'",
    "UPDATE run SET scaleLower = 9",
    "UPDATE sample SET \"values\" = x'0102'", "DROP TABLE prediction",
  ])
  func forgedContent(sql: String) throws {
    let folder = try TemporaryFolder()
    var added = record()
    added.trainingFeatures = FeatureSample(columns: ["a"], rows: [1, 2])
    try Registry.open(at: folder.registry).add(added)
    try DatabaseQueue(path: folder.registry.path).write { try $0.execute(sql: sql) }
    do {
      let registry = try Registry.open(at: folder.registry)
      _ = try registry.runs()
      _ = try registry.trainingFeatures("1")
      _ = try registry.predictions("1")
      Issue.record("\(sql): was not noticed")
    } catch RegistryError.damaged(let file, _) {
      #expect(file == folder.registry.path)
    }
  }

  @Test func overwrittenPages() throws {
    let folder = try TemporaryFolder()
    try Registry.open(at: folder.registry).add(record())
    var bytes = try Data(contentsOf: folder.registry)
    for index in 4096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try bytes.write(to: folder.registry)
    expectDamaged(folder.registry)
  }

  @Test func folderInItsPlaceAndNoPermission() throws {
    let folder = try TemporaryFolder()
    #expect(throws: RegistryError.self) { try Registry.open(at: folder.url) }
    #expect(throws: RegistryError.self) {
      try Registry.open(at: URL(filePath: "/proc/none/registry.sqlite"))
    }
  }

  private func expectDamaged(_ file: URL) {
    do {
      _ = try Registry.open(at: file).runs()
      Issue.record("damage was not noticed")
    } catch RegistryError.damaged(let named, _) {
      #expect(named == file.path)
    } catch {
      Issue.record("\(error)")
    }
  }
}
