import SentioClassical
import SentioData
import SentioModels

/// What a preset says: the sizes of a run of the main job.
///
/// The names are those of the YAML files in `Examples/Presets`.
struct PipelineSettings: Codable, Hashable, Sendable {
  /// Songs that the tool composes.
  struct Corpus: Codable, Hashable, Sendable {
    var songs = 400
    /// Seconds a song.
    var duration = 45.0
  }

  /// The parts that the songs are divided into.
  struct Split: Codable, Hashable, Sendable {
    /// Shares of training, validation and test songs.
    var fractions = [0.7, 0.1, 0.2]
  }

  /// The searches over the classical models' settings.
  struct Classical: Codable, Hashable, Sendable {
    var grid = GridChoice.small
    var folds = 5
  }

  /// The tests on the models' predictions.
  struct Statistics: Codable, Hashable, Sendable {
    /// Resamples of the bootstrap.
    var resamples = 10_000
  }

  /// The seed of everything that is drawn.
  var seed: UInt64 = 1
  var corpus = Corpus()
  var split = Split()
  var classical = Classical()
  var spectrograms = Spectrograms()
  /// The convolutional recurrent network over features of steps.
  var crnn = Network(CRNN.Settings(), .crnn)
  /// The audio spectrogram transformer.
  var ast = Network(AudioEmotionTransformer.Settings(), .ast)
  var gan = Adversarial()
  var synthetic = Synthetic()
  var pretraining = Pretraining()
  /// The vision transformer.
  var vit = Network(VisionTransformer.Settings.base16, .vit)
  /// The small network that learns from the vision transformer.
  var student = Network(MobileStudent.Settings(), .student)
  var distillation = Distillation()
  var ablations = Ablations()
  var tracking = Tracking()
  var statistics = Statistics()

  /// Refuses what no run could be made with.
  ///
  /// - Throws: ``CommandError`` that names the setting as the preset and as the command line call it.
  func validate() throws {
    guard SyntheticCorpus.songRange.contains(corpus.songs) else {
      throw CommandError("corpus.songs (--songs) must lie in \(SyntheticCorpus.songRange)")
    }
    guard SyntheticCorpus.durationRange.contains(corpus.duration) else {
      throw CommandError("corpus.duration must lie in \(SyntheticCorpus.durationRange) seconds")
    }
    let shares = split.fractions
    guard shares.count == 3, shares.allSatisfy({ $0 >= 0 && $0.isFinite }), shares[0] > 0,
      shares[2] > 0
    else {
      throw CommandError("split.fractions (--fractions) takes three shares, such as 0.7 0.1 0.2")
    }
    guard (2...100).contains(classical.folds) else {
      throw CommandError("classical.folds (--folds) must lie between 2 and 100")
    }
    try validateNetworks()
    guard (100...1_000_000).contains(statistics.resamples) else {
      throw CommandError("statistics.resamples must lie between 100 and 1000000")
    }
  }

  /// The recipes of the networks by their keys.
  var recipes: [(key: String, recipe: NetworkRecipe)] {
    [
      ("crnn", crnn.recipe(.crnn, .crnn(crnn.sizes), spectrograms.sequence, seed: seed)),
      ("ast", ast.recipe(.ast, .audioEmotion(ast.sizes), spectrograms.standardized, seed: seed)),
      ("vit", vit.recipe(.vit, .visionEmotion(vit.sizes), spectrograms.pictured, seed: seed)),
      (
        "student",
        student.recipe(
          .student, .mobileStudent(student.sizes), spectrograms.pictured, seed: seed)
      ),
    ]
  }

  private func validateNetworks() throws {
    for (key, recipe) in recipes {
      do {
        try recipe.validate()
      } catch {
        throw CommandError("\(key): \(error)")
      }
    }
    guard spectrograms.mels % 16 == 0, (16...512).contains(spectrograms.mels) else {
      throw CommandError("spectrograms.mels must be a multiple of 16, up to 512")
    }
    guard (1...1000).contains(gan.epochs), (2...1024).contains(gan.batchSize),
      gan.width > 0, gan.width <= 4, gan.learningRate > 0, gan.learningRate < 1,
      gan.discriminatorCeiling > 0.5, gan.discriminatorCeiling <= 1
    else {
      throw CommandError(
        "gan: epochs lie in 1...1000, batchSize in 2...1024, width above 0 and up to 4, learningRate below 1, "
          + "discriminatorCeiling above 0.5 and up to 1")
    }
    guard (0..<1).contains(gan.mismatch), (0...100).contains(gan.reading),
      gan.emotionGain > 0, gan.emotionGain <= 1000
    else {
      throw CommandError(
        "gan: mismatch lies from 0 to below 1, reading from 0 to 100, emotionGain above 0 and up to 1000"
      )
    }
    guard (2...100_000).contains(synthetic.count), (0..<1).contains(synthetic.threshold) else {
      throw CommandError(
        "synthetic.count must lie in 2...100000, and synthetic.threshold from 0 to below 1")
    }
    guard (0...1000).contains(pretraining.epochs), pretraining.learningRate > 0 else {
      throw CommandError("pretraining.epochs must lie in 0...1000, learningRate above 0")
    }
    guard distillation.temperature > 0, distillation.temperature.isFinite,
      (0...1).contains(distillation.hardShare)
    else {
      throw CommandError("distillation: temperature above 0, hardShare from 0 to 1")
    }
    guard (1...50).contains(ablations.seeds), (0...1000).contains(ablations.epochs) else {
      throw CommandError("ablations.seeds must lie in 1...50, and ablations.epochs in 0...1000")
    }
    guard (1...1000).contains(tracking.epochs), (1...1024).contains(tracking.batchSize),
      tracking.learningRate > 0
    else { throw CommandError("tracking: epochs and batchSize at least 1, learningRate above 0") }
  }
}
