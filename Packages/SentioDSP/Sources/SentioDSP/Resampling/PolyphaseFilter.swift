import CSentioDSPKernels
import Synchronization

/// The coefficients of one ratio at one quality, laid out for the kernel that will read them.
///
/// Output `n` stands at the input position `n · M / L`, where `L / M` is the reduced ratio of the
/// rates, and is the dot product of `taps` samples around it with the prototype
/// `h(u) = 2 f sinc(2 f u) · kaiser(u / halfWidth)` taken at their distances `u`.
/// Outputs are made in whole blocks of 16 that begin at multiples of 16, so that a result never depends
/// on how the work was cut.
final class PolyphaseFilter: Sendable {
  /// How the coefficients are stored.
  enum Layout: Sendable, Equatable {
    /// `L` divides 16: every block of 16 outputs uses the same matrix of `rows` × 16.
    case banded(rows: Int)
    /// One row of coefficients for each of the `L` phases.
    case phases
    /// Too many phases to store: rows on a grid of the given number of steps an input sample.
    case interpolated(grid: Int)
  }

  static let blockLength = 16
  /// Coefficients a table may hold (4 MiB): larger ones would not stay in the caches anyway.
  private static let tableLimit = 1 << 20
  /// Steps of the interpolated prototype per sample of the lower rate.
  ///
  /// A cubic through four points of a signal that is band limited to π errs by at most
  /// 3/128 · (π / 128)⁴ = 8.5e-9 of it, which is below `Float` rounding.
  private static let gridDensity = 128.0

  /// Interpolation factor `L` of the reduced ratio.
  let phases: Int
  /// Decimation factor `M` of the reduced ratio.
  let decimation: Int
  /// Samples that one output reads.
  let taps: Int
  let layout: Layout
  private let coefficients: [Float]
  /// Makes most outputs of a long signal, where the frequency domain is faster than the sum itself.
  let overlapSave: OverlapSave?

  init(phases: Int, decimation: Int, quality: ResamplingQuality) {
    self.phases = phases
    self.decimation = decimation
    let ratio = min(1, Double(phases) / Double(decimation))
    let attenuation = quality.designAttenuation
    let transition = 0.5 * ratio * (1 - quality.passBandEdge)  // cycles per input sample
    let minimumTaps = (attenuation - 7.95) / (14.36 * transition) + 1
    // Even, so that the window is symmetric about the output; the kernels of the other layouts want 16.
    let banded = Self.blockLength % phases == 0
    let multiple = banded ? 2 : 16
    let taps = (Int(minimumTaps.rounded(.up)) + multiple - 1) / multiple * multiple
    self.taps = taps

    let prototype = KaiserSinc(
      cutoff: 0.25 * ratio * (1 + quality.passBandEdge), halfWidth: Double(taps / 2),
      attenuation: attenuation)
    if banded {
      let reach = (Self.blockLength - 1) * decimation / phases
      layout = .banded(rows: reach + taps)
      coefficients = Self.bandedTable(
        prototype, rows: reach + taps, taps: taps, phases: phases, decimation: decimation)
      overlapSave = OverlapSave(
        prototype, taps: taps, phases: phases, decimation: decimation)
    } else if phases * taps <= Self.tableLimit {
      layout = .phases
      coefficients = Self.table(prototype, taps: taps, rows: phases) {
        Double($0) / Double(phases)
      }
      overlapSave = nil
    } else {
      let grid = max(8, Int((Self.gridDensity * ratio).rounded(.up)))
      layout = .interpolated(grid: grid)
      coefficients = Self.table(prototype, taps: taps, rows: grid + 3) {
        Double($0 - 1) / Double(grid)
      }
      overlapSave = nil
    }
  }

  /// Rows of `taps` coefficients, row `r` for an output `fraction(r)` behind the sample of tap `taps / 2 - 1`.
  private static func table(
    _ prototype: KaiserSinc, taps: Int, rows: Int, fraction: (Int) -> Double
  ) -> [Float] {
    var table = [Float](repeating: 0, count: rows * taps)
    for row in 0..<rows {
      let start = fraction(row) + Double(taps / 2 - 1)
      for tap in 0..<taps { table[row * taps + tap] = Float(prototype(start - Double(tap))) }
    }
    return table
  }

  /// The matrix of `rows` × 16 whose column `j` holds the coefficients of the block's output `j`.
  private static func bandedTable(
    _ prototype: KaiserSinc, rows: Int, taps: Int, phases: Int, decimation: Int
  ) -> [Float] {
    let perPhase = table(prototype, taps: taps, rows: phases) { Double($0) / Double(phases) }
    var table = [Float](repeating: 0, count: rows * blockLength)
    for output in 0..<blockLength {
      let (offset, phase) = (output * decimation).quotientAndRemainder(dividingBy: phases)
      for tap in 0..<taps {
        table[(offset + tap) * blockLength + output] = perPhase[phase * taps + tap]
      }
    }
    return table
  }

  /// Index of the first input sample that `block` reads; negative in the first blocks.
  func firstInput(ofBlock block: Int) -> Int {
    block * Self.blockLength * decimation / phases - taps / 2 + 1
  }

  /// One past the last input sample that `block` reads.
  func inputEnd(ofBlock block: Int) -> Int {
    let last = block * Self.blockLength + Self.blockLength - 1
    return last * decimation / phases - taps / 2 + 1 + taps
  }

  /// Writes the outputs of `blocks`, all of whose samples are in memory.
  ///
  /// - Parameters:
  ///   - blocks: The blocks to make, not empty.
  ///   - input: Points at the sample `firstInput(ofBlock: blocks.lowerBound)`.
  ///   - output: Room for 16 values a block.
  func render(
    blocks: Range<Int>, from input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>
  ) {
    let count = blocks.count * Self.blockLength
    let remainder = Int64(blocks.lowerBound * Self.blockLength * decimation % phases)
    coefficients.withUnsafeBufferPointer { table in
      let rows = table.baseAddress!
      switch layout {
      case .banded(let height):
        sentio_resample_banded(
          input, rows, height, Self.blockLength / phases * decimation, blocks.count, output)
      case .phases:
        sentio_resample_polyphase(
          input, rows, taps, Int64(phases), Int64(decimation), remainder, count, output)
      case .interpolated(let grid):
        sentio_resample_interpolated(
          input, rows, taps, Int64(grid), Int64(phases), Int64(decimation), remainder, count,
          output)
      }
    }
  }
}

extension PolyphaseFilter {
  private struct Key: Hashable {
    let phases: Int
    let decimation: Int
    let quality: ResamplingQuality
  }

  private static let cache = Mutex<[Key: PolyphaseFilter]>([:])
  /// Ratios that are kept: a program meets a handful; a stream of odd ones must not grow the memory.
  private static let cacheLimit = 32

  /// The filter of a ratio, made at its first use.
  static func shared(from: Int, to: Int, quality: ResamplingQuality) -> PolyphaseFilter {
    let divisor = greatestCommonDivisor(from, to)
    let key = Key(phases: to / divisor, decimation: from / divisor, quality: quality)
    if let filter = cache.withLock({ $0[key] }) { return filter }
    // Made outside the lock: two threads may both make it, neither waits for an unrelated ratio.
    let filter = PolyphaseFilter(phases: key.phases, decimation: key.decimation, quality: quality)
    cache.withLock {
      if $0.count >= cacheLimit { $0.removeAll() }
      $0[key] = filter
    }
    return filter
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
