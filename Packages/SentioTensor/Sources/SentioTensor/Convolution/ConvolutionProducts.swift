import CSentioTensorKernels

/// A convolution of one tap as one product for each image: `y = W · x` on matrices `[channel, place]`.
struct ConvolutionProducts: ConvolutionMethod {
  let geometry: ConvolutionGeometry
  let engine: ComputeEngine

  private var places: Int { geometry.width.output }
  private var inputSize: Int { geometry.inputChannels * places }
  private var outputSize: Int { geometry.outputChannels * places }

  func forward(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, activation: sentio_binary?,
    into y: UnsafeMutablePointer<Float>
  ) {
    let (source, weights) = (x.storage.pointer, weight.storage.pointer)
    for image in 0..<geometry.batch {
      let out = y + image * outputSize
      if let bias {
        // The product adds to it: the sums are then read and written only once.
        copyStrided(
          from: bias.storage.pointer, [1, 0], to: out, [places, 1],
          extents: [geometry.outputChannels, places])
      }
      SinglePrecisionProduct.run(
        weights, source + image * inputSize, into: out, m: geometry.outputChannels, n: places,
        k: geometry.inputChannels, beta: bias == nil ? 0 : 1, engine: engine)
    }
    if let activation { geometry.apply(activation, to: y) }
    withExtendedLifetime((x, weight, bias)) {}
  }

  func backward(_ gradient: Tensor, _ weight: Tensor, into x: UnsafeMutablePointer<Float>) {
    let (arriving, weights) = (gradient.storage.pointer, weight.storage.pointer)
    for image in 0..<geometry.batch {
      SinglePrecisionProduct.run(
        weights, arriving + image * outputSize, into: x + image * inputSize,
        m: geometry.inputChannels, n: places, k: geometry.outputChannels, transposeA: true,
        engine: engine)
    }
    withExtendedLifetime((gradient, weight)) {}
  }

  func correlate(
    _ x: Tensor, _ gradient: Tensor, biasGradient: UnsafeMutablePointer<Float>?,
    into weightGradient: UnsafeMutablePointer<Float>
  ) {
    let (source, arriving) = (x.storage.pointer, gradient.storage.pointer)
    for image in 0..<geometry.batch {
      SinglePrecisionProduct.run(
        arriving + image * outputSize, source + image * inputSize, into: weightGradient,
        m: geometry.outputChannels, n: geometry.inputChannels, k: places, transposeB: true,
        beta: image == 0 ? 0 : 1, engine: engine)
    }
    if let biasGradient { geometry.sumOverPlaces(gradient, into: biasGradient) }
    withExtendedLifetime((x, gradient)) {}
  }
}

extension ConvolutionGeometry {
  /// Applies a function of sum and 0 to all sums.
  func apply(_ activation: sentio_binary, to y: UnsafeMutablePointer<Float>) {
    ParallelLoop.run(outputShape.elementCount, cost: 4) { range in
      var zero: Float = 0
      activation(y + range.lowerBound, 0, 1, &zero, 0, 0, y + range.lowerBound, 1, range.count)
    }
  }

  /// The gradient of the bias: sums over images and places.
  func sumOverPlaces(_ gradient: Tensor, into sums: UnsafeMutablePointer<Float>) {
    let all = gradient.reshaped([batch, outputChannels, height.output * width.output] as Shape)
      .detached().sum(axes: 0, 2)
    sums.update(from: all.storage.pointer, count: outputChannels)
    withExtendedLifetime(all) {}
  }
}
