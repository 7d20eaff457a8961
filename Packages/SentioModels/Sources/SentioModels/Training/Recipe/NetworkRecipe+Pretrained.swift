import SentioDSP
import SentioNN
import SentioTensor

extension NetworkRecipe {
  /// The recipe for a network that starts with another one's weights: with its sizes, and with its input.
  ///
  /// What a network was trained on is what it should be given: the pretrained one's front end replaces the drawn one where
  /// both are of one kind. Chances to drop stay the recipe's. Of a network of another kind nothing is taken.
  ///
  /// - Parameter file: the pretrained network's sizes and front end.
  /// - Returns: the recipe.
  /// - Throws: `DecodingError` and `DSPError` where the file's front end is none.
  public func starting(from file: NetworkFile.Configuration) throws -> NetworkRecipe {
    var recipe = self
    switch (network, file.network) {
    case (.visionEmotion(let mine), .visionTransformer(let other)),
      (.visionEmotion(let mine), .visionClassifier(let other, _)),
      (.visionEmotion(let mine), .visionEmotion(let other)):
      var sizes = other
      sizes.transformer.keepDropout(of: mine.transformer)
      recipe.network = .visionEmotion(sizes)
      // Pictures of the size that the position embeddings are made for, where no front end says otherwise.
      if case .spectrogram(var input) = recipe.input.input, var scaling = input.form.scaling {
        scaling.size = other.imageSize
        input.form = .picture(scaling)
        recipe.input.input = .spectrogram(input)
      }
    case (.publishedAudioEmotion(let mine), .audioTransformer(let other)),
      (.publishedAudioEmotion(let mine), .audioClassifier(let other, _)),
      (.publishedAudioEmotion(let mine), .publishedAudioEmotion(let other)):
      var sizes = other
      sizes.transformer.keepDropout(of: mine.transformer)
      recipe.network = .publishedAudioEmotion(sizes)
      if case .filterBank(var input) = recipe.input.input {
        (input.frameCount, input.melCount) = (other.frames, other.mels)
        recipe.input.input = .filterBank(input)
      }
    case (.audioEmotion, .audioEmotion), (.mobileStudent, .mobileStudent), (.crnn, .crnn),
      (.spectrogramCRNN, .spectrogramCRNN), (.genreMLP, .genreMLP), (.genreCNN, .genreCNN):
      recipe.network = file.network
    case (.genreRecurrent(let mine), .genreRecurrent(let other)) where mine.cell == other.cell:
      recipe.network = file.network
    default: return self
    }
    guard let frontEnd = try file.networkFrontEnd() else { return recipe }
    switch (recipe.input.input, frontEnd.input) {
    case (.spectrogram(let mine), .spectrogram(let other))
    where (mine.form.scaling == nil) == (other.form.scaling == nil):
      recipe.input = frontEnd
    case (.sequence, .sequence), (.segments, .segments), (.filterBank, .filterBank):
      recipe.input = frontEnd
    default: break
    }
    return recipe
  }
}

extension TransformerSettings {
  fileprivate mutating func keepDropout(of other: TransformerSettings) {
    (dropout, attentionDropout) = (other.dropout, other.attentionDropout)
  }
}
