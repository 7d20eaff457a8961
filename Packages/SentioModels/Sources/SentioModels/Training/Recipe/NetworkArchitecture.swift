import SentioDSP
import SentioNN

/// The networks that can be trained by name.
public enum NetworkArchitecture: String, Sendable, Hashable, Codable, CaseIterable {
  /// ``CRNN`` over features of half seconds.
  case crnn
  /// ``SpectrogramCRNN`` over a mel spectrogram: the validation protocol's.
  case crnnMel = "crnn-mel"
  /// ``AudioEmotionTransformer`` over a mel spectrogram.
  case ast
  /// ``AudioEmotionRegressor`` over Kaldi's filter bank: the published transformer.
  case publishedAST = "ast-published"
  /// ``VisionEmotionRegressor`` over a picture of the spectrogram.
  case vit
  /// ``MobileStudent`` over a picture of the spectrogram.
  case student
  /// ``GenreMLP`` over cepstral coefficients.
  case mlp
  /// ``GenreCNN`` over cepstral coefficients.
  case cnn
  /// ``GenreRecurrentNetwork`` with LSTMs.
  case lstm
  /// ``GenreRecurrentNetwork`` with GRUs.
  case gru
  /// ``GenreRecurrentNetwork`` without gates.
  case rnn

  /// Whether genres are told apart, rather than valence and arousal predicted.
  public var isForGenres: Bool {
    switch self {
    case .crnn, .crnnMel, .ast, .publishedAST, .vit, .student: false
    case .mlp, .cnn, .lstm, .gru, .rnn: true
    }
  }

  /// The network as the documents draw it.
  public var drawnNetwork: NetworkSettings {
    switch self {
    case .crnn: return .crnn(.init())
    case .crnnMel: return .spectrogramCRNN(.init())
    case .ast:
      var sizes = AudioEmotionTransformer.Settings()
      sizes.transformer.dropout = 0.1
      return .audioEmotion(sizes)
    case .publishedAST: return .publishedAudioEmotion(.init())
    case .vit:
      var sizes = VisionTransformer.Settings.base16
      sizes.transformer.attentionDropout = 0.1
      return .visionEmotion(sizes)
    case .student: return .mobileStudent(.init())
    case .mlp: return .genreMLP(.init())
    case .cnn: return .genreCNN(.init())
    case .lstm: return .genreRecurrent(.init(cell: .lstm))
    case .gru: return .genreRecurrent(.init(cell: .gru))
    case .rnn: return .genreRecurrent(.init(cell: .rnn))
    }
  }

  /// The input as the documents draw it.
  public var drawnInput: NetworkFrontEnd {
    switch self {
    case .crnn: NetworkFrontEnd(.sequence(SequenceInput()))
    case .crnnMel, .ast: NetworkFrontEnd(.spectrogram(SpectrogramInput()))
    case .publishedAST: NetworkFrontEnd(.filterBank(ASTFrontEnd()))
    case .vit, .student: NetworkFrontEnd(.spectrogram(SpectrogramInput(form: .picture(224))))
    case .mlp, .cnn, .lstm, .gru, .rnn: NetworkFrontEnd(.segments(SegmentInput()))
    }
  }

  /// The training that the documents describe.
  ///
  /// The student's is ours, since the report trains it by distillation only. The published transformer's is that of its
  /// authors for small data sets: Adam at 1e-5, decay 5e-7, 25 epochs.
  public var drawnTraining: TrainingRecipe {
    var recipe = TrainingRecipe()
    switch self {
    case .crnn:
      recipe.plateauPatience = 5
      recipe.clip = 1
    case .crnnMel: break
    case .ast:
      (recipe.epochs, recipe.batchSize, recipe.patience) = (5, 16, 0)
      (recipe.optimizer, recipe.learningRate, recipe.weightDecay) = (.adamw, 1e-4, 0.05)
    case .publishedAST:
      (recipe.epochs, recipe.batchSize, recipe.patience) = (25, 12, 0)
      (recipe.learningRate, recipe.weightDecay, recipe.monitor) = (1e-5, 5e-7, .concordance)
    case .vit:
      (recipe.epochs, recipe.batchSize, recipe.patience) = (30, 12, 0)
      (recipe.optimizer, recipe.learningRate, recipe.weightDecay) = (.adamw, 3e-5, 0.05)
      (recipe.schedule, recipe.accumulation, recipe.clip) = (.cosine, 4, 1)
      recipe.monitor = .concordance
      recipe.unfreezing = [
        .init(epoch: 1, blocks: 0), .init(epoch: 5, blocks: 4), .init(epoch: 9, blocks: 6),
      ]
    case .student:
      (recipe.epochs, recipe.batchSize, recipe.patience) = (30, 16, 0)
      (recipe.optimizer, recipe.learningRate, recipe.weightDecay) = (.adamw, 1e-4, 0.05)
      (recipe.schedule, recipe.clip) = (.cosine, 1)
    case .mlp, .cnn, .lstm, .gru, .rnn:
      recipe.loss = .crossEntropy
      recipe.learningRate = 1e-4
    }
    return recipe
  }
}
