import CSentioTensorKernels

// Error bounds are in units of the last place, against double precision over all floats of the
// function's range; the tests measure them again.
extension Tensor {
  /// `|x|`.
  public func absolute() -> Tensor { mapped(sentio_absolute) }

  /// -1, 0 or 1 by the sign; zeros keep theirs, NaN stays.
  public func sign() -> Tensor { mapped(sentio_sign) }

  /// `x²`.
  public func squared() -> Tensor { mapped(sentio_square) }

  /// `√x`, correctly rounded; NaN below 0.
  public func squareRoot() -> Tensor { mapped(sentio_square_root) }

  /// `1 / x`.
  public func reciprocal() -> Tensor { mapped(sentio_reciprocal) }

  /// The largest integer that is not greater.
  public func roundedDown() -> Tensor { mapped(sentio_floor) }

  /// The smallest integer that is not less.
  public func roundedUp() -> Tensor { mapped(sentio_ceiling) }

  /// The nearest integer, the even one of two.
  public func rounded() -> Tensor { mapped(sentio_round_even) }

  /// `e^x` to 1.1 ulp.
  public func exp() -> Tensor { mapped(sentio_exponential) }

  /// `ln x` to 0.9 ulp; -infinity at 0, NaN below.
  public func log() -> Tensor { mapped(sentio_logarithm) }

  /// `sin x`, as the C library's.
  public func sin() -> Tensor { mapped(sentio_sine) }

  /// `cos x`, as the C library's.
  public func cos() -> Tensor { mapped(sentio_cosine) }

  /// `tanh x` to 1.4 ulp.
  public func tanh() -> Tensor { mapped(sentio_hyperbolic_tangent) }

  /// The error function, to 1.5 ulp.
  public func errorFunction() -> Tensor { mapped(sentio_error_function) }

  /// `1 / (1 + e^-x)` to 2.7 ulp.
  public func sigmoid() -> Tensor { mapped(sentio_sigmoid) }

  /// `ln(1 + e^x)` to 2.2 ulp, without overflow.
  public func softplus() -> Tensor { mapped(sentio_softplus) }

  /// `max(x, 0)`; NaN stays.
  public func relu() -> Tensor { mapped(sentio_relu) }

  /// `x · sigmoid(x)`, also called swish; its limit 0 at -infinity.
  public func silu() -> Tensor { mapped(sentio_silu) }

  /// The Gaussian error linear unit.
  ///
  /// Exact: `x · Φ(x) = x/2 · (1 + erf(x/√2))`. Approximate:
  /// `x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³)))`. Both are 0 at -infinity.
  ///
  /// - Parameter approximation: which of the two.
  /// - Returns: the values.
  ///
  /// *Reference:* `torch.nn.functional.gelu`, 2.x.
  public func gelu(_ approximation: GELUApproximation = .none) -> Tensor {
    mapped(approximation == .none ? sentio_gelu : sentio_gelu_tanh)
  }
}

/// How ``Tensor/gelu(_:)`` is computed.
public enum GELUApproximation: String, Sendable, Hashable, CaseIterable {
  /// By the error function.
  case none
  /// By the hyperbolic tangent, as the first models that used it did.
  case tanh
}
