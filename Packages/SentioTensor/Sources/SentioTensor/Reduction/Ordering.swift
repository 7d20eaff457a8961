extension Tensor {
  /// The place of the largest element along an axis; of equals the first, of NaNs the first.
  ///
  /// - Parameters:
  ///   - axis: the axis, not empty; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the places, row-major over the other axes.
  public func argmax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> [Int] {
    places(axis, file, line) { $0 > $1 }
  }

  /// The place of the smallest element along an axis; of equals the first, of NaNs the first.
  ///
  /// - Parameters:
  ///   - axis: the axis, not empty; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the places, row-major over the other axes.
  public func argmin(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> [Int] {
    places(axis, file, line) { $0 < $1 }
  }

  private func places(
    _ axis: Int, _ file: StaticString, _ line: UInt, _ isBetter: (Float, Float) -> Bool
  ) -> [Int] {
    let (rows, extent) = lines(along: axis, file, line)
    require(extent > 0, "no element to choose along axis \(axis) of \(shape)", file, line)
    return rows.withUnsafeBufferPointer { elements in
      stride(from: 0, to: elements.count, by: extent).map { start in
        var best = 0
        for i in 1..<Swift.max(1, extent) where !elements[start + best].isNaN {
          let value = elements[start + i]
          if value.isNaN || isBetter(value, elements[start + best]) { best = i }
        }
        return best
      }
    }
  }

  /// The elements along an axis in order; a NaN counts as the greatest; equals keep their order.
  ///
  /// - Parameters:
  ///   - axis: the axis; negative ones count from the back.
  ///   - descending: whether the greatest comes first.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the ordered elements, and for each the place along the axis that it came from,
  ///   row-major in the same shape.
  public func sorted(
    axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: [Int]) {
    let extent = shape[resolvedAxis(axis, rank: rank, shape, file, line)]
    return top(extent, axis: axis, descending: descending, file, line)
  }

  /// The greatest elements along an axis, the greatest first; a NaN counts as the greatest.
  ///
  /// - Parameters:
  ///   - k: how many, at most the axis's extent.
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the elements with `k` in the axis's place, and the places they came from.
  public func topK(
    _ k: Int, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: [Int]) {
    top(k, axis: axis, descending: true, file, line)
  }

  private func top(
    _ k: Int, axis: Int, descending: Bool, _ file: StaticString, _ line: UInt
  ) -> (values: Tensor, indices: [Int]) {
    let resolved = resolvedAxis(axis, rank: rank, shape, file, line)
    let (rows, extent) = lines(along: axis, file, line)
    require(k >= 0 && k <= extent, "\(k) of \(extent) elements of \(shape)", file, line)
    var values: [Float] = []
    var indices: [Int] = []
    rows.withUnsafeBufferPointer { elements in
      for start in stride(from: 0, to: elements.count, by: Swift.max(1, extent)) {
        let order = (0..<extent).sorted { i, j in
          let (a, b) =
            descending
            ? (elements[start + j], elements[start + i])
            : (elements[start + i], elements[start + j])
          let isBefore = a < b || (!a.isNaN && b.isNaN)
          let isAfter = b < a || (a.isNaN && !b.isNaN)
          return isBefore || (!isAfter && i < j)
        }
        values += order.prefix(k).map { elements[start + $0] }
        indices += order.prefix(k)
      }
    }
    let (result, places) = lines(values, indices, k, along: resolved)
    let shape = self.shape
    return (
      result.derived(from: self, { $0.returned(to: places, axis: resolved, of: shape) }), places
    )
  }

  /// Elements brought to their places along an axis of zeros: choosing's derivative.
  private func returned(to places: [Int], axis: Int, of newShape: Shape) -> Tensor {
    var result = Tensor.zeros(newShape)
    let (chosen, extent) = (shape[axis], newShape[axis])
    let inner = shape.dropFirst(axis + 1).reduce(1, *)
    let source = storage.pointer
    result.withUnsafeMutableBufferPointer { target in
      for (index, place) in places.enumerated() {
        let outer = index / (chosen * inner)
        target[(outer * extent + place) * inner + index % inner] = source[index]
      }
    }
    return result
  }

  /// Rows along the last axis back in the place of another axis.
  private func lines(
    _ values: [Float], _ indices: [Int], _ extent: Int, along axis: Int
  ) -> (Tensor, [Int]) {
    let order = (0..<rank).filter { $0 != axis } + [axis]
    let arranged = Shape(order.map { $0 == axis ? extent : shape[$0] })
    let inverse = (0..<rank).map { axis in order.firstIndex(of: axis)! }
    let result = Tensor(values, shape: arranged).permuted(inverse)
    // Places are whole numbers below 2^24 only for short axes, so they cannot ride in a tensor.
    let strides = arranged.strides
    var places: [Int] = []
    places.reserveCapacity(indices.count)
    var index = [Int](repeating: 0, count: rank)
    for _ in 0..<indices.count {
      places.append(indices[(0..<rank).reduce(0) { $0 + index[$1] * strides[inverse[$1]] }])
      for axis in stride(from: rank - 1, through: 0, by: -1) {
        index[axis] += 1
        if index[axis] < result.shape[axis] { break }
        index[axis] = 0
      }
    }
    return (result, places)
  }

  /// The tensor with an axis moved to the end, and that axis's extent.
  private func lines(
    along axis: Int, _ file: StaticString, _ line: UInt
  ) -> (rows: Tensor, extent: Int) {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    let order = (0..<rank).filter { $0 != axis } + [axis]
    return (axis == rank - 1 ? self : detached().permuted(order), shape[axis])
  }

  /// The sums of the elements up to each place along an axis, accumulated in double precision.
  ///
  /// From a NaN on they are NaN, and from an infinity on infinite.
  ///
  /// - Parameters:
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape.
  public func cumulativeSum(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    let inner = shape.dropFirst(axis + 1).reduce(1, *)
    let extent = shape[axis]
    return cumulated(extent, inner, fromTheEnd: false).derived(
      from: self, { $0.cumulated(extent, inner, fromTheEnd: true) })
  }

  private func cumulated(_ extent: Int, _ inner: Int, fromTheEnd: Bool) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let input = storage.pointer
    let output = result.storage.pointer
    guard count > 0 else { return result }
    let (first, step) = fromTheEnd ? ((extent - 1) * inner, -inner) : (0, inner)
    ParallelLoop.run(count / extent, cost: extent) { range in
      for lane in range {
        var place = lane / inner * extent * inner + lane % inner + first
        var total = 0.0
        for _ in 0..<extent {
          total += Double(input[place])
          output[place] = Float(total)
          place += step
        }
      }
    }
    return result
  }
}
