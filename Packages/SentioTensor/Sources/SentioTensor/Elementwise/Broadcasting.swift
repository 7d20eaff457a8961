import CSentioTensorKernels

/// The loops of an operation on two tensors that broadcast: as few axes as the layouts allow.
struct BroadcastPlan {
  private(set) var extents: [Int] = []
  private(set) var stridesA: [Int] = []
  private(set) var stridesB: [Int] = []

  /// - Parameters:
  ///   - a: the first operand's shape.
  ///   - b: the second operand's shape.
  ///   - result: the shape that both broadcast to.
  init(_ a: Shape, _ b: Shape, result: Shape) {
    let a = broadcastStrides(of: a, to: result)
    let b = broadcastStrides(of: b, to: result)
    for axis in 0..<result.rank where result[axis] != 1 {
      let extent = result[axis]
      // An axis that continues the one before it, in both operands, is part of it.
      if let last = extents.last, stridesA.last == a[axis] * extent,
        stridesB.last == b[axis] * extent
      {
        extents[extents.count - 1] = last * extent
        stridesA[extents.count - 1] = a[axis]
        stridesB[extents.count - 1] = b[axis]
      } else {
        extents.append(extent)
        stridesA.append(a[axis])
        stridesB.append(b[axis])
      }
    }
    while extents.count < 2 {
      extents.insert(1, at: 0)
      stridesA.insert(0, at: 0)
      stridesB.insert(0, at: 0)
    }
  }

  var columns: Int { extents[extents.count - 1] }
  var rows: Int { extents[extents.count - 2] }
  var outer: Int { extents.dropLast(2).reduce(1, *) }

  /// Where the operands' elements for the `index`-th of the outer loops start.
  func offsets(_ index: Int) -> (a: Int, b: Int) {
    var rest = index
    var a = 0
    var b = 0
    for axis in stride(from: extents.count - 3, through: 0, by: -1) {
      let place = rest % extents[axis]
      rest /= extents[axis]
      a += place * stridesA[axis]
      b += place * stridesB[axis]
    }
    return (a, b)
  }
}

/// The strides to walk a row-major tensor of one shape as if it had a larger one: 0 where it repeats.
func broadcastStrides(of shape: Shape, to result: Shape) -> [Int] {
  let own = shape.strides
  let missing = result.rank - shape.rank
  return (0..<result.rank).map { axis in
    axis < missing || shape[axis - missing] == 1 ? 0 : own[axis - missing]
  }
}

extension Tensor {
  /// Applies a kernel to every element, at the cost of copying so many.
  func mapped(_ kernel: @escaping sentio_unary, cost: Int = 1) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let input = storage.pointer
    let output = result.storage.pointer
    ParallelLoop.run(count, cost: cost) { range in
      OutputStream.write(range, to: output, of: count) { part, target in
        kernel(input + part.lowerBound, target, part.count)
      }
    }
    return result
  }

  /// Applies a kernel to the pairs of elements of two tensors that broadcast.
  func combined(
    with other: Tensor, _ name: StaticString, _ kernel: @escaping sentio_binary,
    _ file: StaticString = #fileID, _ line: UInt = #line, cost: Int = 1
  ) -> Tensor {
    guard let resultShape = shape.broadcast(with: other.shape) else {
      stop("\(name): shapes \(shape) and \(other.shape) do not broadcast", file, line)
    }
    let result = Tensor(uninitialized: resultShape)
    guard result.count > 0 else { return result }
    let a = storage.pointer
    let b = other.storage.pointer
    let out = result.storage.pointer
    let plan = BroadcastPlan(shape, other.shape, result: resultShape)
    let (rows, columns, outer) = (plan.rows, plan.columns, plan.outer)
    let last = plan.extents.count - 1
    let (stepA, stepB) = (plan.stridesA[last], plan.stridesB[last])
    let (rowA, rowB) = (plan.stridesA[last - 1], plan.stridesB[last - 1])
    if outer == 1 && rows == 1 {
      ParallelLoop.run(columns, cost: cost) { range in
        OutputStream.write(range, to: out, of: columns) { part, target in
          let start = part.lowerBound
          kernel(
            a + start * stepA, 0, Int32(stepA), b + start * stepB, 0, Int32(stepB), target, 1,
            part.count)
        }
      }
    } else if outer == 1 {
      ParallelLoop.run(rows, cost: cost * columns) { range in
        OutputStream.write(range, of: columns, to: out, of: rows * columns) { part, target in
          let start = part.lowerBound
          kernel(
            a + start * rowA, rowA, Int32(stepA), b + start * rowB, rowB, Int32(stepB), target,
            part.count, columns)
        }
      }
    } else {
      ParallelLoop.run(outer, cost: cost * rows * columns) { range in
        for index in range {
          let offset = plan.offsets(index)
          kernel(
            a + offset.a, rowA, Int32(stepA), b + offset.b, rowB, Int32(stepB),
            out + index * rows * columns, rows, columns)
        }
      }
    }
    return result
  }

  /// The tensor repeated to a larger shape, by NumPy's rule.
  ///
  /// - Parameters:
  ///   - newShape: a shape that this one broadcasts to.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of that shape.
  public func broadcast(
    to newShape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      shape.broadcast(with: newShape) == newShape,
      "shape \(shape) does not broadcast to \(newShape)", file, line)
    if shape == newShape { return self }
    let shape = self.shape
    let result = Tensor(uninitialized: newShape)
    copyStrided(
      from: storage.pointer, broadcastStrides(of: shape, to: newShape), to: result.storage.pointer,
      newShape.strides, extents: Array(newShape))
    return result.derived(from: self, { $0.reduced(to: shape) })
  }

  /// The sums over the axes along which a smaller shape was repeated: broadcasting's derivative.
  func reduced(to smaller: Shape) -> Tensor {
    if shape == smaller { return self }
    let missing = rank - smaller.rank
    let repeated = (0..<rank).filter { axis in
      axis < missing || (smaller[axis - missing] == 1 && shape[axis] != 1)
    }
    return summed(repeated).reshaped(smaller)
  }
}
