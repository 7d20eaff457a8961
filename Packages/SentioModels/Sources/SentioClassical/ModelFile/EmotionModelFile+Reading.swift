import Foundation
import SentioTensor

extension EmotionModelFile {
  /// The largest number of columns, outputs, members and nodes that a file may claim.
  private enum Limit {
    static let columns = 1_000_000
    static let outputs = 1000
    static let members = 100
    static let configurationBytes = 64 << 20
  }

  /// Reads and checks a file.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``ModelFileError`` with the part that is wrong; `FileError` and `SafetensorsError`
  ///   where the file cannot be read or is no safetensors file.
  public init(contentsOf url: URL) throws {
    let reader = try ModelReader(url)
    let configuration = try reader.configuration(limit: Limit.configurationBytes)
    func require(_ holds: Bool, _ part: String, _ expected: String, _ found: String) throws {
      if !holds { throw reader.error(part, expected, found) }
    }
    try require(
      (1...Limit.columns).contains(configuration.columns.count)
        && Set(configuration.columns).count == configuration.columns.count,
      "columns", "1 to \(Limit.columns) distinct names",
      "\(configuration.columns.count) names, \(Set(configuration.columns).count) distinct")
    try require(
      (1...Limit.outputs).contains(configuration.outputs.count)
        && Set(configuration.outputs).count == configuration.outputs.count,
      "outputs", "1 to \(Limit.outputs) distinct names", "\(configuration.outputs)")
    try require(
      (1...Limit.members).contains(configuration.members.count), "members",
      "1 to \(Limit.members)", "\(configuration.members.count)")
    if let text = configuration.frontEnd {
      try require(
        (try? JSONSerialization.jsonObject(
          with: Data(text.utf8), options: .fragmentsAllowed)) != nil, "frontEnd", "JSON text",
        "\(text.prefix(40))")
    }

    let members = try configuration.members.enumerated().map { index, member in
      try reader.pipeline(member, configuration, prefix: "member.\(index)")
    }
    try reader.requireNothingElse()
    var model = Model.pipeline(members[0])
    if configuration.members.count > 1 || configuration.weights != nil {
      do {
        model = .average(try AveragedRegressor(members, weights: configuration.weights))
      } catch {
        throw reader.error(
          "weights", "\(members.count) weights an output, not negative", "\(error)")
      }
    }
    self.init(configuration, model: model)
  }
}

/// Reads the parts of a model file, each against what the configuration says of it.
private final class ModelReader {
  private let file: Safetensors
  private var used: Set<String> = []

  init(_ url: URL) throws { file = try Safetensors(contentsOf: url) }

  func error(_ part: String, _ expected: String, _ found: String) -> ModelFileError {
    ModelFileError(path: file.url.path, part: part, expected: expected, found: found)
  }

  func configuration(limit: Int) throws -> ModelConfiguration {
    let version = file.metadata[ModelKeys.version]
    guard let number = version.flatMap({ Int($0) }), number >= 1 else {
      throw error(ModelKeys.version, "the version of a Sentio model", version ?? "nothing")
    }
    guard number <= EmotionModelFile.formatVersion else {
      throw error(
        ModelKeys.version, "at most \(EmotionModelFile.formatVersion); use a newer Sentio",
        "\(number)")
    }
    guard let text = file.metadata[ModelKeys.configuration], text.utf8.count <= limit else {
      throw error(
        ModelKeys.configuration, "JSON of at most \(limit) bytes",
        "\(file.metadata[ModelKeys.configuration]?.utf8.count ?? 0) bytes")
    }
    do {
      return try JSONDecoder().decode(ModelConfiguration.self, from: Data(text.utf8))
    } catch {
      throw self.error(ModelKeys.configuration, "a configuration of this version", "\(error)")
    }
  }

  func pipeline(
    _ member: ModelConfiguration.Member, _ whole: ModelConfiguration, prefix: String
  ) throws -> Pipeline {
    do {
      try member.settings.validate()
    } catch {
      throw self.error("\(prefix).settings", "settings within their ranges", "\(error)")
    }
    let selected = member.selected
    guard !selected.isEmpty, selected[0] >= 0, selected.last! < whole.columns.count,
      zip(selected, selected.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw error(
        "\(prefix).selected", "rising numbers of columns below \(whole.columns.count)",
        "\(selected.prefix(8)) of \(selected.count)")
    }
    let width = selected.count
    var scaler: StandardScaler?
    if member.settings.standardizes {
      let scales = try doubles("\(prefix).scaler.scales", [width])
      guard scales.allSatisfy({ $0 > 0 }) else {
        throw error("\(prefix).scaler.scales", "numbers greater than 0", "one that is not")
      }
      scaler = StandardScaler(
        means: try doubles("\(prefix).scaler.means", [width]), scales: scales)
    }
    return Pipeline(
      columns: whole.columns, settings: member.settings, selected: selected, scaler: scaler,
      fitted: try fitted(
        member, columns: selected.map { whole.columns[$0] }, outputs: whole.outputs,
        prefix: prefix))
  }

