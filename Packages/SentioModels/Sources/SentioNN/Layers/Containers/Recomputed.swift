import SentioTensor
import Synchronization

/// A layer whose inner results are not kept for the way back but computed again there.
///
/// In a ``TrainingPass`` only the input is kept: memory for a second forward pass. Both passes draw the same random numbers, and the
/// second leaves no buffers behind, so that results and gradients are those of the layer itself. The paths
/// are the layer's own.
///
/// *Reference:* `torch.utils.checkpoint`, 2.x.
public struct Recomputed<Body: Layer>: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The layer.
  @Child("") public var body: Body

  /// Wraps a layer.
  ///
  /// - Parameter body: the layer.
  public init(_ body: Body) { self.body = body }

  /// Hands over the layer.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_body) }

  /// The layer's output.
  public func forward(_ x: Tensor) -> Tensor {
    guard let pass = site.pass else { return body(x) }
    let replica = pass.replica()
    let isFirst = Mutex(true)
    return checkpointed(Segment(body: body, input: x)) { segment in
      let isFirstTime = isFirst.withLock { first in
        defer { first = false }
        return first
      }
      if isFirstTime { return segment.body(segment.input) }
      var again = segment.body
      again.forEachSite { _, site in
        site.pass = replica
        site.observer = nil
      }
      return again(segment.input)
    }
  }

  /// The layer and its input, of which the segment is differentiated.
  private struct Segment: TensorGroup, Sendable {
    var body: Body
    var input: Tensor

    mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
      try self.body.forEachTensor(body)
      try body(&input)
    }
  }
}
