import CSentioTensorKernels

extension Tensor {
  /// The sums of the elements; shapes broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, "+", sentio_add) }

  /// The differences of the elements; shapes broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    a.combined(with: b, "-", sentio_subtract)
  }

  /// The products of the elements; shapes broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    a.combined(with: b, "*", sentio_multiply)
  }

  /// The quotients of the elements, infinite or NaN for a zero divisor; shapes broadcast.
  public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, "/", sentio_divide) }

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
  public static prefix func - (a: Tensor) -> Tensor { a.mapped(sentio_negate) }

  /// Adds a tensor that broadcasts to this one's shape.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }

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
    combined(with: exponent, "raised", sentio_power, file, line)
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
    combined(with: other, "minimum", sentio_minimum, file, line)
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
    combined(with: other, "maximum", sentio_maximum, file, line)
  }

  /// The elements brought into a closed range; NaN stays.
  ///
  /// - Parameter range: the smallest and the largest value of the result.
  /// - Returns: the clamped elements.
  public func clamped(to range: ClosedRange<Float>) -> Tensor {
    maximum(Tensor(range.lowerBound)).minimum(Tensor(range.upperBound))
  }
}
