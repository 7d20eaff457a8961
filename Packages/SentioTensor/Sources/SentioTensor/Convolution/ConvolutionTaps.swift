import CSentioTensorKernels

/// One axis of a convolution as the products of ``ConvolutionTiles`` see it: a plane of the source, padded and
/// taken apart by phase, so that from output to output every tap moves by one element.
struct TapAxis {
  /// A tap: its place in the window, and where in the plane its first element lies.
  struct Tap {
    let index: Int
    let phase: Int
    let shift: Int
  }

  /// The number of outputs.
  let count: Int
  /// The extent of the source.
  let extent: Int
  /// Source elements from one element of a phase to the next.
  let step: Int
  /// The source's coordinate of each phase's first element.
  let phases: [Int]
  let taps: [Tap]

  /// Elements of the plane beyond the outputs.
  var reach: Int { taps.map(\.shift).max() ?? 0 }

  /// The axis of a convolution from input to output.
  init(forward axis: WindowAxis) {
    let places = (0..<axis.kernel).map { $0 * axis.dilation }
    let remainders = Set(places.map { $0 % axis.stride }).sorted()
    self.init(
      count: axis.output, extent: axis.input, step: axis.stride,
      phases: remainders.map { $0 - axis.before },
      taps: places.enumerated().map { index, place in
        Tap(
          index: index, phase: remainders.firstIndex(of: place % axis.stride) ?? 0,
          shift: place / axis.stride)
      })
  }

  /// The axis of the way back, from gradients of the output to those of every `stride`-th input.
  ///
  /// - Parameters:
  ///   - axis: the convolution's axis.
  ///   - phase: which of the inputs, counted from the padding's first zero.
  /// - Returns: the axis and the first of these inputs.
  static func backward(_ axis: WindowAxis, phase: Int) -> (axis: TapAxis, first: Int) {
    let (stride, before) = (axis.stride, axis.before)
    let low = phase >= before ? 0 : (before - phase + stride - 1) / stride
    let high = Swift.max(low, (axis.input + before - phase + stride - 1) / stride)
    let seen = (0..<axis.kernel).filter { $0 * axis.dilation % stride == phase }
    // Input low + i is seen by the outputs low + i − back of each tap.
    let back = seen.map { ($0 * axis.dilation - phase) / stride }
    let reach = back.max() ?? 0
    let taps = zip(seen, back).map { Tap(index: $0, phase: 0, shift: reach - $1) }
    let result = TapAxis(
      count: high - low, extent: axis.output, step: 1, phases: [low - reach], taps: taps)
    return (result, low * stride + phase - before)
  }

  /// An axis that is only gone along, such as that of a batch.
  init(batch: Int) {
    self.init(
      count: batch, extent: batch, step: 1, phases: [0],
      taps: [Tap(index: 0, phase: 0, shift: 0)])
  }

  private init(count: Int, extent: Int, step: Int, phases: [Int], taps: [Tap]) {
    (self.count, self.extent, self.step) = (count, extent, step)
    (self.phases, self.taps) = (phases, taps)
  }

  /// Lends the axis of the plane for a range of outputs; its rows are `pitch` long.
  func withPlaneAxis<R>(
    _ outputs: Range<Int>, pitch: Int, _ body: (UnsafePointer<sentio_plane_axis>) -> R
  ) -> R {
    phases.withUnsafeBufferPointer { phases in
      var axis = sentio_plane_axis(
        count: pitch, first: outputs.lowerBound, step: step, extent: extent,
        phase_count: phases.count, phases: phases.baseAddress)
      return body(&axis)
    }
  }
}

/// The pieces that a convolution is cut into, each with a plane that stays in a core's second cache.
///
/// They depend on the extents alone, not on the number of threads, and so do the sums.
struct ConvolutionPieces {
  let rows: TapAxis
  let columns: TapAxis
  /// Outputs of a piece along the two axes; the last pieces may have fewer.
  let height: Int
  let width: Int
  /// Words from row to row of a plane, and the rows of a phase.
  let pitch: Int
  let planeRows: Int
  /// Words of all phases of a channel.
  let channelWords: Int