  private func fitted(
    _ member: ModelConfiguration.Member, columns: [String], outputs: [String], prefix: String
  ) throws -> FittedAlgorithm {
    let (width, count) = (columns.count, outputs.count)
    switch member.settings.algorithm {
    case .ridge(let settings):
      return .ridge(
        Ridge(
          columns: columns, outputs: outputs, settings: settings,
          coefficients: try doubles("\(prefix).ridge.coefficients", [count, width]),
          intercepts: try doubles("\(prefix).ridge.intercepts", [count])))
    case .supportVector(let settings):
      guard let gamma = member.gamma, gamma > 0, gamma.isFinite,
        let vectors = member.supportVectorCount, vectors >= 0
      else {
        throw error(
          "\(prefix).gamma", "a number greater than 0 and a count of vectors",
          "\(String(describing: member.gamma)), \(String(describing: member.supportVectorCount))")
      }
      return .supportVector(
        SupportVectorRegression(
          columns: columns, outputs: outputs, settings: settings, gamma: gamma,
          vectors: Matrix(
            rows: vectors, columns: width,
            values: try doubles("\(prefix).svr.vectors", [vectors, width])),
          weights: try doubles("\(prefix).svr.weights", [vectors, count]),
          shifts: try doubles("\(prefix).svr.shifts", [count])))
    case .boostedTrees(let settings):
      guard let ensembles = member.ensembles, ensembles.count == count else {
        throw error(
          "\(prefix).ensembles", "\(count), one an output", "\(member.ensembles?.count ?? 0)")
      }
      var errors: [[Double]] = []
      var trees: [TreeEnsemble] = []
      for (output, ensemble) in ensembles.enumerated() {
        let name = "\(prefix).trees.\(output)"
        trees.append(try self.trees(ensemble, width: width, name: name))
        errors.append(try doubles("\(name).holdout_errors", nil))
      }
      return .boostedTrees(
        BoostedTrees(
          columns: columns, outputs: outputs, settings: settings, ensembles: trees,
          holdoutErrors: errors))
    }
  }

  private func trees(
    _ ensemble: ModelConfiguration.Ensemble, width: Int, name: String
  ) throws -> TreeEnsemble {
    guard (0..<Int(Int32.max)).contains(ensemble.treeCount),
      (0..<Int(Int32.max)).contains(ensemble.nodeCount)
    else {
      throw error(
        name, "counts of trees and nodes", "\(ensemble.treeCount) and \(ensemble.nodeCount)")
    }
    let nodes = [ensemble.nodeCount]
    do {
      return try TreeEnsemble(
        base: ensemble.base, featureCount: width,
        roots: try integers("\(name).roots", [ensemble.treeCount + 1]),
        features: try integers("\(name).features", nodes),
        values: try floats("\(name).values", nodes),
        firstChild: try integers("\(name).first_child", nodes),
        gains: try floats("\(name).gains", nodes), covers: try floats("\(name).covers", nodes))
    } catch let fault as TreeEnsembleError {
      throw error(name, "trees", fault.description)
    }
  }

  /// Makes sure that the file has no tensor that nobody asked for.
  func requireNothingElse() throws {
    if let other = file.tensors.keys.filter({ !used.contains($0) }).min() {
      throw error(other, "no such tensor in this model", "one")
    }
  }

  /// The entry of a tensor of the type and shape that the configuration implies; any length for nil.
  private func entry(_ name: String, _ type: ElementType, _ shape: [Int]?) throws {
    guard let entry = file.tensors[name] else {
      throw error(name, "a tensor \(shape ?? [])", "none")
    }
    guard entry.elementType == type, shape == nil ? entry.shape.count == 1 : entry.shape == shape
    else {
      throw error(
        name, "\(type.rawValue) \(shape.map { "\($0)" } ?? "[any]")",
        "\(entry.elementType.rawValue) \(entry.shape)")
    }
    used.insert(name)
  }

  private func doubles(_ name: String, _ shape: [Int]?) throws -> [Double] {
    try entry(name, .float64, shape)
    let values = try file.doubles(name)
    guard let bad = values.firstIndex(where: { !$0.isFinite }) else { return values }
    throw error("\(name)[\(bad)]", "a finite number", "\(values[bad])")
  }

  private func floats(_ name: String, _ shape: [Int]) throws -> [Float] {
    try entry(name, .float32, shape)
    return try file.floats(name)
  }

  private func integers(_ name: String, _ shape: [Int]) throws -> [Int32] {
    try entry(name, .int32, shape)
    return try file.integers(name).map { Int32(truncatingIfNeeded: $0) }
  }
}
