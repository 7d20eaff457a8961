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
