import Foundation
import SentioNN
import SentioTensor

/// The recipe of the training in a folder, so that another one does not go on with it.
struct RecipeRecord {
  private let recipe: NetworkRecipe

  init(_ recipe: NetworkRecipe) { self.recipe = recipe }

  /// The recipe as one line of JSON.
  static func text(_ recipe: NetworkRecipe) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Checked recipes hold finite numbers alone.
    return (try? encoder.encode(recipe)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// What a training cannot be gone on with when it has changed.
  ///
  /// Epochs, the rate and its course, and when to stop may: a run may be made longer.
  private var parts: [(name: String, value: String)] {
    var network = recipe
    network.training = recipe.architecture.drawnTraining
    network.augmentation = AugmentationRecipe()
    var augmentation = NetworkRecipe(recipe.architecture)
    augmentation.augmentation = recipe.augmentation
    augmentation.training.loss = recipe.training.loss
    augmentation.training.clip = recipe.training.clip
    augmentation.training.weightDecay = recipe.training.weightDecay
    augmentation.training.unfreezing = recipe.training.unfreezing
    augmentation.training.freeze = recipe.training.freeze
    return [
      ("network or input", Self.text(network)),
      ("loss, clipping, decay, freezing or augmentation", Self.text(augmentation)),
    ]
  }

  /// Compares with what the folder's training was begun with, and writes it where there is none.
  ///
  /// - Throws: `TrainingError.otherRun` with what differs, `FileError`.
  func check(in folder: URL, startsOver: Bool) throws {
    let url = folder.appending(path: "recipe.json")
    let holdsTraining = FileManager.default.fileExists(
      atPath: folder.appending(path: "last.safetensors").path)
    if holdsTraining, !startsOver, let data = try? Data(contentsOf: url),
      let found = try? JSONDecoder().decode(NetworkRecipe.self, from: data)
    {
      for (mine, other) in zip(parts, RecipeRecord(found).parts) where mine.value != other.value {
        throw TrainingError.otherRun(
          path: folder.path, setting: mine.name, expected: Self.difference(mine.value, other.value),
          found: Self.difference(other.value, mine.value))
      }
      return
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: folder.path, operation: .createFolder, code: errno)
    }
    try AtomicFile.write(Data(Self.text(recipe).utf8), to: url)
  }

  /// The first key and value of a recipe that stand otherwise in another.
  private static func difference(_ text: String, _ other: String) -> String {
    let others = Set(other.split(separator: ",").map(String.init))
    return text.split(separator: ",").map(String.init).first { !others.contains($0) }
      .map { $0.filter { !"{}".contains($0) } } ?? "nothing"
  }
}
