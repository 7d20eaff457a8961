import CSentioTensorKernels

/// Convolution by the package's own loops: products of weights and padded planes that stay in cache.
///
/// The matrix that a product needs, one row for each channel and tap, is not written out: with the input
/// padded, and taken apart by phase where windows step by more than one, each of its rows is a stretch of the
/// plane. Where output rows meet, a tile computes a few numbers that nobody wants.
///
/// With the way back it is the same: the gradient of the input is a convolution of the gradient of the output
/// with the taps reversed, one for each phase of the stride. The gradient of the weights is a product over
/// positions, whose one factor is the same plane and whose other is the gradient turned to `[position, channel]`.
struct ConvolutionTiles: ConvolutionMethod {
  let geometry: ConvolutionGeometry
  /// Whether factors are rounded to bfloat16 and multiplied in pairs.
  let pairs: Bool
  /// The instruction set for single precision.
  var instructions = sentio_convolution_width()
  /// Whether weights stay packed with their tensor: those that are being trained change before it has paid.
  var keepsPackedWeights = false

  init(_ geometry: ConvolutionGeometry, _ precision: ComputePrecision) {
    self.geometry = geometry
    pairs = precision == .bfloat16 && Compute.hasOwnBFloat16(sentio_convolution_pairs() != 0)
  }

  /// One image or signal after the other, channels outermost; a batch of signals is an image's rows.
  private struct Images {
    let pointer: UnsafeMutablePointer<Float>
    let batchStep: Int
    let channelStep: Int
    let rowStep: Int
  }

  private var isFolded: Bool {
    geometry.height.input == 1 && geometry.height.kernel == 1 && geometry.height.output == 1
  }
  private var batch: Int { isFolded ? 1 : geometry.batch }

  private func images(
    _ pointer: UnsafeMutablePointer<Float>, channels: Int, height: Int, width: Int
  ) -> Images {
    let image = channels * height * width
    return Images(
      pointer: pointer, batchStep: image, channelStep: height * width,
      rowStep: isFolded ? image : width)
  }

  private func inputs(_ pointer: UnsafeMutablePointer<Float>) -> Images {
    images(
      pointer, channels: geometry.inputChannels, height: geometry.height.input,
      width: geometry.width.input)
  }

  private func outputs(_ pointer: UnsafeMutablePointer<Float>) -> Images {
    images(
      pointer, channels: geometry.outputChannels, height: geometry.height.output,
      width: geometry.width.output)
  }

  private var rowsForward: TapAxis {
    isFolded ? TapAxis(batch: geometry.batch) : TapAxis(forward: geometry.height)
  }

  /// The words that hold so many channels.
  private func words(_ channels: Int) -> Int { pairs ? (channels + 1) / 2 : channels }

  // MARK: Forward and back to the input

  /// The convolution with its bias, through an activation.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]`.
  ///   - weight: `[O, C / groups, Kh, Kw]`.
  ///   - bias: `[O]`, or nil.
  ///   - activation: a function of sum and 0, or nil.
  ///   - y: the result's elements.
  func forward(
    _ x: Tensor, _ weight: Tensor, bias: Tensor?, activation: sentio_binary?,
    into y: UnsafeMutablePointer<Float>
  ) {
    let taps = geometry.taps
    product(
      rows: rowsForward, columns: TapAxis(forward: geometry.width), from: inputs(x.storage.pointer),
      channels: geometry.inputsPerGroup, to: outputs(y), results: geometry.outputsPerGroup,
      columnStep: 1,
      weights: (weight, geometry.inputsPerGroup * taps, taps), bias: bias,
      activation: activation)
    withExtendedLifetime((x, weight, bias)) {}
  }

  /// The gradient of the input; with a bias, also the transposed convolution.
  ///
  /// - Parameters:
  ///   - gradient: `[N, O, H', W']`.
  ///   - weight: `[O, C / groups, Kh, Kw]`.
  ///   - bias: `[C]`, or nil.
  ///   - activation: a function of sum and 0, or nil.
  ///   - x: the result's elements, `[N, C, H, W]`.
  func backward(
    _ gradient: Tensor, _ weight: Tensor, bias: Tensor?, activation: sentio_binary?,
    into x: UnsafeMutablePointer<Float>
  ) {
    let taps = geometry.taps
    let source = outputs(gradient.storage.pointer)
    for rowPhase in 0..<(isFolded ? 1 : geometry.height.stride) {
      let (rows, top) =
        isFolded
        ? (TapAxis(batch: geometry.batch), 0)
        : TapAxis.backward(geometry.height, phase: rowPhase)
      for columnPhase in 0..<geometry.width.stride {
        let (columns, left) = TapAxis.backward(geometry.width, phase: columnPhase)
        let target = inputs(x)
        product(
          rows: rows, columns: columns, from: source, channels: geometry.outputsPerGroup,
          to: Images(
            pointer: x + top * target.rowStep + left, batchStep: target.batchStep,
            channelStep: target.channelStep,
            rowStep: target.rowStep * (isFolded ? 1 : geometry.height.stride)),
          results: geometry.inputsPerGroup, columnStep: geometry.width.stride,
          weights: (weight, taps, geometry.inputsPerGroup * taps), bias: bias,
          activation: activation)
      }
    }
    withExtendedLifetime((gradient, weight, bias)) {}
  }

