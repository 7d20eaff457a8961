import SentioTensor

/// Layers side by side, whose outputs are concatenated along an axis.
///
/// Paths: the branches' numbers or keys.
///
/// ```swift
/// // Patterns of 3, 5 and 7 frames: [N, 40, 600] -> [N, 96, 600]
/// let scales = Parallel.multiScale(40, 32, kernels: [3, 5, 7], from: &stream)
/// ```
public struct Parallel: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The layers.
  @Child("") public var branches: LayerList
  /// The axis along which outputs are concatenated.
  public let axis: Int

  /// Creates branches.
  ///
  /// - Parameters:
  ///   - axis: along which outputs are concatenated; that of the channels by default.
  ///   - branches: the layers, one at least.
  public init(axis: Int = 1, _ branches: [AnyLayer]) {
    precondition(!branches.isEmpty, "Parallel needs a branch")
    self.axis = axis
    self.branches = LayerList(branches)
  }

  /// Creates branches.
  ///
  /// - Parameters:
  ///   - axis: along which outputs are concatenated; that of the channels by default.
  ///   - branches: the layers, one at least.
  /// - Throws: what `branches` throws.
  public init(axis: Int = 1, @LayerBuilder _ branches: () throws -> [AnyLayer]) rethrows {
    self.init(axis: axis, try branches())
  }

  /// Hands over the branches.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_branches) }

  /// The outputs, concatenated.
  public func forward(_ x: Tensor) -> Tensor {
    Tensor.concatenate(branches.map { $0(x) }, axis: axis)
  }
}
