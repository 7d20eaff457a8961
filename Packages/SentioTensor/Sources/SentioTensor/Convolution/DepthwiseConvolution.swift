import CSentioTensorKernels

extension Tensor {
  /// Every channel of signals filtered by kernels of its own.
  ///
  /// `out[n, c·M + m, i] = bias + Σₖ weight[c·M + m, 0, k] · x[n, c, i·stride + k·dilation − before]`, M being the
  /// channel multiplier. It multiplies in single precision under every ``Compute/precision``: the time goes into
  /// reading and writing, which rounding to bfloat16 would add to.
  ///
  /// - Parameters:
  ///   - weight: `[C·M, 1, K]`.
  ///   - bias: `[C·M]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - padding: zeros beside the signal.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C·M, L']` for this `[N, C, L]`.
  ///
  /// *Reference:* `torch.nn.functional.conv1d` with `groups` equal to the channels, 2.x.
  public func depthwiseConvolved1D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, dilation: Int = 1,
    padding: ConvolutionPadding = .valid, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireDepthwise("depthwiseConvolved1D", weight, bias, rank: 3, file, line)
    let window = PlaneWindow(
      "depthwiseConvolved1D", shape, [(weight.shape[2], stride, dilation)], padding, file, line)
    return depthwiseConvolved(window, weight, bias)
  }

  /// Every channel of images filtered by kernels of its own.
  ///
  /// As ``depthwiseConvolved1D(_:bias:stride:dilation:padding:file:line:)``, along two axes.
  ///
  /// - Parameters:
  ///   - weight: `[C·M, 1, Kh, Kw]`, M being the channel multiplier.
  ///   - bias: `[C·M]`; zeros if nil.
  ///   - stride: elements from window to window, at least 1.
  ///   - dilation: elements from tap to tap, at least 1.
  ///   - padding: zeros beside the image.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C·M, H', W']` for this `[N, C, H, W]`.
  ///
  /// *Reference:* `torch.nn.functional.conv2d` with `groups` equal to the channels, 2.x.
  public func depthwiseConvolved2D(
    _ weight: Tensor, bias: Tensor? = nil, stride: HeightWidth = 1,
    dilation: HeightWidth = 1, padding: ConvolutionPadding = .valid,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireDepthwise("depthwiseConvolved2D", weight, bias, rank: 4, file, line)
    let window = PlaneWindow(
      "depthwiseConvolved2D", shape,
      [
        (weight.shape[2], stride.height, dilation.height),
        (weight.shape[3], stride.width, dilation.width),
      ], padding, file, line)
    return depthwiseConvolved(window, weight, bias)
  }

  private func requireDepthwise(
    _ name: String, _ weight: Tensor, _ bias: Tensor?, rank expected: Int, _ file: StaticString,
    _ line: UInt
  ) {
    require(
      rank == expected && weight.rank == expected && weight.shape[1] == 1 && weight.shape[0] > 0
        && shape[1] > 0 && weight.shape[0] % shape[1] == 0,
      "\(name): a weight of shape \(weight.shape) does not fit \(shape); it has one kernel, or "
        + "several, for each channel", file, line)
    require(
      bias == nil || bias?.shape == [weight.shape[0]],
      "\(name): a bias of shape \(bias?.shape ?? []) does not fit a weight of shape \(weight.shape)",
      file, line)
  }

  /// Filters every plane by its channel's kernels; the window has been checked.
  func depthwiseConvolved(_ window: PlaneWindow, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let channels = weight.shape[0]
    let multiplier = channels / shape[1]
    let batch = shape[0]
    let shape = window.outputShape.replacing(1, with: channels)
    let result = Tensor(uninitialized: shape)
    let (x, kernels) = (storage.pointer, weight.storage.pointer)
    let (biases, out) = (bias?.storage.pointer, result.storage.pointer)
    // A tap of a masked row costs a fraction of what copying its elements does.
    let cost = window.inputPlane + window.outputPlane * (1 + window.taps / 8)
    ParallelLoop.run(result.count > 0 ? batch * channels : 0, cost: cost) { range in
      withUnsafePointer(to: window.kernel) {
        sentio_depthwise(
          x, kernels, biases, $0, out, channels, multiplier, range.lowerBound, range.upperBound)
      }
    }
    let all = [self, weight] + [bias].compactMap { $0 }
    guard all.contains(where: { $0.recordedPlace != nil }) else { return result }
    let wanted = all.map { $0.recordedPlace != nil }
    // What only a part that nobody asked for needs is not kept.
    let input = wanted[1] ? detached() : nil
    let kept = wanted[0] ? weight.detached() : nil
    let hasBias = bias != nil
    return result.derived(
      fromAll: all,
      { gradient in
        var parts: [Tensor?] = [
          kept.map { window.inputGradient(gradient, $0, batch, cost) }
        ]
        let wantsBias = hasBias && wanted[2]
        if let input {
          let (weights, biases) = window.weightGradient(
            input, gradient, channels, wantsBias: wantsBias, batch, cost)
          parts += [weights, biases]
        } else {
          parts += [nil, wantsBias ? gradient.channelSums() : nil]
        }
        return parts
      })
  }

  /// The sums of every channel over batch and places.
  func channelSums() -> Tensor {
    reshaped([shape[0], shape[1], -1]).sum(axes: 0, 2)
  }
}

extension PlaneWindow {
  fileprivate func inputGradient(
    _ gradient: Tensor, _ weight: Tensor, _ batch: Int, _ cost: Int
  ) -> Tensor {
    guard gradient.count > 0 else { return .zeros(inputShape) }
    let result = Tensor(uninitialized: inputShape)
    let (g, kernels, out) = (
      gradient.storage.pointer, weight.storage.pointer, result.storage.pointer
    )
    let channels = weight.shape[0]
    let multiplier = channels / inputShape[1]
    ParallelLoop.run(planes, cost: cost * multiplier) { range in
      withUnsafePointer(to: kernel) {
        sentio_depthwise_input_gradient(
          g, kernels, $0, out, channels, multiplier, range.lowerBound, range.upperBound)
      }
    }
    return result
  }

  fileprivate func weightGradient(
    _ input: Tensor, _ gradient: Tensor, _ channels: Int, wantsBias: Bool, _ batch: Int, _ cost: Int
  ) -> (Tensor, Tensor?) {
    let extents = [kernel.kernel_height, kernel.kernel_width].suffix(inputShape.rank - 2)
    let weights = Tensor(uninitialized: Shape([channels, 1] + extents))
    let biases = wantsBias ? Tensor(uninitialized: [channels]) : nil
    let (x, g) = (input.storage.pointer, gradient.storage.pointer)
    let (out, biasOut) = (weights.storage.pointer, biases?.storage.pointer)
    let multiplier = channels / inputShape[1]
    let isEmpty = gradient.count == 0
    // Sums in double precision, which are twice as wide as a tensor's elements.
    ParallelLoop.run(channels, cost: cost * batch, scratch: 2 * (taps + 1)) { range, sums in
      withUnsafePointer(to: kernel) {
        sentio_depthwise_weight_gradient(
          x, g, $0, out, biasOut,
          UnsafeMutableRawPointer(sums).assumingMemoryBound(to: Double.self),
          isEmpty ? 0 : batch, channels, multiplier, range.lowerBound, range.upperBound)
      }
    }
    return (weights, biases)
  }
}
