import Foundation
import SentioModels
import SentioPipeline
import SentioReport

extension MainJob {
  /// What a stage reads that trains a network on spectrograms.
  var networkInputs: [StageInput] { songInputs + [.outputs(of: "spectrograms")] }

  /// The convolutional recurrent network, over features of half seconds.
  func recurrentStage() throws -> PipelineStage {
    try networkStage("crnn", "trains the convolutional recurrent network")
  }

  /// The audio spectrogram transformer.
  func audioTransformerStage() throws -> PipelineStage {
    try networkStage("ast", "trains the audio spectrogram transformer")
  }

  private func networkStage(_ key: String, _ summary: String) throws -> PipelineStage {
    guard let recipe = settings.recipes.first(where: { $0.key == key })?.recipe else {
      preconditionFailure("no recipe for \(key)")
    }
    return try PipelineStage(key, summary, inputs: networkInputs, settings: recipe) { context in
      let inputs = try SongInputs(recipe.input, self, context)
      context.note("songs", .integer(inputs.training.count))
      let network = try TrainedNetwork(
        key, title: ReportedModel(rawValue: key)?.title ?? key, recipe: recipe,
        on: inputs.training, validation: inputs.validation, scale: inputs.trainingTable.scale,
        folder: context.work().appending(path: key), context, isQuiet: isQuiet)
      try network.write(into: context.folder, inputs, recipe: recipe)
    }
  }
}
