import SentioTensor

/// All axes from one on made one: `[N, C, H, W]` to `[N, C·H·W]`.
///
/// *Reference:* `torch.nn.Flatten`, 2.x; Keras's `Flatten`, whose channels come last.
public struct Flatten: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The first of the axes that become one.
  public let axis: Int

  /// Creates a layer.
  ///
  /// - Parameter axis: the first of the axes that become one, from 0.
  public init(from axis: Int = 1) { self.axis = axis }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The same elements.
  public func forward(_ x: Tensor) -> Tensor {
    precondition(axis < x.rank, "Flatten from axis \(axis): shape \(x.shape) has fewer")
    return x.reshaped(Array(x.shape.prefix(axis)) + [x.shape.dropFirst(axis).reduce(1, *)])
  }
}

/// Axes in another order, such as `[N, L, D]` to `[N, D, L]` by `[0, 2, 1]`.
///
/// It stands between layers of recurrent networks, whose features come last, and convolutions, whose channels
/// come second. *Reference:* `torch.permute`; Keras's `Permute` counts from 1 and without the batch.
public struct Permute: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The axes of the input, in the order of the output.
  public let axes: [Int]

  /// Creates a layer.
  ///
  /// - Parameter axes: the axes of the input, in the order of the output.
  public init(_ axes: [Int]) { self.axes = axes }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The same elements in another order.
  public func forward(_ x: Tensor) -> Tensor { x.permuted(axes) }
}

/// Each example in another shape: `[N, …]` to `[N] + extents`.
///
/// *Reference:* `keras.layers.Reshape`, 3.x; `torch.nn.Unflatten`, 2.x.
public struct Reshape: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The extents behind the batch's; one may be -1.
  public let extents: [Int]

  /// Creates a layer.
  ///
  /// - Parameter extents: the extents behind the batch's; one may be -1, and is then what is left.
  public init(_ extents: [Int]) { self.extents = extents }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The same elements.
  public func forward(_ x: Tensor) -> Tensor { x.reshaped([x.shape[0]] + extents) }
}
