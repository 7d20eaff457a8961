import CSentioTensorKernels

extension Tensor {
  /// The sums of the elements; shapes broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return a.combined(with: b, "+", sentio_add)
      .derived(from: a, { $0.reduced(to: shapeA) }, b, { $0.reduced(to: shapeB) })
  }

  /// The differences of the elements; shapes broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return a.combined(with: b, "-", sentio_subtract)
      .derived(from: a, { $0.reduced(to: shapeA) }, b, { -$0.reduced(to: shapeB) })
  }

  /// The products of the elements; shapes broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    return a.combined(with: b, "*", sentio_multiply)
      .derived(from: a, { ($0 * b).reduced(to: shapeA) }, b, { ($0 * a).reduced(to: shapeB) })
  }

  /// The quotients of the elements, infinite or NaN for a zero divisor; shapes broadcast.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    let quotient = a.combined(with: b, "/", sentio_divide)
    return quotient.derived(
      from: a, { ($0 / b).reduced(to: shapeA) }, b, { -($0 * quotient / b).reduced(to: shapeB) })
  }

  /// Adds a number to every element.
  public static func + (a: Tensor, b: Float) -> Tensor { a + Tensor(b) }

  /// Adds a number to every element.
  public static func + (a: Float, b: Tensor) -> Tensor { Tensor(a) + b }

  /// Subtracts a number from every element.
  public static func - (a: Tensor, b: Float) -> Tensor { a - Tensor(b) }

  /// Subtracts every element from a number.
  public static func - (a: Float, b: Tensor) -> Tensor { Tensor(a) - b }

  /// Multiplies every element by a number.
  public static func * (a: Tensor, b: Float) -> Tensor { a * Tensor(b) }

  /// Multiplies every element by a number.
  public static func * (a: Float, b: Tensor) -> Tensor { Tensor(a) * b }

  /// Divides every element by a number.
  public static func / (a: Tensor, b: Float) -> Tensor { a / Tensor(b) }

  /// Divides a number by every element.
  public static func / (a: Float, b: Tensor) -> Tensor { Tensor(a) / b }

  /// The elements with the other sign.
  public static prefix func - (a: Tensor) -> Tensor {
    a.mapped(sentio_negate).derived(from: a, { -$0 })
  }

  /// Adds a tensor that broadcasts to this one's shape.
  ///
  /// In place where the shapes are equal and no other tensor shares the elements.
  public static func += (a: inout Tensor, b: Tensor) {
    guard a.shape == b.shape, a.recordedPlace == nil, b.recordedPlace == nil,
      isKnownUniquelyReferenced(&a.storage)
    else {
      a = a + b
      return
    }
    a.storage.forgetForms()
    let sum = a.storage.pointer
    let terms = b.storage.pointer
    ParallelLoop.run(a.count) { range in
      let start = range.lowerBound
      sentio_add(sum + start, 0, 1, terms + start, 0, 1, sum + start, 1, range.count)
    }
    withExtendedLifetime(b) {}
  }

  /// Subtracts a tensor that broadcasts to this one's shape.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }

  /// Multiplies by a tensor that broadcasts to this one's shape.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }

  /// Divides by a tensor that broadcasts to this one's shape.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }

  /// The elements raised to powers, as the C library's `powf`; shapes broadcast.
  ///
  /// - Parameters:
  ///   - exponent: the powers.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the powers of the elements.
  public func raised(
    to exponent: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let base = self
    let power = combined(with: exponent, "raised", sentio_power, file, line, cost: 40)
    return power.derived(
      from: self,
      { gradient in
        let slope = exponent * base.raised(to: exponent - 1)
        // 0⁻¹ is infinite, and does not matter where the exponent is 0.
        let defined = Tensor.select(where: exponent .== Tensor(0), Tensor(0), else: slope)
        return (gradient * defined).reduced(to: base.shape)
      }, exponent,
      { gradient in
        // At 0 a power does not change with a positive exponent, though its logarithm is infinite.
        let slope = Tensor.select(where: base .== Tensor(0), Tensor(0), else: power * base.log())
        return (gradient * slope).reduced(to: exponent.shape)
      })
  }

  /// The smaller of the elements, NaN where either is; shapes broadcast.
  ///
  /// - Parameters:
  ///   - other: the other tensor.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the minima.
  public func minimum(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (a, b) = (self, other)
    return combined(with: other, "minimum", sentio_minimum, file, line).derived(
      from: a, { ($0 * a.share(of: a .< b, b)).reduced(to: a.shape) },
      b, { ($0 * a.share(of: b .< a, b)).reduced(to: b.shape) })
  }

  /// The larger of the elements, NaN where either is; shapes broadcast.
  ///
  /// - Parameters:
  ///   - other: the other tensor.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the maxima.
  public func maximum(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (a, b) = (self, other)
    return combined(with: other, "maximum", sentio_maximum, file, line).derived(
      from: a, { ($0 * a.share(of: a .> b, b)).reduced(to: a.shape) },
      b, { ($0 * a.share(of: b .> a, b)).reduced(to: b.shape) })
  }

  /// 1 where an operand is chosen, and a half each where both are equal.
  private func share(of chosen: Tensor, _ other: Tensor) -> Tensor {
    chosen + (self .== other) * 0.5
  }

  /// The elements brought into a closed range; NaN stays.
  ///
  /// - Parameter range: the smallest and the largest value of the result.
  /// - Returns: the clamped elements.
  public func clamped(to range: ClosedRange<Float>) -> Tensor {
    maximum(Tensor(range.lowerBound)).minimum(Tensor(range.upperBound))
  }
}
