import SentioTensor

/// Layers one after the other.
///
/// ```swift
/// var stream = RandomStream(seed: 1, "weights")
/// let head = Sequential {
///   Linear(128, 64, activation: .relu, from: &stream)
///   Dropout(0.5)
///   Linear(64, 2, from: &stream).keyed("output")
/// }
/// ```
///
/// The paths are the layers' numbers, as in `torch.nn.Sequential`, or the keys that they are given.
public struct Sequential: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The layers.
  @Child("") public var layers: LayerList

  /// Creates a sequence.
  ///
  /// - Parameter layers: the layers, in the order in which they are computed.
  public init(_ layers: [AnyLayer]) { self.layers = LayerList(layers) }

  /// Creates a sequence.
  ///
  /// - Parameter layers: the layers, in the order in which they are computed.
  /// - Throws: what `layers` throws.
  public init(@LayerBuilder _ layers: () throws -> [AnyLayer]) rethrows {
    self.init(try layers())
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_layers) }

  /// The last layer's output; the input if there are no layers.
  public func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }
}

/// Layers of different types, under their keys or numbers.
public struct LayerList: ModuleGroup, RandomAccessCollection, MutableCollection {
  private var layers: [AnyLayer]

  /// Creates a list.
  ///
  /// - Parameter layers: the layers; their keys must differ.
  public init(_ layers: [AnyLayer]) {
    let keys = layers.enumerated().map { $1.key ?? String($0) }
    precondition(Set(keys).count == keys.count, "two layers of a list have one key: \(keys)")
    self.layers = layers
  }

  /// Hands over the layers.
  public mutating func visitModules(_ visitor: inout MemberVisitor) {
    for index in layers.indices {
      visitor.descend(to: layers[index].key ?? String(index)) { layers[index].visitModules(&$0) }
    }
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// The number of layers.
  public var endIndex: Int { layers.count }

  /// The layer of a number.
  public subscript(index: Int) -> AnyLayer {
    get { layers[index] }
    set { layers[index] = newValue }
  }
}

extension Layer {
  /// The layer with a name for the list that it will stand in.
  ///
  /// - Parameter key: the name, possibly with dots.
  /// - Returns: the layer.
  public func keyed(_ key: String) -> AnyLayer { AnyLayer(self, key: key) }
}

/// Makes a list of the layers that stand in a closure, one a line.
@resultBuilder
public enum LayerBuilder {
  /// Takes a layer.
  public static func buildExpression(_ layer: some Layer) -> [AnyLayer] { [AnyLayer(layer)] }
  /// Takes a layer with a key.
  public static func buildExpression(_ layer: AnyLayer) -> [AnyLayer] { [layer] }
  /// Takes several layers.
  public static func buildExpression(_ layers: [AnyLayer]) -> [AnyLayer] { layers }
  /// Joins the lines.
  public static func buildBlock(_ parts: [AnyLayer]...) -> [AnyLayer] { parts.flatMap { $0 } }
  /// Takes what a condition lets through.
  public static func buildOptional(_ part: [AnyLayer]?) -> [AnyLayer] { part ?? [] }
  /// Takes the first of two branches.
  public static func buildEither(first: [AnyLayer]) -> [AnyLayer] { first }
  /// Takes the second of two branches.
  public static func buildEither(second: [AnyLayer]) -> [AnyLayer] { second }
  /// Joins the rounds of a loop.
  public static func buildArray(_ parts: [[AnyLayer]]) -> [AnyLayer] { parts.flatMap { $0 } }
}
