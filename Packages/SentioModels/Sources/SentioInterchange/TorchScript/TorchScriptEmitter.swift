import SentioNN
import SentioTensor

/// Turns the operations of a graph into lines of TorchScript, one operation a line or few.
struct TorchScriptEmitter {
  let graph: NetworkGraph
  private(set) var lines: [String] = []
  private var names: [Int: String]
  private var serial = 0
  private var path = ""

  /// Emits the body of `forward`.
  ///
  /// - Parameters:
  ///   - graph: the graph.
  ///   - input: what its input is called.
  /// - Throws: `InterchangeError` with the path of a layer that TorchScript cannot say.
  init(_ graph: NetworkGraph, input: String) throws {
    self.graph = graph
    names = [graph.input.number: input]
    for node in graph.nodes {
      path = node.path
      names[node.output.number] = try emit(node, node.inputs.map { names[$0.number]! })
    }
    lines.append("return \(names[graph.output.number]!)")
  }

  /// Adds a line that calls an operator, and returns the name of what it gives.
  mutating func call(_ name: String, _ arguments: String...) -> String {
    serial += 1
    lines.append("_\(serial) = torch.\(name)(\(arguments.joined(separator: ", ")))")
    return "_\(serial)"
  }

  /// Adds a line that calls an operator of several results, and returns their names.
  mutating func call(results: Int, _ name: String, _ arguments: String...) -> [String] {
    let names = (1...results).map { "_\(serial + $0)" }
    serial += results
    lines.append(
      "\(names.joined(separator: ", ")) = torch.\(name)(\(arguments.joined(separator: ", ")))")
    return names
  }

  /// A parameter or table, or `None`.
  func constant(_ name: String?) -> String {
    name.map { TorchModuleTree.expression(for: $0) } ?? "None"
  }

  func tensor(_ name: String) -> Tensor { graph.constants[name]! }

  func unsupported(_ reason: String) -> InterchangeError {
    .unsupported(path: path, reason: reason)
  }

  mutating func reshape(_ x: String, _ extents: [Int]) -> String {
    call("reshape", x, Self.list([-1] + extents))
  }

  mutating func permute(_ x: String, _ axes: [Int]) -> String {
    call("permute", x, Self.list(axes))
  }

  static func list(_ values: [Int]) -> String {
    "[\(values.map(String.init).joined(separator: ", "))]"
  }

  /// A number as Python reads it, with all of its digits.
  static func number(_ value: Float) -> String { "\(Double(value))" }

  static func boolean(_ value: Bool) -> String { value ? "True" : "False" }
}
