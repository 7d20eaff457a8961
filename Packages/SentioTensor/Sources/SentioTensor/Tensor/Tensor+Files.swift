import Foundation

extension Tensor {
  /// Reads a NumPy array file.
  ///
  /// - Parameter url: an `.npy` file of any numeric type, of rank up to eight.
  /// - Throws: ``FileError``, ``NPYError``.
  public init(npy url: URL) throws {
    self = try NPYFile(contentsOf: url).array.tensor(path: url.path)
  }

  /// Takes the little-endian, row-major elements of a file of any format, at any alignment.
  ///
  /// - Parameters:
  ///   - bytes: as many as the shape's elements take.
  ///   - elementType: the elements' type; what is wider than `Float` is rounded to nearest.
  ///   - shape: the extents.
  public init(bytes: UnsafeRawBufferPointer, elementType: ElementType, shape: Shape) {
    precondition(
      bytes.count == shape.elementCount * elementType.byteCount,
      "\(bytes.count) bytes are not \(shape.elementCount) elements of \(elementType.rawValue)")
    self.init(uninitialized: shape) { ElementDecoding.floats(bytes, elementType, into: $0) }
  }

  /// Writes a NumPy array file of type `<f4`, whole or not at all.
  ///
  /// - Parameter url: the file; its folder must exist.
  /// - Throws: ``FileError``.
  public func write(npy url: URL) throws {
    let header = NPYHeader(elementType: .float32, shape: Array(shape))
    try AtomicFile.write(to: url) { file in
      try file.write(header.bytes)
      try withUnsafeBufferPointer { try file.write(UnsafeRawBufferPointer($0)) }
    }
  }
}

extension Safetensors {
  /// A tensor of the file, converted to `Float` where its type is another.
  ///
  /// - Parameter name: the tensor.
  /// - Returns: the tensor.
  /// - Throws: ``SafetensorsError`` of kind `missing`, or of kind `shape` for more than eight axes.
  public func tensor(_ name: String) throws -> Tensor {
    let entry = try entry(name)
    guard entry.shape.count <= Shape.maximumRank else {
      throw SafetensorsError(
        path: url.path, kind: .shape, position: 0, name: name,
        expected: "at most \(Shape.maximumRank) axes", found: "\(entry.shape.count)")
    }
    return try withBytes(of: name) { bytes in
      Tensor(uninitialized: Shape(entry.shape)) {
        ElementDecoding.floats(bytes, entry.elementType, into: $0)
      }
    }
  }
}

extension Safetensors.Content {
  /// Takes a tensor, to be stored as it is, without a copy of it in between, or in a narrower format.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - tensor: the tensor.
  ///   - elementType: `float32`, `float16` or `bfloat16`.
  public init(_ name: String, _ tensor: Tensor, as elementType: ElementType = .float32) {
    if elementType == .float32 {
      self.init(name, whole: tensor)
    } else {
      self.init(name, shape: Array(tensor.shape), floats: tensor.scalars, as: elementType)
    }
  }
}
