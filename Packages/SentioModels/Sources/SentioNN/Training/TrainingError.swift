import Foundation

/// Why training could not go on, or not begin.
public enum TrainingError: Error, Sendable, Hashable {
  /// The loss of a batch is not a number, or infinite; the weights are those before the batch.
  case lossNotFinite(value: Float, place: TrainingPlace, ids: [String])
  /// A gradient is not a number, or infinite, though the loss is finite; the weights were not changed.
  ///
  /// The parameter is the first one concerned; the ids are those of all batches of the update.
  case gradientNotFinite(parameter: String, place: TrainingPlace, ids: [String])
  /// No parameter of the model is trainable.
  case nothingToTrain
  /// A pattern of parameters to train or to freeze that means none of the model's.
  case unmatchedPattern(String, paths: [String])
  /// The training data have no batch.
  case noBatches(data: String)
  /// Another process trains in the folder.
  case folderInUse(path: String)
  /// The folder holds a run with another setting, which could not go on bit for bit.
  case otherRun(path: String, setting: String, expected: String, found: String)
  /// A checkpoint lacks a part or has one that does not fit the model.
  case damagedCheckpoint(path: String, part: String, expected: String, found: String)
}

/// A place in the course of training.
public struct TrainingPlace: Sendable, Hashable, Codable {
  /// The epoch, from 1.
  public let epoch: Int
  /// The batch of the epoch, from 1.
  public let batch: Int
  /// The number of updates made before.
  public let step: Int

  /// Names a place.
  ///
  /// - Parameters:
  ///   - epoch: the epoch, from 1.
  ///   - batch: the batch of the epoch, from 1.
  ///   - step: the number of updates made before.
  public init(epoch: Int, batch: Int, step: Int) {
    (self.epoch, self.batch, self.step) = (epoch, batch, step)
  }
}

extension TrainingPlace: CustomStringConvertible {
  /// Epoch, batch and step in words.
  public var description: String { "epoch \(epoch), batch \(batch), step \(step)" }
}

extension TrainingError: CustomStringConvertible {
  /// One sentence with the place, what was found, and what can be done.
  public var description: String {
    switch self {
    case .lossNotFinite(let value, let place, let ids):
      "the loss is \(value) at \(place), for the songs \(Self.list(ids)): look at their features and "
        + "labels, lower the learning rate, or clip gradients"
    case .gradientNotFinite(let parameter, let place, let ids):
      "the gradient of \(parameter) is not finite at \(place), for the songs \(Self.list(ids)): "
        + "look at their features and labels, lower the learning rate, or clip gradients"
    case .nothingToTrain: "no parameter of the model is trainable: unfreeze some"
    case .unmatchedPattern(let pattern, let paths):
      "the pattern '\(pattern)' means no parameter of the model, whose paths are such as "
        + "\(Self.examples(paths)): write one of them, or a part of one with ** in place of the rest"
    case .noBatches(let data): "there is no batch to train on: \(data)"
    case .folderInUse(let path):
      "\(path): another process trains in this folder: wait for its end or choose another folder"
    case .otherRun(let path, let setting, let expected, let found):
      "\(path): the run in this folder has another \(setting): expected \(expected), found \(found): "
        + "choose another folder, the old setting, or start over"
    case .damagedCheckpoint(let path, let part, let expected, let found):
      "\(path): \(part): expected \(expected), found \(found): the file is no checkpoint of this "
        + "model, or damaged"
    }
  }

  /// One path of each part of the model, so that a reader sees what there is.
  private static func examples(_ paths: [String]) -> String {
    var seen = Set<Substring>()
    let firsts = paths.filter { seen.insert($0.prefix { $0 != "." }).inserted }
    return firsts.prefix(8).joined(separator: ", ")
  }

  private static func list(_ ids: [String]) -> String {
    ids.prefix(20).joined(separator: ", ")
      + (ids.count > 20 ? " and \(ids.count - 20) more" : "")
  }
}

extension TrainingError: LocalizedError {
  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}