  /// One convolution with stride 1 between planes, for all images and groups.
  private func product(
    rows: TapAxis, columns: TapAxis, from source: Images, channels: Int, to target: Images,
    results: Int, columnStep: Int,
    weights: (tensor: Tensor, rowStep: Int, channelStep: Int), bias: Tensor?,
    activation: sentio_binary?
  ) {
    let pieces = ConvolutionPieces(
      rows: rows, columns: columns, channels: words(channels),
      repetitions: batch * geometry.groups)
    let offsets = pieces.offsets(channels: words(channels))
    let (terms, block) = (offsets.count, pieces.termsAtOnce)
    let packed = packedWeights(
      weights, results: results, channels: channels,
      taps: pieces.tapIndices(windowWidth: geometry.width.kernel))
    let groups = geometry.groups
    let planeWords = pieces.planeWords(channels: words(channels))
    let perImage = pieces.count * groups
    let positions = pieces.height * (pieces.width + columns.reach)
    let kept = terms > block ? results * Int(SENTIO_CONVOLUTION_STRETCH) : 0
    // Whole cache lines, so that both begin at one.
    let planeShare = (planeWords + 15) & ~15
    ParallelLoop.run(
      batch * perImage, cost: 1 + positions * results * terms / 8, scratch: planeShare + kept
    ) { range, plane in
      let sums = kept > 0 ? plane + planeShare : nil
      for item in range {
        let (image, group) = (item / perImage, item % perImage / pieces.count)
        let part = pieces.outputs(of: item % pieces.count)
        if terms > 0 {
          gather(
            source.pointer + image * source.batchStep + group * channels * source.channelStep,
            source, channels, pieces, part, into: plane)
        }
        let first = group * results
        let out =
          target.pointer + image * target.batchStep + first * target.channelStep
          + part.rows.lowerBound * target.rowStep + part.columns.lowerBound * columnStep
        offsets.withUnsafeBufferPointer { offsets in
          var product = sentio_convolution_product(
            weights: packed.pointer + group * results * terms, rows: results, terms: terms,
            plane: plane, offsets: offsets.baseAddress,
            bias: bias.map { UnsafePointer($0.storage.pointer + first) },
            height: part.rows.count, width: part.columns.count, pitch: pieces.pitch, out: out,
            out_channel_step: target.channelStep, out_row_step: target.rowStep,
            out_column_step: columnStep, block: block, sums: sums)
          if pairs {
            sentio_convolution_multiply_pairs(&product)
          } else {
            sentio_convolution_multiply(&product, instructions)
          }
        }
        guard let activation else { continue }
        // While the sums are still in cache.
        var zero: Float = 0
        for result in 0..<results {
          for row in 0..<part.rows.count {
            let sums = out + result * target.channelStep + row * target.rowStep
            if columnStep == 1 {
              activation(sums, 0, 1, &zero, 0, 0, sums, 1, part.columns.count)
            } else {
              for column in 0..<part.columns.count {
                activation(
                  sums + column * columnStep, 0, 1, &zero, 0, 0, sums + column * columnStep, 1, 1)
              }
            }
          }
        }
      }
    }
    withExtendedLifetime(packed) {}
  }

  /// The weights as the products read them.
  private func packedWeights(
    _ weights: (tensor: Tensor, rowStep: Int, channelStep: Int),
    results: Int, channels: Int, taps: [Int32]
  ) -> TensorStorage {
    guard keepsPackedWeights else { return pack(weights, results, channels, taps) }
    // The first number tells these forms from those of other operations.
    let numbers = [
      0x636f_6e76, pairs ? 1 : 0, sentio_convolution_rows(instructions), results, channels,
      geometry.groups, weights.rowStep, weights.channelStep,
    ]
    let form = numbers.map { Int64($0) } + taps.map { Int64($0) }
    return weights.tensor.storage.form(.packed(form: form, extents: [], strides: [])) {
      pack(weights, results, channels, taps)
    }!
  }

