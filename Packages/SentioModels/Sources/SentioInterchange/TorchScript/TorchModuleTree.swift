import SentioTensor

/// The modules of a TorchScript file: classes that the paths of a network's parameters describe, and their one object.
struct TorchModuleTree {
  /// A tensor of the file.
  struct Leaf {
    let name: String
    let value: Tensor
    /// Whether PyTorch counts it as a parameter; else it is a buffer.
    let isParameter: Bool

    /// `BatchNorm` counts batches in 64-bit integers.
    var isInteger: Bool { name == "num_batches_tracked" }

    /// Lends the elements as they stand in the file.
    func withElements(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
      if isInteger {
        try value.scalars.map { Int64($0) }.withUnsafeBytes { try body($0) }
      } else {
        try value.withUnsafeBufferPointer { try body(UnsafeRawBufferPointer($0)) }
      }
    }
  }

  /// A module: its tensors, and the modules in it.
  private final class Node {
    var tensors: [Int] = []
    var children: [(name: String, node: Node)] = []
    var className = ""

    func child(_ name: String) -> Node {
      if let found = children.first(where: { $0.name == name }) { return found.node }
      let node = Node()
      children.append((name, node))
      return node
    }
  }

  /// The tensors, in the order of their numbers in the file.
  private(set) var tensors: [Leaf] = []
  private let root = Node()
  /// One of each class, those of children first.
  private var classes: [Node] = []

  init(_ graph: NetworkGraph, parameters: Set<String>) {
    for (path, value) in graph.constants.sorted(by: { $0.key < $1.key }) {
      let parts = path.split(separator: ".").map(String.init)
      var node = root
      for part in parts.dropLast() { node = node.child(part) }
      node.tensors.append(tensors.count)
      tensors.append(
        Leaf(name: parts[parts.count - 1], value: value, isParameter: parameters.contains(path)))
    }
    var known: [String: String] = [:]
    name(root, &known)
    root.className = "Network"
  }

  /// Gives modules of the same members the same class; the depth is that of a network's paths.
  private mutating func name(_ node: Node, _ known: inout [String: String]) {
    for child in node.children { name(child.node, &known) }
    let signature = members(of: node)
    if let found = known[signature] {
      node.className = found
      return
    }
    node.className = "Part\(known.count)"
    known[signature] = node.className
    classes.append(node)
  }

  // MARK: Classes

  /// The source of all classes, with the root's method.
  func source(input: String, body: [String]) -> String {
    var text = ""
    for node in classes {
      text += "class \(node.className)(Module):\n" + members(of: node)
      if node === root {
        text += "  def forward(self: __torch__.Network,\n    \(input): Tensor) -> Tensor:\n"
        text += body.map { "    \($0)\n" }.joined()
      }
    }
    return text
  }

  private func members(of node: Node) -> String {
    func list(_ wanted: Bool) -> String {
      node.tensors.filter { tensors[$0].isParameter == wanted }
        .map { "\"\(tensors[$0].name)\", " }.joined()
    }
    var text = "  __parameters__ = [\(list(true))]\n  __buffers__ = [\(list(false))]\n"
    for index in node.tensors { text += "  \(tensors[index].name) : Tensor\n" }
    text += "  training : bool\n"
    for (name, child) in node.children {
      let type = "__torch__.\(child.className)"
      text +=
        Self.isIdentifier(name)
        ? "  \(name) : \(type)\n" : "  __annotations__[\"\(name)\"] = \(type)\n"
    }
    return text
  }

  /// How code names a tensor: attributes that are no identifiers, as numbers are none, need a function.
  static func expression(for path: String) -> String {
    path.split(separator: ".").reduce("self") { owner, part in
      isIdentifier(String(part)) ? "\(owner).\(part)" : "getattr(\(owner), \"\(part)\")"
    }
  }

  private static func isIdentifier(_ name: String) -> Bool {
    name.first.map { $0.isLetter || $0 == "_" } ?? false
  }

  // MARK: Object

  /// The object of the root's class, as a pickle.
  var pickle: [UInt8] {
    var writer = PickleWriter()
    write(root, to: &writer)
    return writer.finish()
  }

  private func write(_ node: Node, to writer: inout PickleWriter) {
    writer.beginObject(module: "__torch__", name: node.className)
    for index in node.tensors {
      let leaf = tensors[index]
      writer.string(leaf.name)
      writer.tensor(
        storage: leaf.isInteger ? "LongStorage" : "FloatStorage", key: String(index),
        shape: Array(leaf.value.shape), requiresGradient: leaf.isParameter)
    }
    writer.string("training")
    writer.boolean(false)
    for (name, child) in node.children {
      writer.string(name)
      write(child, to: &writer)
    }
    writer.endObject()
  }
}
