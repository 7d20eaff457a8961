/// How activations are rounded to 8 bits: `x ≈ (q − zeroPoint) · scale` with q in 0…255.
public struct ActivationQuantization: Sendable, Hashable, Codable {
  /// The distance of neighbouring numbers.
  public let scale: Float
  /// The integer that stands for 0, in 0…255.
  public let zeroPoint: Int

  /// Creates a quantization that covers a range of numbers.
  ///
  /// The range is extended to hold 0, which is then exact: padding and rectified activations stay 0. Numbers
  /// outside of it go to its ends.
  ///
  /// - Parameter range: the numbers to cover, finite. An empty extent around 0 gives the scale 1/255.
  public init(covering range: ClosedRange<Float>) {
    let lower = min(range.lowerBound, 0)
    let upper = max(range.upperBound, 0)
    // Halves, as the whole may be beyond the largest number.
    let extent = upper / 255 - lower / 255
    scale = extent > .leastNormalMagnitude ? extent : 1 / 255
    zeroPoint = Int(min(255, max(0, (-lower / scale).rounded())))
  }

  /// Creates a quantization from its numbers, as a file holds them; nil unless the scale is finite and above 0 and the
  /// integer from 0 to 255.
  ///
  /// - Parameters:
  ///   - scale: the distance of neighbouring numbers.
  ///   - zeroPoint: the integer that stands for 0.
  public init?(scale: Float, zeroPoint: Int) {
    guard scale.isFinite && scale > 0 && (0...255).contains(zeroPoint) else { return nil }
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// The numbers that the integers 0 and 255 stand for.
  public var range: ClosedRange<Float> {
    -Float(zeroPoint) * scale...Float(255 - zeroPoint) * scale
  }
}

/// Watches the activations that a layer reads, to choose how they are rounded to 8 bits.
///
/// Run a model on some hundred typical inputs, give what the layer reads to ``observe(_:)``, and build the quantized
/// layer from ``quantization``. It serves every layer that reads the same activations.
///
/// ```swift
/// var calibrator = ActivationCalibrator()
/// for batch in typical { calibrator.observe(hidden(batch)) }
/// let layer = QuantizedLinear(weight: w, bias: b, input: calibrator.quantization)
/// ```
public struct ActivationCalibrator: Sendable {
  /// Which numbers are covered.
  public enum Method: Sendable, Hashable {
    /// All that were seen.
    case minMax
    /// All but the outermost: this part of them, 0.5…1, of which half the rest is left out at each end.
    ///
    /// Few large numbers then do not cost all others their precision.
    case percentile(Double)
  }

  /// Which numbers are covered.
  public let method: Method
  /// The numbers that were seen, without those that are not finite.
  public private(set) var count = 0
  private var smallest = Float.infinity
  private var largest = -Float.infinity
  // Counts over −limit…limit; the limit doubles, and pairs of bins join, when a number lies outside.
  private var bins = [Int](repeating: 0, count: Self.binCount)
  private var limit: Float = 0

  private static let binCount = 4096

  /// Creates a calibrator that has seen nothing.
  ///
  /// - Parameter method: which numbers are covered.
  public init(_ method: Method = .percentile(0.9999)) { self.method = method }

  /// Takes note of activations.
  ///
  /// - Parameter activations: of any shape; what is not finite does not count.
  public mutating func observe(_ activations: Tensor) {
    activations.withUnsafeBufferPointer { numbers in
      var largestMagnitude: Float = 0
      for x in numbers where x.isFinite {
        smallest = min(smallest, x)
        largest = max(largest, x)
        largestMagnitude = max(largestMagnitude, abs(x))
        count += 1
      }
      guard case .percentile = method else { return }
      widen(toHold: largestMagnitude)
      guard limit > 0 else {
        bins[Self.binCount / 2] += numbers.lazy.filter(\.isFinite).count
        return
      }
      let scale = Float(Self.binCount / 2) / limit
      for x in numbers where x.isFinite {
        let place = Int(x * scale + Float(Self.binCount / 2))
        bins[min(Self.binCount - 1, max(0, place))] += 1
      }
    }
  }

  /// How to round such activations; covers 0 alone where nothing was seen.
  public var quantization: ActivationQuantization { ActivationQuantization(covering: range) }

  /// The numbers that are covered.
  public var range: ClosedRange<Float> {
    guard count > 0 else { return 0...0 }
    guard case .percentile(let part) = method else { return smallest...largest }
    let left = Int((Double(count) * (1 - min(1, max(0.5, part))) / 2).rounded(.down))
    func edge(_ order: some Sequence<Int>) -> Int {
      var seen = 0
      for bin in order {
        seen += bins[bin]
        if seen > left { return bin }
      }
      return Self.binCount / 2
    }
    let width = 2 * limit / Float(Self.binCount)
    let lower = Float(edge(0..<Self.binCount)) * width - limit
    let upper = Float(edge((0..<Self.binCount).reversed()) + 1) * width - limit
    return max(smallest, min(lower, largest))...min(largest, max(upper, smallest))
  }

  private mutating func widen(toHold magnitude: Float) {
    guard magnitude > limit else { return }
    if limit == 0 {
      // Zeros only, so far: they are in the bin that begins at 0, of whatever width.
      limit = Float(sign: .plus, exponent: magnitude.exponent, significand: 2)
      if !limit.isFinite { limit = .greatestFiniteMagnitude }
      return
    }
    while magnitude > limit && limit < .greatestFiniteMagnitude {
      let half = Self.binCount / 2
      var joined = [Int](repeating: 0, count: Self.binCount)
      for bin in bins.indices { joined[half / 2 + bin / 2] += bins[bin] }
      bins = joined
      limit = min(2 * limit, .greatestFiniteMagnitude)
    }
  }
}
