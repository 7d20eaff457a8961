extension Tensor {
  /// Transposed convolution of signals: what leads from a convolution's outputs back to the extent of its inputs.
  ///
  /// `y[n, o, i·stride + k·dilation − before] += Σ weight[c, o, k] · x[n, c, i]` over the channels c of the output's
  /// group, plus the bias. Under ``ComputePrecision/bfloat16`` both factors are rounded, of the derivative's
  /// products too.
  ///
  /// A non-finite element makes the outputs under its taps NaN or infinite, and in bfloat16 possibly others that the
  /// window reaches from it; a non-finite gradient does the same to the inputs, and to the weights of its group.
  ///
  /// - Parameters:
  ///   - weight: `[C, O / groups, K]`, as PyTorch and its checkpoints store it.
  ///   - bias: `[O]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1: how much longer the signal gets.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - groups: how many parts the channels fall into, each by itself; divides C.
  ///   - padding: how many elements are cut off at the ends, as the convolution would have added them;
  ///     ``ConvolutionPadding/same`` gives `L · stride` elements, as Keras does. Not ``ConvolutionPadding/causal``.
  ///   - outputPadding: how many elements the result is longer at its end, below the stride or the dilation; 0
  ///     with ``ConvolutionPadding/same``.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, O, (L − 1)·stride + dilation·(K − 1) + 1 − before − after + outputPadding]` for this `[N, C, L]`,
  ///   L at least 1.
  ///
  /// *Reference:* `torch.nn.functional.conv_transpose1d`, 2.x.
  public func transposedConvolved1D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
    padding: ConvolutionPadding = .valid, outputPadding: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let name = "transposedConvolved1D"
    requireTransposed(name, rank: 3, weight, bias, groups, file, line)
    let columns = PhaseAxis(
      name, axis: 0, input: shape[2], kernel: weight.shape[2], stride: stride, dilation: dilation,
      padding: padding, outputPadding: outputPadding, file, line)
    let plan = TransposedConvolutionPlan(
      batch: shape[0], groups: groups, inputs: shape[1] / groups, outputs: weight.shape[1],
      rows: .single, columns: columns)
    return transposedConvolved(
      plan, weight, bias, to: [shape[0], weight.shape[1] * groups, columns.output])
  }

  /// Transposed convolution of images: what leads from a convolution's outputs back to the extents of its inputs.
  ///
  /// As ``transposedConvolved1D(_:bias:stride:dilation:groups:padding:outputPadding:file:line:)``, along two axes.
  ///
  /// - Parameters:
  ///   - weight: `[C, O / groups, Kh, Kw]`, as PyTorch and its checkpoints store it.
  ///   - bias: `[O]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1: how much larger the image gets.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - groups: how many parts the channels fall into, each by itself; divides C.
  ///   - padding: how many rows and columns are cut off at the edges; ``ConvolutionPadding/same`` gives
  ///     `H · stride` rows. Not ``ConvolutionPadding/causal``.
  ///   - outputPadding: how many rows and columns the result has more at its end, below the stride or the dilation.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, O, H', W']` for this `[N, C, H, W]`, neither H nor W 0.
  ///
  /// *Reference:* `torch.nn.functional.conv_transpose2d`, 2.x.
  public func transposedConvolved2D(
    _ weight: Tensor, bias: Tensor? = nil, stride: HeightWidth = 1, dilation: HeightWidth = 1,
    groups: Int = 1, padding: ConvolutionPadding = .valid, outputPadding: HeightWidth = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let name = "transposedConvolved2D"
    requireTransposed(name, rank: 4, weight, bias, groups, file, line)
    let rows = PhaseAxis(
      name, axis: 0, input: shape[2], kernel: weight.shape[2], stride: stride.height,
      dilation: dilation.height, padding: padding, outputPadding: outputPadding.height, file, line)
    let columns = PhaseAxis(
      name, axis: 1, input: shape[3], kernel: weight.shape[3], stride: stride.width,
      dilation: dilation.width, padding: padding, outputPadding: outputPadding.width, file, line)
    let plan = TransposedConvolutionPlan(
      batch: shape[0], groups: groups, inputs: shape[1] / groups, outputs: weight.shape[1],
      rows: rows, columns: columns)
    return transposedConvolved(
      plan, weight, bias, to: [shape[0], weight.shape[1] * groups, rows.output, columns.output])
  }

  private func requireTransposed(
    _ name: String, rank expected: Int, _ weight: Tensor, _ bias: Tensor?, _ groups: Int,
    _ file: StaticString, _ line: UInt
  ) {
    require(
      rank == expected && weight.rank == expected && weight.shape[0] == shape[1]
        && weight.shape[1] > 0,
      "\(name): a weight of shape \(weight.shape) does not fit \(shape)", file, line)
    require(
      groups >= 1 && shape[1] > 0 && shape[1] % groups == 0,
      "\(name): \(groups) groups do not divide the channels of \(shape)", file, line)
    require(
      bias == nil || bias?.shape == [weight.shape[1] * groups],
      "\(name): a bias of shape \(bias?.shape ?? []) does not fit a weight of shape \(weight.shape) in "
        + "\(groups) groups", file, line)
  }

  private func transposedConvolved(
    _ plan: TransposedConvolutionPlan, _ weight: Tensor, _ bias: Tensor?, to shape: Shape
  ) -> Tensor {
    let method = TransposedConvolutionPlan.Method.current
    let result = Tensor(uninitialized: shape)
    if result.count > 0 {
      plan.forward(self, weight, bias, into: result, method)
    }
    let all = [self, weight] + [bias].compactMap { $0 }
    let wanted = all.map { $0.recordedPlace != nil }
    guard wanted.contains(true) else { return result }
    let kernels = wanted[0] ? weight.detached() : nil
    let input = wanted[1] ? detached() : nil
    let (inputShape, weightShape) = (self.shape, weight.shape)
    return result.derived(
      fromAll: all,
      { gradient in
        var parts: [Tensor?] = [nil, nil]
        if gradient.count > 0 {
          if input != nil || kernels != nil {
            (parts[0], parts[1]) = plan.backward(
              gradient, input, kernels, inputShape, weightShape, method)
          }
        } else {
          parts = [.zeros(inputShape), .zeros(weightShape)]
        }
        if wanted.count > 2 { parts.append(wanted[2] ? gradient.channelSums() : nil) }
        return parts
      })
  }
}
