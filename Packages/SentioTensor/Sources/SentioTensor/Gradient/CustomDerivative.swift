extension Tensor {
  /// An operation whose derivative the caller gives.
  ///
  /// ```swift
  /// // Rounds, and lets the gradient through as if it did not.
  /// let rounded = Tensor.withDerivative(of: [x]) { inputs in
  ///   (inputs[0].rounded(), { gradient in [gradient] })
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - inputs: what the result depends on.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  ///   - operation: takes the inputs as constants, and returns the result together with the closure that takes
  ///     the gradient of the result to the gradients of all inputs, each in its input's shape, or nil for 0. The
  ///     closure is called at most once; what it captures is kept until then.
  /// - Returns: the result, differentiable.
  /// - Throws: what `operation` throws.
  public static func withDerivative(
    of inputs: [Tensor], file: StaticString = #fileID, line: UInt = #line,
    _ operation: ([Tensor]) throws -> (
      value: Tensor, pullback: @Sendable (_ gradient: Tensor) -> [Tensor?]
    )
  ) rethrows -> Tensor {
    let (value, pullback) = try operation(inputs.map { $0.detached() })
    require(
      value.recordedPlace == nil,
      "the operation uses a tensor that is being differentiated and is not among its inputs", file,
      line)
    let shapes = inputs.map(\.shape)
    return value.derived(
      fromAll: inputs,
      { gradient in
        let gradients = pullback(gradient)
        require(
          gradients.count == shapes.count
            && zip(gradients, shapes).allSatisfy { $0 == nil || $0?.shape == $1 },
          "gradients of shapes \(gradients.map { $0?.shape.description ?? "nil" }) do not fit inputs "
            + "of shapes \(shapes)", file, line)
        return gradients
      })
  }
}
