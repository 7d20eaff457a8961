import Foundation
import SentioTensor
import Testing

/// `sentio model`: a checkpoint that transformers wrote becomes a file, is shown, and computes the same.
@Suite struct ModelTests {
  /// The checkpoints that SentioModels' generator made.
  static let checkpoints = URL(filePath: #filePath)
    .appending(
      path: "../../../../Packages/SentioModels/Tests/SentioModelsTests/Golden/Transformers"
    )
    .standardizedFileURL

  /// Writes the recorded input of a checkpoint, and gives its recorded output.
  private func recorded(_ name: String, in folder: ScratchFolder) throws -> Tensor {
    let results = try Safetensors(
      contentsOf: Self.checkpoints.appending(path: "results.safetensors"))
    try results.tensor("\(name).plain.input").write(npy: URL(filePath: folder.path("x.npy")))
    return try results.tensor("\(name).plain.output")
  }

  @Test(arguments: [
    "vit-classifier", "vit-classifier-parts", "ast-classifier", "mobilevit-classifier",
  ])
  func aCheckpointIsImportedShownAndRun(_ name: String) throws {
    let folder = try ScratchFolder()
    let expected = try recorded(name.replacing("-parts", with: ""), in: folder)
    try Tool.run(
      ["model", "import", Self.checkpoints.appending(path: name).path, "-o", "m.sentio"],
      in: folder.url
    ).succeeded()
    let shown = try Tool.run(["model", "show", "m.sentio", "--json"], in: folder.url).succeeded()
    #expect(try shown.json()["summary"] != nil)
    for batch in ["1", "8"] {
      try Tool.run(
        ["model", "run", "m.sentio", "-i", "x.npy", "-o", "y.npy", "--batch", batch],
        in: folder.url
      ).succeeded()
      let y = try Tensor(npy: URL(filePath: folder.path("y.npy")))
      #expect(y.shape == expected.shape)
      let error = (y - expected).absolute().max().scalar
      #expect(error < 1e-4)
    }
  }

  @Test(arguments: [
    ("vit-classifier", "vit", "a picture of 24 × 40, means 0.5, 0.4, 0.3", ["--duration", "2"]),
    // Half a second has more frames than the checkpoint's 37: its position embeddings are interpolated.
    (
      "ast-classifier", "ast-published", "29 bands of Kaldi's filter bank, 37 frames",
      ["--duration", "0.5"]
    ),
  ])
  func anImportedNetworkHasAFrontEndAndStartsATraining(
    _ name: String, _ kind: String, _ shown: String, _ options: [String]
  ) throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    let checkpoint = Self.checkpoints.appending(path: name).path
    try Tool.run(["model", "import", checkpoint, "-o", "m.sentio"], in: folder.url).succeeded()
    let show = try Tool.run(["model", "show", "m.sentio"], in: folder.url).succeeded()
    #expect(show.output.contains(shown), "\(show.output.prefix(600))")
    // The imported network says its labels of a song, whatever they mean.
    let labels = try Tool.run(
      ["predict", "--model", "m.sentio", corpus.song(0), "--json"], in: folder.url
    ).succeeded().json()
    let song = try #require((labels["songs"] as? [[String: Any]])?.first)
    #expect((song["genre"] as? String)?.hasPrefix("LABEL_") == true)

    let command = [
      "train", kind, "--data", corpus.folder, "--pretrained", "m.sentio", "-o", "t.sentio",
      "--store", folder.path("store"), "--epochs", "1", "--batch", "8",
    ]
    let trained = try Tool.run(command + options + ["--json"], in: folder.url).succeeded().json()
    #expect(trained["epochs"] as? Int == 1)
    let predicted = try Tool.run(
      ["predict", "--model", "t.sentio", corpus.song(0), "--json"], in: folder.url
    ).succeeded().json()
    #expect((predicted["songs"] as? [[String: Any]])?.first?["valence"] is Double)
    // Without the front end the network alone is read, and a song can't be predicted.
    try Tool.run(
      ["model", "import", checkpoint, "-o", "n.sentio", "--no-front-end"], in: folder.url
    ).succeeded()
    try Tool.run(["predict", "--model", "n.sentio", corpus.song(0)], in: folder.url)
      .failed(naming: "n.sentio")
    try folder.write("training:\n  unfreezing: []\n  freeze: [\"vitt\"]\n", to: "r.yaml")
    try Tool.run(command + options + ["--config", "r.yaml", "--start-over"], in: folder.url)
      .failed(naming: "training.freeze", "'vitt'")
  }

