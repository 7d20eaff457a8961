import Foundation
import SentioRegistry
import Testing

@Suite struct RegistryTests {
  @Test func whatIsAddedComesBack() throws {
    let folder = try TemporaryFolder()
    let model = folder.url.appending(path: "vit.sentio")
    try Data("abc".utf8).write(to: model)
    var added = record()
    added.artifacts = [RunArtifact(role: "model", file: model)]
    added.trainingFeatures = FeatureSample(columns: ["a", "b"], rows: [1, 2, 3, 4, 5, 6])
    let registry = try Registry.open(at: folder.registry)
    let summary = try registry.add(added)
    #expect(summary.version == "vit-base-v1.0-ccc0.740")
    #expect(summary.status == .candidate)
    #expect(summary.testCCC == 0.74)
    #expect(summary.validationCCC == 0.75)
    #expect(summary.trainingCCC == nil)
    #expect(summary.modelBytes == 3)

    // From a connection of its own, as another process would.
    let details = try Registry.open(at: folder.registry).details("1")
    #expect(details.summary == summary)
    #expect(details.seed == .max)
    #expect(details.settings == added.settings)
    // What was no number is no figure.
    #expect(details.metrics == added.metrics.filter { !$0.value.isNaN })
    #expect(details.curve == added.curve)
    #expect(details.predictionCount == 60)
    #expect(details.trainingColumns == 2)
    let artifact = try #require(details.artifacts.first)
    #expect(artifact.role == "model")
    #expect(artifact.path == "vit.sentio")
    #expect(artifact.bytes == 3)
    #expect(
      artifact.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let stored = try registry.predictions(summary.version)
    #expect(stored.scale == .deam1to9)
    #expect(Set(stored.songs) == Set(added.predictions))
    #expect(try registry.trainingFeatures("1")?.rows == [1, 2, 3, 4, 5, 6])
  }

  @Test func versionsCountUpAndAreFoundByTheirBeginning() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    try registry.add(record(ccc: 0.7))
    try registry.add(record(ccc: 0.71, created: 1_700_000_100))
    var trees = record("xgboost")
    trees.metrics = [RunMetric(name: "r2", dimension: .mean, part: .test, value: 0.54)]
    #expect(try registry.add(trees).version == "xgboost-base-v1.0-r2_0.540")
    #expect(try registry.run("vit-base-v1.1").version == "vit-base-v1.1-ccc0.710")
    #expect(try registry.run("2").version == "vit-base-v1.1-ccc0.710")
    #expect(
      try registry.runs(model: "vit").map(\.version)
        == ["vit-base-v1.1-ccc0.710", "vit-base-v1.0-ccc0.700"])
    #expect(
      throws: RegistryError.ambiguous(
        reference: "vit", matches: ["vit-base-v1.0-ccc0.700", "vit-base-v1.1-ccc0.710"])
    ) { try registry.run("vit") }
    for missing in ["", "9", "vit%", "_it"] {
      #expect(
        throws: RegistryError.unknown(reference: missing, file: folder.registry.path)
      ) { try registry.run(missing) }
    }
  }

  @Test func badRecordsLeaveNothing() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    var named = record()
    named.model = "../vit"
    var twice = record()
    twice.predictions.append(twice.predictions[0])
    var broken = record()
    broken.predictions[3].valence = .nan
    var fileless = record()
    fileless.artifacts = [RunArtifact(role: "model", file: folder.url.appending(path: "none"))]
    var ragged = record()
    ragged.trainingFeatures = FeatureSample(columns: ["a", "b"], rows: [1, 2, 3])
    for bad in [named, twice, broken, fileless, ragged] {
      #expect(throws: RegistryError.self) { try registry.add(bad) }
    }
    #expect(try registry.runs().isEmpty)
  }

  @Test func manyProcessesAtOnce() async throws {
    let folder = try TemporaryFolder()
    let file = folder.registry
    // A connection each is what separate processes have; the first ones also race to make the tables.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for run in 0..<4 {
            try Registry.open(at: file).add(record(ccc: 0.5 + Double(writer * 4 + run) / 1000))
          }
        }
      }
      try await group.waitForAll()
    }
    let versions = try Registry.open(at: file).runs().map { $0.version.prefix { $0 != "c" } }
    #expect(Set(versions).count == 32)
    #expect(versions.contains("vit-base-v1.31-"))
  }
}
