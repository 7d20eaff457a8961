import Foundation
import SentioTensor
import Testing

/// `sentio run`: the main job on the sample corpus, and `sentio doctor`.
@Suite struct RunTests {
  private func arguments(
    _ folder: ScratchFolder, _ corpus: SampleCorpus, preset: String = "smoke"
  ) -> [String] {
    [
      "run", "--preset", preset, "--data", corpus.folder, "--store", folder.path("store"),
      "--output", folder.path("report"), "--new-songs", corpus.song(0),
    ]
  }

  /// A preset whose vision transformer starts from weights of `features` features.
  private func pretrained(_ folder: ScratchFolder, features: Int) throws -> String {
    let sizes =
      "{\"imageSize\": {\"height\": 32, \"width\": 32}, \"transformer\": {\"features\": \(features), \"layers\": 2, \"heads\": 2, \"innerFeatures\": 32}}"
    let network = folder.path("start-\(features).sentio")
    try Tool.run([
      "model", "make", "--network", "visionTransformer", "--settings", sizes, "--output", network,
    ]).succeeded()
    try folder.write(
      "extends: smoke\npretraining: {file: \"\(network)\"}\n", to: "start-\(features).yaml")
    return folder.path("start-\(features).yaml")
  }

  @Test func writesEverythingAndGoesOnWithTheStore() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let preset = try pretrained(folder, features: 16)
    let arguments = arguments(folder, corpus, preset: preset)
    let first = try Tool.run(arguments).succeeded()
    #expect(first.output.contains("report.html"))
    let files = Set(folder.files.filter { $0.hasPrefix("report/") }.map { String($0.dropFirst(7)) })
    let models = [
      "ridge", "svr", "xgboost", "average", "crnn", "ast", "vit", "mobilevit", "mobilevit-int8",
    ]
    let expected =
      ["report.html", "report.json", "split.json", "truth.csv", "mobilevit.onnx", "mobilevit.pt"]
      + models.map { $0 + ".sentio" }
      + models.map { "predictions-\($0).csv" }
    #expect(files.isSuperset(of: expected), "\(files)")
    #expect(!files.contains { $0.hasSuffix(".tmp") })

