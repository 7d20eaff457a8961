import Foundation
import SentioMetrics

/// Why a pipeline can't begin.
public enum PipelineError: Error, Sendable {
  /// A name that no stage has.
  case unknownStage(String, known: [String])
  /// Another process works in the folder.
  case locked(folder: URL, process: Int32?)
  /// A stage's input is not there, or not as it should be.
  case inputNotReady(stage: String, input: String, reason: String)
  /// An input from outside can't be read.
  case unreadable(stage: String, input: String, reason: String)
}

extension PipelineError: CustomStringConvertible {
  /// What is wrong and how to mend it.
  public var description: String {
    switch self {
    case .unknownStage(let name, let known):
      let nearest = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? "."
      return "there is no stage '\(name)'\(nearest) Stages: \(known.joined(separator: ", "))"
    case .locked(let folder, let process):
      return
        "\(folder.path): another run\(process.map { " (process \($0))" } ?? "") works in this folder; wait "
        + "for it, stop it, or choose another --output"
    case .inputNotReady(let stage, let input, let reason):
      return "\(stage) needs \(input), which \(reason); run with --until \(stage) to make it"
    case .unreadable(let stage, let input, let reason):
      return "\(stage): its input \(input) can't be read: \(reason)"
    }
  }
}

/// A stage that ended with an error.
public struct StageFailure: Error, CustomStringConvertible {
  /// The stage's name.
  public let stage: String
  /// What its work threw.
  public let cause: any Error
  /// Its log.
  public let log: URL
  /// The command that goes on.
  public let resume: String

  /// The stage, what went wrong, where to read more, and how to go on.
  public var description: String {
    """
    stage \(stage) failed: \(cause)
      its log: \(log.path)
      to go on: \(resume)
    """
  }
}

/// The user asked to stop; what was finished is kept.
public struct PipelineStopped: Error, Sendable {
  /// The stage that was running; nil between two stages.
  public let stage: String?
}

/// The name that somebody may have meant.
public enum NearestName {
  /// The candidate that takes the fewest changed letters.
  ///
  /// - Parameters:
  ///   - name: what was written.
  ///   - candidates: what could have been meant.
  /// - Returns: nil where none is near.
  public static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    let best = candidates.map {
      ($0, EditDistance(prediction: name.lowercased(), truth: $0.lowercased()).total)
    }
    .min { $0.1 < $1.1 }
    guard let best, best.1 <= max(2, name.count / 3) else { return nil }
    return best.0
  }
}
