import CSentioTensorKernels

extension Tensor {
  /// Convolution of signals, with bias and activation, as one operation.
  ///
  /// `y[n, o, i] = activation(bias[o] + Σ weight[o, c, k] · x[n, c, i·stride + k·dilation − before])` over
  /// the channels c of the output's group and the taps k; x is 0 beside its ends.
  ///
  /// - Parameters:
  ///   - weight: `[O, C / groups, K]`, as PyTorch and its checkpoints store it.
  ///   - bias: `[O]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - groups: how many parts the channels fall into, each convolved by itself; divides C and O.
  ///   - padding: the zeros beside the signal.
  ///   - activation: what is applied to the sums.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, O, (L + before + after − dilation·(K − 1) − 1) / stride + 1]` for this `[N, C, L]`; no
  ///   outputs for signals without elements. A window that does not fit the padded signal is the caller's mistake.
  ///
  /// *Reference:* `torch.nn.functional.conv1d`, 2.x; for ``ConvolutionPadding/same`` and
  /// ``ConvolutionPadding/causal``, `keras.ops.conv`.
  public func convolved1D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
    padding: ConvolutionPadding = .valid, activation: Activation = .identity,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let name = "convolved1D"
    requireConvolution(name, rank: 3, weight, bias, groups, file, line)
    if groups > 1 && groups == shape[1] {
      return depthwiseConvolved1D(
        weight, bias: bias, stride: stride, dilation: dilation, padding: padding, file: file,
        line: line
      ).through(activation)
    }
    let geometry = ConvolutionGeometry(
      batch: shape[0], inputChannels: shape[1], outputChannels: weight.shape[0], groups: groups,
      height: .single,
      width: WindowAxis(
        name, axis: 0, input: shape[2], kernel: weight.shape[2], stride: stride,
        dilation: dilation, padding: padding, file, line))
    return convolved(
      weight, bias, geometry, activation,
      to: [shape[0], geometry.outputChannels, geometry.width.output])
  }

  /// Convolution of images, with bias and activation, as one operation.
  ///
  /// `y[n, o, i, j] = activation(bias[o] + Σ weight[o, c, k, l] · x[n, c, i·s + k·d − top, j·s' + l·d' − left])`
  /// over the channels c of the output's group and the taps k, l; x is 0 beside its edges.
  ///
  /// - Parameters:
  ///   - weight: `[O, C / groups, Kh, Kw]`, as PyTorch and its checkpoints store it.
  ///   - bias: `[O]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - groups: how many parts the channels fall into, each convolved by itself; divides C and O.
  ///   - padding: the zeros beside the image.
  ///   - activation: what is applied to the sums.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, O, H', W']` for this `[N, C, H, W]`, each extent by the rule of
  ///   ``convolved1D(_:bias:stride:dilation:groups:padding:activation:file:line:)``.
  ///
  /// *Reference:* `torch.nn.functional.conv2d`, 2.x; for ``ConvolutionPadding/same``, `keras.ops.conv`.
  public func convolved2D(
    _ weight: Tensor, bias: Tensor? = nil, stride: HeightWidth = 1, dilation: HeightWidth = 1,
    groups: Int = 1, padding: ConvolutionPadding = .valid, activation: Activation = .identity,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let name = "convolved2D"
    requireConvolution(name, rank: 4, weight, bias, groups, file, line)
    if groups > 1 && groups == shape[1] {
      return depthwiseConvolved2D(
        weight, bias: bias, stride: stride, dilation: dilation, padding: padding, file: file,
        line: line
      ).through(activation)
    }
    let geometry = ConvolutionGeometry(
      batch: shape[0], inputChannels: shape[1], outputChannels: weight.shape[0], groups: groups,
      height: WindowAxis(
        name, axis: 0, input: shape[2], kernel: weight.shape[2], stride: stride.height,
        dilation: dilation.height, padding: padding, file, line),
      width: WindowAxis(
        name, axis: 1, input: shape[3], kernel: weight.shape[3], stride: stride.width,
        dilation: dilation.width, padding: padding, file, line))
    return convolved(weight, bias, geometry, activation, to: geometry.outputShape)
  }

  /// The activation as an operation of its own, as a depthwise convolution has none.
  private func through(_ activation: Activation) -> Tensor {
    switch activation {
    case .identity: self
    case .relu: relu()
    case .gelu(let approximation): gelu(approximation)
    case .silu: silu()
    case .sigmoid: sigmoid()
    case .tanh: tanh()
    }
  }

  private func requireConvolution(
    _ name: String, rank: Int, _ weight: Tensor, _ bias: Tensor?, _ groups: Int,
    _ file: StaticString, _ line: UInt
  ) {
    require(
      self.rank == rank && weight.rank == rank,
      "\(name): input and weight need \(rank) axes, and their shapes are \(shape) and "
        + "\(weight.shape)", file, line)
    require(
      groups >= 1 && shape[1] % groups == 0 && weight.shape[0] % groups == 0
        && weight.shape[1] == shape[1] / groups,
      "\(name): a weight of shape \(weight.shape) does not fit \(shape) with \(groups) groups",
      file, line)
    require(
      bias == nil || bias?.shape == [weight.shape[0]],
      "\(name): a bias of shape \(bias?.shape ?? []) does not fit \(weight.shape[0]) outputs", file,
      line)
  }

  /// The convolution of a geometry that is known to fit.
  private func convolved(
    _ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry, _ activation: Activation,
    to outputShape: Shape
  ) -> Tensor {
    let all = [self, weight] + [bias].compactMap { $0 }
    let wanted = all.map { $0.recordedPlace != nil }
    let isRecorded = wanted.contains(true)
    let keepsSum = isRecorded && activation.gradient?.needsSum == true
    let sum = Tensor(uninitialized: outputShape)
    let pointwise = geometry.pointwise
    let method = (pointwise ?? geometry).method(weightsAreConstant: weight.isConstant)
    let seen = pointwise == nil ? self.detached() : geometry.windows(of: self)
    method.forward(
      seen, weight, bias: bias,
      activation: keepsSum || activation == .identity ? nil : activation.fused,
      into: sum.storage.pointer)
    let output = keepsSum ? sum.combined(with: Tensor(0), "convolution", activation.fused) : sum
    guard isRecorded else { return output }

    let kept = activation.gradient.map { $0.needsSum ? sum : output }
    let x = wanted[1] ? seen : nil
    let w = wanted[0] ? weight.detached() : nil
    let (inputShape, seenShape, weightShape) = (shape, seen.shape, weight.shape)
    return output.derived(
      fromAll: all,
      { gradient in
        var gradient = gradient
        if let (kernel, _) = activation.gradient, let kept {
          gradient = kept.combined(with: gradient, "convolution", kernel)
        }
        var parts = [Tensor?](repeating: nil, count: wanted.count)
        if let w {
          let part = Tensor(uninitialized: seenShape)
          method.backward(gradient, w, into: part.storage.pointer)
          parts[0] = pointwise == nil ? part : geometry.placed(part, in: inputShape)
        }
        let wantsBias = wanted.count > 2 && wanted[2]
        if let x {
          let part = Tensor(uninitialized: weightShape)
          let sums = wantsBias ? Tensor(uninitialized: [geometry.outputChannels]) : nil
          method.correlate(
            x, gradient, biasGradient: sums?.storage.pointer, into: part.storage.pointer)
          parts[1] = part
          if wantsBias { parts[2] = sums }
        } else if wantsBias {
          let places = geometry.height.output * geometry.width.output
          parts[2] = gradient.reshaped([geometry.batch, geometry.outputChannels, places] as Shape)
            .sum(axes: 0, 2)
        }
        return parts
      })
  }
}