    let page = try folder.text(of: "report/report.html")
    #expect(page.hasPrefix("<!doctype html>") && page.contains("</html>"))
    let report = try #require(
      JSONSerialization.jsonObject(with: folder.data(of: "report/report.json"))
        as? [String: Any])
    #expect((report["models"] as? [[String: Any]])?.count == models.count)
    let songs = try #require(report["corpus"] as? [String: Any])
    let parts = ["training", "validation", "test"].compactMap { songs[$0] as? Int }
    #expect(parts.reduce(0, +) == 24 && songs["songs"] as? Int == 24)
    let newSongs = try #require(report["newSongs"] as? [[String: Any]])
    #expect(newSongs.count == 2 && Set(newSongs.compactMap { $0["model"] as? String }).count == 2)
    let path = try #require((report["newSongPaths"] as? [[String: Any]])?.first)
    #expect((path["points"] as? [Any])?.isEmpty == false)
    // The vision transformer started from the file: it learned nothing before.
    #expect(!first.errors.contains("pretext"))
    let notes = (report["notes"] as? [String] ?? []).joined()
    #expect(!notes.contains("No weights of ImageNet"))
    let start = try Safetensors(
      contentsOf: folder.url.appending(path: "report/stages/vit/start.sentio"))
    let given = try Safetensors(contentsOf: folder.url.appending(path: "start-16.sentio"))
    #expect(start.names.sorted() == given.names.sorted())
    for name in given.names { #expect(try start.tensor(name) == given.tensor(name), "\(name)") }
    #expect(try folder.rows(of: "report/truth.csv").count == 1 + parts[2])

    // What the run says of a model is what the tool says of its predictions.
    let judged = try Tool.run([
      "evaluate", "--predictions", folder.path("report/predictions-svr.csv"), "--truth",
      folder.path("report/truth.csv"), "--json",
    ]).succeeded().json()
    #expect(judged["songs"] as? Int == parts[2])

    let predicted = try folder.rows(of: "report/predictions-ridge.csv").map { $0.prefix(3) }
    // A second run has nothing to do.
    let again = try Tool.run(arguments).succeeded()
    for stage in [
      "corpus", "features", "split", "classical", "spectrograms", "crnn", "ast", "gan",
      "synthetic", "vit", "distil", "ablations", "tracks", "explain", "export", "statistics",
      "report",
    ] {
      #expect(again.errors.contains("\(stage): kept"), "\(again.errors)")
    }
    // Measured again, from the store: the same numbers, so that nothing else has to run.
    let forced = try Tool.run(arguments + ["--only", "features"]).succeeded()
    #expect(forced.errors.contains("measured by an earlier run"), "\(forced.errors)")
    let list = try Tool.run(arguments + ["--list"]).succeeded()
    #expect(list.output.split(separator: "\n").allSatisfy { $0.contains("up to date") })
    // A model that is no longer there is made again, and is the same.
    try FileManager.default.removeItem(
      at: folder.url.appending(path: "report/stages/classical/ridge.sentio"))
    let json = try Tool.run(arguments + ["--json"]).succeeded().json()
    let stages = try #require(json["timings"] as? [[String: Any]])
      .compactMap { $0["stage"] as? String }
    #expect(stages.contains("classical") && stages.contains("features"))
    #expect(try folder.rows(of: "report/predictions-ridge.csv").map { $0.prefix(3) } == predicted)
  }

  /// Weights that can't start the network are told of at once, and not after the GAN.
  @Test func pretrainedWeightsMustFit() throws {
    let folder = try ScratchFolder()
    let preset = try pretrained(folder, features: 24)
    let run = ["run", "--preset", preset, "--output", folder.path("out")]
    try Tool.run(run).failed(
      naming: "start-24.sentio does not fit the preset",
      "vit.sizes.transformer.features is 24 in the file and 16 here", "Give the preset")
    try folder.write(
      "extends: smoke\npretraining: {file: \"\(folder.path("none.sentio"))\"}\n", to: "none.yaml")
    try Tool.run(["run", "--preset", folder.path("none.yaml"), "--output", folder.path("out")])
      .failed(naming: "pretraining.file", "none.sentio", "sentio model import")
    try folder.write(
      "extends: smoke\npretraining: {file: \"\(folder.path("none.yaml"))\"}\n", to: "other.yaml")
    try Tool.run(["run", "--preset", folder.path("other.yaml"), "--output", folder.path("out")])
      .failed(naming: "pretraining.file", "none.yaml")
    #expect(!folder.exists("out/stages/corpus"))
  }

  @Test func aTableWithLabelsNeedsNoAudio() throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.features(), to: "t.csv")
    try folder.write(SampleTable.labels(), to: "l.csv")
    let json = try Tool.run(
      [
        "run", "--quick", "--table", "t.csv", "--truth", "l.csv", "--output", "out", "--json",
      ], in: folder.url
    ).succeeded().json()
    let corpus = try #require(json["corpus"] as? [String: Any])
    #expect(corpus["songs"] as? Int == 40 && corpus["featureCount"] as? Int == 3)
    #expect(corpus["synthetic"] as? Bool == false)
    #expect(folder.exists("out/report.html"))
  }

  @Test func killedWhileMeasuringTheNextRunGoesOn() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let journal = folder.url.appending(path: "store/journal.log")
    let killed = try Tool.start(arguments(folder, corpus)).signal(SIGKILL) {
      ((try? journal.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) > 0
        && ((try? String(contentsOf: journal, encoding: .utf8)) ?? "").contains("\n")
    }
    #expect(killed.status == 128 + SIGKILL)
    #expect(!folder.exists("report/report.html") && !folder.exists("report/ridge.sentio"))
    let json = try Tool.run(arguments(folder, corpus) + ["--json"]).succeeded().json()
    let manifest = try #require(
      JSONSerialization.jsonObject(
        with: folder.data(of: "report/stages/features/manifest.json")) as? [String: Any])
    let facts = try #require(manifest["facts"] as? [String: Any])
    #expect(try #require(facts["measured"] as? Int) < SampleCorpus.songCount)
    #expect(manifest["attempts"] as? Int == 2)
    #expect((json["corpus"] as? [String: Any])?["songs"] as? Int == SampleCorpus.songCount)
    #expect(folder.exists("report/report.html"))
  }

  @Test func presetsAreCopiedAndChanged() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let printed = try Tool.run(["run", "--print-preset", "smoke"]).succeeded()
    #expect(printed.output.contains("corpus:") && printed.output.contains("folds: 5"))
    try folder.write(printed.output, to: "my.yaml")
    let run = ["run", "--preset", "my.yaml", "--data", corpus.folder, "--output", "out"]
    let list = try Tool.run(run + ["--list"], in: folder.url).succeeded()
    #expect(list.output.contains("classical") && list.output.contains("has not run yet"))
    try folder.write("extends: smoke\nclassical:\n  fold: 4\n", to: "my.yaml")
    try Tool.run(run, in: folder.url)
      .failed(naming: "my.yaml:3: unknown key 'fold' in classical; did you mean folds?")
    try folder.write("extends: smok\n", to: "my.yaml")
    try Tool.run(run, in: folder.url).failed(naming: "my.yaml:1:", "smok", "smoke, demo, paper")
    try folder.write("statistics:\n  resamples: 3\n", to: "my.yaml")
    try Tool.run(run, in: folder.url).failed(naming: "my.yaml", "statistics.resamples")
    try Tool.run(["run", "--preset", "dmo"]).failed(naming: "did you mean demo?")
    try Tool.run(["run", "--preset", "missing.yaml"]).failed(naming: "missing.yaml")
    try Tool.run(
      ["run", "--quick", "--data", corpus.folder, "-o", "out", "--only", "clasical"], in: folder.url
    )
    .failed(naming: "did you mean classical?")
    try Tool.run(
      ["run", "--quick", "--data", corpus.folder, "-o", "out", "--only", "classical"],
      in: folder.url
    )
    .failed(naming: "classical needs the outputs of corpus", "--until classical")
  }

  @Test func doctorSaysWhatItFound() throws {
    let outcome = try Tool.run(["doctor", "--json"])
    #expect(outcome.status == 0 || outcome.status == 1, "\(outcome.errors)")
    let findings = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    let names = findings.compactMap { $0["what"] as? String }
    for name in ["processor", "threads", "BLAS", "MP3 encoder", "free disk"] {
      #expect(names.contains(name))
    }
    #expect(findings.allSatisfy { ($0["found"] as? String)?.isEmpty == false })
    let needed = findings.filter { $0["isNeeded"] as? Bool == true && $0["mend"] is String }
    #expect(needed.isEmpty == (outcome.status == 0))
    let text = try Tool.run(["doctor"])
    #expect(text.status == outcome.status && text.output.contains("processor"))
  }
}
