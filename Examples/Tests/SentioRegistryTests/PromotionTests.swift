import Foundation
import SentioMetrics
import SentioRegistry
import Testing

@Suite struct PromotionTests {
  private let quick = Resampling(count: 500, seed: 1)

  @Test func gateHoldsBackWhatIsWorse() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    try registry.add(record(ccc: 0.9, pull: 0.9, noise: 0.3))
    try registry.add(record(ccc: 0.3, pull: 0.2, noise: 0.3))
    let first = try registry.promote("1", resampling: quick)
    #expect(first.isPromoted)
    #expect(first.gate == nil)
    let second = try registry.promote("2", resampling: quick)
    #expect(!second.isPromoted)
    #expect(second.gate?.verdict == .worse)
    #expect(second.gate?.count == 60)
    #expect(try registry.run("2").status == .candidate)
    #expect(try registry.run("1").status == .production)

    let forced = try registry.promote("2", force: true, note: "a test", resampling: quick)
    #expect(forced.isPromoted)
    #expect(forced.wasForced)
    #expect(try registry.run("1").status == .deprecated)
    let decision = try #require(try registry.details("2").decisions.last)
    #expect(decision.forced)
    #expect(decision.status == .production)
    #expect(decision.reason.contains("is worse"))
    #expect(decision.reason.hasSuffix("a test"))
    #expect(try registry.details("1").decisions.map(\.status) == [.production, .deprecated])
  }

  @Test func gateLetsPassWhatIsBetterAndWhatIsAlike() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    try registry.add(record(pull: 0.5, noise: 0.3))
    try registry.add(record(pull: 0.9, noise: 0.3))
    try registry.add(record(pull: 0.9, noise: 0.3))
    _ = try registry.promote("1", resampling: quick)
    #expect(try registry.promote("2", resampling: quick).gate?.verdict == .better)
    let alike = try registry.promote("3", resampling: quick)
    #expect(alike.gate?.verdict == .noWorse)
    #expect(alike.replaced?.id == 2)
    #expect(!alike.wasForced)
  }

  @Test func otherSongsAreNoGround() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    try registry.add(record())
    var other = record()
    for index in other.predictions.indices { other.predictions[index].song += "b" }
    try registry.add(other)
    // The same ids with other labels are other songs too.
    var relabelled = record()
    for index in relabelled.predictions.indices {
      relabelled.predictions[index].labelledValence += 1
    }
    try registry.add(relabelled)
    _ = try registry.promote("1")
    for run in ["2", "3"] {
      #expect(throws: RegistryError.self) { try registry.promote(run) }
      let comparison = try registry.compare("1", run)
      #expect(comparison.commonSongs == 0)
      #expect(comparison.paired == nil)
    }
  }

  @Test func comparisonPutsBothOnOneScale() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    try registry.add(record(pull: 0.8, noise: 0.5))
    var unit = record(ccc: 0.5, pull: 0.8, noise: 0.5)
    unit.scale = -1...1
    unit.settings["epochs"] = "5"
    unit.predictions = unit.predictions.map {
      StoredPrediction(
        song: $0.song, valence: ($0.valence - 5) / 4, arousal: ($0.arousal - 5) / 4,
        labelledValence: ($0.labelledValence - 5) / 4,
        labelledArousal: ($0.labelledArousal - 5) / 4)
    }
    try registry.add(unit)
    let comparison = try registry.compare("1", "2", resampling: quick)
    #expect(comparison.commonSongs == 60)
    #expect(comparison.settings == ["epochs": ["30", "5"]])
    let ccc = try #require(
      comparison.figures.first { $0.name == "ccc" && $0.part == .test })
    #expect(ccc.first == 0.74)
    #expect(ccc.second == 0.5)
    let difference = try #require(comparison.paired).mean[0].difference
    #expect(abs(difference.estimate) < 1e-9)
  }

  @Test func pruningKeepsWhatWasEverPromoted() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    let sample = FeatureSample(columns: ["a"], rows: [1, 2, 3])
    for index in 0..<6 {
      let file = folder.url.appending(path: "m\(index)")
      try Data("model \(index)".utf8).write(to: file)
      var run = record(created: 1_700_000_000 + Double(index))
      run.artifacts = [RunArtifact(role: "model", file: file)]
      run.trainingFeatures = sample
      try registry.add(run)
    }
    _ = try registry.promote("1")
    _ = try registry.promote("2")  // The first is deprecated, but was in production.
    try registry.mark("3", as: .reference)
    try Data("changed".utf8).write(to: folder.url.appending(path: "m4"))
    let dry = try registry.prune(keep: 1, deleteFiles: true, isDryRun: true)
    #expect(dry.runs.map(\.id) == [4, 5])
    #expect(try registry.runs().count == 6)
    let outcome = try registry.prune(keep: 1, deleteFiles: true)
    #expect(outcome.runs == dry.runs)
    #expect(outcome.files.map { URL(filePath: $0).lastPathComponent } == ["m3"])
    #expect(outcome.leftFiles.map { URL(filePath: $0).lastPathComponent } == ["m4"])
    #expect(Set(try registry.runs().map(\.id)) == [1, 2, 3, 6])
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "m3").path))
    #expect(try registry.trainingFeatures("1")?.rows == [1, 2, 3])
  }

  @Test func driftIsNoticed() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry.open(at: folder.registry)
    func songs(_ count: Int, shift: Double) -> [Double] {
      (0..<count).flatMap { index -> [Double] in
        let x = Double(index)
        return [sin(x * 12.9898) + shift, cos(x * 78.233), sin(x * 37.719)]
      }
    }
    var trained = record("ridge")
    trained.trainingFeatures = FeatureSample(
      columns: ["a", "b", "c"], rows: songs(200, shift: 0))
    try registry.add(trained)
    try registry.add(record())
    // The columns in another order, one unknown and one missing.
    func table(_ shift: Double) -> FeatureSample {
      let values = songs(250, shift: shift).enumerated().filter { $0.offset >= 150 }
      let rows = stride(from: 0, to: values.count, by: 3).flatMap { start -> [Double] in
        [values[start + 1].element, 7, values[start].element]
      }
      return FeatureSample(columns: ["b", "unknown", "a"], rows: rows)
    }
    let same = try registry.drift(of: "1", in: table(0))
    #expect(same.drift.verdict == .stable)
    #expect(same.missingColumns == ["c"])
    let moved = try registry.drift(of: "1", in: table(2))
    #expect(moved.drift.verdict == .drifted)
    #expect(moved.drift.features.first?.name == "a")
    #expect(throws: RegistryError.self) { try registry.drift(of: "2", in: table(0)) }
    #expect(throws: RegistryError.self) {
      try registry.drift(of: "1", in: FeatureSample(columns: ["z"], rows: [1]))
    }
  }
}
