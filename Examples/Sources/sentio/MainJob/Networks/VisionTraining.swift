import Foundation
import SentioMetrics
import SentioModels
import SentioNN
import SentioPipeline
import SentioTensor

/// The vision transformer's trainings: the pipeline's own, and those that it is compared with.
struct VisionTraining {
  let job: MainJob
  let context: StageContext
  let inputs: SongInputs
  let synthetic: TrainingSongs
  let recipe: NetworkRecipe

  init(_ job: MainJob, _ context: StageContext, _ recipe: NetworkRecipe) throws {
    self.job = job
    self.context = context
    self.recipe = recipe
    inputs = try SongInputs(recipe.input, job, context)
    synthetic = try SyntheticRecords.samples(from: context.folder(of: "synthetic"))
  }

  /// Real songs and synthetic ones.
  var mixed: TrainingSongs { inputs.training.joined(with: synthetic) }

  /// Trains on songs with a changed recipe.
  func train(
    _ key: String, title: String, on songs: TrainingSongs, from start: NetworkFile?,
    change: (inout NetworkRecipe) -> Void = { _ in }
  ) throws -> TrainedNetwork {
    var recipe = recipe
    change(&recipe)
    return try TrainedNetwork(
      key, title: title, recipe: recipe, pretrained: start, on: songs,
      validation: inputs.validation, scale: inputs.trainingTable.scale,
      folder: context.work().appending(path: key), context, isQuiet: job.isQuiet)
  }

  /// The weights that training starts from; nil for random ones.
  ///
  /// Frozen blocks must have something to give. Where the user has no weights of ImageNet, the network learns to say
  /// two measured features of the training songs: how loud they are and how bright. That needs no label of emotion.
  func start() throws -> NetworkFile? {
    let settings = job.settings.pretraining
    if !settings.file.isEmpty {
      return try NetworkFile(contentsOf: context.external("pretrained"))
    }
    guard settings.epochs > 0 else { return nil }
    var recipe = recipe
    recipe.training.epochs = settings.epochs
    recipe.training.learningRate = settings.learningRate
    recipe.training.unfreezing = []
    recipe.training.monitor = .loss
    recipe.training.loss = .mse
    recipe.augmentation = AugmentationRecipe()
    return try TrainedNetwork(
      "pretext", title: "pretext", recipe: recipe, on: pretext(inputs.training),
      validation: pretext(inputs.validation), scale: .unit,
      folder: context.work().appending(path: "pretext"), context, isQuiet: job.isQuiet
    ).file
  }

  /// Songs with what is measured on their own records: the mean level, and where on the mel axis the middle of it
  /// lies, each brought to -1...1 by the hyperbolic tangent of its deviations from the mean.
  private func pretext(_ songs: TrainingSongs) -> TrainingSongs {
    let records = songs.records()
    let (count, bands, frames) = (records.shape[0], records.shape[1], records.shape[2])
    var measured = [[Double]](repeating: [0, 0], count: count)
    records.withUnsafeBufferPointer { values in
      for song in 0..<count {
        var (sum, weighted) = (0.0, 0.0)
        for band in 0..<bands {
          let start = (song * bands + band) * frames
          let level = values[start..<start + frames].reduce(0.0) { $0 + Double($1) }
          sum += level
          weighted += level * Double(band)
        }
        measured[song] = [sum / Double(bands * frames), sum > 0 ? weighted / sum : 0]
      }
    }
    var targets = [Float](repeating: 0, count: 2 * count)
    for column in 0..<2 {
      let values = measured.map { $0[column] }
      let mean = values.reduce(0, +) / Double(max(1, count))
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, count))
      let scale = variance > 1e-12 ? 1 / variance.squareRoot() : 0
      for song in 0..<count {
        targets[2 * song + column] = Float(tanh((values[song] - mean) * scale / 2))
      }
    }
    return TrainingSongs(songs.source, targets: Tensor(targets, shape: [count, 2]))
  }
}
