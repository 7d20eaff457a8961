import Foundation
import SentioModels
import SentioPipeline
import SentioReport

extension MainJob {
  /// What a stage reads that trains the vision transformer.
  var visionInputs: [StageInput] {
    networkInputs + [.outputs(of: "synthetic", ["synthetic.npy", "emotions.npy"])]
      + (settings.pretraining.file.isEmpty
        ? [] : [.external("pretrained", URL(filePath: settings.pretraining.file))])
  }

  var visionRecipe: NetworkRecipe {
    settings.vit.recipe(
      .vit, .visionEmotion(settings.vit.sizes), settings.spectrograms.pictured,
      seed: settings.seed)
  }

  /// The vision transformer, on real songs and synthetic clips, its blocks unfrozen by and by.
  func visionStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var recipe: NetworkRecipe
      var pretraining: PipelineSettings.Pretraining
    }
    let recipe = visionRecipe
    return try PipelineStage(
      "vit", "trains the vision transformer on real and synthetic spectrograms",
      inputs: visionInputs, settings: Settings(recipe: recipe, pretraining: settings.pretraining)
    ) { context in
      let vision = try VisionTraining(self, context, recipe)
      context.note("songs", .integer(vision.mixed.count))
      let start = try vision.start()
      try start?.write(to: context.folder.appending(path: "start.sentio"))
      var network = try vision.train(
        "vit", title: ReportedModel.vit.title, on: vision.mixed, from: start)
      if start != nil {
        network.events = recipe.training.unfreezing.map {
          EpochEvent(
            epoch: $0.epoch,
            what: $0.blocks == 0 ? "the head alone" : "the last \($0.blocks) blocks")
        }
      }
      try network.write(
        into: context.folder, vision.inputs, synthetic: vision.synthetic.count, recipe: recipe)
    }
  }
}
