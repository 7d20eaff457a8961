import SentioTensor

/// What a model is made of: its layers in the order of their calls, shapes, parameters and operations.
///
/// ```swift
/// print(model.summary(inputShape: [1, 40, 600]))
/// ```
///
/// A layer is listed if it stores a ``Module/site`` and has parameters or operations of its own, such as the products of
/// tokens with tokens in a transformer's block, or no layer listed below it. A layer that is called several times has one
/// row, with the shape of its first output and the operations of all calls. Parameters of modules that are not listed
/// stand in rows of their own, without a shape.
public struct ModelSummary: Sendable, Hashable, Codable {
  /// A layer.
  public struct Row: Sendable, Hashable, Codable {
    /// The path; empty for the model itself.
    public internal(set) var path: String
    /// The type's name.
    public internal(set) var type: String
    /// The shape of the first output; nil for what was not called.
    public internal(set) var outputShape: [Int]?
    /// The elements of its own parameters and persistent buffers, without those of layers below it.
    public internal(set) var parameters: Int
    /// Those of them that training changes.
    public internal(set) var trainable: Int
    /// The additions and multiplications of all calls.
    public internal(set) var operations: Int
    /// How often it was called.
    public internal(set) var calls: Int
  }

  /// The layers, in the order in which calls of them ended.
  public internal(set) var rows: [Row]
  /// The elements of all parameters and persistent buffers.
  public let total: Int
  /// The elements of the parameters that training changes.
  public let trainable: Int
  /// The elements of frozen parameters and persistent buffers.
  public var nonTrainable: Int { total - trainable }
  /// The additions and multiplications of all layers.
  public var operations: Int { rows.reduce(0) { $0 + $1.operations } }
}

extension Layer {
  /// Runs the model once on zeros, in inference, and tells what it is made of.
  ///
  /// - Parameter inputShape: the input's extents, with the batch's.
  /// - Returns: layers, shapes, parameters and operations.
  public func summary(inputShape: Shape) -> ModelSummary {
    summary { _ = $0(.zeros(inputShape)) }
  }
}

extension Module {
  /// Tells what a model is made of, as a closure calls it.
  ///
  /// - Parameter run: calls the model once, in whatever way it is called.
  /// - Returns: layers, shapes, parameters and operations.
  /// - Throws: what `run` throws.
  public func summary(_ run: (Self) throws -> Void) rethrows -> ModelSummary {
    let record = CallRecord()
    try run(observed(by: record))
    var rows = record.rows
    var owners: [String: Int] = [:]
    for (index, row) in rows.enumerated() { owners[row.path] = index }
    for (path, count, isTrainable) in storedCounts() {
      // The listed module that the path stands directly below, or the parameter's own module.
      let module = Self.ancestors(of: path).first { owners[$0] != nil } ?? Self.parent(of: path)
      let index = owners[module] ?? rows.count
      if index == rows.count {
        rows.append(
          .init(
            path: module, type: "", outputShape: nil, parameters: 0, trainable: 0, operations: 0,
            calls: 0))
        owners[module] = index
      }
      rows[index].parameters += count
      rows[index].trainable += isTrainable ? count : 0
    }
    let paths = rows.filter { $0.calls > 0 }.map(\.path)
    rows.removeAll { row in
      row.parameters == 0 && row.operations == 0
        && paths.contains { $0 != row.path && (row.path.isEmpty || $0.hasPrefix(row.path + ".")) }
    }
    let count = parameterCount
    return ModelSummary(rows: rows, total: count.total + count.buffers, trainable: count.trainable)
  }

  /// Path, size and kind of everything that is stored.
  private func storedCounts() -> [(path: String, count: Int, isTrainable: Bool)] {
    var list: [(path: String, count: Int, isTrainable: Bool)] = []
    var visitor = MemberVisitor(namesPaths: true)
    visitor.onParameter = { list.append(($0, $1.count, $2.isTrainable)) }
    visitor.onBuffer = { if $2 { list.append(($0, $1.count, false)) } }
    var copy = self
    visitor.enter(&copy)
    return list
  }

  /// The paths that a path stands below, the longest first, the empty one last.
  private static func ancestors(of path: String) -> [String] {
    let parts = path.split(separator: ".")
    return (0..<parts.count).reversed().map { parts.prefix($0).joined(separator: ".") }
  }

  private static func parent(of path: String) -> String { ancestors(of: path).first ?? "" }
}
