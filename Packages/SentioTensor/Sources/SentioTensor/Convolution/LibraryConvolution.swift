#if OneDNN
  import CSentioOneDNN
  import CSentioTensorKernels

  /// A convolution by oneDNN, whose arrays it reorders to blocks of channels and back.
  ///
  /// The factors are rounded to bfloat16 where they are reordered, and all results are in single precision.
  struct LibraryConvolution: ConvolutionMethod {
    /// One of the three sums, as oneDNN prepares it.
    private struct Description: Hashable, Sendable {
      var geometry: ConvolutionGeometry
      var direction: UInt32
      var factors: PreparedProduct.Element
      var hasBias: Bool

      /// The primitive; nil where oneDNN has none that is worth it.
      var primitive: Primitive? {
        PrimitiveCache.primitive(self) { handle in
          let g = geometry
          let axes = g.height == .single ? [g.width] : [g.height, g.width]
          func pair(_ value: (WindowAxis) -> Int) -> (Int64, Int64) {
            (Int64(value(axes[0])), Int64(value(axes[axes.count - 1])))
          }
          var convolution = sentio_dnn_convolution(
            direction: Int32(direction), axes: Int32(axes.count), batch: Int64(g.batch),
            inputs: Int64(g.inputChannels), outputs: Int64(g.outputChannels),
            groups: Int64(g.groups), input: pair(\.input), kernel: pair(\.kernel),
            output: pair(\.output), stride: pair(\.stride), dilation: pair(\.dilation),
            before: pair(\.before), after: pair(\.after), type: Int32(factors.rawValue),
            has_bias: hasBias ? 1 : 0)
          let status = sentio_dnn_convolution_create(&convolution, &handle)
          guard status == 0, let made = handle else { return status }
          // Its plain loops are there for every shape, and slower than the own ones.
          if String(cString: sentio_dnn_implementation(made)).hasPrefix("ref") {
            sentio_dnn_destroy(made)
            handle = nil
            return 3
          }
          return 0
        }
      }
    }

    private let geometry: ConvolutionGeometry
    /// The own loops, for a sum that oneDNN has no code for.
    private let tiles: ConvolutionTiles

    /// The library's way for what the own loops would do; nil where it has none.
    init?(_ geometry: ConvolutionGeometry, tiles: ConvolutionTiles) {
      (self.geometry, self.tiles) = (geometry, tiles)
      guard primitive(SENTIO_DNN_CONVOLUTION_FORWARD, hasBias: true) != nil else { return nil }
    }

    private func primitive(
      _ direction: sentio_dnn_convolution_direction, hasBias: Bool = false
    ) -> Primitive? {
      Description(
        geometry: geometry, direction: direction.rawValue,
        factors: tiles.pairs ? .bfloat16 : .float32, hasBias: hasBias
      ).primitive
    }

    private var isSignal: Bool { geometry.height == .single }
    private var inputExtents: [Int] { extents(geometry.inputShape) }
    private var outputExtents: [Int] { extents(geometry.outputShape) }

    /// `[G, O / G, C / G, Kh, Kw]`; `[O, C, Kh, Kw]` of one group.
    private var weightExtents: [Int] {
      let window = extents(geometry.weightShape)
      guard geometry.groups > 1 else { return window }
      return [geometry.groups, geometry.outputsPerGroup] + window.dropFirst()
    }

    /// A signal's without the axis of rows.
    private func extents(_ shape: Shape) -> [Int] {
      isSignal ? [shape[0], shape[1], shape[3]] : (0..<4).map { shape[$0] }
    }

    /// The elements as a primitive wants them; `keeps` leaves them with the tensor, for who reads them next.
    private func argument(
      _ tensor: Tensor, _ argument: Primitive.Argument, of primitive: Primitive, extents: [Int],
      keeps: Bool
    ) -> TensorStorage {
      if primitive.takesPlain(argument, extents: extents) { return tensor.storage }
      let strides = Shape(extents).strides
      let packed =
        keeps
        ? tensor.packed(for: primitive, as: argument, extents: extents, strides: strides)
        : tensor.storage.pack(for: primitive, as: argument, extents: extents, strides: strides)
      guard let packed else {
        fatalError("oneDNN cannot pack \(tensor.shape) for \(primitive.implementation)")
      }
      return packed
    }

    func forward(
      _ x: Tensor, _ weight: Tensor, bias: Tensor?, activation: sentio_binary?,
      into y: UnsafeMutablePointer<Float>
    ) {
      guard let primitive = primitive(SENTIO_DNN_CONVOLUTION_FORWARD, hasBias: true) else {
        return tiles.forward(x, weight, bias: bias, activation: activation, into: y)
      }
      // Rounded elements take half of the memory, and the gradient of the weights wants them too.
      let source = argument(x, .source, of: primitive, extents: inputExtents, keeps: tiles.pairs)
      let weights = argument(
        weight, .weights, of: primitive, extents: weightExtents, keeps: tiles.keepsPackedWeights)
      let bias = bias ?? .zeros([geometry.outputChannels])
      primitive.unpacking(.destination, extents: outputExtents, to: y) { result in
        primitive.run([
          .source: source.raw, .weights: weights.raw, .bias: bias.storage.raw,
          .destination: result,
        ])
      }
      if let activation { geometry.apply(activation, to: y) }
      withExtendedLifetime((x, weight, bias, source, weights)) {}
    }

    func backward(_ gradient: Tensor, _ weight: Tensor, into x: UnsafeMutablePointer<Float>) {
      guard let primitive = primitive(SENTIO_DNN_CONVOLUTION_TO_SOURCE) else {
        return tiles.backward(gradient, weight, into: x)
      }
      let arriving = argument(
        gradient, .gradientOfDestination, of: primitive, extents: outputExtents, keeps: true)
      let weights = argument(
        weight, .weights, of: primitive, extents: weightExtents, keeps: tiles.keepsPackedWeights)
      primitive.unpacking(.gradientOfSource, extents: inputExtents, to: x) { result in
        primitive.run([
          .gradientOfDestination: arriving.raw, .weights: weights.raw, .gradientOfSource: result,
        ])
      }
      withExtendedLifetime((gradient, weight, arriving, weights)) {}
    }

    /// The sums over images are parted by the number of threads, and so are their last bits.
    func correlate(
      _ x: Tensor, _ gradient: Tensor, biasGradient: UnsafeMutablePointer<Float>?,
      into weightGradient: UnsafeMutablePointer<Float>
    ) {
      // Of rounded gradients the bias would get sums that are not in single precision.
      let hasBias = biasGradient != nil && !tiles.pairs
      guard let primitive = primitive(SENTIO_DNN_CONVOLUTION_TO_WEIGHTS, hasBias: hasBias) else {
        return tiles.correlate(x, gradient, biasGradient: biasGradient, into: weightGradient)
      }
      let source = argument(x, .source, of: primitive, extents: inputExtents, keeps: tiles.pairs)
      let arriving = argument(
        gradient, .gradientOfDestination, of: primitive, extents: outputExtents, keeps: true)
      primitive.unpacking(.gradientOfWeights, extents: weightExtents, to: weightGradient) {
        result in
        if hasBias, let biasGradient {
          primitive.run([
            .source: source.raw, .gradientOfDestination: arriving.raw, .gradientOfWeights: result,
            .gradientOfBias: UnsafeMutableRawPointer(biasGradient),
          ])
        } else {
          primitive.run([
            .source: source.raw, .gradientOfDestination: arriving.raw, .gradientOfWeights: result,
          ])
        }
      }
      if let biasGradient, !hasBias { geometry.sumOverPlaces(gradient, into: biasGradient) }
      withExtendedLifetime((x, gradient, source, arriving)) {}
    }
  }
#endif
