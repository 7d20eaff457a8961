import SentioDSP
import SentioNN
import SentioTensor

/// All that a network's training depends on beside the songs: network, input, training, augmentation.
///
/// Made of an architecture's name it is what the documents describe; every number can be changed. As JSON or YAML it has
/// one section for each part:
///
/// ```yaml
/// network: crnn
/// sizes: {filters: [64, 128, 256], units: [128, 64], …}
/// input: {frames: 600, step: 0.5, …}
/// training: {epochs: 50, batchSize: 32, learningRate: 0.001, …}
/// augmentation: {mixup: 0, …}
/// ```
public struct NetworkRecipe: Sendable, Hashable {
  /// Which network.
  public let architecture: NetworkArchitecture
  /// The network's sizes; those that follow from the input and from the genres are set by ``fitted(genres:)``.
  public var network: NetworkSettings
  /// How audio becomes the network's input.
  public var input: NetworkFrontEnd
  /// Whether features of sequences and segments are standardized by the training songs' means and deviations.
  public var standardizes = true
  /// How the network is trained.
  public var training: TrainingRecipe
  /// What is done to training batches.
  public var augmentation = AugmentationRecipe()

  /// What the documents describe.
  ///
  /// - Parameter architecture: which network.
  public init(_ architecture: NetworkArchitecture) {
    self.architecture = architecture
    network = architecture.drawnNetwork
    input = architecture.drawnInput
    training = architecture.drawnTraining
  }

  /// The recipe with the sizes that follow from its input: frames, bands, features, the picture's size, genres.
  ///
  /// - Parameter genres: how many genres there are; nil leaves their number.
  /// - Returns: the recipe.
  public func fitted(genres: Int? = nil) -> NetworkRecipe {
    var recipe = self
    let shape = input.inputShape
    switch network {
    case .crnn(var sizes):
      (sizes.frames, sizes.features) = (shape[0], shape[1])
      recipe.network = .crnn(sizes)
    case .spectrogramCRNN(var sizes):
      (sizes.mels, sizes.frames) = (shape[1], shape[2])
      recipe.network = .spectrogramCRNN(sizes)
    case .publishedAudioEmotion(var sizes):
      (sizes.frames, sizes.mels) = (shape[0], shape[1])
      recipe.network = .publishedAudioEmotion(sizes)
    case .audioEmotion(var sizes):
      sizes.spectrogramSize = HeightWidth(height: shape[1], width: shape[2])
      recipe.network = .audioEmotion(sizes)
    case .visionEmotion(var sizes):
      sizes.channels = shape[0]
      sizes.imageSize = HeightWidth(height: shape[1], width: shape[2])
      recipe.network = .visionEmotion(sizes)
    case .mobileStudent(var sizes):
      sizes.channels = shape[0]
      sizes.imageSize = HeightWidth(height: shape[1], width: shape[2])
      recipe.network = .mobileStudent(sizes)
    case .genreMLP(var sizes):
      (sizes.frames, sizes.coefficients) = (shape[0], shape[1])
      sizes.genres = genres ?? sizes.genres
      recipe.network = .genreMLP(sizes)
    case .genreCNN(var sizes):
      (sizes.frames, sizes.coefficients) = (shape[0], shape[1])
      sizes.genres = genres ?? sizes.genres
      recipe.network = .genreCNN(sizes)
    case .genreRecurrent(var sizes):
      (sizes.frames, sizes.coefficients) = (shape[0], shape[1])
      sizes.genres = genres ?? sizes.genres
      recipe.network = .genreRecurrent(sizes)
    default: break
    }
    return recipe
  }

  /// The keys of `sizes` that ``fitted(genres:)`` sets.
  public static let derivedSizes: Set<String> = [
    "frames", "features", "mels", "coefficients", "genres", "imageSize", "spectrogramSize",
    "channels",
  ]
}

extension NetworkRecipe: Codable {
  private enum Key: String, CodingKey {
    case network, sizes, input, training, augmentation
  }

  /// Reads a recipe.
  ///
  /// - Parameter decoder: gives the sections; of the input each key may be missing.
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(try container.decode(NetworkArchitecture.self, forKey: .network))
    switch network {
    case .crnn: network = .crnn(try container.decode(CRNN.Settings.self, forKey: .sizes))
    case .spectrogramCRNN:
      network = .spectrogramCRNN(
        try container.decode(SpectrogramCRNN.Settings.self, forKey: .sizes))
    case .publishedAudioEmotion:
      network = .publishedAudioEmotion(
        try container.decode(AudioSpectrogramTransformer.Settings.self, forKey: .sizes))
    case .audioEmotion:
      network = .audioEmotion(
        try container.decode(AudioEmotionTransformer.Settings.self, forKey: .sizes))
    case .visionEmotion:
      network = .visionEmotion(
        try container.decode(VisionTransformer.Settings.self, forKey: .sizes))
    case .mobileStudent:
      network = .mobileStudent(try container.decode(MobileStudent.Settings.self, forKey: .sizes))
    case .genreMLP:
      network = .genreMLP(try container.decode(GenreMLP.Settings.self, forKey: .sizes))
    case .genreCNN:
      network = .genreCNN(try container.decode(GenreCNN.Settings.self, forKey: .sizes))
    case .genreRecurrent(let drawn):
      var sizes = try container.decode(GenreRecurrentNetwork.Settings.self, forKey: .sizes)
      // The architecture's name says which cell it is.
      sizes.cell = drawn.cell
      network = .genreRecurrent(sizes)
    default: break
    }
    try container.decode(RecipeInput.self, forKey: .input).apply(to: &self)
    training = try container.decode(TrainingRecipe.self, forKey: .training)
    augmentation = try container.decode(AugmentationRecipe.self, forKey: .augmentation)
  }

  /// Writes the recipe.
  ///
  /// - Parameter encoder: takes the sections.
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(architecture, forKey: .network)
    switch network {
    case .crnn(let sizes): try container.encode(sizes, forKey: .sizes)
    case .spectrogramCRNN(let sizes): try container.encode(sizes, forKey: .sizes)
    case .publishedAudioEmotion(let sizes): try container.encode(sizes, forKey: .sizes)
    case .audioEmotion(let sizes): try container.encode(sizes, forKey: .sizes)
    case .visionEmotion(let sizes): try container.encode(sizes, forKey: .sizes)
    case .mobileStudent(let sizes): try container.encode(sizes, forKey: .sizes)
    case .genreMLP(let sizes): try container.encode(sizes, forKey: .sizes)
    case .genreCNN(let sizes): try container.encode(sizes, forKey: .sizes)
    case .genreRecurrent(let sizes): try container.encode(sizes, forKey: .sizes)
    default: break
    }
    try container.encode(RecipeInput(self), forKey: .input)
    try container.encode(training, forKey: .training)
    try container.encode(augmentation, forKey: .augmentation)
  }
}
