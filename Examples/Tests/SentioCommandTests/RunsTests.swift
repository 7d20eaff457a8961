import Foundation
import SentioRegistry
import Testing

/// `sentio runs`, on registries that were filled through the library as `sentio run` fills them.
@Suite struct RunsTests {
  /// A model whose predictions are the labels drawn towards the middle.
  private func add(_ ccc: Double, pull: Double, to registry: URL) throws {
    var record = RunRecord(model: "ridge", architecture: "features", command: "sentio run")
    record.metrics = [RunMetric(name: "ccc", dimension: .mean, part: .test, value: ccc, count: 40)]
    record.settings = ["alpha": "\(pull)"]
    record.predictions = (0..<40).map { index in
      let (x, y) = (3 * sin(Double(index)), 3 * cos(1.7 * Double(index)))
      return StoredPrediction(
        song: "s\(index)", valence: 5 + pull * x, arousal: 5 + pull * y, labelledValence: 5 + x,
        labelledArousal: 5 + y)
    }
    record.trainingFeatures = FeatureSample(
      columns: ["a", "b"],
      rows: (0..<100).flatMap { [sin(12.9 * Double($0)), cos(78.2 * Double($0))] })
    try Registry.open(at: registry).add(record)
  }

  /// Runs `sentio runs` as somebody who has named no registry.
  private func run(_ arguments: [String], in folder: ScratchFolder) throws -> Tool.Outcome {
    try Tool.shell("unset SENTIO_REGISTRY; sentio runs \"$@\"", arguments, in: folder.url)
  }

  @Test func listShowCompareAndPromote() throws {
    let folder = try ScratchFolder()
    let registry = folder.url.appending(path: "Reports/registry.sqlite")
    try add(0.9, pull: 0.9, to: registry)
    try add(0.3, pull: 0.3, to: registry)
    // The default is below the current folder.
    let list = try run(["list"], in: folder).succeeded()
    #expect(list.output.contains("ridge-features-v1.0-ccc0.900"))
    let show = try run(["show", "ridge-features-v1.1", "--json"], in: folder)
      .succeeded().json()
    #expect((show["settings"] as? [String: String]) == ["alpha": "0.3"])
    let compare = try run(
      ["compare", "1", "2", "--resamples", "300"], in: folder
    ).succeeded()
    #expect(compare.output.contains("40 songs that both were tested on"))
    try run(["promote", "1"], in: folder).succeeded()
    try run(["promote", "2", "--resamples", "300"], in: folder)
      .failed(naming: "ridge-features-v1.1-ccc0.300", "held back", "is worse", "--force")
    let forced = try run(
      ["promote", "2", "--force", "--json", "--resamples", "300"], in: folder
    ).succeeded().json()
    #expect(forced["wasForced"] as? Bool == true)
    let record = try run(["show", "2"], in: folder).succeeded()
    #expect(record.output.contains("FORCED"))
    try run(["prune", "--keep", "0"], in: folder).succeeded()
    #expect(try Registry.open(at: registry).runs().count == 2)
  }

  @Test func trainingIsRegisteredWhereARegistryIsNamed() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try folder.write(
      """
      sizes: {filters: [4, 4], units: [4, 4], denseUnits: 4}
      training: {epochs: 2, batchSize: 4}
      """, to: "r.yaml")
    let network = [
      "train", "crnn", "--data", corpus.folder, "--config", "r.yaml", "--duration", "5", "-o",
      "m.sentio", "--store", folder.path("store"), "--registry", "runs.sqlite", "--json",
    ]
    let trained = try Tool.run(network, in: folder.url).succeeded().json()
    let version = try #require(trained["version"] as? String)
    #expect(version.hasPrefix("crnn-recipe-v1.0-ccc"))
    let shown = try Tool.run(
      ["runs", "show", version, "--registry", "runs.sqlite", "--json"], in: folder.url
    ).succeeded().json()
    let settings = try #require(shown["settings"] as? [String: String])
    #expect(settings["training.epochs"] == "2" && settings["sizes.filters"] == "[4, 4]")

    let table = try Tool.shell(
      "SENTIO_REGISTRY=runs.sqlite sentio \"$@\"",
      [
        "train", "ridge", "--table", corpus.table, "--labels", corpus.labels, "--folds", "2", "-o",
        "r.sentio",
      ], in: folder.url
    ).succeeded()
    #expect(table.output.contains("registered as ridge-features-v1.0"))
    let list = try run(["list", "--registry", "runs.sqlite"], in: folder).succeeded()
    #expect(list.output.contains(version) && list.output.contains("ridge-features-v1.0"))
  }

  @Test func driftReadsATable() throws {
    let folder = try ScratchFolder()
    let registry = folder.url.appending(path: "runs.sqlite")
    try add(0.9, pull: 0.9, to: registry)
    let table = folder.url.appending(path: "new.csv")
    let rows = (0..<60).map { "n\($0),\(sin(3.3 * Double($0)) + 3),\(cos(5.1 * Double($0)))" }
    try Data(("song_id,a,b\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: table)
    let outcome = try Tool.run([
      "runs", "drift", "1", "--features", table.path, "--registry", registry.path,
    ]).succeeded()
    #expect(outcome.output.contains("drifted"))
  }

  @Test func faultsNameTheFile() throws {
    let folder = try ScratchFolder()
    let none = folder.url.appending(path: "none.sqlite")
    try Tool.run(["runs", "list", "--registry", none.path])
      .failed(naming: none.path, "there is no registry")
    let text = folder.url.appending(path: "text.sqlite")
    try Data(repeating: 66, count: 5000).write(to: text)
    try Tool.run(["runs", "list", "--registry", text.path])
      .failed(naming: text.path, "is damaged", "mv ")
    let registry = folder.url.appending(path: "runs.sqlite")
    try add(0.9, pull: 0.9, to: registry)
    try Tool.run(["runs", "show", "vit", "--registry", registry.path])
      .failed(naming: "vit: no such run", "sentio runs list")
    try Tool.run(["runs", "prune", "--keep", "-1", "--registry", registry.path]).failed(
      2, naming: "--keep")
  }
}
