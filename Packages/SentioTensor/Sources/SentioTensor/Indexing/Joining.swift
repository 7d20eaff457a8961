// What is only moved stays what it is, NaN and infinities included, and so do the gradients.
extension Tensor {
  /// Tensors one after another along an axis they have.
  ///
  /// - Parameters:
  ///   - tensors: at least one; shapes may differ along that axis only.
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the joined tensor.
  public static func concatenate(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let first = tensors.first else {
      stop("concatenate needs at least one tensor", file, line)
    }
    let axis = resolvedAxis(axis, rank: first.rank, first.shape, file, line)
    var total = 0
    for tensor in tensors {
      require(
        tensor.rank == first.rank
          && tensor.shape.replacing(axis, with: 0) == first.shape.replacing(axis, with: 0),
        "concatenate: shape \(tensor.shape) does not continue \(first.shape) along axis \(axis)",
        file, line)
      total += tensor.shape[axis]
    }
    let result = Tensor(uninitialized: first.shape.replacing(axis, with: total))
    let strides = result.shape.strides
    var start = 0
    for tensor in tensors where tensor.count > 0 {
      copyStrided(
        from: tensor.storage.pointer, tensor.shape.strides,
        to: result.storage.pointer + start * strides[axis], strides, extents: Array(tensor.shape))
      start += tensor.shape[axis]
    }
    let extents = tensors.map { $0.shape[axis] }
    return result.derived(fromAll: tensors, { $0.split(extents, axis: axis) })
  }

  /// Tensors of one shape side by side along a new axis.
  ///
  /// - Parameters:
  ///   - tensors: at least one.
  ///   - axis: the new axis's place in the result; negative ones count from its back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of rank one more.
  public static func stack(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    for tensor in tensors {
      require(
        tensor.shape == tensors[0].shape,
        "stack: shape \(tensor.shape) is not \(tensors[0].shape)", file, line)
    }
    return concatenate(
      tensors.map { $0.expanded(at: axis, file: file, line: line) }, axis: axis, file: file,
      line: line)
  }

  /// The same elements with an axis of extent 1 more.
  ///
  /// - Parameters:
  ///   - axis: the new axis's place in the result; negative ones count from its back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor that shares the elements.
  public func expanded(
    at axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    require(
      place >= 0 && place <= rank && rank < Shape.maximumRank,
      "an axis cannot stand at \(axis) in shape \(shape)", file, line)
    var extents = Array(shape)
    extents.insert(1, at: place)
    return reshaped(Shape(extents))
  }

  /// The same elements without an axis of extent 1.
  ///
  /// - Parameters:
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor that shares the elements.
  public func squeezed(
    at axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    require(shape[axis] == 1, "axis \(axis) of shape \(shape) is not 1", file, line)
    return reshaped(shape.removing(axis))
  }

  /// The tensor cut along an axis into parts of given extents.
  ///
  /// - Parameters:
  ///   - extents: the parts' extents, which together are the axis.
  ///   - axis: the axis; negative ones count from the back.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the parts.
  public func split(
    _ extents: [Int], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let axis = resolvedAxis(axis, rank: rank, shape, file, line)
    require(
      extents.allSatisfy { $0 >= 0 } && extents.reduce(0, +) == shape[axis],
      "parts \(extents) are not axis \(axis) of \(shape)", file, line)
    var start = 0
    return extents.map { extent in
      defer { start += extent }
      return sliced(start..<start + extent, axis: axis)
    }
  }

  /// The tensor with a value around it.
  ///
  /// - Parameters:
  ///   - widths: how many to add before and after, for each axis.
  ///   - value: what to add.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the padded tensor.
  public func padded(
    _ widths: [(before: Int, after: Int)], with value: Float = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padding \(widths) does not fit shape \(shape)", file, line)
    let extents = zip(shape, widths).map { $0 + $1.before + $1.after }
    let result = Tensor(repeating: value, Shape(extents))
    guard count > 0 else { return result }
    let strides = result.shape.strides
    let start = zip(widths, strides).reduce(0) { $0 + $1.0.before * $1.1 }
    copyStrided(
      from: storage.pointer, shape.strides, to: result.storage.pointer + start, strides,
      extents: Array(shape))
    let shape = self.shape
    return result.derived(
      from: self,
      { gradient in
        let inner = Tensor(uninitialized: shape)
        copyStrided(
          from: gradient.storage.pointer + start, strides, to: inner.storage.pointer, shape.strides,
          extents: Array(shape))
        return inner
      })
  }

  /// The axes in another order.
  ///
  /// - Parameters:
  ///   - axes: for each axis of the result, the axis of this tensor; each once.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the rearranged tensor.
  public func permuted(
    _ axes: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let order = axes.map { resolvedAxis($0, rank: rank, shape, file, line) }
    require(
      order.count == rank && Set(order).count == rank,
      "axes \(axes) are not an order of shape \(shape)", file, line)
    let result = Tensor(uninitialized: Shape(order.map { shape[$0] }))
    guard result.count > 0 else { return result }
    let strides = shape.strides
    copyStrided(
      from: storage.pointer, order.map { strides[$0] }, to: result.storage.pointer,
      result.shape.strides, extents: Array(result.shape))
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return result.derived(from: self, { [inverse] in $0.permuted(inverse) })
  }

  /// The last two axes exchanged.
  ///
  /// - Parameters:
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the transposed matrix, or stack of matrices.
  public func transposed(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 2, "shape \(shape) has no two axes to exchange", file, line)
    return permuted(Array(0..<rank - 2) + [rank - 1, rank - 2], file: file, line: line)
  }
}
