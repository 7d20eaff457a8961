import CSentioTensorKernels

// The costs are those of a vector unit, but for sine and cosine, which the C library computes one by one.
// Error bounds are in units of the last place, against double precision over all floats of the
// function's range; the tests measure them again.
extension Tensor {
  /// `|x|`.
  public func absolute() -> Tensor {
    let x = self
    return mapped(sentio_absolute).derivedElementwise(from: self, { $0 * x.sign() })
  }

  /// -1, 0 or 1 by the sign; zeros keep theirs, NaN stays.
  ///
  /// A constant to derivatives, as the roundings are.
  public func sign() -> Tensor { mapped(sentio_sign) }

  /// `x²`.
  public func squared() -> Tensor {
    let x = self
    return mapped(sentio_square).derivedElementwise(from: self, { $0 * x * 2 })
  }

  /// `√x`, correctly rounded; NaN below 0.
  public func squareRoot() -> Tensor {
    let y = mapped(sentio_square_root)
    return y.derivedElementwise(from: self, { y.slope(sentio_square_root_gradient, times: $0) })
  }

  /// `1 / x`.
  public func reciprocal() -> Tensor {
    let y = mapped(sentio_reciprocal)
    return y.derivedElementwise(from: self, { y.slope(sentio_reciprocal_gradient, times: $0) })
  }

  /// The largest integer that is not greater.
  public func roundedDown() -> Tensor { mapped(sentio_floor) }

  /// The smallest integer that is not less.
  public func roundedUp() -> Tensor { mapped(sentio_ceiling) }

  /// The nearest integer, the even one of two.
  public func rounded() -> Tensor { mapped(sentio_round_even) }

  /// `e^x` to 1.1 ulp.
  public func exp() -> Tensor {
    let y = mapped(sentio_exponential, cost: 2)
    return y.derivedElementwise(from: self, { $0 * y })
  }

  /// `ln x` to 0.9 ulp; -infinity at 0, NaN below.
  public func log() -> Tensor {
    let x = self
    return mapped(sentio_logarithm, cost: 2).derivedElementwise(from: self, { $0 / x })
  }

  /// `sin x`, as the C library's.
  public func sin() -> Tensor {
    let x = self
    return mapped(sentio_sine, cost: 40).derivedElementwise(from: self, { $0 * x.cos() })
  }

  /// `cos x`, as the C library's.
  public func cos() -> Tensor {
    let x = self
    return mapped(sentio_cosine, cost: 40).derivedElementwise(from: self, { -($0 * x.sin()) })
  }

  /// `tanh x` to 1.4 ulp.
  public func tanh() -> Tensor {
    let y = mapped(sentio_hyperbolic_tangent, cost: 3)
    return y.derivedElementwise(
      from: self, { y.slope(sentio_hyperbolic_tangent_gradient, times: $0) })
  }

  /// The error function, to 1.5 ulp.
  public func errorFunction() -> Tensor {
    let x = self
    return mapped(sentio_error_function, cost: 4).derivedElementwise(
      from: self, { x.slope(sentio_error_function_gradient, times: $0) })
  }

  /// `1 / (1 + e^-x)` to 2.7 ulp.
  public func sigmoid() -> Tensor {
    let y = mapped(sentio_sigmoid, cost: 3)
    return y.derivedElementwise(from: self, { y.slope(sentio_sigmoid_gradient, times: $0) })
  }

  /// `ln(1 + e^x)` to 2.2 ulp, without overflow.
  public func softplus() -> Tensor {
    let x = self
    return mapped(sentio_softplus, cost: 5).derivedElementwise(
      from: self, { x.slope(sentio_softplus_gradient, times: $0) })
  }

  /// `max(x, 0)`; NaN stays.
  public func relu() -> Tensor {
    let y = mapped(sentio_relu)
    return y.derivedElementwise(from: self, { y.slope(sentio_relu_gradient, times: $0) })
  }

  /// `x · sigmoid(x)`, also called swish; its limit 0 at -infinity.
  public func silu() -> Tensor {
    let x = self
    return mapped(sentio_silu, cost: 3).derivedElementwise(
      from: self, { x.slope(sentio_silu_gradient, times: $0) })
  }

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
    let x = self
    switch approximation {
    case .none:
      return mapped(sentio_gelu, cost: 6).derivedElementwise(
        from: self, { x.slope(sentio_gelu_gradient, times: $0) })
    case .tanh:
      return mapped(sentio_gelu_tanh, cost: 4)
        .derivedElementwise(from: self, { x.slope(sentio_gelu_tanh_gradient, times: $0) })
    }
  }

  /// `x` above 0, a multiple of it below; NaN stays.
  ///
  /// - Parameter slope: the factor below 0; its multiple of the gradient passes at 0, too.
  /// - Returns: the values.
  public func leakyRelu(slope: Float = 0.01) -> Tensor {
    let x = self
    return combined(with: Tensor(slope), "leakyRelu", sentio_leaky_relu).derivedElementwise(
      from: self, { $0 * x.combined(with: Tensor(slope), "leakyRelu", sentio_leaky_relu_slope) })
  }

  /// The exponential linear unit: `x` above 0, `scale · (e^x − 1)` below.
  ///
  /// - Parameter scale: minus the limit at -infinity.
  /// - Returns: the values.
  public func elu(scale: Float = 1) -> Tensor {
    let x = self
    return combined(with: Tensor(scale), "elu", sentio_elu).derivedElementwise(
      from: self, { $0 * x.combined(with: Tensor(scale), "elu", sentio_elu_slope) })
  }

  /// A gradient that arrives, times a derivative at this input or output.
  private func slope(_ kernel: @escaping sentio_binary, times gradient: Tensor) -> Tensor {
    combined(with: gradient, "gradient", kernel, cost: 4)
  }
}

/// How ``Tensor/gelu(_:)`` is computed.
public enum GELUApproximation: String, Sendable, Hashable, CaseIterable {
  /// By the error function.
  case none
  /// By the hyperbolic tangent, as the first models that used it did.
  case tanh
}
