import ArgumentParser
import Foundation
import SentioModels
import SentioTensor

/// What `sentio train` takes for every network.
struct NetworkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A corpus with audio and labels or genres.", valueName: "folder"))
  var data: String?
  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "Changes of the recipe: sections network, sizes, input, training, augmentation.",
      valueName: "yaml"))
  var config: String?
  @Flag(help: "Print the recipe that the other options come to, as YAML, and do nothing.")
  var printConfig = false
  @Option(
    help: ArgumentHelp(
      "Where checkpoints and logs go, and a stopped training is found again; by default beside the "
        + "output, NAME.training.", valueName: "folder"))
  var folder: String?
  @Flag(help: "Remove the training in the folder, rather than go on with it.")
  var startOver = false
  @Option(
    help: ArgumentHelp(
      "A split that sentio corpus split wrote; by default 80/10/10 of this seed, stratified, by artist.",
      valueName: "json"))
  var split: String?
  @Option(
    help: ArgumentHelp(
      "Weights to start from, such as those that sentio model import wrote; their sizes and input become the recipe's.",
      valueName: "file"))
  var pretrained: String?
  @Option(
    help: ArgumentHelp(
      "Where transformed songs are kept; by default in ~/.cache/sentio.", valueName: "folder"))
  var store: String?
  @Option(help: "Seed of weights, orders and the split.")
  var seed: UInt64?
  @Option(help: "Passes over the training songs.")
  var epochs: Int?
  @Option(help: "Samples in a batch.")
  var batch: Int?
  @Option(help: "Learning rate.")
  var rate: Double?
  @Option(help: "Epochs without improvement after which training ends; 0 for never.")
  var patience: Int?
  @Option(help: "float32, or bfloat16 where the chip multiplies it.")
  var precision: String?
  @Option(help: ArgumentHelp("Length of the clips.", valueName: "seconds"))
  var duration: Double?
  @Option(help: ArgumentHelp("Where in the song the clip begins.", valueName: "seconds"))
  var offset: Double?
  @OptionGroup var corpus: CorpusOptions
  @OptionGroup var registry: TrainingRegistry
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if !printConfig, data == nil { throw ValidationError("Give the songs: --data FOLDER.") }
    if !printConfig, output == nil {
      throw ValidationError("Give the file to write: --output FILE.")
    }
  }

  /// The recipe that file and options come to, for a network that may start with another one's weights.
  func recipe(
    _ architecture: NetworkArchitecture, pretrained: NetworkFile? = nil
  ) throws -> NetworkRecipe {
    let file = try RecipeFile(config)
    let start = try pretrained.map {
      try NetworkRecipe(architecture).starting(from: $0.configuration)
    }
    var recipe = try file.recipe(architecture, over: start)
    if let duration { recipe.setDuration(duration) }
    if let offset { recipe.input.offset = offset }
    if let seed { recipe.training.seed = seed }
    if let epochs { recipe.training.epochs = epochs }
    if let batch { recipe.training.batchSize = batch }
    if let rate { recipe.training.learningRate = rate }
    if let patience { recipe.training.patience = patience }
    if let precision { recipe.training.precision = precision }
    try RecipeFile(nil).check(recipe)
    return recipe
  }
}

/// Reads a precision from the command line.
func parsePrecision(_ text: String) throws -> ComputePrecision {
  guard let precision = ComputePrecision(rawValue: text) else {
    throw ValidationError("'\(text)' is no precision; write float32 or bfloat16.")
  }
  return precision
}
