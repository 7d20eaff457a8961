import Foundation
import Testing

/// `sentio train crnn` and its like: networks from audio, by a recipe, stopped and gone on with, and used.
@Suite struct NetworkTests {
  private static let recipe = """
    network: crnn
    sizes:
      filters: [6, 7, 8]
      units: [6, 5]
      denseUnits: 8
    input:
      step: 0.5
      frames: 12
    training:
      batchSize: 8
      epochs: 3
    """

  private func train(_ kind: String, _ folder: ScratchFolder, _ options: [String]) throws
    -> [String]
  {
    [
      "train", kind, "--data", try SampleCorpus.made().folder, "-o", "m.sentio", "--store",
      folder.path("store"),
    ] + options
  }

  @Test func aRecipeIsTrainedAndTheNetworkPredicts() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try folder.write(Self.recipe, to: "r.yaml")
    let command = try train("crnn", folder, ["--config", "r.yaml"])
    let json = try Tool.run(command + ["--json"], in: folder.url).succeeded().json()
    #expect(json["epochs"] as? Int == 3 && json["scale"] as? String == "1..9")
    let parts = ["training", "validation", "test"].compactMap { json[$0] as? Int }
    #expect(parts.reduce(0, +) == SampleCorpus.songCount && parts.allSatisfy { $0 > 0 })
    #expect((json["testMeasures"] as? [String: Any])?["rmse"] is Double)
    // Checkpoints stand beside the output; a finished training is not done again.
    #expect(folder.exists("m.training/last.safetensors") && folder.exists("m.training/log.jsonl"))
    let again = try Tool.run(command, in: folder.url).succeeded()
    #expect(again.output.contains("best epoch") && again.output.contains("on 1..9"))
    #expect(again.errors.contains("transformed by an earlier run"))

    let shown = try Tool.run(["model", "show", "m.sentio"], in: folder.url).succeeded()
    #expect(shown.output.contains("[N, 12, 40]") && shown.output.contains("sequence"))
    // A network and a regression say the same things of the same songs, on the same scale.
    for model in ["m.sentio", corpus.model] {
      let json = try Tool.run(
        ["predict", "--model", model, corpus.song(0), corpus.song(1), "--json"], in: folder.url
      ).succeeded().json()
      let songs = try #require(json["songs"] as? [[String: Any]])
      #expect(songs.count == 2 && json["scale"] as? String == "1..9")
      for song in songs {
        let valence = try #require(song["valence"] as? Double)
        #expect((0...10).contains(valence))
      }
    }
    try Tool.run(["predict", "--model", "m.sentio", "--table", corpus.table], in: folder.url)
      .failed(naming: "network over audio")
  }

  @Test func ctrlCSavesAndTheSameCommandGoesOn() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.recipe, to: "r.yaml")
    let command = try train("crnn", folder, ["--config", "r.yaml", "--patience", "0"])
    let running = try Tool.start(command + ["--epochs", "100000"], in: folder.url)
    let outcome = try running.signal(SIGINT) { running.errorsSoFar.contains("epoch 2:") }
    outcome.failed(130, naming: "stopped by Ctrl-C")
    #expect(!folder.exists("m.sentio"))
    let rest = try Tool.run(command + ["--epochs", "4"], in: folder.url).succeeded()
    #expect(rest.errors.contains("going on at epoch") && folder.exists("m.sentio"))
    // Another network is not trained in the folder of this one.
    try folder.write(
      Self.recipe.replacing("denseUnits: 8", with: "denseUnits: 9"), to: "r.yaml")
    try Tool.run(command, in: folder.url).failed(naming: "\"denseUnits\":8", "start over")
    try Tool.run(command + ["--start-over"], in: folder.url).succeeded()
  }

  @Test(arguments: [
    ("training:\n  epoch: 3", "r.yaml:2: unknown key 'epoch' in training; did you mean epochs?"),
    ("trainig:\n  epochs: 3", "r.yaml:1: unknown key 'trainig'; did you mean training?"),
    ("sizes:\n  filter: 9", "r.yaml:2: unknown key 'filter' in sizes; did you mean filters?"),
    (
      "sizes:\n\n  features: 9",
      "r.yaml:3: unknown key 'features' in sizes: it follows from other settings"
    ),
    ("training:\n  epochs: many", "r.yaml:2: training.epochs must be a number, not 'many'"),
    ("training:\n  epochs: 0", "r.yaml:2: training.epochs 0 is out of range"),
    ("training:\n  loss: best", "r.yaml:2: training.loss"),
    ("network: ast", "r.yaml:1: network is a recipe for ast: sentio train ast"),
    ("training: 3", "r.yaml:1: training must be a section"),
    ("training: [", "r.yaml:2: is no YAML"),
  ])
  func mistakesInARecipeAreNamed(_ text: String, _ message: String) throws {
    let folder = try ScratchFolder()
    try folder.write(text, to: "r.yaml")
    try Tool.run(
      ["train", "crnn", "--config", "r.yaml", "--print-config"], in: folder.url
    ).failed(naming: message)
  }

  @Test(arguments: [
    "crnn", "crnn-mel", "ast", "ast-published", "vit", "student", "mlp", "cnn", "lstm", "gru",
    "rnn",
  ])
  func thePrintedRecipeIsTheRecipe(_ kind: String) throws {
    let folder = try ScratchFolder()
    let printed = try Tool.run(
      ["train", kind, "--print-config", "--epochs", "7", "--duration", "6"], in: folder.url
    ).succeeded().output
    #expect(printed.contains("network: \(kind)\n") && printed.contains("epochs: 7\n"))
    try folder.write(printed, to: "r.yaml")
    let again = try Tool.run(
      ["train", kind, "--print-config", "--config", "r.yaml"], in: folder.url
    ).succeeded().output
    #expect(again == printed)
  }

  @Test func genresAreToldApartByOneCommand() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try folder.write("sizes:\n  units: [8]\n", to: "r.yaml")
    let options = ["--config", "r.yaml", "--duration", "5", "--epochs", "2", "--rate", "0.001"]
    let command = try train("mlp", folder, options)
    let json = try Tool.run(command + ["--json"], in: folder.url).succeeded().json()
    let genres = try #require(json["genres"] as? [String])
    #expect(genres.count >= 2 && (json["validationMeasures"] as? [String: Any])?["accuracy"] != nil)
    let predicted = try Tool.run(
      ["predict", "--model", "m.sentio", corpus.song(0), "--json", "-o", "g.csv"], in: folder.url
    ).succeeded().json()
    let song = try #require((predicted["songs"] as? [[String: Any]])?.first)
    #expect(genres.contains(try #require(song["genre"] as? String)))
    #expect(try folder.rows(of: "g.csv")[0].count == 2 + genres.count)
    let leaky = try Tool.run(
      command + ["--leaky-split", "--folder", "other"], in: folder.url
    ).succeeded()
    #expect(leaky.output.contains("the split is leaky"))
    #expect(folder.exists("other/last.safetensors"))
  }

  @Test func theProtocolPrintsItsVerdict() throws {
    let folder = try ScratchFolder()
    let program = Tool.executable.deletingLastPathComponent().appending(path: "crnn-protocol")
    let outcome = try Tool.run(
      program, [try SampleCorpus.made().folder, "--epochs", "1", "--duration", "3"],
      in: folder.url
    ).succeeded()
    #expect(outcome.output.contains("479138 parameters"))
    #expect(outcome.output.contains("R² mean") && outcome.output.contains("a program composed"))
    // One epoch over nineteen songs can't reach what fifty over two thousand were hoped to.
    #expect(outcome.output.contains("verdict     overestimated"))
  }
}
