/// A value that hands over its tensors one by one: a tensor, an array of them, a model.
///
/// ```swift
/// struct Line: TensorGroup {
///   var slope: Tensor
///   var offset: Tensor
///   mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
///     try body(&slope)
///     try body(&offset)
///   }
/// }
/// ```
///
/// A model of frozen and trainable parameters hands over those that a gradient is wanted for. A class may
/// conform too; while `valueAndGradient` runs, its tensors are being recorded, and
/// afterwards they are what they were.
public protocol TensorGroup {
  /// Calls a closure with every tensor, always in the same order; the closure may exchange it.
  ///
  /// - Parameter body: what to do with a tensor.
  /// - Throws: what `body` throws.
  mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows
}

extension Tensor: TensorGroup {
  /// Calls the closure with this tensor.
  public mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try body(&self)
  }
}

extension Array: TensorGroup where Element: TensorGroup {
  /// Calls the closure with the tensors of every element.
  public mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    for index in indices { try self[index].forEachTensor(body) }
  }
}

extension Optional: TensorGroup where Wrapped: TensorGroup {
  /// Calls the closure with the tensors of the value, if there is one.
  public mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try self?.forEachTensor(body)
  }
}

extension TensorGroup {
  /// The tensors, in their order.
  public var tensors: [Tensor] {
    var copy = self
    var list: [Tensor] = []
    copy.forEachTensor { list.append($0) }
    return list
  }

  /// Exchanges the tensors, in their order, for others of the same number.
  mutating func exchangeTensors(for others: [Tensor]) {
    var index = 0
    forEachTensor {
      $0 = others[index]
      index += 1
    }
  }
}
