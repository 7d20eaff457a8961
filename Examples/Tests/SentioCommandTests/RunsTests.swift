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

  @Test func listShowCompareAndPromote() throws {
    let folder = try ScratchFolder()
    let registry = folder.url.appending(path: "Reports/registry.sqlite")
    try add(0.9, pull: 0.9, to: registry)
    try add(0.3, pull: 0.3, to: registry)
    // The default is below the current folder.
    let list = try Tool.run(["runs", "list"], in: folder.url).succeeded()
    #expect(list.output.contains("ridge-features-v1.0-ccc0.900"))
    let show = try Tool.run(["runs", "show", "ridge-features-v1.1", "--json"], in: folder.url)
      .succeeded().json()
    #expect((show["settings"] as? [String: String]) == ["alpha": "0.3"])
    let compare = try Tool.run(
      ["runs", "compare", "1", "2", "--resamples", "300"], in: folder.url
    ).succeeded()
    #expect(compare.output.contains("40 songs that both were tested on"))
    try Tool.run(["runs", "promote", "1"], in: folder.url).succeeded()
    try Tool.run(["runs", "promote", "2", "--resamples", "300"], in: folder.url)
      .failed(naming: "ridge-features-v1.1-ccc0.300", "held back", "is worse", "--force")
    let forced = try Tool.run(
      ["runs", "promote", "2", "--force", "--json", "--resamples", "300"], in: folder.url
    ).succeeded().json()
    #expect(forced["wasForced"] as? Bool == true)
    let record = try Tool.run(["runs", "show", "2"], in: folder.url).succeeded()
    #expect(record.output.contains("FORCED"))
    try Tool.run(["runs", "prune", "--keep", "0"], in: folder.url).succeeded()
    #expect(try Registry.open(at: registry).runs().count == 2)
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
