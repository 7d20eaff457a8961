import SentioTensor

/// A module that takes a tensor to a tensor.
///
/// Write ``forward(_:)``, and call the layer as a function: the call also reports to an observer.
public protocol Layer: Module {
  /// Computes the layer.
  ///
  /// - Parameter x: the input.
  /// - Returns: the output.
  func forward(_ x: Tensor) -> Tensor

  /// The additions and multiplications of one call, without those of layers inside.
  ///
  /// A multiplication with an addition counts two. Zero where a layer only moves or compares numbers.
  ///
  /// - Parameters:
  ///   - input: the shape of the input.
  ///   - output: the shape of the output.
  /// - Returns: the number.
  func operationCount(input: Shape, output: Shape) -> Int
}

extension Layer {
  /// Computes the layer.
  ///
  /// - Parameter x: the input.
  /// - Returns: the output.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = forward(x)
    report([x], y)
    return y
  }

  /// None.
  public func operationCount(input: Shape, output: Shape) -> Int { 0 }
}

/// Any layer, so that layers of different types can stand in one list.
public struct AnyLayer: ModuleGroup {
  /// The layer.
  public var base: any Layer
  /// Its name in the list; its number if nil.
  public var key: String?

  /// Wraps a layer.
  ///
  /// - Parameters:
  ///   - base: the layer.
  ///   - key: its name in the list; its number if nil.
  public init(_ base: some Layer, key: String? = nil) {
    self.base = base
    self.key = key
  }

  /// Hands the layer over.
  public mutating func visitModules(_ visitor: inout MemberVisitor) {
    base.visitModules(&visitor)
  }

  /// Computes the layer.
  ///
  /// - Parameter x: the input.
  /// - Returns: the output.
  public func callAsFunction(_ x: Tensor) -> Tensor { base(x) }
}