  /// - Parameters:
  ///   - rows: the rows' axis.
  ///   - columns: the columns' axis.
  ///   - channels: words of one place.
  ///   - repetitions: how often the pieces are done, for other images and groups.
  init(rows: TapAxis, columns: TapAxis, channels: Int, repetitions: Int) {
    (self.rows, self.columns) = (rows, columns)
    let words = Swift.max(1, channels * rows.phases.count * columns.phases.count)
    let planeWords = 5 << 15
    var width = columns.count
    if words * (width + columns.reach) * (rows.reach + 1) > 2 * planeWords {
      width = planeWords / (words * (rows.reach + 1)) - columns.reach
      width = Swift.min(columns.count, Swift.max(width, 2 * columns.reach, 96))
    }
    var height = planeWords / (words * Swift.max(1, width + columns.reach)) - rows.reach
    height = Swift.min(rows.count, Swift.max(height, rows.reach, 1))
    // Some pieces for every thread of a small machine, and an even number of them.
    let wanted = (8 + repetitions - 1) / Swift.max(1, repetitions)
    if rows.count >= wanted {
      height = Swift.min(height, (rows.count + wanted - 1) / wanted)
    } else {
      height = Swift.min(height, 1)
      let parts = (wanted + Swift.max(rows.count, 1) - 1) / Swift.max(rows.count, 1)
      width = Swift.min(width, Swift.max(96, (columns.count + parts - 1) / parts))
    }
    var bands = height > 0 ? (rows.count + height - 1) / height : 0
    if bands > 1 && bands % 2 == 1 { bands += 1 }
    self.height = bands > 0 ? (rows.count + bands - 1) / bands : 1
    let stretches = width > 0 ? (columns.count + width - 1) / width : 0
    self.width = stretches > 0 ? (columns.count + stretches - 1) / stretches : 1
    // Pairs of neighbours must not straddle rows.
    pitch = (self.width + columns.reach + 1) & ~1
    planeRows = self.height + rows.reach
    // Planes a power of two apart would meet in the same places of the cache.
    let places = rows.phases.count * columns.phases.count * planeRows * pitch
    channelWords = ((places + 15) / 16 | 1) * 16
  }

  /// The number of pieces.
  var count: Int {
    ((rows.count + height - 1) / height) * ((columns.count + width - 1) / width)
  }

  /// The outputs of a piece.
  func outputs(of piece: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let across = (columns.count + width - 1) / width
    let (top, left) = (piece / across * height, piece % across * width)
    return (
      top..<Swift.min(top + height, rows.count), left..<Swift.min(left + width, columns.count)
    )
  }

  /// Where each tap of each channel starts in the plane.
  func offsets(channels: Int) -> [Int32] {
    var offsets: [Int32] = []
    offsets.reserveCapacity(channels * rows.taps.count * columns.taps.count)
    for channel in 0..<channels {
      for row in rows.taps {
        for column in columns.taps {
          let phase = row.phase * columns.phases.count + column.phase
          offsets.append(
            Int32(
              channel * channelWords + (phase * planeRows + row.shift) * pitch + column.shift))
        }
      }
    }
    return offsets
  }

  /// The taps' places in a window.
  func tapIndices(windowWidth: Int) -> [Int32] {
    rows.taps.flatMap { row in columns.taps.map { Int32(row.index * windowWidth + $0.index) } }
  }

  /// Terms whose stretches of the plane take an eighth of the second cache together.
  var termsAtOnce: Int {
    let lines = (Int(SENTIO_CONVOLUTION_STRETCH) + columns.reach) / 16 + 2
    let seen = Set(rows.taps.map { $0.phase * planeRows + $0.shift }).count * columns.phases.count
    return Swift.max(8, 2048 / Swift.max(1, lines * seen)) * rows.taps.count * columns.taps.count
  }

  /// The words of a whole plane with what may be read behind it.
  func planeWords(channels: Int) -> Int {
    channels * channelWords + Int(SENTIO_CONVOLUTION_SLACK)
  }
}
