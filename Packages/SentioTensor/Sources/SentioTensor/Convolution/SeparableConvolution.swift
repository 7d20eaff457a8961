extension Tensor {
  /// Every channel of signals filtered by itself, then all of them mixed place by place.
  ///
  /// The product of a ``depthwiseConvolved1D(_:bias:stride:dilation:padding:file:line:)`` and a convolution by kernels of
  /// one tap: `C·M·K + O·C·M` weights in place of `O·C·K`.
  ///
  /// - Parameters:
  ///   - depthwise: `[C·M, 1, K]`, M being the channel multiplier.
  ///   - pointwise: `[O, C·M, 1]`.
  ///   - bias: `[O]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - padding: zeros beside the signal.
  ///   - activation: what is applied to the sums.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, O, L']` for this `[N, C, L]`.
  ///
  /// *Reference:* `keras.layers.SeparableConv1D`, channels first; two `torch.nn.Conv1d`, 2.x.
  public func separableConvolved1D(
    depthwise: Tensor, pointwise: Tensor, bias: Tensor? = nil, stride: Int = 1, dilation: Int = 1,
    padding: ConvolutionPadding = .valid, activation: Activation = .identity,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      pointwise.rank == 3 && pointwise.shape[2] == 1,
      "separableConvolved1D: a pointwise weight has one tap, and the shape is \(pointwise.shape)",
      file, line)
    return depthwiseConvolved1D(
      depthwise, stride: stride, dilation: dilation, padding: padding, file: file, line: line
    ).convolved1D(pointwise, bias: bias, activation: activation, file: file, line: line)
  }

  /// Every channel of images filtered by itself, then all of them mixed place by place.
  ///
  /// The product of a ``depthwiseConvolved2D(_:bias:stride:dilation:padding:file:line:)`` and a convolution by kernels of
  /// one tap.
  ///
  /// - Parameters:
  ///   - depthwise: `[C·M, 1, Kh, Kw]`, M being the channel multiplier.
  ///   - pointwise: `[O, C·M, 1, 1]`.
  ///   - bias: `[O]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - padding: zeros beside the image.
  ///   - activation: what is applied to the sums.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, O, H', W']` for this `[N, C, H, W]`.
  ///
  /// *Reference:* `keras.layers.SeparableConv2D`, channels first; two `torch.nn.Conv2d`, 2.x.
  public func separableConvolved2D(
    depthwise: Tensor, pointwise: Tensor, bias: Tensor? = nil, stride: HeightWidth = 1,
    dilation: HeightWidth = 1, padding: ConvolutionPadding = .valid,
    activation: Activation = .identity, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      pointwise.rank == 4 && pointwise.shape[2] == 1 && pointwise.shape[3] == 1,
      "separableConvolved2D: a pointwise weight has one tap, and the shape is \(pointwise.shape)",
      file, line)
    return depthwiseConvolved2D(
      depthwise, stride: stride, dilation: dilation, padding: padding, file: file, line: line
    ).convolved2D(pointwise, bias: bias, activation: activation, file: file, line: line)
  }
}