  private func pack(
    _ weights: (tensor: Tensor, rowStep: Int, channelStep: Int), _ results: Int, _ channels: Int,
    _ taps: [Int32]
  ) -> TensorStorage {
    let terms = words(channels) * taps.count
    let packed = TensorStorage(count: geometry.groups * results * terms)
    // A group's weights are those of its own outputs, whichever way the convolution goes.
    let groupStep = geometry.outputsPerGroup * geometry.inputsPerGroup * geometry.taps
    let block = pairs ? 8 : sentio_convolution_rows(instructions)
    let blocks = Swift.max(1, results / block)
    let (source, target) = (weights.tensor.storage.pointer, packed.pointer)
    ParallelLoop.run(geometry.groups * blocks, cost: 4 * block * channels * taps.count) { range in
      for item in range {
        let (group, index) = (item / blocks, item % blocks)
        let count = index == blocks - 1 ? results - index * block : block
        let from = source + group * groupStep + index * block * weights.rowStep
        let to = target + (group * results + index * block) * terms
        if pairs {
          to.withMemoryRebound(to: UInt32.self, capacity: count * terms) {
            sentio_convolution_pack_pairs(
              from, count, weights.rowStep, channels, weights.channelStep, taps, taps.count, block,
              $0)
          }
        } else {
          sentio_convolution_pack(
            from, count, weights.rowStep, channels, weights.channelStep, taps, taps.count, block, to
          )
        }
      }
    }
    return packed
  }

  private func gather(
    _ source: UnsafePointer<Float>, _ images: Images, _ channels: Int, _ pieces: ConvolutionPieces,
    _ part: (rows: Range<Int>, columns: Range<Int>), into plane: UnsafeMutablePointer<Float>
  ) {
    pieces.rows.withPlaneAxis(part.rows, pitch: pieces.planeRows) { rows in
      pieces.columns.withPlaneAxis(part.columns, pitch: pieces.pitch) { columns in
        if pairs {
          let words = UnsafeMutableRawPointer(plane)
          sentio_convolution_gather_pairs(
            source, images.channelStep, images.rowStep, channels, rows, columns,
            pieces.channelWords,
            words.assumingMemoryBound(to: UInt32.self))
        } else {
          sentio_convolution_gather(
            source, images.channelStep, images.rowStep, channels, rows, columns,
            pieces.channelWords,
            plane)
        }
      }
    }
  }

  // MARK: Back to the weights

  /// The gradients of the weights, and of the bias where it is asked for.
  ///
  /// - Parameters:
  ///   - x: `[N, C, H, W]`.
  ///   - gradient: `[N, O, H', W']`.
  ///   - biasGradient: takes `[O]` sums of the gradient, in single precision; nil to leave them.
  ///   - weightGradient: takes `[O, C / groups, Kh, Kw]`.
  func correlate(
    _ x: Tensor, _ gradient: Tensor, biasGradient: UnsafeMutablePointer<Float>?,
    into weightGradient: UnsafeMutablePointer<Float>
  ) {
    let (channels, results, groups) = (
      geometry.inputsPerGroup, geometry.outputsPerGroup, geometry.groups
    )
    let (source, target) = (inputs(x.storage.pointer), outputs(gradient.storage.pointer))
    let pieces = ConvolutionPieces(
      rows: rowsForward, columns: TapAxis(forward: geometry.width), channels: channels,
      repetitions: batch * groups)
    let offsets = pieces.offsets(channels: channels)
    let rows = offsets.count
    let columns = (results + 15) & ~15
    let partial = groups * rows * columns
    // Each slice adds up its own pieces, in order; the slices are added in order, too, and so the sums are
    // the same for any number of threads.
    let items = batch * pieces.count
    let most = Swift.max(1, Swift.min(items, 16, (1 << 21) / Swift.max(1, partial)))
    let slices = 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
    let sums = Tensor(repeating: 0, [slices * partial])
    let biasSums = Tensor(repeating: 0, [2 * slices * geometry.outputChannels])
    let steps = pieces.height * pieces.pitch + 32
    let planeWords = pieces.planeWords(channels: channels)
    let work = pieces.height * pieces.width * results * rows / 8
    let planeShare = (planeWords + 15) & ~15
    ParallelLoop.run(
      slices * groups, cost: 1 + work * items / slices, scratch: planeShare + steps * columns
    ) { range, plane in
      let turned = plane + planeShare
      for slice in range {
        let group = slice % groups
        let index = slice / groups
        for item in (items * index / slices)..<(items * (index + 1) / slices) {
          let image = item / pieces.count
          let part = pieces.outputs(of: item % pieces.count)
          let from =
            target.pointer + image * target.batchStep + group * results * target.channelStep
            + part.rows.lowerBound * target.rowStep + part.columns.lowerBound
          let to = source.pointer + image * source.batchStep + group * channels * source.channelStep
          if biasGradient != nil {
            addUp(
              from, target, results, part,
              into: biasSums, at: index * geometry.outputChannels + group * results)
          }
          correlate(
            to, source, from, target, pieces, part, offsets, columns, plane, turned,
            into: sums.storage.pointer + (index * groups + group) * rows * columns)
        }
      }
    }
    finish(sums, slices: slices, rows: rows, columns: columns, into: weightGradient)
    if let biasGradient {
      biasSums.storage.pointer.withMemoryRebound(
        to: Double.self, capacity: slices * geometry.outputChannels
      ) { all in
        for output in 0..<geometry.outputChannels {
          biasGradient[output] = Float(
            (0..<slices).reduce(0) { $0 + all[$1 * geometry.outputChannels + output] })
        }
      }
    }
    withExtendedLifetime((x, gradient, biasSums)) {}
  }

