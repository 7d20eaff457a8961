import SentioTensor

/// A layer whose output is added to its input: `shortcut(x) + body(x)`.
///
/// Without a shortcut the body must keep the shape. Paths: `body.…`, `shortcut.…`.
public struct Residual: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The layers of the branch.
  @Child public var body: AnyLayer
  /// What the input goes through on the other branch; nothing if nil.
  @Child public var shortcut: AnyLayer?

  /// Creates a residual block.
  ///
  /// - Parameters:
  ///   - body: the layers of the branch.
  ///   - shortcut: what the input goes through on the other branch; nothing if nil.
  public init(_ body: some Layer, shortcut: (any Layer)? = nil) {
    self.body = AnyLayer(body)
    self.shortcut = shortcut.map { AnyLayer($0) }
  }

  /// Hands over body and shortcut.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_body)
    visit(&_shortcut)
  }

  /// The sum of both branches.
  public func forward(_ x: Tensor) -> Tensor {
    let branch = body(x)
    let straight = shortcut?(x) ?? x
    precondition(
      branch.shape == straight.shape,
      "Residual: branches of shapes \(branch.shape) and \(straight.shape) cannot be added")
    return straight + branch
  }

  /// One for each element.
  public func operationCount(input: Shape, output: Shape) -> Int { output.elementCount }
}
