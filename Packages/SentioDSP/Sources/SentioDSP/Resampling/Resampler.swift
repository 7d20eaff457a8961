/// Changes the sample rate of a signal by any rational ratio with a linear-phase filter.
///
/// `y[n] = Σ x[m] · h(n · from / to − m)`, with `h` a Kaiser-windowed sinc that ends at the lower Nyquist frequency
/// (see ``ResamplingQuality``). The filter's delay is compensated: a peak stays at its time. The
/// signal is taken to be zero outside, and the result has `ceil(count · to / from)` samples.
///
/// - Coefficients are made once a ratio and shared by the whole process. Ratios with too many phases for a table
///   (35,467 → 22,050 Hz) interpolate between tabulated ones; the error is below `Float` rounding.
/// - The result is bit for bit the same for any number of threads and, with ``StreamingResampler``, for any chunking.
/// - Equal rates return the signal itself.
/// - Ratios whose upper term divides 16 (44,100 → 22,050, 48,000 → 16,000, 22,050 → 44,100 Hz) are worked out in the frequency
///   domain, four times as fast as the sum. Rounding is then relative to the loudest of the some thousand samples
///   around (−135 dB of it), and not to those under the filter.
/// - Empty in, empty out. A NaN or an infinity makes NaN of the outputs whose filter covers it (half the
///   filter's length on either side, rounded up to whole blocks of 16 outputs) and of no other; the outputs of the
///   same block of the frequency domain become those of the direct sum, which differ by rounding.
///
/// *Reference:* soxr 0.1.3, recipe HQ, whose pass band and rejection ``ResamplingQuality/high`` has; output length
/// as `librosa.resample` 0.11.
public struct Resampler: Sendable {
  /// The highest sample rate that is accepted, in hertz.
  public static let highestRate = 1 << 24
  /// The largest accepted quotient of the two rates, which bounds the filter's length.
  public static let highestRatio = 256

  /// The sample rate of the input in hertz.
  public let inputRate: Int
  /// The sample rate of the output in hertz.
  public let outputRate: Int
  /// The filter's quality.
  public let quality: ResamplingQuality
  let filter: PolyphaseFilter

  /// Prepares a resampler; the first one of a ratio designs its filter.
  ///
  /// - Parameters:
  ///   - inputRate: Sample rate of the input in hertz, 1 … ``highestRate``.
  ///   - outputRate: Sample rate of the output in hertz, 1 … ``highestRate``.
  ///   - quality: Steepness and depth of the filter.
  /// - Throws: ``ResamplingError/unsupportedRates(from:to:)``.
  public init(
    from inputRate: Int, to outputRate: Int, quality: ResamplingQuality = .high
  ) throws {
    let accepted = 1...Self.highestRate
    guard accepted.contains(inputRate), accepted.contains(outputRate),
      inputRate <= outputRate * Self.highestRatio, outputRate <= inputRate * Self.highestRatio
    else { throw ResamplingError.unsupportedRates(from: inputRate, to: outputRate) }
    self.inputRate = inputRate
    self.outputRate = outputRate
    self.quality = quality
    filter = .shared(from: inputRate, to: outputRate, quality: quality)
  }

  /// Number of samples that a signal of `inputCount` samples becomes: `ceil(inputCount · to / from)`.
  ///
  /// - Parameter inputCount: Length of the input in samples.
  /// - Returns: Length of the output in samples.
  public func outputCount(forInputCount inputCount: Int) -> Int {
    (inputCount * filter.phases + filter.decimation - 1) / filter.decimation
  }

  /// Resamples a whole signal.
  ///
  /// - Parameters:
  ///   - signal: One channel of samples.
  ///   - parallelism: the threads that long signals may use; no bit of the result depends on it.
  /// - Returns: `outputCount(forInputCount: signal.count)` samples.
  public func resample(_ signal: [Float], parallelism: Parallelism = .automatic) -> [Float] {
    signal.withUnsafeBufferPointer { resample($0, parallelism: parallelism) }
  }

  /// Resamples a whole signal that stands in memory of any kind.
  ///
  /// - Parameters:
  ///   - signal: One channel of samples.
  ///   - parallelism: the threads that long signals may use; no bit of the result depends on it.
  /// - Returns: `outputCount(forInputCount: signal.count)` samples.
  public func resample(_ signal: UnsafeBufferPointer<Float>, parallelism: Parallelism = .automatic)
    -> [Float]
  {
    if inputRate == outputRate { return Array(signal) }
    let count = outputCount(forInputCount: signal.count)
    let length = PolyphaseFilter.blockLength
    let blocks = (count + length - 1) / length
    return [Float](unsafeUninitializedCapacity: blocks * length) { buffer, initializedCount in
      initializedCount = count
      guard blocks > 0, let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let output = base
      nonisolated(unsafe) let signal = signal
      let units = filter.overlapSave?.unitCount(forInputCount: signal.count) ?? 0
      if let overlapSave = filter.overlapSave, units > 0 {
        // As below: a batch of sixteen units takes about as long as 150 blocks.
        let batches = (units + laneCount - 1) / laneCount
        parallelism.forEachRange(of: batches, grain: 8) { range in
          let range = range.lowerBound * laneCount..<min(range.upperBound * laneCount, units)
          filter.render(
            units: range, of: signal, startingAt: 0,
            into: output + range.lowerBound * overlapSave.blocksPerUnit * length)
        }
      }
      let made = units * (filter.overlapSave?.blocksPerUnit ?? 0)
      // A thread for fewer than 1,024 blocks (0.7 s at 22,050 Hz) costs more to wake than it saves.
      parallelism.forEachRange(of: blocks - made, grain: 1024) { range in
        let range = range.lowerBound + made..<range.upperBound + made
        filter.render(
          blocks: range, of: signal, startingAt: 0, into: output + range.lowerBound * length)
      }
    }
  }
}

extension PolyphaseFilter {
  /// Writes the outputs of `blocks` from a stretch of the signal, which is zero outside the stretch.
  ///
  /// Blocks that lie inside read the samples where they are; the few at an end read a padded copy.
  func render(
    blocks: Range<Int>, of signal: UnsafeBufferPointer<Float>, startingAt start: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    let end = start + signal.count
    var first = blocks.lowerBound
    var output = output
    func isInside(_ block: Int) -> Bool {
      firstInput(ofBlock: block) >= start && inputEnd(ofBlock: block) <= end
    }
    while first < blocks.upperBound {
      var last = first + 1
      let inside = isInside(first)
      if inside {
        // Both ends of the window only move forward, so the inside blocks are one run.
        var tooFar = blocks.upperBound
        while last < tooFar {
          let middle = (last + tooFar) / 2
          if inputEnd(ofBlock: middle) <= end { last = middle + 1 } else { tooFar = middle }
        }
        let offset = firstInput(ofBlock: first) - start
        render(blocks: first..<last, from: signal.baseAddress! + offset, into: output)
      } else {
        let origin = firstInput(ofBlock: first)
        var window = [Float](repeating: 0, count: inputEnd(ofBlock: first) - origin)
        let overlap = max(origin, start)..<max(origin, start, min(origin + window.count, end))
        for index in overlap { window[index - origin] = signal[index - start] }
        render(blocks: first..<last, from: window, into: output)
      }
      output += (last - first) * Self.blockLength
      first = last
    }
  }
}
