#if OneDNN
  import CSentioOneDNN
#endif

extension Tensor {
  /// Two layers with an activation between them, and what is added after them, as one operation:
  /// `activation(x · inner' + innerBias) · outer' + outerBias + residual`.
  ///
  /// In a scope of ``ComputePrecision/bfloat16`` what passes between the layers is in bfloat16 on the way there
  /// and on the way back. In either precision the derivative keeps x and the inner sums, in a bfloat16 scope in
  /// bfloat16, and nothing else of their size; the values are those of two calls of
  /// ``linear(_:bias:activation:residual:file:line:)``.
  ///
  /// - Parameters:
  ///   - inner: `[H, I]`, the first layer's weight.
  ///   - innerBias: `[H]`; zeros if nil.
  ///   - activation: what is applied between the layers.
  ///   - outer: `[O, H]`, the second layer's weight.
  ///   - outerBias: `[O]`; zeros if nil.
  ///   - residual: `[…, O]`, what is added to the result; nothing if nil.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[…, O]` for this `[…, I]`.
  public func feedForward(
    inner: Tensor, innerBias: Tensor? = nil, activation: Activation = .gelu(), outer: Tensor,
    outerBias: Tensor? = nil, residual: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      rank >= 1 && inner.rank == 2 && outer.rank == 2 && inner.shape[1] == shape[rank - 1]
        && outer.shape[1] == inner.shape[0],
      "feedForward: weights of shapes \(inner.shape) and \(outer.shape) do not fit \(shape)", file,
      line)
    let outputShape = shape.replacing(rank - 1, with: outer.shape[0])
    require(
      residual == nil || residual?.shape == outputShape,
      "feedForward: a residual of shape \(residual?.shape ?? []) does not fit \(outputShape)", file,
      line)
    for (bias, weight) in [(innerBias, inner), (outerBias, outer)] {
      require(
        bias == nil || bias?.shape == [weight.shape[0]],
        "feedForward: a bias of shape \(bias?.shape ?? []) does not fit \(weight.shape)", file, line
      )
    }
    #if OneDNN
      if count > 0 && inner.count > 0 && outer.count > 0 && Compute.multipliesInBFloat16 {
        return bfloat16FeedForward(
          nil, inner, innerBias, activation, outer, outerBias, residual, outputShape)
      }
    #endif
    let all = [self, inner, outer] + [innerBias, outerBias].compactMap { $0 }
    let isRecorded = all.contains { $0.recordedPlace != nil }
    if isRecorded && count > 0 && inner.count > 0 && outer.count > 0 {
      return recordedFeedForward(
        nil, inner, innerBias, activation, outer, outerBias, residual, outputShape)
    }
    return linear(inner, bias: innerBias, activation: activation, file: file, line: line)
      .linear(outer, bias: outerBias, residual: residual, file: file, line: line)
  }

  /// The feed-forward part of a transformer's block, added to what it is given:
  /// `x + activation(norm(x) · inner' + innerBias) · outer' + outerBias`.
  ///
  /// In a scope of ``ComputePrecision/bfloat16`` the normalized rows and what passes between the layers are in
  /// bfloat16 only, there and back; x and the result are in single precision.
  ///
  /// - Parameters:
  ///   - normalization: what the first layer reads x through.
  ///   - inner: `[H, D]`, the first layer's weight.
  ///   - innerBias: `[H]`; zeros if nil.
  ///   - activation: what is applied between the layers.
  ///   - outer: `[D, H]`, the second layer's weight.
  ///   - outerBias: `[D]`; zeros if nil.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the shape `[…, D]` of this one.
  public func addingFeedForward(
    _ normalization: RowNormalization, inner: Tensor, innerBias: Tensor? = nil,
    activation: Activation = .gelu(), outer: Tensor, outerBias: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    normalization.requireFit(shape, file, line)
    let features = shape[rank - 1]
    require(
      inner.rank == 2 && inner.shape[1] == features && outer.shape == [features, inner.shape[0]]
        && innerBias.map { $0.shape == [inner.shape[0]] } != false
        && outerBias.map { $0.shape == [features] } != false,
      "addingFeedForward: weights of shapes \(inner.shape) and \(outer.shape) or their biases do not fit "
        + "\(shape)", file, line)
    #if OneDNN
      if count > 0 && inner.count > 0 && Compute.multipliesInBFloat16 {
        return bfloat16FeedForward(
          normalization, inner, innerBias, activation, outer, outerBias, nil, shape)
      }
    #endif
    let all =
      [self, inner, outer, normalization.gain, normalization.offset]
      + [innerBias, outerBias].compactMap { $0 }
    let isRecorded = all.contains { $0.recordedPlace != nil }
    if isRecorded && count > 0 && inner.count > 0 {
      return recordedFeedForward(
        normalization, inner, innerBias, activation, outer, outerBias, nil, shape)
    }
    return normalized(by: normalization, file, line).feedForward(
      inner: inner, innerBias: innerBias, activation: activation, outer: outer,
      outerBias: outerBias, residual: self, file: file, line: line)
  }
}
