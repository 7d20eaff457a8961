import CSentioTensorKernels

// What is only moved stays what it is, NaN and infinities included, and so do the gradients.
extension Tensor {
  /// The number at one place.
  ///
  /// - Parameters:
  ///   - indices: one index for each axis.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public subscript(
    element indices: Int..., file file: StaticString = #fileID, line line: UInt = #line
  ) -> Float {
    get { storage.pointer[offset(indices, file, line)] }
    set {
      let place = offset(indices, file, line)
      makeUnique()
      storage.pointer[place] = newValue
    }
  }

  private func offset(_ indices: [Int], _ file: StaticString, _ line: UInt) -> Int {
    require(
      indices.count == rank, "\(indices.count) indices do not name an element of shape \(shape)",
      file,
      line)
    var offset = 0
    for axis in 0..<rank {
      require(
        (0..<shape[axis]).contains(indices[axis]),
        "index \(indices) lies outside of shape \(shape)",
        file, line)
      offset = offset * shape[axis] + indices[axis]
    }
    return offset
  }

  /// The part at one index of the first axis; of rank one less.
  ///
  /// - Parameters:
  ///   - index: the place; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public subscript(
    index: Int, file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor { selected(index, axis: 0, file: file, line: line) }

  /// The part in a range of the first axis.
  ///
  /// - Parameters:
  ///   - range: the places, within the axis.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public subscript(
    range: some RangeExpression<Int>, file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor { sliced(range, axis: 0, file: file, line: line) }

  /// The part at one index of an axis.
  ///
  /// - Parameters:
  ///   - index: the place; negative ones count from the back.
  ///   - axis: the axis, which the result does not have; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of rank one less.
  public func selected(
    _ index: Int, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    let place = index < 0 ? index + shape[axis] : index
    require(
      (0..<shape[axis]).contains(place),
      "index \(index) does not exist on axis \(axis) of \(shape)",
      file, line)
    return sliced(place..<place + 1, axis: axis).reshaped(shape.removing(axis))
  }

  /// The part in a range of an axis, or every `step`-th of it.
  ///
  /// - Parameters:
  ///   - range: the places, such as `2..<5`, `...3` or `1...`; within the axis.
  ///   - axis: the axis; negative ones count from the back.
  ///   - step: the distance of neighbours, at least 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same rank.
  public func sliced(
    _ range: some RangeExpression<Int>, axis: Int, by step: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    let places = range.relative(to: 0..<shape[axis])
    require(
      places.lowerBound >= 0 && places.upperBound <= shape[axis] && step >= 1,
      "places \(places) by \(step) do not lie on axis \(axis) of \(shape)", file, line)
    let count = (places.count + step - 1) / step
    if count == shape[axis] { return self }
    let result = Tensor(uninitialized: shape.replacing(axis, with: count))
    guard result.count > 0 else { return result }
    var strides = shape.strides
    let start = places.lowerBound * strides[axis]
    strides[axis] *= step
    copyStrided(
      from: storage.pointer + start, strides, to: result.storage.pointer, result.shape.strides,
      extents: Array(result.shape))
    let shape = self.shape
    return result.derived(
      from: self,
      { [strides] gradient in
        let whole = Tensor.zeros(shape)
        copyStrided(
          from: gradient.storage.pointer, gradient.shape.strides, to: whole.storage.pointer + start,
          strides, extents: Array(gradient.shape))
        return whole
      })
  }

  /// The parts at several indices of an axis, in that order; an index may occur again.
  ///
  /// - Parameters:
  ///   - indices: the places, each within the axis.
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor with `indices.count` in the axis's place.
  public func gathered(
    _ indices: [Int], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    let extent = shape[axis]
    for index in indices {
      require(
        index >= 0 && index < extent, "index \(index) does not exist on axis \(axis) of \(shape)",
        file, line)
    }
    let result = Tensor(uninitialized: shape.replacing(axis, with: indices.count))
    guard result.count > 0 else { return result }
    let inner = shape.dropFirst(axis + 1).reduce(1, *)
    let outer = shape.prefix(axis).reduce(1, *)
    let source = storage.pointer
    let target = result.storage.pointer
    ParallelLoop.run(outer * indices.count, cost: inner) { range in
      for row in range {
        let from = row / indices.count * extent + indices[row % indices.count]
        (target + row * inner).update(from: source + from * inner, count: inner)
      }
    }
    let shape = self.shape
    return result.derived(from: self, { $0.scattered(indices, axis: axis, to: shape) })
  }

  /// The parts along an axis added up at their places in zeros: gathering's derivative.
  func scattered(_ indices: [Int], axis: Int, to newShape: Shape) -> Tensor {
    let result = Tensor.zeros(newShape)
    guard result.count > 0 else { return result }
    let inner = newShape.dropFirst(axis + 1).reduce(1, *)
    let extent = newShape[axis]
    let source = storage.pointer
    let target = result.storage.pointer
    // An index may occur again, so threads share out the other axes.
    func add(_ outer: Int, _ columns: Range<Int>) {
      for (place, index) in indices.enumerated() {
        let from = source + (outer * indices.count + place) * inner + columns.lowerBound
        let to = target + (outer * extent + index) * inner + columns.lowerBound
        sentio_add(to, 0, 1, from, 0, 1, to, 1, columns.count)
      }
    }
    let outer = newShape.prefix(axis).reduce(1, *)
    if outer == 1 {
      ParallelLoop.run(inner, cost: indices.count) { add(0, $0) }
    } else {
      ParallelLoop.run(outer, cost: indices.count * inner) { range in
        for index in range { add(index, 0..<inner) }
      }
    }
    return result
  }
}
