import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor
import Testing

/// Networks trained from audio files, kept in files, and used from them.
struct NetworkTrainingTests {
  let songs: MeasuredSongs
  static let genres = ["jazz", "rock"]

  init() throws { songs = try MeasuredSongs.shared.get() }

  private var corpus: [Song] {
    zip(songs.audio, songs.labels).enumerated().map { index, song in
      Song(
        id: "\(index)", audio: song.0, label: song.1, genres: [Self.genres[index % 2]])
    }
  }

  private func samples(_ recipe: NetworkRecipe, _ folder: TemporaryFolder) throws -> TrainingSongs {
    let inputs = try CorpusInputs(corpus, frontEnd: recipe.input, store: folder("store"))
    #expect(inputs.songs.count == 6 && inputs.failures.isEmpty)
    return recipe.architecture.isForGenres
      ? inputs.genres(among: inputs.genres) : inputs.emotions()
  }

  private func train(
    _ recipe: NetworkRecipe, _ songs: TrainingSongs, folder: URL? = nil, stopAfter: Int? = nil
  ) throws -> NetworkTraining.Result {
    var updates = 0
    let isForGenres = recipe.architecture.isForGenres
    return try NetworkTraining(recipe).train(
      on: songs, validation: songs.selecting([0, 1, 2, 3]),
      outputs: isForGenres ? Self.genres : ["valence", "arousal"],
      labelScale: isForGenres ? nil : .deam1to9, folder: folder,
      isCancelled: { updates == stopAfter },
      onEvent: {
        if case .progress(let progress) = $0, progress.phase == .training { updates += 1 }
      })
  }

  @Test(arguments: NetworkArchitecture.allCases)
  func fromAudioToAFileThatPredictsAudio(_ architecture: NetworkArchitecture) throws {
    let folder = try TemporaryFolder()
    let recipe = architecture.small
    let samples = try samples(recipe, folder)
    #expect(samples.count == (architecture.isForGenres ? 30 : 6))
    let result = try train(recipe, samples, folder: folder("run"))
    #expect(result.end == .finished && result.history.count == 2)
    let url = folder("network.sentio")
    try result.file.write(to: url)
    let read = try NetworkFile(contentsOf: url)
    #expect(read.configuration == result.file.configuration)
    let frontEnd = try #require(try read.configuration.networkFrontEnd())
    #expect(
      (frontEnd.standardization != nil) == (architecture == .crnn || architecture.isForGenres))
    let measures = try NetworkTraining.measures(of: read, on: samples)
    #expect(measures["loss"]?.isFinite == true)

