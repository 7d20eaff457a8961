import SentioModels
import SentioNN
import SentioTensor

/// A layer that says what it computes as operations of a graph.
///
/// The networks of SentioModels and the layers of SentioNN do. A new architecture conforms with one short method, and
/// can then be written as ONNX and as TorchScript:
///
/// ```swift
/// extension Block: GraphLayer {
///   func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
///     let y = try graph.apply(query, to: graph.apply(norm, to: x))
///     return graph.multiply(y, graph.constant("gamma", of: self))
///   }
/// }
/// ```
public protocol GraphLayer: Layer {
  /// Adds the operations of the layer in inference.
  ///
  /// - Parameters:
  ///   - x: the layer's input.
  ///   - graph: takes the operations.
  /// - Returns: the layer's output.
  /// - Throws: ``InterchangeError`` where the layer cannot be said in operations.
  func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue
}

/// A constant of a graph: a parameter of the network, or a table.
public struct GraphConstant: Sendable, Hashable {
  /// The name: for parameters the path.
  public let name: String
  /// The extents.
  public let shape: [Int]
}

/// Collects the operations of a network.
///
/// Shapes are followed from the input on, without the batch, so that what depends on extents (paddings, positions of
/// patches, reshaping) is worked out here and the files hold numbers.
public struct GraphBuilder {
  var graph: NetworkGraph
  /// The path of the layer whose operations are being added.
  private var path = ""
  private let network: String

  /// Begins a graph.
  ///
  /// - Parameters:
  ///   - state: the network's parameters and buffers by path.
  ///   - input: the shape of the input.
  ///   - name: what errors call the network.
  init(state: [String: Tensor], input: GraphShape, name: String) {
    let value = GraphValue(number: 0, shape: input)
    graph = NetworkGraph(input: value, output: value, constants: state)
    network = name
  }

  /// The graph of a network in inference.
  ///
  /// - Parameters:
  ///   - network: the network; every layer in it must be a ``GraphLayer``.
  ///   - inputShape: the shape of one input, without the batch.
  ///   - takesLengths: whether the graph has a second input that says how many steps of each example count.
  ///   - before: adds operations that make the network's input, such as a front end; none if nil.
  /// - Returns: the graph.
  /// - Throws: ``InterchangeError`` with the path of a layer that cannot be exported.
  public static func graph(
    of network: any Layer, inputShape: [Int], takesLengths: Bool = false,
    before: ((GraphValue, inout GraphBuilder) throws -> GraphValue)? = nil
  ) throws -> NetworkGraph {
    var graph = GraphBuilder(
      state: network.stateDictionary, input: GraphShape(inputShape), name: "\(type(of: network))")
    let hasMask =
      network is CRNN || network is GenreRecurrentNetwork || network is SequenceEmotionNetwork
      || network is SequenceClassifier || network is SequenceLabeler
      || network is SequenceGenerator
    guard !takesLengths || hasMask else {
      throw graph.unsupported("the network takes no lengths: all of its input counts")
    }
    graph.graph.takesLengths = takesLengths
    let input = try before?(graph.graph.input, &graph) ?? graph.graph.input
    // An observed copy knows the paths of its parts.
    graph.graph.output = try graph.apply(network.observed(by: Nobody()), to: input)
    return graph.graph
  }

  /// The operations of a layer inside of another.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - x: its input.
  /// - Returns: its output.
  /// - Throws: ``InterchangeError`` where the layer is no ``GraphLayer``.
  public mutating func apply(_ layer: any Layer, to x: GraphValue) throws -> GraphValue {
    guard let layer = layer as? any GraphLayer else {
      throw InterchangeError.unsupported(
        path: layer.site.path,
        reason: "\(type(of: layer)) does not say its operations: conform it to GraphLayer")
    }
    let outer = path
    path = layer.site.path
    defer { path = outer }
    return try layer.lowered(x, in: &self)
  }

  /// A parameter or buffer of a layer.
  ///
  /// - Parameters:
  ///   - key: its key in the layer.
  ///   - layer: the layer.
  /// - Returns: the constant.
  /// - Throws: ``InterchangeError`` where the layer has none of this key.
  public func constant(_ key: String, of layer: any Module) throws -> GraphConstant {
    guard let found = optionalConstant(key, of: layer) else {
      throw unsupported("there is no parameter \(layer.site.path(of: key))")
    }
    return found
  }

  /// A parameter or buffer of a layer that may have none.
  ///
  /// - Parameters:
  ///   - key: its key in the layer.
  ///   - layer: the layer.
  /// - Returns: the constant; nil where there is none.
  public func optionalConstant(_ key: String, of layer: any Module) -> GraphConstant? {
    let name = layer.site.path(of: key)
    return graph.constants[name].map { GraphConstant(name: name, shape: Array($0.shape)) }
  }

  /// A constant that is no parameter.
  ///
  /// - Parameters:
  ///   - name: a name that no parameter has.
  ///   - table: the numbers.
  /// - Returns: the constant.
  public mutating func table(_ name: String, _ table: Tensor) -> GraphConstant {
    precondition(
      graph.constants[name] == nil || graph.tables.contains(name), "\(name) is a parameter")
    graph.constants[name] = table
    graph.tables.insert(name)
    return GraphConstant(name: name, shape: Array(table.shape))
  }

  /// The numbers of a constant.
  ///
  /// - Parameter constant: one of this graph's.
  /// - Returns: the tensor.
  public func tensor(_ constant: GraphConstant) -> Tensor { graph.constants[constant.name]! }

  /// An error that names the layer whose operations are being added.
  ///
  /// - Parameter reason: what is in the way.
  /// - Returns: the error, to be thrown.
  public func unsupported(_ reason: String) -> InterchangeError {
    .unsupported(path: path.isEmpty ? network : path, reason: reason)
  }

  /// Adds an operation.
  mutating func add(
    _ operation: GraphOperation, _ inputs: [GraphValue], _ shape: GraphShape
  ) -> GraphValue {
    let output = GraphValue(number: graph.nodes.count + 1, shape: shape)
    graph.nodes.append(.init(operation: operation, inputs: inputs, output: output, path: path))
    return output
  }
}

/// An observer that makes paths known and takes no notes.
private final class Nobody: LayerObserver {
  func layer(_ layer: any Module, took inputs: [Tensor], gave output: Tensor) {}
}
