import CSentioTensorKernels

// Comparisons give 1 where they hold and 0 elsewhere; with a NaN only `.!=` holds. To derivatives they
// are constants.
extension Tensor {
  /// 1 where the elements are equal; shapes broadcast.
  public static func .== (a: Tensor, b: Tensor) -> Tensor {
    a.combined(with: b, ".==", sentio_equal)
  }

  /// 1 where the elements differ; shapes broadcast.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor {
    a.combined(with: b, ".!=", sentio_not_equal)
  }

  /// 1 where the first element is less; shapes broadcast.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, ".<", sentio_less) }

  /// 1 where the first element is not greater; shapes broadcast.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor {
    a.combined(with: b, ".<=", sentio_less_or_equal)
  }

  /// 1 where the first element is greater; shapes broadcast.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { b .< a }

  /// 1 where the first element is not less; shapes broadcast.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { b .<= a }

  /// 1 where the element is less than the number.
  public static func .< (a: Tensor, b: Float) -> Tensor { a .< Tensor(b) }

  /// 1 where the element is not greater than the number.
  public static func .<= (a: Tensor, b: Float) -> Tensor { a .<= Tensor(b) }

  /// 1 where the element is greater than the number.
  public static func .> (a: Tensor, b: Float) -> Tensor { a .> Tensor(b) }

  /// 1 where the element is not less than the number.
  public static func .>= (a: Tensor, b: Float) -> Tensor { a .>= Tensor(b) }

  /// Elements of one tensor where a condition holds, of another elsewhere; all three broadcast.
  ///
  /// - Parameters:
  ///   - condition: holds where it is not 0, a NaN included.
  ///   - yes: the elements where it holds.
  ///   - no: the elements elsewhere.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the shape that all three broadcast to.
  public static func select(
    where condition: Tensor, _ yes: Tensor, else no: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    guard let values = yes.shape.broadcast(with: no.shape),
      let shape = condition.shape.broadcast(with: values)
    else {
      stop(
        "select: shapes \(condition.shape), \(yes.shape) and \(no.shape) do not broadcast", file,
        line)
    }
    let c = condition.detached().broadcast(to: shape)
    let y = yes.detached().broadcast(to: shape)
    let n = no.detached().broadcast(to: shape)
    let result = Tensor(uninitialized: shape)
    let pointers = (c.storage.pointer, y.storage.pointer, n.storage.pointer)
    let out = result.storage.pointer
    ParallelLoop.run(result.count) { range in
      let start = range.lowerBound
      sentio_select(
        pointers.0 + start, pointers.1 + start, pointers.2 + start, out + start, range.count)
    }
    withExtendedLifetime((c, y, n)) {}
    let (shapeYes, shapeNo) = (yes.shape, no.shape)
    return result.derived(
      from: yes, { select(where: c, $0, else: Tensor(0)).reduced(to: shapeYes) },
      no, { select(where: c, Tensor(0), else: $0).reduced(to: shapeNo) })
  }
}
