import SentioTensor

/// The shape of a graph's value: a multiple of the batch first, then extents that are fixed.
///
/// The batch N is left open: files of other programs take any number of examples.
public struct GraphShape: Sendable, Hashable, CustomStringConvertible {
  /// How many rows each example has along the first axis: 1 but for layers that fold other axes into it.
  public var multiple: Int
  /// The extents behind the first axis.
  public var extents: [Int]

  /// Creates a shape.
  ///
  /// - Parameters:
  ///   - extents: the extents behind the first axis.
  ///   - multiple: the rows of an example along the first axis.
  public init(_ extents: [Int], multiple: Int = 1) {
    (self.extents, self.multiple) = (extents, multiple)
  }

  /// The number of axes, the first one counted.
  public var rank: Int { extents.count + 1 }

  /// The extent of an axis behind the first.
  ///
  /// - Parameter axis: from 1 and below the rank.
  public subscript(axis: Int) -> Int {
    get { extents[axis - 1] }
    set { extents[axis - 1] = newValue }
  }

  /// Such as `[N, 3, 224, 224]`.
  public var description: String {
    let first = multiple == 1 ? "N" : "\(multiple)·N"
    return "[" + ([first] + extents.map(String.init)).joined(separator: ", ") + "]"
  }
}

/// A value of a graph: its input, or what an operation gave.
public struct GraphValue: Sendable, Hashable {
  /// Its number in the graph, in the order in which values are made.
  public let number: Int
  /// Its shape.
  public let shape: GraphShape
}

/// A weight in 8-bit integers.
struct GraphIntegers: Sendable {
  /// −127…127, row after row.
  let values: [Int8]
  /// The distance of neighbouring weights, for each row.
  let scales: [Float]
}

/// A network as operations on values: what every format of a file is written from.
///
/// ``GraphBuilder`` makes one. Numbers that training found, and tables that follow from settings, are constants with
/// a name; a parameter's name is its path in the network.
public struct NetworkGraph: Sendable {
  /// An operation with what it is given and what it gives.
  struct Node: Sendable {
    let operation: GraphOperation
    let inputs: [GraphValue]
    let output: GraphValue
    /// The path of the layer that it belongs to.
    let path: String
  }

  /// What the graph is given.
  public let input: GraphValue
  /// What it gives.
  public internal(set) var output: GraphValue
  /// The operations, each after those whose values it takes.
  var nodes: [Node] = []
  /// The constants by name.
  var constants: [String: Tensor]
  /// The names of constants that no layer holds: tables of a front end.
  var tables: Set<String> = []
  /// The weights `[O, I]` that are integers times a scale for each row, by name; the constants hold the products.
  var integers: [String: GraphIntegers] = [:]
  /// Whether the graph has a second input: the lengths of the examples' sequences.
  public internal(set) var takesLengths = false

  /// The number of operations.
  public var operationCount: Int { nodes.count }

  /// The names of the constants that operations use, sorted.
  public var constantNames: [String] {
    Set(nodes.flatMap(\.operation.constants)).sorted()
  }
}
