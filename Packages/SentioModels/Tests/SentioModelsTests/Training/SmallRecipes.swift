import SentioModels
import SentioNN
import SentioTensor

extension NetworkArchitecture {
  /// The recipe at sizes that train in a blink, on clips of three seconds.
  var small: NetworkRecipe {
    var recipe = NetworkRecipe(self)
    let transformer = TransformerSettings(features: 12, layers: 2, heads: 2, innerFeatures: 16)
    recipe.setDuration(3)
    recipe.training.epochs = 2
    recipe.training.batchSize = 4
    switch self {
    case .crnn:
      recipe.network = .crnn(.init(filters: [4, 5, 6], units: [5, 4], denseUnits: 6))
      recipe.input.input = .sequence(SequenceInput(frames: 12, step: 0.25))
    case .crnnMel:
      recipe.network = .spectrogramCRNN(.init(filters: [4, 5, 6], units: [5, 4], denseUnits: 6))
    case .ast: recipe.network = .audioEmotion(.init(patchSize: 32, transformer: transformer))
    case .publishedAST:
      recipe.network = .publishedAudioEmotion(
        .init(patchSize: 32, stride: 32, transformer: transformer))
    case .vit:
      recipe.network = .visionEmotion(.init(patchSize: 16, transformer: transformer))
      recipe.input.input = .spectrogram(SpectrogramInput(duration: 3, form: .picture(32)))
    case .student:
      recipe.network = .mobileStudent(.init(patchSize: 16, transformer: transformer))
      recipe.input.input = .spectrogram(SpectrogramInput(duration: 3, form: .picture(32)))
    case .mlp: recipe.network = .genreMLP(.init(units: [9]))
    case .cnn: recipe.network = .genreCNN(.init(filters: [3, 4, 5], denseUnits: 6))
    case .lstm: recipe.network = .genreRecurrent(.init(cell: .lstm, units: 5, denseUnits: 6))
    case .gru: recipe.network = .genreRecurrent(.init(cell: .gru, units: 5, denseUnits: 6))
    case .rnn: recipe.network = .genreRecurrent(.init(cell: .rnn, units: 5, denseUnits: 6))
    }
    return recipe
  }
}
