import SentioTensor

/// A layer over sequences that can be told which of their steps count.
///
/// Write ``forward(_:mask:)``, and call the layer with or without a mask.
public protocol MaskedLayer: Layer {
  /// Computes the layer.
  ///
  /// - Parameters:
  ///   - x: the sequences, `[N, L, …]`.
  ///   - mask: which steps count; all if nil.
  /// - Returns: the output.
  func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor
}

extension MaskedLayer {
  /// Computes the layer for sequences whose steps all count.
  public func forward(_ x: Tensor) -> Tensor { forward(x, mask: nil) }

  /// Computes the layer.
  ///
  /// - Parameters:
  ///   - x: the sequences, `[N, L, …]`.
  ///   - mask: which steps count; all if nil.
  /// - Returns: the output.
  public func callAsFunction(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    let y = forward(x, mask: mask)
    report([x], y)
    return y
  }
}

extension Layer {
  /// Computes the layer for inputs of which it may be known how long each one is.
  ///
  /// A ``MaskedLayer`` sees the real steps alone; every other layer sees its input as it is, padding included.
  ///
  /// - Parameters:
  ///   - x: the inputs, `[N, …]`.
  ///   - lengths: the real steps of each; nil where all are real.
  /// - Returns: the output.
  public func callAsFunction(_ x: Tensor, lengths: [Int]?) -> Tensor {
    guard let lengths, let layer = self as? any MaskedLayer else { return self(x) }
    return layer(x, mask: .lengths(lengths))
  }
}
