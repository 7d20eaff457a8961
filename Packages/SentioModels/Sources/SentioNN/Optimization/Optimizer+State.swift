import Foundation
import SentioTensor

extension Optimizer {
  /// The moments and step counts, for a safetensors file; ``restore(from:prefix:for:)`` takes them back bit for bit.
  ///
  /// The rule, the schedule and the groups are the program's, and are not among them.
  ///
  /// - Parameter prefix: what all names begin with, so that two optimizers can share a file.
  /// - Returns: `[prefix]step`, and for each parameter `[prefix]steps.[path]` and `[prefix][moment].[path]`.
  public func contents(prefix: String = "optimizer.") -> [Safetensors.Content] {
    var contents = [Safetensors.Content("\(prefix)step", shape: [], integers: [step])]
    for (path, slot) in slots {
      contents.append(.init("\(prefix)steps.\(path)", shape: [], integers: [slot.steps]))
      for (moment, tensor) in zip(rule.momentNames, slot.moments) {
        contents.append(.init("\(prefix)\(moment).\(path)", tensor))
      }
    }
    return contents
  }

  /// Takes back what ``contents(prefix:)`` gave; nothing changes where something does not fit.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - prefix: what the names begin with.
  ///   - model: the model whose parameters the moments belong to.
  /// - Throws: `SafetensorsError`, and ``TrainingError/damagedCheckpoint(path:part:expected:found:)`` for a part that is
  ///   not there or has not the shape of its parameter.
  public mutating func restore<Model: Module>(
    from file: Safetensors, prefix: String = "optimizer.", for model: Model
  ) throws {
    let parts = CheckpointParts(file, model)
    let step = try parts.count("\(prefix)step")
    var slots: [String: Slot] = [:]
    for path in parts.paths(under: "\(prefix)steps.") {
      slots[path] = Slot(
        steps: try parts.count("\(prefix)steps.\(path)"),
        moments: try rule.momentNames.map { try parts.tensor("\(prefix)\($0).\(path)", of: path) })
    }
    self.step = step
    self.slots = slots
  }
}

extension WeightAverage {
  /// The averages and the number of updates, for a safetensors file; ``restore(from:prefix:for:)`` takes them back.
  ///
  /// - Parameter prefix: what all names begin with.
  /// - Returns: `[prefix]updates`, and `[prefix]of.[path]` for each parameter.
  public func contents(prefix: String = "average.") -> [Safetensors.Content] {
    [.init("\(prefix)updates", shape: [], integers: [updates])]
      + tensors.map { .init("\(prefix)of.\($0)", $1) }
  }

  /// Takes back what ``contents(prefix:)`` gave; nothing changes where something does not fit.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - prefix: what the names begin with.
  ///   - model: the model whose parameters are averaged.
  /// - Throws: `SafetensorsError`, and ``TrainingError/damagedCheckpoint(path:part:expected:found:)`` for a part that is
  ///   not there or has not the shape of its parameter.
  public mutating func restore<Model: Module>(
    from file: Safetensors, prefix: String = "average.", for model: Model
  ) throws {
    let parts = CheckpointParts(file, model)
    let updates = try parts.count("\(prefix)updates")
    var tensors: [String: Tensor] = [:]
    for path in parts.paths(under: "\(prefix)of.") {
      tensors[path] = try parts.tensor("\(prefix)of.\(path)", of: path)
    }
    self.updates = updates
    self.tensors = tensors
  }
}

/// Parts of a file that belong to the parameters of a model.
private struct CheckpointParts {
  private let file: Safetensors
  private let shapes: [String: [Int]]

  init<Model: Module>(_ file: Safetensors, _ model: Model) {
    self.file = file
    shapes = Dictionary(
      model.parameters.map { ($0.path, Array($0.value.shape)) }, uniquingKeysWith: { a, _ in a })
  }

  func paths(under prefix: String) -> [String] {
    file.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  /// A natural number.
  func count(_ name: String) throws -> Int {
    guard let entry = file.tensors[name], entry.shape.isEmpty, entry.elementType == .int64,
      let value = try file.integers(name).first, (0..<1 << 32).contains(value)
    else { throw damage(name, "a natural number of I64 below 2^32") }
    return value
  }

  /// A tensor of the shape of a parameter.
  func tensor(_ name: String, of path: String) throws -> Tensor {
    guard let shape = shapes[path] else { throw damage(name, "a parameter of the model") }
    guard let entry = file.tensors[name], entry.shape == shape, entry.elementType == .float32
    else { throw damage(name, "a tensor of shape \(shape) of F32") }
    return try file.tensor(name)
  }

  private func damage(_ name: String, _ expected: String) -> TrainingError {
    let entry = file.tensors[name]
    return .damagedCheckpoint(
      path: file.url.path, part: name, expected: expected,
      found: entry.map { "one of shape \($0.shape) of \($0.elementType.rawValue)" } ?? "none")
  }
}