    if architecture.isForGenres {
      let predictor = try GenrePredictor(contentsOf: url)
      let song = try predictor.predict(audio: songs.audio[1])
      #expect(abs(song.probabilities.reduce(0, +) - 1) < 1e-5 && Self.genres.contains(song.genre))
      #expect(throws: EmotionPredictor.Failure.self) { try EmotionPredictor(contentsOf: url) }
    } else {
      let predictor = try EmotionPredictor(contentsOf: url)
      #expect(predictor.scale == .deam1to9 && predictor.takesAudio)
      // One song alone, as among the others of a batch.
      let data = InputBatches(
        samples.source, targets: samples.targets, frontEnd: frontEnd, batchSize: 6)
      let batch = try #require(try data.batches(epoch: 0, from: 0)())
      let outputs = read.outputs(for: batch.inputs, lengths: batch.lengths).scalars
      for index in 0..<6 {
        let emotion = try predictor.predict(audio: songs.audio[index]).emotion
        #expect(abs(emotion.valence - (5 + 4 * Double(outputs[2 * index]))) < 1e-3)
        #expect(abs(emotion.arousal - (5 + 4 * Double(outputs[2 * index + 1]))) < 1e-3)
      }
      #expect(throws: EmotionPredictor.Failure.noTables) {
        try predictor.predict(table: songs.table)
      }
      #expect(throws: (any Error).self) { try GenrePredictor(contentsOf: url) }
    }
  }

  @Test(arguments: [NetworkArchitecture.crnn, .vit, .gru])
  func aStoppedTrainingGoesOnBitForBit(_ architecture: NetworkArchitecture) throws {
    let folder = try TemporaryFolder()
    var recipe = architecture.small
    recipe.augmentation.mixup = 0.3
    recipe.augmentation.timeMasks = 1
    recipe.augmentation.longestTime = 3
    let samples = try samples(recipe, folder)
    let whole = try train(recipe, samples)
    let part = try train(recipe, samples, folder: folder("run"), stopAfter: 1)
    #expect(part.end == .cancelled)
    let rest = try train(recipe, samples, folder: folder("run"))
    #expect(rest.end == .finished)
    #expect(rest.file.network.stateDictionary == whole.file.network.stateDictionary)
    // A longer run of the same recipe goes on; another network in its folder is refused and named.
    recipe.training.epochs = 3
    #expect(try train(recipe, samples, folder: folder("run")).history.count == 3)
    var other = recipe
    other.training.clip = 7
    #expect {
      try train(other, samples, folder: folder("run"))
    } throws: {
      guard case .otherRun(_, let setting, let expected, _) = $0 as? TrainingError else {
        return false
      }
      return setting.contains("clipping") && expected.contains("clip")
    }
  }

  @Test func songsAreLearnedAndTheMeasuresSaySo() throws {
    let folder = try TemporaryFolder()
    var recipe = NetworkArchitecture.crnn.small
    recipe.network = .crnn(
      .init(
        filters: [8, 8, 8], units: [8, 8], denseUnits: 16, recurrentDropout: 0, dropout: 0))
    recipe.training.epochs = 150
    recipe.training.patience = 0
    recipe.training.plateauPatience = 0
    recipe.training.learningRate = 0.01
    let samples = try samples(recipe, folder)
    let result = try train(recipe, samples)
    let scores = result.file.configuration.provenance.scores
    #expect(try #require(scores["validation.ccc"]) > 0.9)
    #expect(try #require(NetworkTraining.measures(of: result.file, on: samples)["r2"]) > 0.5)
  }

  @Test func pretrainedWeightsStartTheRegressorAndStayFrozen() throws {
    let folder = try TemporaryFolder()
    var recipe = NetworkArchitecture.vit.small.fitted()
    guard case .visionEmotion(let sizes) = recipe.network else { return }
    var stream = RandomStream(seed: 4, "pretrained")
    let base = NetworkFile(
      VisionTransformer(sizes, from: &stream), .init(.visionTransformer(sizes)))
    let samples = try samples(recipe, folder)
    for (blocks, expected) in [(0, []), (1, ["encoder.layer.1."])] as [(Int, Set<String>)] {
      recipe.training.unfreezing = [.init(epoch: 1, blocks: blocks)]
      let result = try NetworkTraining(recipe, pretrained: base).train(on: samples)
      let state = result.file.network.stateDictionary
      var changed: Set<String> = []
      for (name, value) in base.network.stateDictionary where state["vit." + name] != value {
        changed.insert(String(name.prefix(16)))
      }
      #expect(changed == expected)
    }
    var deeper = recipe
    deeper.network = .visionEmotion(
      .init(
        patchSize: 16,
        transformer: TransformerSettings(features: 12, layers: 3, heads: 2, innerFeatures: 16)))
    #expect(throws: PretrainingError.self) {
      try NetworkTraining(deeper, pretrained: base).train(on: samples)
    }
  }

  @Test func frozenPatternsStayAndOneThatMeansNothingIsNamed() throws {
    let folder = try TemporaryFolder()
    var recipe = NetworkArchitecture.ast.small
    let samples = try samples(recipe, folder)
    recipe.training.freeze = ["{embeddings,encoder.layer.{0,7}}"]
    var stream = RandomStream(seed: recipe.training.seed, "weights")
    let start = recipe.fitted().network.makeNetwork(from: &stream).stateDictionary
    let state = try train(recipe, samples).file.network.stateDictionary
    let changed = start.keys.filter { start[$0] != state[$0] }
    #expect(!changed.isEmpty)
    #expect(!changed.contains { $0.hasPrefix("embeddings") || $0.hasPrefix("encoder.layer.0.") })
    recipe.training.freeze = ["encoder", "encodr.layer.{0,1}"]
    #expect {
      try train(recipe, samples)
    } throws: {
      let error = $0 as? RecipeError
      return error?.key == "training.freeze"
        && error?.reason.contains("'encodr.layer.{0,1}'") == true
    }
  }

  @Test(arguments: NetworkArchitecture.allCases)
  func recipesAreKeptAsText(_ architecture: NetworkArchitecture) throws {
    for recipe in [NetworkRecipe(architecture), architecture.small] {
      try recipe.validate()
      let text = try JSONEncoder().encode(recipe)
      #expect(try JSONDecoder().decode(NetworkRecipe.self, from: text) == recipe)
      #expect(recipe.fitted().network.inputShape == recipe.input.inputShape)
    }
  }

  /// A recipe with one mistake, and the key that should be named.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let key: String
    let recipe: NetworkRecipe
    var testDescription: String { key }

    init(_ key: String, _ change: (inout NetworkRecipe) -> Void) {
      var recipe = NetworkRecipe(.crnn)
      change(&recipe)
      (self.key, self.recipe) = (key, recipe)
    }
  }

  static let mistakes = [
    Mistake("training.epochs") { $0.training.epochs = 0 },
    Mistake("training.learningRate") { $0.training.learningRate = .nan },
    Mistake("training.precision") { $0.training.precision = "float12" },
    Mistake("training.loss") { $0.training.loss = .crossEntropy },
    Mistake("training.average") { $0.training.average = 1 },
    Mistake("training.freeze") { $0.training.freeze = [""] },
    Mistake("training.freeze") {
      $0.training.freeze = ["head"]
      $0.training.unfreezing = [.init(epoch: 1, blocks: 1)]
    },
    Mistake("augmentation.shift") { $0.augmentation.shift = -1 },
    Mistake("input.frames") { $0.input.input = .sequence(SequenceInput(frames: 0)) },
    Mistake("input") { $0.input.input = .sequence(SequenceInput(frames: 2)) },
    Mistake("sizes") { $0.network = .crnn(.init(filters: [-1])) },
  ]

  @Test(arguments: mistakes) func mistakesAreNamed(_ mistake: Mistake) {
    #expect {
      try NetworkTraining(mistake.recipe)
    } throws: {
      ($0 as? RecipeError)?.key == mistake.key
    }
  }

  @Test func aFrontEndThatDoesNotFitIsRefused() throws {
    let folder = try TemporaryFolder()
    let recipe = NetworkArchitecture.crnnMel.small
    let result = try train(recipe, try samples(recipe, folder))
    var file = result.file
    try file.configuration.setFrontEnd(NetworkFrontEnd(.sequence(SequenceInput())))
    #expect(throws: EmotionPredictor.Failure.self) { try EmotionPredictor(file) }
    file.configuration.frontEnd = "{"
    #expect(throws: EmotionPredictor.Failure.self) { try EmotionPredictor(file) }
    file.configuration.frontEnd = nil
    let predictor = try EmotionPredictor(file)
    #expect(!predictor.takesAudio)
    #expect(throws: EmotionPredictor.Failure.noMeasurement) {
      try predictor.predict(audio: songs.audio[0])
    }
  }

  @Test func joinedSongsAreInOrder() {
    let frontEnd = NetworkFrontEnd(.sequence(SequenceInput(frames: 2)))
    func songs(_ name: String, _ value: Float) -> TrainingSongs {
      let record = FeatureRecord([Float](repeating: value, count: 40))
      return TrainingSongs(
        InputRecords([record, record], ids: ["\(name)1", "\(name)2"], frontEnd),
        targets: Tensor([value, value, -value, -value], shape: [2, 2]))
    }
    let joined = songs("a", 1).joined(with: songs("b", 2)).selecting([3, 0])
    #expect(joined.source.ids == ["b2", "a1"] && joined.source.realSteps == [1, 1])
    #expect(joined.targets == Tensor([-2, -2, 1, 1], shape: [2, 2]))
  }
}
