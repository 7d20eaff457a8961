import SentioTensor

/// Something that is told of every call of a layer: a summary, statistics of activations.
///
/// ```swift
/// let y = model.observed(by: statistics)(x)
/// ```
public protocol LayerObserver: AnyObject, Sendable {
  /// Takes note of a call; calls of layers inside a layer come before its own.
  ///
  /// - Parameters:
  ///   - layer: the layer; its ``Module/site`` has the path.
  ///   - inputs: what it was given.
  ///   - output: what it gave.
  func layer(_ layer: any Module, took inputs: [Tensor], gave output: Tensor)
}

extension Module {
  /// A copy of the model whose layers report their calls.
  ///
  /// - Parameter observer: what they report to.
  /// - Returns: the copy.
  public func observed(by observer: some LayerObserver) -> Self {
    var copy = self
    copy.forEachSite { path, site in
      site.path = path
      site.observer = observer
    }
    return copy
  }

  /// Reports a call to whom it may concern; layers with more than one input do so at the end of theirs.
  ///
  /// - Parameters:
  ///   - inputs: what the layer was given.
  ///   - output: what it gave.
  public func report(_ inputs: [Tensor], _ output: Tensor) {
    site.observer?.layer(self, took: inputs, gave: output)
  }
}
