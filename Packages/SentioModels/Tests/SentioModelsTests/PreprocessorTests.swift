import Foundation
import SentioClassical
import SentioDSP
import SentioData
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// The front ends of checkpoints: what `preprocessor_config.json` says, computed as transformers computes it, and
/// networks that start with such a checkpoint's weights.
struct PreprocessorTests {
  /// Pictures are one division apart; the filter bank's logarithms are of single-precision sums.
  static let tolerance = Tolerance(relative: 1e-4, absolute: 2e-4)

  private static func checkpoint(_ name: String) throws -> NetworkFile {
    try HuggingFaceCheckpoint(folder: CheckpointTests.golden.appendingPathComponent(name)).network()
  }

  @Test(arguments: ["vit-classifier", "mobilevit-classifier"])
  func picturesAreThoseOfTransformers(_ name: String) throws {
    let results = try CheckpointTests.results()
    let frontEnd = try #require(try Self.checkpoint(name).configuration.networkFrontEnd())
    let levels = try results.tensor("\(name).processed.input")
    #expect(frontEnd.inputShape == [3, levels.shape[0], levels.shape[1]])
    // A spectrogram of the picture's own size is not resized.
    expectClose(
      frontEnd.inputs(levels.expanded(at: 0)), try results.tensor("\(name).processed.output"),
      within: Self.tolerance)
  }

  @Test func theFilterBankIsThatOfTransformers() throws {
    let results = try CheckpointTests.results()
    let frontEnd = try #require(
      try Self.checkpoint("ast-classifier").configuration.networkFrontEnd())
    let signal = try results.tensor("ast-classifier.processed.input").scalars
    let maker = try InputMaker(frontEnd)
    expectClose(
      maker.input(try maker.record(of: signal)).values,
      try results.tensor("ast-classifier.processed.output"), within: Self.tolerance)
  }

  @Test func aCheckpointWithoutAProcessorHasNoFrontEnd() throws {
    #expect(try Self.checkpoint("vit-model").configuration.frontEnd == nil)
    let folder = CheckpointTests.golden.appendingPathComponent("vit-classifier")
    let bare = try HuggingFaceCheckpoint(folder: folder).network(takesFrontEnd: false)
    #expect(bare.configuration.frontEnd == nil)
  }

  /// One change of a processor's settings, and the key that should be named; nil where it is legal.
  static let changes: [(name: String, from: String, to: String, key: String?)] = [
    ("vit-classifier", "ViTImageProcessor", "BeitImageProcessor", "image_processor_type"),
    ("vit-classifier", "\"resample\": 2", "\"resample\": 3", "resample"),
    ("vit-classifier", "\"height\": 24", "\"height\": \"tall\"", "size"),
    ("vit-classifier", "\"height\": 24", "\"height\": 3", "size"),
    ("vit-classifier", "\"height\": 24", "\"height\": 48", nil),
    ("vit-classifier", "0.25", "0", "settings"),
    ("vit-classifier", "0.25,", "", "image_std"),
    ("vit-classifier", "\"do_resize\": true", "\"do_resize\": \"yes\"", "do_resize"),
    ("vit-classifier", "0.00392156862745098", "0", "rescale_factor"),
    ("vit-classifier", "}", "", "file"),
    ("ast-classifier", "16000", "22050", "sampling_rate"),
    ("ast-classifier", "\"max_length\": 37", "\"max_length\": 38", "size"),
    ("ast-classifier", "\"num_mel_bins\": 29", "\"num_mel_bins\": 9000000000", "num_mel_bins"),
    ("ast-classifier", "4.25", "-1", "settings"),
    ("ast-classifier", "ASTFeatureExtractor", "WhisperFeatureExtractor", "feature_extractor_type"),
    ("mobilevit-classifier", "\"shortest_edge\"", "\"longest\"", "size"),
  ]

  @Test(arguments: changes)
  func whatIsNotComputedIsRefused(
    _ change: (name: String, from: String, to: String, key: String?)
  ) throws {
    let folder = try TemporaryFolder()
    let source = CheckpointTests.golden.appendingPathComponent(change.name)
    for name in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(at: source.appendingPathComponent(name), to: folder(name))
    }
    let text = try String(
      contentsOf: source.appendingPathComponent("preprocessor_config.json"), encoding: .utf8)
    #expect(text.contains(change.from))
    let changed = text.replacing(change.from, with: change.to, maxReplacements: 1)
    try Data(changed.utf8).write(to: folder("preprocessor_config.json"))
    let checkpoint = try HuggingFaceCheckpoint(folder: folder.url)
    guard let key = change.key else {
      #expect(try checkpoint.network().configuration.frontEnd != nil)
      return
    }
    #expect {
      try checkpoint.network()
    } throws: {
      ($0 as? ModelFileError)?.part == key
    }
    #expect(try checkpoint.network(takesFrontEnd: false).configuration.frontEnd == nil)
  }

  @Test(arguments: [("vit-classifier", NetworkArchitecture.vit), ("ast-classifier", .publishedAST)])
  func anImportedNetworkStartsARecipe(
    _ name: String, _ architecture: NetworkArchitecture
  ) throws {
    let folder = try TemporaryFolder()
    let file = try Self.checkpoint(name)
    let frontEnd = try file.configuration.networkFrontEnd()
    var recipe = try NetworkRecipe(architecture).starting(from: file.configuration)
    #expect(recipe.input == frontEnd)
    // Another size than the checkpoint's: its position embeddings are interpolated to it.
    let (tokens, grid, target): (Int, HeightWidth, HeightWidth)
    switch recipe.input.input {
    case .spectrogram(var input):
      input.duration = 1
      var scaling = try #require(input.form.scaling)
      #expect(scaling.mean == [0.5, 0.4, 0.3])
      scaling.size = HeightWidth(height: 24, width: 64)
      input.form = .picture(scaling)
      recipe.input.input = .spectrogram(input)
      (tokens, grid) = (1, HeightWidth(height: 3, width: 5))
      target = HeightWidth(height: 3, width: 8)
    case .filterBank(var input):
      #expect(input.mean == -3.5)
      input.frameCount = 50
      recipe.input.input = .filterBank(input)
      (tokens, grid) = (2, HeightWidth(height: 5, width: 5))
      target = HeightWidth(height: 5, width: 8)
    default:
      Issue.record("another input")
      return
    }
    recipe.training.epochs = 1
    recipe.training.batchSize = 2
    recipe.training.unfreezing = []
    recipe.training.freeze = ["**.{embeddings,encoder,layernorm}"]
    let songs = try MeasuredSongs.shared.get()
    let corpus = songs.audio.enumerated().map {
      Song(id: "\($0)", audio: $1, label: songs.labels[$0])
    }
    let inputs = try CorpusInputs(corpus, frontEnd: recipe.input, store: folder("store"))
    let result = try NetworkTraining(recipe, pretrained: file).train(
      on: inputs.emotions(), labelScale: .deam1to9)
    #expect(result.history.count == 1)
    let (before, after) = (file.network.stateDictionary, result.file.network.stateDictionary)
    let positions = try #require(
      before.keys.first { $0.hasSuffix("embeddings.position_embeddings") })
    let expected = PositionGrid.resized(
      try #require(before[positions]), tokens: tokens, from: grid, to: target)
    #expect(after[positions] == expected)
    #expect(after[positions] != before[positions])
    for (path, value) in before where path.contains("encoder.layer") {
      #expect(after[path] == value, "\(path)")
    }
    let predictor = try EmotionPredictor(result.file)
    _ = try predictor.predict(audio: songs.audio[0])
  }
}