  /// Adds a piece's sums over positions, channel by channel, to sums in double precision.
  private func addUp(
    _ gradient: UnsafePointer<Float>, _ images: Images, _ results: Int,
    _ part: (rows: Range<Int>, columns: Range<Int>), into sums: Tensor, at place: Int
  ) {
    let total = UnsafeMutableRawPointer(sums.storage.pointer).assumingMemoryBound(to: Double.self)
    let isDense = images.rowStep == part.columns.count
    let (rows, count) =
      isDense ? (1, part.rows.count * part.columns.count) : (part.rows.count, part.columns.count)
    for result in 0..<results {
      for row in 0..<rows {
        var sum: Float = 0
        sentio_row_sum(
          gradient + result * images.channelStep + row * images.rowStep, &sum, 1, count)
        total[place + result] += Double(sum)
      }
    }
  }

  /// Adds the products of one piece.
  private func correlate(
    _ source: UnsafePointer<Float>, _ sources: Images, _ gradient: UnsafePointer<Float>,
    _ gradients: Images, _ pieces: ConvolutionPieces,
    _ part: (rows: Range<Int>, columns: Range<Int>), _ offsets: [Int32], _ columns: Int,
    _ plane: UnsafeMutablePointer<Float>, _ turned: UnsafeMutablePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let (channels, results) = (geometry.inputsPerGroup, geometry.outputsPerGroup)
    let (height, width, pitch) = (part.rows.count, part.columns.count, pieces.pitch)
    let positions = (height - 1) * pitch + width
    let words = UnsafeMutableRawPointer(turned)
    let halves = UnsafeMutableRawPointer(plane)
    offsets.withUnsafeBufferPointer { offsets in
      var correlation = sentio_convolution_correlation(
        plane: halves, offsets: offsets.baseAddress, rows: offsets.count, turned: words,
        columns: columns, steps: pairs ? (positions + 1) / 2 : positions, sums: sums)
      if pairs {
        pieces.rows.withPlaneAxis(part.rows, pitch: pieces.planeRows) { rows in
          pieces.columns.withPlaneAxis(part.columns, pitch: pitch) { columns in
            sentio_convolution_gather_halves(
              source, sources.channelStep, sources.rowStep, channels, rows, columns,
              pieces.channelWords,
              halves.assumingMemoryBound(to: UInt16.self))
          }
        }
        sentio_convolution_turn_pairs(
          gradient, gradients.channelStep, gradients.rowStep, results, height, width, pitch,
          correlation.steps, columns, words.assumingMemoryBound(to: UInt32.self))
        sentio_convolution_correlate_pairs(&correlation)
      } else {
        pieces.rows.withPlaneAxis(part.rows, pitch: pieces.planeRows) { rows in
          pieces.columns.withPlaneAxis(part.columns, pitch: pitch) { columns in
            sentio_convolution_gather(
              source, sources.channelStep, sources.rowStep, channels, rows, columns,
              pieces.channelWords,
              plane)
          }
        }
        sentio_convolution_turn(
          gradient, gradients.channelStep, gradients.rowStep, results, height, width, pitch,
          positions, columns, turned)
        sentio_convolution_correlate(&correlation, instructions)
      }
    }
  }

  /// Adds the slices and turns `[channel and tap, result]` to `[result, channel and tap]`.
  private func finish(
    _ sums: Tensor, slices: Int, rows: Int, columns: Int,
    into weightGradient: UnsafeMutablePointer<Float>
  ) {
    let (groups, results) = (geometry.groups, geometry.outputsPerGroup)
    let partial = groups * rows * columns
    let total = sums.storage.pointer
    ParallelLoop.run(partial, cost: slices) { range in
      for slice in 1..<Swift.max(1, slices) {
        sentio_add(
          total + range.lowerBound, 0, 1, total + slice * partial + range.lowerBound, 0, 1,
          total + range.lowerBound, 1, range.count)
      }
    }
    copyStrided(
      from: total, [rows * columns, 1, columns], to: weightGradient, [results * rows, rows, 1],
      extents: [groups, results, rows])
    withExtendedLifetime(sums) {}
  }
}
