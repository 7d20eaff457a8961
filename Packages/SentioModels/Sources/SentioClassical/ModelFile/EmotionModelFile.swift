import Foundation
import SentioMetrics
import SentioTensor

/// A regression with all that is needed to use it later: one file, self-contained and checked.
///
/// The file is a safetensors file, so other tools can look into it; <doc:ModelFileFormat> describes it.
/// It carries the names of the features, the selection and the scaler, the scale of the labels, the
/// settings of the front end that computed the features, and where the model comes from.
///
/// Nothing in a file is believed: names, counts, shapes, indices and numbers are checked against each
/// other before they are used, and no byte of it reaches a C library.
public struct EmotionModelFile: Sendable, Equatable {
  /// The regression in a file: one pipeline, or a weighted mean of several.
  public enum Model: Sendable, Equatable {
    /// One pipeline.
    case pipeline(Pipeline)
    /// A weighted mean of pipelines.
    case average(AveragedRegressor)

    /// The model, whatever its kind.
    public var regressor: any Regressor {
      switch self {
      case .pipeline(let model): model
      case .average(let model): model
      }
    }

    var members: [Pipeline] {
      switch self {
      case .pipeline(let model): [model]
      case .average(let model): model.members
      }
    }
  }

  /// The version of the format that is written; older ones are read, newer ones refused.
  public static let formatVersion = 1
  /// The usual extension of a file's name.
  public static let fileExtension = "sentio"

  /// The regression.
  public var model: Model
  /// The scale of the labels that the model was fitted to.
  public var labelScale: EmotionScale?
  /// Where the model comes from.
  public var provenance: Provenance
  /// The settings of the front end, as JSON text; nil where the features came from elsewhere.
  public private(set) var frontEndJSON: String?

  /// Collects what goes into a file.
  ///
  /// - Parameters:
  ///   - model: the regression.
  ///   - labelScale: the scale of the labels that it was fitted to.
  ///   - provenance: where it comes from.
  public init(_ model: Model, labelScale: EmotionScale?, provenance: Provenance) {
    self.model = model
    self.labelScale = labelScale
    self.provenance = provenance
  }

  /// Stores the settings of the front end that computed the features.
  ///
  /// - Parameter settings: any value that can be written as JSON, such as a feature set.
  /// - Throws: what the encoder throws.
  public mutating func setFrontEnd(_ settings: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    frontEndJSON = String(decoding: try encoder.encode(settings), as: UTF8.self)
  }

  /// The settings of the front end, as the type that they were stored from.
  ///
  /// - Parameter type: the type.
  /// - Returns: the settings, or nil where the file has none.
  /// - Throws: `DecodingError` where they are of another type.
  public func frontEnd<Settings: Decodable>(_ type: Settings.Type) throws -> Settings? {
    try frontEndJSON.map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
  }

  /// Predicts the rows of a table; see ``Regressor/predict(_:)``.
  public func predict(_ design: Design) throws -> Predictions {
    try model.regressor.predict(design)
  }

  /// Writes the file, whole or not at all; the same model gives the same bytes.
  ///
  /// - Parameter url: the file; its folder must exist.
  /// - Throws: `FileError` where it cannot be written.
  public func write(to url: URL) throws {
    var contents: [Safetensors.Content] = []
    for (index, member) in model.members.enumerated() {
      contents += tensors(of: member, prefix: "member.\(index)")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let configuration = try encoder.encode(configuration)
    try Safetensors.write(
      contents,
      metadata: [
        ModelKeys.version: String(Self.formatVersion),
        ModelKeys.configuration: String(decoding: configuration, as: UTF8.self),
      ], to: url)
  }

  init(_ configuration: ModelConfiguration, model: Model) {
    self.model = model
    labelScale = configuration.labelScale
    provenance = configuration.provenance
    frontEndJSON = configuration.frontEnd
  }

  private var configuration: ModelConfiguration {
    var weights: [Double]?
    if case .average(let average) = model { weights = average.weights }
    return ModelConfiguration(
      outputs: model.regressor.outputs, columns: model.regressor.columns,
      labelScale: labelScale, members: model.members.map(describe), weights: weights,
      provenance: provenance, frontEnd: frontEndJSON)
  }

  private func describe(_ member: Pipeline) -> ModelConfiguration.Member {
    var description = ModelConfiguration.Member(
      settings: member.settings, selected: member.selected)
    switch member.fitted {
    case .ridge: break
    case .supportVector(let model):
      description.gamma = model.gamma
      description.supportVectorCount = model.supportVectorCount
    case .boostedTrees(let model):
      description.ensembles = model.ensembles.map {
        ModelConfiguration.Ensemble(
          base: $0.base, treeCount: $0.treeCount, nodeCount: $0.nodeCount)
      }
    }
    return description
  }

  private func tensors(of member: Pipeline, prefix: String) -> [Safetensors.Content] {
    var contents: [Safetensors.Content] = []
    func add(_ name: String, _ shape: [Int], _ values: [Double]) {
      contents.append(Safetensors.Content("\(prefix).\(name)", shape: shape, doubles: values))
    }
    let width = member.selected.count
    let outputs = member.outputs.count
    if let scaler = member.scaler {
      add("scaler.means", [width], scaler.means)
      add("scaler.scales", [width], scaler.scales)
    }
    switch member.fitted {
    case .ridge(let model):
      add("ridge.coefficients", [outputs, width], model.coefficients)
      add("ridge.intercepts", [outputs], model.intercepts)
    case .supportVector(let model):
      add("svr.vectors", [model.supportVectorCount, width], model.supportVectors)
      add("svr.weights", [model.supportVectorCount, outputs], model.weights)
      add("svr.shifts", [outputs], model.shifts)
    case .boostedTrees(let model):
      for (output, trees) in model.ensembles.enumerated() {
        let name = "\(prefix).trees.\(output)"
        let count = [trees.nodeCount]
        contents += [
          Safetensors.Content("\(name).roots", shape: [trees.roots.count], int32: trees.roots),
          Safetensors.Content("\(name).features", shape: count, int32: trees.features),
          Safetensors.Content("\(name).first_child", shape: count, int32: trees.firstChild),
          Safetensors.Content("\(name).values", shape: count, floats: trees.values),
          Safetensors.Content("\(name).gains", shape: count, floats: trees.gains),
          Safetensors.Content("\(name).covers", shape: count, floats: trees.covers),
        ]
        add(
          "trees.\(output).holdout_errors", [model.holdoutErrors[output].count],
          model.holdoutErrors[output])
      }
    }
    return contents
  }
}

/// The keys of the header's table of text.
enum ModelKeys {
  static let version = "sentio.format"
  static let configuration = "sentio.config"
}

extension Safetensors.Content {
  fileprivate init(_ name: String, shape: [Int], int32 values: [Int32]) {
    self.init(
      name, shape: shape, elementType: .int32,
      bytes: values.flatMap { value in
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
      })
  }
}
