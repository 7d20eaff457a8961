import Foundation
import SentioModels

extension MainJob {
  /// Makes sure that the network of `pretraining.file` can start the vision transformer, before an hour of work.
  ///
  /// - Throws: ``CommandError`` that names the file, what it holds, what the preset asks for, and what to change.
  func checkPretraining() throws {
    let path = settings.pretraining.file
    guard hasAudio, !path.isEmpty else { return }
    let held: NetworkSettings
    do {
      held = try NetworkFile(contentsOf: URL(filePath: path)).configuration.network
    } catch {
      throw CommandError(
        "pretraining.file: \(error); give a file that `sentio model import FOLDER --output FILE` wrote, or leave "
          + "pretraining.file empty")
    }
    guard case .visionEmotion(let wanted) = visionRecipe.network else { return }
    let sizes: VisionTransformer.Settings
    switch held {
    case .visionTransformer(let found), .visionClassifier(let found, _), .visionEmotion(let found):
      sizes = found
    default:
      throw CommandError(
        "pretraining.file: \(path) holds a \(held.title), and a vision transformer is needed; import one with "
          + "`sentio model import FOLDER --output FILE`")
    }
    let differences = Self.differences(sizes, wanted)
    guard differences.isEmpty else {
      throw CommandError(
        "pretraining.file: \(path) does not fit the preset: "
          + differences.map { "\($0.key) is \($0.found) in the file and \($0.wanted) here" }
          .joined(separator: ", ")
          + ". Give the preset the file's sizes, or leave pretraining.file empty")
    }
  }

  /// What weights of one size cannot be loaded into the other, by the preset's keys.
  private static func differences(
    _ found: VisionTransformer.Settings, _ wanted: VisionTransformer.Settings
  ) -> [(key: String, found: String, wanted: String)] {
    let (own, other) = (found.transformer, wanted.transformer)
    return [
      ("vit.sizes.transformer.features", own.features, other.features),
      ("vit.sizes.transformer.layers", own.layers, other.layers),
      ("vit.sizes.transformer.heads", own.heads, other.heads),
      ("vit.sizes.transformer.innerFeatures", own.innerFeatures, other.innerFeatures),
      ("vit.sizes.patchSize", found.patchSize, wanted.patchSize),
      ("spectrograms.picture", found.imageSize.height, wanted.imageSize.height),
    ].filter { $0.1 != $0.2 }.map { ($0.0, "\($0.1)", "\($0.2)") }
  }
}
