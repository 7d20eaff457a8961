/// The extents of a tensor, outermost first; at most eight, held without an allocation.
///
/// An empty shape is that of a single number. An extent may be 0, and then the tensor is empty.
public struct Shape: Sendable, Hashable {
  /// The largest rank that a tensor can have.
  public static let maximumRank = 8

  private var extents: (Int, Int, Int, Int, Int, Int, Int, Int) = (1, 1, 1, 1, 1, 1, 1, 1)
  /// The number of axes.
  public private(set) var rank: Int

  /// Creates a shape from its extents.
  ///
  /// - Parameter extents: at most ``maximumRank`` numbers, none below 0.
  public init(_ extents: some Collection<Int>) {
    require(
      extents.count <= Self.maximumRank,
      "a shape has at most \(Self.maximumRank) axes, and this would have \(extents.count)",
      #fileID, #line)
    rank = extents.count
    for (axis, extent) in extents.enumerated() { self[axis] = extent }
  }

  /// The number of elements of a tensor of this shape: the product of the extents, 1 for rank 0.
  public var elementCount: Int {
    var product = 1
    for axis in 0..<rank { product *= self[axis] }
    return product
  }

  /// The distances between neighbours along each axis, in elements, of a row-major tensor.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * self[axis + 1]
    }
    return strides
  }

  /// Whether two shapes have the same axes.
  public static func == (a: Shape, b: Shape) -> Bool {
    a.rank == b.rank && (0..<a.rank).allSatisfy { a[$0] == b[$0] }
  }

  /// Feeds the extents to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for axis in 0..<rank { hasher.combine(self[axis]) }
  }
}

extension Shape: RandomAccessCollection, MutableCollection {
  /// The first axis.
  public var startIndex: Int { 0 }
  /// The number of axes.
  public var endIndex: Int { rank }

  /// The extent of an axis.
  public subscript(axis: Int) -> Int {
    @inline(__always)
    get {
      require(
        axis >= 0 && axis < rank, "axis \(axis) does not exist in a shape of rank \(rank)",
        #fileID, #line)
      return withUnsafeBytes(of: extents) {
        $0.loadUnaligned(fromByteOffset: axis * 8, as: Int.self)
      }
    }
    @inline(__always)
    set {
      require(
        axis >= 0 && axis < rank, "axis \(axis) does not exist in a shape of rank \(rank)",
        #fileID, #line)
      require(newValue >= 0, "an extent cannot be \(newValue)", #fileID, #line)
      withUnsafeMutableBytes(of: &extents) {
        $0.storeBytes(of: newValue, toByteOffset: axis * 8, as: Int.self)
      }
    }
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Creates a shape from literal extents.
  public init(arrayLiteral extents: Int...) { self.init(extents) }

  /// The extents in brackets, such as `[2, 3]`.
  public var description: String { "[\(map(String.init).joined(separator: ", "))]" }
}

extension Shape {
  /// The shape that two shapes broadcast to by NumPy's rule, or nil where they do not fit.
  ///
  /// Axes are matched from the last; a missing axis or one of extent 1 repeats.
  ///
  /// - Parameter other: the other shape.
  /// - Returns: the common shape.
  public func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    var result = rank >= other.rank ? self : other
    for back in 1..<(Swift.max(rank, other.rank) + 1) {
      let a = back <= rank ? self[rank - back] : 1
      let b = back <= other.rank ? other[other.rank - back] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[result.rank - back] = a == 1 ? b : a
    }
    return result
  }

  /// The shape without one axis.
  func removing(_ axis: Int) -> Shape {
    var extents = Array(self)
    extents.remove(at: axis)
    return Shape(extents)
  }

  /// The shape with another extent along one axis.
  func replacing(_ axis: Int, with extent: Int) -> Shape {
    var shape = self
    shape[axis] = extent
    return shape
  }
}