  @Test(arguments: [
    ("sequenceClassifier", "{\"features\": 5, \"stack\": {\"units\": 6}}"),
    ("sequenceLabeler", "{\"features\": 5, \"stack\": {\"units\": 6, \"cell\": \"gru\"}}"),
    ("sequenceTranslator", "{\"stack\": {\"units\": 6}, \"maximumLength\": 7}"),
    ("sequenceGenerator", "{\"embedding\": 5, \"stack\": {\"units\": 6}}"),
  ])
  func sequenceModelsLiveInFiles(_ name: String, _ settings: String) throws {
    let folder = try ScratchFolder()
    for (file, seed) in [("a", "1"), ("b", "2")] {
      try Tool.run(
        [
          "model", "make", "--network", name, "--settings", settings, "--seed", seed, "-o",
          "\(file).sentio",
        ], in: folder.url
      ).succeeded()
    }
    let shown = try Tool.run(["model", "show", "a.sentio"], in: folder.url).succeeded()
    #expect(shown.output.contains("RecurrentLayer"))
    try Tool.run(["model", "verify", "a.sentio"], in: folder.url).succeeded()
    let difference = try Tool.run(["model", "diff", "a.sentio", "b.sentio"], in: folder.url)
    #expect(difference.status == 1 && difference.output.contains("largest difference"))
    let readsTokens = name == "sequenceTranslator" || name == "sequenceGenerator"
    let shape: Shape = readsTokens ? [2, 9] : [2, 9, 5]
    try Tensor.zeros(shape).write(npy: URL(filePath: folder.path("x.npy")))
    try Tool.run(["model", "run", "a.sentio", "-i", "x.npy", "-o", "y.npy"], in: folder.url)
      .succeeded()
    #expect(try Tensor(npy: URL(filePath: folder.path("y.npy"))).shape[0] == 2)
    let export = try Tool.run(
      ["export", "a.sentio", "--format", "onnx", "-o", "a.onnx"], in: folder.url)
    if name == "sequenceTranslator" {
      export.failed(naming: "keep the .sentio file")
    } else {
      export.succeeded()
    }
    if readsTokens {
      try (Tensor.zeros(shape) + 0.5).write(npy: URL(filePath: folder.path("x.npy")))
      try Tool.run(["model", "run", "a.sentio", "-i", "x.npy", "-o", "z.npy"], in: folder.url)
        .failed(naming: "x.npy", "tokens are whole numbers")
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let folder = try ScratchFolder()
    _ = try recorded("vit-classifier", in: folder)
    try Tool.run(
      ["model", "import", Self.checkpoints.appending(path: "ast-model").path, "-o", "m.sentio"],
      in: folder.url
    ).succeeded()
    try Tool.run(["model", "run", "m.sentio", "-i", "x.npy", "-o", "y.npy"], in: folder.url)
      .failed(naming: "x.npy", "[N, 37, 29]")
    try folder.write("no model", to: "text.sentio")
    try Tool.run(["model", "show", "text.sentio"], in: folder.url).failed(naming: "text.sentio")
    try Tool.run(["model", "import", ".", "-o", "n.sentio"], in: folder.url)
      .failed(naming: "config.json")
    #expect(!folder.exists("n.sentio") && !folder.exists("y.npy"))
  }
}
