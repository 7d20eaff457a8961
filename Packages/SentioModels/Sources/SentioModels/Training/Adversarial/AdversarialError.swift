import Foundation
import SentioNN

/// Why adversarial training or the making of synthetic clips could not go on.
///
/// What concerns the folder and its checkpoints is a `TrainingError`.
public enum AdversarialError: Error, Sendable, Hashable {
  /// Clips of another shape, or labels, that do not fit the networks.
  case shape(ids: [String], expected: String, found: String)
  /// A clip with a value that is not finite.
  case notFinite(id: String)
  /// A label outside of −1…1.
  case label(id: String, value: Float)
  /// Too few clips to train on, or to compare with.
  case tooFewClips(purpose: String, needed: Int, found: Int)
  /// A network's loss is not a number, or infinite; its weights are those before the batch.
  case lossNotFinite(network: String, value: Float, place: TrainingPlace, ids: [String])
  /// A gradient is not a number, or infinite; the weights were not changed.
  case gradientNotFinite(parameter: String, place: TrainingPlace, ids: [String])
  /// A discriminator without the second head, where emotions should be read.
  case readsNoEmotions
  /// Too few synthetic clips were taken for real.
  case tooFewPassed(wanted: Int, passed: Int, made: Int, threshold: Float, meanConfidence: Float)
}

extension AdversarialError: CustomStringConvertible {
  /// One sentence with the place, what was found, and what can be done.
  public var description: String {
    switch self {
    case .shape(let ids, let expected, let found):
      "the clips \(Self.list(ids)): expected \(expected), found \(found): make them with the front end "
        + "whose size the networks have"
    case .notFinite(let id):
      "the clip \(id) holds a value that is no number: look at its audio, or leave it out"
    case .label(let id, let value):
      "the clip \(id) has a label of \(value), and -1 to 1 is expected: convert labels with "
        + "ValenceArousal.on(.unit)"
    case .tooFewClips(let purpose, let needed, let found):
      "\(purpose) needs at least \(needed) clips, and there are \(found): add songs, or take smaller batches"
    case .lossNotFinite(let network, let value, let place, let ids):
      "the \(network)'s loss is \(value) at \(place), for the songs \(Self.list(ids)): look at their "
        + "spectrograms, or lower the learning rate"
    case .gradientNotFinite(let parameter, let place, let ids):
      "the gradient of \(parameter) is not finite at \(place), for the songs \(Self.list(ids)): look "
        + "at their spectrograms, or lower the learning rate"
    case .readsNoEmotions:
      "emotions should be read (EmotionTerms.reading), and the discriminator has no head for it: make the networks "
        + "with readsEmotions: true"
    case .tooFewPassed(let wanted, let passed, let made, let threshold, let mean):
      "\(passed) of \(made) synthetic clips were taken for real with more than \(threshold) (mean "
        + "\(mean)), and \(wanted) are wanted: train longer, or lower the threshold"
    }
  }

  private static func list(_ ids: [String]) -> String {
    ids.prefix(20).joined(separator: ", ")
      + (ids.count > 20 ? " and \(ids.count - 20) more" : "")
  }
}

extension AdversarialError: LocalizedError {
  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}

extension LabelledBatch {
  /// Throws unless these are clips of a size with labels of −1…1, all of them numbers.
  ///
  /// - Throws: ``AdversarialError``.
  func requireClips(mels: Int, frames: Int) throws(AdversarialError) {
    let count = ids.count
    guard inputs.shape == [count, 1, mels, frames], targets.shape == [count, 2] else {
      throw .shape(
        ids: ids, expected: "[\(count), 1, \(mels), \(frames)] with labels [\(count), 2]",
        found: "\(inputs.shape) with labels \(targets.shape)")
    }
    for (row, id) in ids.enumerated() {
      for column in 0..<2 {
        let label = targets[element: row, column]
        guard label >= -1 && label <= 1 else { throw .label(id: id, value: label) }
      }
    }
    // A sum of squares is a number only where every term is; it is one pass, on all threads.
    guard !gradientNorm([inputs]).isFinite else { return }
    for (row, id) in ids.enumerated() {
      guard gradientNorm([inputs[row..<row + 1]]).isFinite else { throw .notFinite(id: id) }
    }
  }
}
