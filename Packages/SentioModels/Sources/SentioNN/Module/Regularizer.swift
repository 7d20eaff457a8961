import SentioTensor

/// What the size of a parameter adds to the loss: `l1 · Σ|w| + l2 · Σw²`.
///
/// *Reference:* Keras's `L1L2`; PyTorch's `weight_decay` is `l2` at half its value.
public struct Regularizer: Sendable, Hashable, Codable {
  /// The weight of the sum of absolute values, from 0.
  public var l1: Float
  /// The weight of the sum of squares, from 0.
  public var l2: Float

  /// Creates a regularizer.
  ///
  /// - Parameters:
  ///   - l1: the weight of the sum of absolute values, from 0.
  ///   - l2: the weight of the sum of squares, from 0.
  public init(l1: Float = 0, l2: Float = 0) {
    precondition(
      l1 >= 0 && l2 >= 0, "a regularizer's weights are from 0, and these are \(l1), \(l2)")
    (self.l1, self.l2) = (l1, l2)
  }

  /// The sum of absolute values, weighed.
  ///
  /// - Parameter weight: from 0; Keras's default is 0.01.
  /// - Returns: the regularizer.
  public static func l1(_ weight: Float = 0.01) -> Regularizer { Regularizer(l1: weight) }

  /// The sum of squares, weighed.
  ///
  /// - Parameter weight: from 0; Keras's default is 0.01.
  /// - Returns: the regularizer.
  public static func l2(_ weight: Float = 0.01) -> Regularizer { Regularizer(l2: weight) }

  /// What a tensor adds to the loss.
  ///
  /// - Parameter tensor: a parameter.
  /// - Returns: a number, differentiable; the derivative of the absolute value at 0 is 0.
  public func penalty(_ tensor: Tensor) -> Tensor {
    let absolute = l1 > 0 ? tensor.absolute().sum() * l1 : nil
    let squares = l2 > 0 ? tensor.squared().sum() * l2 : nil
    switch (absolute, squares) {
    case (let a?, let b?): return a + b
    default: return absolute ?? squares ?? Tensor(0)
    }
  }
}

extension Module {
  /// What the regularizers of the trainable parameters add to the loss; nil if none has one.
  ///
  /// ```swift
  /// valueAndGradient(of: model) { model in
  ///   let loss = meanSquaredError(model(x), y)
  ///   return model.penalty.map { loss + $0 } ?? loss
  /// }
  /// ```
  public var penalty: Tensor? {
    var sum: Tensor?
    var visitor = MemberVisitor(namesPaths: false)
    visitor.onParameter = { _, value, traits in
      guard traits.isTrainable, let regularizer = traits.regularizer else { return }
      let penalty = regularizer.penalty(value)
      sum = sum.map { $0 + penalty } ?? penalty
    }
    var copy = self
    visitor.enter(&copy)
    return sum
  }
}
