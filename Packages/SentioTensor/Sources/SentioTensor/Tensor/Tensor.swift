/// An array of `Float` of any rank up to eight: a value, row-major, in pooled memory.
///
/// A tensor behaves as an array does: a copy is a value of its own, made when one of the two
/// changes; it may cross from task to task. Reshaping shares the elements. Everything else that
/// rearranges elements makes a new tensor, and so the elements always lie in row-major order, 64-byte
/// aligned, ready for BLAS.
///
/// ```swift
/// let x: Tensor = [[1, 2, 3], [4, 5, 6]]           // shape [2, 3]
/// let centred = x - x.mean(axis: 0, keepingAxes: true)
/// let gram = centred.matmul(centred, transposeA: true)  // [3, 3]
/// ```
///
/// A mistake in a shape or an axis stops the program with a message that names the shapes and the
/// caller's line. NaN and infinities follow IEEE 754 through every operation; one that does otherwise
/// (sorting, `maximum`, a masked loss) says so.
public struct Tensor: Sendable {
  var storage: TensorStorage
  /// The extents, outermost first.
  public private(set) var shape: Shape
  /// Where a record of gradients has this tensor, if it was made under one.
  var place: GradientTape.Place?

  /// Creates a tensor whose elements a closure writes, every one of them.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - initialize: fills the buffer, which holds `shape.elementCount` elements of no defined value.
  /// - Throws: what `initialize` throws.
  public init<E: Error>(
    uninitialized shape: Shape, _ initialize: (UnsafeMutableBufferPointer<Float>) throws(E) -> Void
  ) throws(E) {
    self.init(uninitialized: shape)
    try initialize(UnsafeMutableBufferPointer(start: storage.pointer, count: count))
  }

  /// Creates a tensor of no defined values.
  init(uninitialized shape: Shape) {
    storage = TensorStorage(count: shape.elementCount)
    self.shape = shape
  }

  private init(storage: TensorStorage, shape: Shape) {
    self.storage = storage
    self.shape = shape
  }

  /// Creates a tensor of one value.
  ///
  /// - Parameters:
  ///   - value: every element.
  ///   - shape: the extents.
  public init(repeating value: Float, _ shape: Shape) {
    self.init(uninitialized: shape)
    storage.pointer.initialize(repeating: value, count: shape.elementCount)
  }

  /// Creates a tensor from the elements of an array.
  ///
  /// - Parameters:
  ///   - elements: the elements, row-major.
  ///   - shape: the extents; by default one axis.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    _ elements: [Float], shape: Shape? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self = elements.withUnsafeBufferPointer { Tensor($0, shape: shape, file: file, line: line) }
  }

  /// Creates a tensor from elements in memory.
  ///
  /// - Parameters:
  ///   - elements: the elements, row-major; they are copied.
  ///   - shape: the extents; by default one axis.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    _ elements: UnsafeBufferPointer<Float>, shape: Shape? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let shape = shape ?? [elements.count]
    require(
      shape.elementCount == elements.count,
      "shape \(shape) does not have \(elements.count) elements", file, line)
    self.init(uninitialized: shape)
    if let base = elements.baseAddress {
      storage.pointer.initialize(from: base, count: elements.count)
    }
  }

  /// Creates a tensor of rank 0.
  ///
  /// - Parameter value: its one element.
  public init(_ value: Float) { self.init(repeating: value, []) }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The elements as an array, row-major.
  public var scalars: [Float] { withUnsafeBufferPointer { Array($0) } }

  /// The one element of a tensor that has just one, whatever its rank.
  public var scalar: Float {
    require(count == 1, "a tensor of shape \(shape) is not a single number", #fileID, #line)
    return storage.pointer[0]
  }

  /// Lends the elements, row-major, to a closure; the pointer must not leave it.
  ///
  /// - Parameter body: what to do with the elements.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  public func withUnsafeBufferPointer<R, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.pointer, count: count))
  }

  /// Lends the elements for writing; copies them first where another tensor shares them.
  ///
  /// - Parameter body: what to do with the elements.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  public mutating func withUnsafeMutableBufferPointer<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: storage.pointer, count: count))
  }

  /// Makes this the one owner of its elements.
  mutating func makeUnique() {
    if place != nil {
      guard recordedPlace == nil else {
        stop(
          "a tensor of shape \(shape) that is being differentiated cannot be changed in place; "
            + "`detached()` makes a constant of it", #fileID, #line)
      }
      place = nil
    }
    if !isKnownUniquelyReferenced(&storage) {
      let copy = TensorStorage(count: count)
      copy.pointer.initialize(from: storage.pointer, count: count)
      storage = copy
    } else {
      storage.forgetForms()
    }
  }

  /// The same elements in another shape, without a copy.
  ///
  /// - Parameters:
  ///   - newShape: the extents; one of them may be -1, and is then what is left.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor that shares the elements.
  public func reshaped(
    _ newShape: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var extents = newShape
    if let free = extents.firstIndex(of: -1) {
      extents[free] = 1
      let rest = extents.reduce(1, *)
      require(
        rest > 0 && count % rest == 0, "shape \(shape) cannot become \(newShape)", file, line)
      extents[free] = count / rest
    }
    require(
      extents.allSatisfy { $0 >= 0 } && extents.reduce(1, *) == count,
      "shape \(shape) cannot become \(newShape)", file, line)
    return reshaped(Shape(extents))
  }

  /// The same elements in a shape that is known to fit.
  func reshaped(_ newShape: Shape) -> Tensor {
    let shape = self.shape
    return Tensor(storage: storage, shape: newShape).derived(from: self, { $0.reshaped(shape) })
  }
}

extension Tensor: Equatable {
  /// Whether two tensors have one shape and equal elements; a NaN equals nothing.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape else { return false }
    return a.withUnsafeBufferPointer { x in
      b.withUnsafeBufferPointer { y in x.elementsEqual(y) }
    }
  }
}
