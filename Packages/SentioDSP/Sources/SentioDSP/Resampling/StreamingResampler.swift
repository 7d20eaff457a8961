/// Resamples a signal that arrives in chunks, such as a decoder's frames.
///
/// The concatenated results of ``process(_:)-([Float])`` and ``finish()`` are bit for bit those of
/// ``Resampler/resample(_:parallelism:)-([Float],_)`` on the concatenated chunks, however it was cut. Memory holds
/// one filter length, some blocks of the frequency domain (0.2 s at 44,100 Hz) and one chunk.
///
/// Outputs follow inputs by half a filter, and by up to a further 0.2 s for the ratios that ``Resampler`` works out in the
/// frequency domain. Chunks of half a second and more are the fastest, by up to four times.
///
/// ```swift
/// var resampler = try StreamingResampler(from: 44_100, to: 22_050)
/// for chunk in decoder { samples += resampler.process(chunk) }
/// samples += resampler.finish()
/// ```
public struct StreamingResampler: Sendable {
  private let resampler: Resampler
  /// The samples from `pendingStart` on that outputs still to come will read.
  private var pending: [Float] = []
  private var pendingStart = 0
  private var nextBlock = 0

  /// Prepares a stream that expects its first sample.
  ///
  /// - Parameters:
  ///   - inputRate: Sample rate of the input in hertz, 1 … ``Resampler/highestRate``.
  ///   - outputRate: Sample rate of the output in hertz, 1 … ``Resampler/highestRate``.
  ///   - quality: Steepness and depth of the filter.
  /// - Throws: ``ResamplingError/unsupportedRates(from:to:)``.
  public init(
    from inputRate: Int, to outputRate: Int, quality: ResamplingQuality = .high
  ) throws {
    resampler = try Resampler(from: inputRate, to: outputRate, quality: quality)
  }

  /// Number of samples taken in since the start of the stream.
  public var inputCount: Int { pendingStart + pending.count }

  /// Takes in a chunk and returns outputs that no later sample can change, in whole blocks.
  ///
  /// - Parameter chunk: The next samples of one channel, any number of them.
  /// - Returns: The next outputs, possibly none.
  public mutating func process(_ chunk: [Float]) -> [Float] {
    chunk.withUnsafeBufferPointer { process($0) }
  }

  /// Takes in a chunk and returns outputs that no later sample can change, in whole blocks.
  ///
  /// - Parameter chunk: The next samples of one channel, any number of them.
  /// - Returns: The next outputs, possibly none.
  public mutating func process(_ chunk: UnsafeBufferPointer<Float>) -> [Float] {
    if resampler.inputRate == resampler.outputRate {
      pendingStart += chunk.count
      return Array(chunk)
    }
    pending.append(contentsOf: chunk)
    let filter = resampler.filter
    let received = inputCount
    if let overlapSave = filter.overlapSave {
      return renderUnits(overlapSave, atLeast: OverlapSave.unitsPerChunk)
    }
    // The position of the last output whose window the samples fill, rounded down to whole blocks.
    let reach = received - filter.taps / 2
    guard reach > 0 else { return [] }
    var end = (reach * filter.phases / filter.decimation) / PolyphaseFilter.blockLength + 1
    while end > nextBlock && filter.inputEnd(ofBlock: end - 1) > received { end -= 1 }
    guard end > nextBlock else { return [] }
    let result = render(nextBlock..<end, count: (end - nextBlock) * PolyphaseFilter.blockLength)
    nextBlock = end
    forget(upTo: filter.firstInput(ofBlock: nextBlock))
    return result
  }

  /// The outputs of the units whose samples have all come, if they are so many.
  private mutating func renderUnits(_ overlapSave: OverlapSave, atLeast fewest: Int) -> [Float] {
    let first = nextBlock / overlapSave.blocksPerUnit
    let end = overlapSave.unitCount(forInputCount: inputCount)
    guard end >= first + fewest else { return [] }
    let count = (end - first) * overlapSave.blocksPerUnit * PolyphaseFilter.blockLength
    let result = [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      initializedCount = count
      pending.withUnsafeBufferPointer {
        resampler.filter.render(
          units: first..<end, of: $0, startingAt: pendingStart, into: buffer.baseAddress!)
      }
    }
    nextBlock = end * overlapSave.blocksPerUnit
    forget(upTo: overlapSave.firstInput(ofUnit: end))
    return result
  }

  /// Lets go of the samples before a position.
  private mutating func forget(upTo position: Int) {
    let consumed = min(position - pendingStart, pending.count)
    if consumed > 0 {
      pending.removeFirst(consumed)
      pendingStart += consumed
    }
  }

  /// Ends the stream, returns its remaining outputs and makes it ready for another signal.
  ///
  /// - Returns: The outputs up to `ceil(inputCount · to / from)` that were not yet returned.
  public mutating func finish() -> [Float] {
    defer {
      pending.removeAll(keepingCapacity: true)
      pendingStart = 0
      nextBlock = 0
    }
    if resampler.inputRate == resampler.outputRate { return [] }
    let whole = resampler.filter.overlapSave.map { renderUnits($0, atLeast: 1) } ?? []
    let length = PolyphaseFilter.blockLength
    let total = resampler.outputCount(forInputCount: inputCount)
    let blocks = nextBlock..<max(nextBlock, (total + length - 1) / length)
    return whole + render(blocks, count: max(0, total - nextBlock * length))
  }

  private func render(_ blocks: Range<Int>, count: Int) -> [Float] {
    let capacity = blocks.count * PolyphaseFilter.blockLength
    return [Float](unsafeUninitializedCapacity: capacity) { buffer, initializedCount in
      initializedCount = count
      guard let output = buffer.baseAddress, !blocks.isEmpty else { return }
      pending.withUnsafeBufferPointer {
        resampler.filter.render(blocks: blocks, of: $0, startingAt: pendingStart, into: output)
      }
    }
  }
}
