/// A checked NumPy array: a file of its own, or a member of an archive.
struct NPYArray: Sendable {
  /// The bytes of header and elements.
  enum Storage: Sendable {
    case mapped(MappedFile, Range<Int>)
    case held([UInt8])
  }

  let header: NPYHeader
  let storage: Storage

  var shape: [Int] { header.shape }
  var elementType: ElementType { header.elementType }

  func floats() -> [Float] { rowMajor(withElements { ElementDecoding.floats($0, elementType) }) }

  /// The elements as a tensor; where they are row-major, straight from the file into its memory.
  func tensor(path: String) throws(NPYError) -> Tensor {
    guard shape.count <= Shape.maximumRank else {
      throw NPYError(
        path: path, kind: .shape, position: 0, expected: "at most \(Shape.maximumRank) axes",
        found: "\(shape.count)")
    }
    if header.isFortranOrder && shape.count > 1 { return Tensor(floats(), shape: Shape(shape)) }
    return Tensor(uninitialized: Shape(shape)) { target in
      withElements { ElementDecoding.floats($0, elementType, into: target) }
    }
  }

  func doubles() -> [Double] { rowMajor(withElements { ElementDecoding.doubles($0, elementType) }) }

  func integers(path: String) throws(NPYError) -> [Int] {
    guard let elements = withElements({ ElementDecoding.integers($0, elementType) }) else {
      throw NPYError(
        path: path, kind: .elementType, position: header.dataStart,
        expected: "integers up to \(Int.max)", found: "elements of type \(elementType.rawValue)")
    }
    return rowMajor(elements)
  }

  /// Lends the elements' bytes, little-endian.
  private func withElements<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    func lend(_ bytes: UnsafeRawBufferPointer) -> R {
      let elements = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(header.dataStart))
      guard header.isBigEndian else { return body(elements) }
      var swapped = [UInt8](elements)
      let size = elementType.byteCount
      for start in stride(from: 0, to: swapped.count, by: size) {
        swapped[start..<start + size].reverse()
      }
      return swapped.withUnsafeBytes(body)
    }
    switch storage {
    case .mapped(let file, let range):
      return file.withUnsafeBytes { lend(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .held(let bytes):
      return bytes.withUnsafeBytes(lend)
    }
  }

  /// Turns the first axis from the fastest into the slowest one, if the file has it so.
  private func rowMajor<T>(_ elements: [T]) -> [T] {
    guard header.isFortranOrder, shape.count > 1, !elements.isEmpty else { return elements }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    var index = [Int](repeating: 0, count: shape.count)
    var source = 0
    var result: [T] = []
    result.reserveCapacity(elements.count)
    while result.count < elements.count {
      result.append(elements[source])
      // Counts up from the last axis, and keeps the place in the file in step.
      for axis in stride(from: shape.count - 1, through: 0, by: -1) {
        index[axis] += 1
        source += strides[axis]
        if index[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
    return result
  }
}
