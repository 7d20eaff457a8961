import Foundation

/// One step of a pipeline: what it needs, what it depends on, and the work.
///
/// A stage reads its inputs and its settings and nothing else, and writes into its own folder and nowhere else. Then it
/// needs to run again only when one of them has changed.
///
/// ```swift
/// PipelineStage(
///   "crnn", "trains the convolutional recurrent network",
///   inputs: [.outputs(of: "spectrograms"), .outputs(of: "corpus", ["split.json"])],
///   settings: preset.crnn, version: 1
/// ) { context in
///   let store = context.folder(of: "spectrograms")
///   …
/// }
/// ```
public struct PipelineStage: Sendable {
  /// The name: on the command line, of the folder and of the log.
  public let name: String
  /// What the stage does, in a few words.
  public let summary: String
  /// What it reads.
  public let inputs: [StageInput]
  /// What it was told, seed included.
  public let settings: JSONValue
  /// The version of its code and of what it writes: raise it when the same inputs give other outputs.
  public let version: Int
  /// Whether the stage finds its own way in a folder that holds some of its outputs.
  ///
  /// Otherwise an attempt that goes on finds its ``StageContext/work()`` folder as it was, and nothing else.
  public let resumesInPlace: Bool
  let work: @Sendable (StageContext) throws -> Void

  /// Creates a stage.
  ///
  /// - Parameters:
  ///   - name: lower-case letters, digits and hyphens.
  ///   - summary: what the stage does, in a few words.
  ///   - inputs: what it reads.
  ///   - settings: what it was told; encoded as JSON.
  ///   - version: the version of its code and of what it writes.
  ///   - resumesInPlace: whether an attempt that goes on finds the outputs of the one that was cut off.
  ///   - work: the work; it asks ``StageContext/checkCancellation()`` now and then.
  /// - Throws: `EncodingError` for settings that JSON can't hold.
  public init(
    _ name: String, _ summary: String, inputs: [StageInput] = [], settings: some Encodable,
    version: Int = 1, resumesInPlace: Bool = false,
    work: @escaping @Sendable (StageContext) throws -> Void
  ) throws {
    precondition(
      !name.isEmpty
        && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") },
      "'\(name)' is no name of a stage")
    self.name = name
    self.summary = summary
    self.inputs = inputs
    self.settings = try JSONValue(encoding: settings)
    self.version = version
    self.resumesInPlace = resumesInPlace
    self.work = work
  }
}

/// Something that a stage reads.
public enum StageInput: Sendable, Hashable {
  /// Files that another stage wrote: all of them, or those of the given paths (files or folders).
  case outputs(of: String, [String]? = nil)
  /// A file or a folder that no stage wrote, under a name of its own.
  case external(String, URL)

  /// The name under which a manifest lists it.
  public var name: String {
    switch self {
    case .outputs(let stage, nil): stage
    case .outputs(let stage, let paths?): "\(stage): \(paths.joined(separator: ", "))"
    case .external(let name, _): name
    }
  }
}
