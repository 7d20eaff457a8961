import CSentioTensorKernels

/// A way to compute a convolution's three sums.
protocol ConvolutionMethod: Sendable {
  /// The convolution with its bias, through a function of sum and 0.
  func forward(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, activation: sentio_binary?,
    into y: UnsafeMutablePointer<Float>)
  /// The gradient of the input.
  func backward(_ gradient: Tensor, _ weight: Tensor, into x: UnsafeMutablePointer<Float>)
  /// The gradients of the weights, and of the bias where it is asked for.
  func correlate(
    _ x: Tensor, _ gradient: Tensor, biasGradient: UnsafeMutablePointer<Float>?,
    into weightGradient: UnsafeMutablePointer<Float>)
}

extension ConvolutionTiles {
  func backward(_ gradient: Tensor, _ weight: Tensor, into x: UnsafeMutablePointer<Float>) {
    backward(gradient, weight, bias: nil, activation: nil, into: x)
  }
}

extension ConvolutionGeometry {
  /// The way that this scope's convolution takes, the same for its gradients.
  ///
  /// - Parameter isConstant: whether the weights stay as they are, and may be kept packed.
  /// - Returns: what computes this geometry's sums.
  func method(weightsAreConstant isConstant: Bool) -> any ConvolutionMethod {
    let isEmpty = batch * inputChannels * outputChannels * height.output * width.output == 0
    let narrow = !isEmpty && Compute.multipliesInBFloat16
    var tiles = ConvolutionTiles(self, narrow ? .bfloat16 : .float32)
    tiles.keepsPackedWeights = isConstant
    #if OneDNN
      if !isEmpty && Compute.engine == .oneDNN {
        if isPointwiseProduct(narrow: narrow) {
          return ConvolutionProducts(geometry: self, engine: .oneDNN)
        }
        if suitsLibrary, let library = LibraryConvolution(self, tiles: tiles) { return library }
      }
    #endif
    return tiles
  }

  /// Whether one image's convolution is one product of matrices, long enough for the library's threads.
  ///
  /// Not in bfloat16, where the own loops round while they gather, and a product needs a pass of its own for it.
  private func isPointwiseProduct(narrow: Bool) -> Bool {
    !narrow && groups == 1 && height == .single && width.kernel == 1 && width.stride == 1
      && width.before == 0 && width.after == 0
      && outputChannels * inputChannels * width.output >= 1 << 24
  }

  /// Whether the library's convolution is faster than the own loops.
  ///
  /// It reorders its arrays, one pass each way, and fills up channels to blocks of 16; the own loops gather planes
  /// that the sums then read from the cache, which is less where sums are short. Measured on a Zen 5 of two
  /// cores: sums of 40 · 3 terms are faster by the own loops in either precision, those of 128 · 3 and of 64 · 9
  /// by the library.
  var suitsLibrary: Bool {
    inputsPerGroup * taps >= 256 && inputsPerGroup >= 32 && outputsPerGroup >= 32
  }
}
