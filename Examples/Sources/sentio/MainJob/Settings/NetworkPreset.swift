import SentioDSP
import SentioModels
import SentioTensor

extension PipelineSettings {
  /// The spectrograms that all networks but the recurrent one read.
  struct Spectrograms: Codable, Hashable, Sendable {
    /// Seconds of the song.
    var duration = 30.0
    var sampleRate = 22_050
    var fftLength = 2048
    var hopLength = 512
    var mels = 128
    /// The side of the picture that the vision transformer and its student are given.
    var picture = 224
    /// Seconds of the steps whose features the recurrent networks read.
    var step = 0.5
    /// Seconds of the song that are cut into steps.
    var stepDuration = 300.0

    /// A spectrogram in one of its forms; all of them share one record.
    func frontEnd(_ form: SpectrogramInput.Form) -> NetworkFrontEnd {
      var frontEnd = FrontEnd.report
      frontEnd.sampleRate = Double(sampleRate)
      (frontEnd.fftLength, frontEnd.hopLength, frontEnd.melBands) = (fftLength, hopLength, mels)
      return NetworkFrontEnd(
        .spectrogram(SpectrogramInput(duration: duration, frontEnd: frontEnd, form: form)))
    }

    /// Every song by itself with mean 0 and deviation 1.
    var standardized: NetworkFrontEnd { frontEnd(.standardized) }
    /// The picture of a vision transformer.
    var pictured: NetworkFrontEnd { frontEnd(.picture(HeightWidth(picture))) }
    /// Features of steps.
    var sequence: NetworkFrontEnd {
      NetworkFrontEnd(
        .sequence(SequenceInput(frames: Int((stepDuration / step).rounded()), step: step)))
    }
  }

  /// One network: its sizes, its training, what is done to its songs.
  struct Network<Sizes: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    var sizes: Sizes
    var training: TrainingRecipe
    var augmentation = AugmentationRecipe()

    /// The training that a network's documents describe.
    init(_ sizes: Sizes, _ architecture: NetworkArchitecture) {
      self.sizes = sizes
      training = architecture.drawnTraining
    }

    /// The recipe with an input; the run's seed is added to the training's own.
    func recipe(
      _ architecture: NetworkArchitecture, _ network: NetworkSettings, _ input: NetworkFrontEnd,
      seed: UInt64
    ) -> NetworkRecipe {
      var recipe = NetworkRecipe(architecture)
      recipe.network = network
      recipe.input = input
      recipe.training = training
      recipe.training.seed = seed &* 1000 &+ training.seed
      recipe.augmentation = augmentation
      return recipe.fitted()
    }
  }

  /// The conditional GAN.
  struct Adversarial: Codable, Hashable, Sendable {
    var epochs = 15
    var batchSize = 24
    /// The report's channels times this.
    var width = 1.0
    var learningRate = 2e-4
    /// The discriminator rests while its accuracy is above this; 1 for never.
    var discriminatorCeiling = 0.8
    /// The share of real songs with other songs' labels in what the discriminator should call fake; 0 for none.
    var mismatch = 0.0
    /// The weight of the emotions that the discriminator reads in real and synthetic songs; 0 for none.
    var reading = 0.0
    /// What valence and arousal are multiplied by on their way into the generator.
    var emotionGain = 1.0
    /// Whether the epoch is kept whose songs have the emotions asked for, and not only the look of songs.
    var judges = false
  }

  /// The clips that the GAN makes for the vision transformer's training.
  struct Synthetic: Codable, Hashable, Sendable {
    var count = 3200
    /// The discriminator's confidence that a clip must exceed.
    var threshold = 0.3
    /// Whether the emotions that were asked for are brought to what a judge hears, by a straight line a dimension, before
    /// they are labels.
    var calibrates = false
  }

  /// What the vision transformer's blocks learn before they learn emotions.
  struct Pretraining: Codable, Hashable, Sendable {
    /// A network whose weights it starts from, such as an imported one of ImageNet; empty for none.
    var file = ""
    /// Epochs of training on two measured features, where there is no file; 0 for none.
    var epochs = 5
    var learningRate = 5e-4
  }

  /// The student's learning from the vision transformer.
  struct Distillation: Codable, Hashable, Sendable {
    var strategy = DistillationStrategy.combined
    var temperature = 6.0
    var hardShare = 0.3
  }

  /// The trainings that are made to be compared.
  struct Ablations: Codable, Hashable, Sendable {
    /// Frozen blocks, all blocks, and blocks by and by.
    var unfreezing = true
    /// Real songs, with synthetic ones, with masks and mixup.
    var augmentation = true
    /// The three strategies.
    var distillation = true
    /// Trainings of each variant, with other seeds.
    var seeds = 1
    /// Epochs of each training; 0 for those of the pipeline's networks, whose first seed then needs no training anew.
    var epochs = 0
  }

  /// The network that follows a song, step by step.
  struct Tracking: Codable, Hashable, Sendable {
    var epochs = 30
    var batchSize = 8
    var learningRate = 1e-3
  }
}
