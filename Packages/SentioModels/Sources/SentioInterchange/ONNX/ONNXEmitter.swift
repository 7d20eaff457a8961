import Foundation
import SentioNN
import SentioTensor

/// Turns the operations of a graph into ONNX's nodes.
///
/// One `NetworkGraph.Node` becomes one node or several. Constants are named after the network's parameters; where a
/// node wants them in another form (a weight transposed, gates in another order), the form has a name of its own and is
/// made when the file is written, one at a time.
struct ONNXEmitter {
  /// Numbers that stand in the file.
  struct Initializer {
    let name: String
    let shape: [Int]
    let content: Content

    enum Content {
      case integers([Int])
      /// Integers of 8 bits with or without a sign, made when they are written.
      case bytes(isSigned: Bool, () -> [UInt8])
      /// Made when it is written, so that only one is held in a second form.
      case floats(() -> Tensor)
    }

    var byteCount: Int {
      shape.reduce(1, *) * content.elementSize
    }
  }

  let graph: NetworkGraph
  let opset: Int
  private(set) var nodes: [ONNXNodeProto] = []
  private(set) var initializers: [Initializer] = []
  private var known: Set<String> = []
  private var names: [Int: String]
  private var path = ""
  private var serial = 0

  /// Emits all nodes of a graph.
  ///
  /// - Parameters:
  ///   - graph: the graph.
  ///   - opset: the version of ONNX's operators, from 17.
  ///   - input: what the graph's input is called.
  ///   - output: what its output is called.
  /// - Throws: `InterchangeError` with the path of a layer that cannot be said.
  init(_ graph: NetworkGraph, opset: Int, input: String, output: String) throws {
    self.graph = graph
    self.opset = opset
    names = [graph.input.number: input]
    for node in graph.nodes {
      path = node.path
      names[node.output.number] = try emit(node, node.inputs.map { names[$0.number]! })
    }
    // The last value may also be an input of others: it gets the output's name by a node of its own.
    path = ""
    emit("Identity", [names[graph.output.number]!], output: output)
  }

  // MARK: Nodes and constants

  /// Adds a node and returns what its output is called.
  @discardableResult
  mutating func emit(
    _ type: String, _ inputs: [String], _ attributes: [ONNXAttributeProto] = [],
    output: String? = nil
  ) -> String {
    serial += 1
    let prefix = path.isEmpty ? "" : path + "/"
    var node = ONNXNodeProto()
    node.opType = type
    node.name = "\(prefix)\(type)_\(serial)"
    node.input = inputs
    node.output = [output ?? "\(node.name):0"]
    node.attribute = attributes
    nodes.append(node)
    return node.output[0]
  }

  /// Adds a node of several outputs, of which one is wanted, and returns what that is called.
  mutating func emit(
    _ type: String, _ inputs: [String], _ attributes: [ONNXAttributeProto], wanted: Int
  ) -> String {
    let name = emit(type, inputs, attributes)
    nodes[nodes.count - 1].output = Array(repeating: "", count: wanted) + [name]
    return name
  }

  /// A parameter or table as it is; an absent one is the empty name.
  mutating func constant(_ name: String?) -> String {
    guard let name, let tensor = graph.constants[name] else { return "" }
    return initializer(name, Array(tensor.shape)) { tensor }
  }

  /// Numbers that are made when they are written.
  mutating func initializer(
    _ name: String, _ shape: [Int], _ make: @escaping () -> Tensor
  ) -> String {
    if known.insert(name).inserted {
      initializers.append(Initializer(name: name, shape: shape, content: .floats(make)))
    }
    return name
  }

  /// Integers of 8 bits that are made when they are written.
  mutating func bytes(
    _ name: String, _ shape: [Int], isSigned: Bool, _ make: @escaping () -> [UInt8]
  ) -> String {
    if known.insert(name).inserted {
      initializers.append(
        Initializer(name: name, shape: shape, content: .bytes(isSigned: isSigned, make)))
    }
    return name
  }

  /// A single number.
  mutating func scalar(_ value: Float) -> String {
    initializer("number:\(value)", []) { Tensor(value) }
  }

  /// Whole numbers, for shapes and axes; in one row where nothing else is said.
  mutating func integers(_ values: [Int], shape: [Int]? = nil) -> String {
    let shape = shape ?? [values.count]
    let name =
      "integers:\(values.map(String.init).joined(separator: ","))"
      + (shape == [values.count] ? "" : ":\(shape.map(String.init).joined(separator: "x"))")
    if known.insert(name).inserted {
      initializers.append(Initializer(name: name, shape: shape, content: .integers(values)))
    }
    return name
  }

  /// One whole number without an axis.
  mutating func integer(_ value: Int) -> String { integers([value], shape: []) }

  func tensor(_ name: String) -> Tensor { graph.constants[name]! }

  func unsupported(_ reason: String) -> InterchangeError {
    .unsupported(path: path, reason: reason)
  }
}

extension ONNXEmitter.Initializer.Content {
  /// The bytes of one number.
  fileprivate var elementSize: Int {
    switch self {
    case .integers: 8
    case .floats: 4
    case .bytes: 1
    }
  }

  /// ONNX's number for the kind of numbers.
  var dataType: Int32 {
    switch self {
    case .floats: 1
    case .bytes(let isSigned, _): isSigned ? 3 : 2
    case .integers: 7
    }
  }
}

extension ONNXAttributeProto {
  /// A whole number.
  init(_ name: String, _ value: Int) {
    self.init()
    (self.name, i, type) = (name, Int64(value), .int)
  }

  /// A number.
  init(_ name: String, _ value: Float) {
    self.init()
    (self.name, f, type) = (name, value, .float)
  }

  /// A word.
  init(_ name: String, _ value: String) {
    self.init()
    (self.name, s, type) = (name, Data(value.utf8), .string)
  }

  /// Whole numbers.
  init(_ name: String, _ values: [Int]) {
    self.init()
    (self.name, ints, type) = (name, values.map(Int64.init), .ints)
  }

  /// Words.
  init(_ name: String, _ values: [String]) {
    self.init()
    (self.name, strings, type) = (name, values.map { Data($0.utf8) }, .strings)
  }
}
