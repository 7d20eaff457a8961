import CSentioTensorKernels

/// Which elements of an axis each new one is a sum of, and with what weights.
struct ResizingTaps: Sendable {
  let extent: Int
  let outputExtent: Int
  /// The most elements that one sum has.
  private(set) var taps = 0
  // Tap by tap, so that a loop over outputs reads them in order; `extent` is the place of a tap that an output
  // does not have.
  private var places: [Int32] = []
  private var weights: [Float] = []

  private typealias Sum = [(place: Int, weight: Double)]

  private init(extent: Int, outputExtent: Int, _ sums: [Sum]) {
    self.extent = extent
    self.outputExtent = outputExtent
    taps = sums.map(\.count).max() ?? 0
    places = Array(repeating: Int32(extent), count: taps * outputExtent)
    weights = Array(repeating: 0, count: taps * outputExtent)
    for (output, sum) in sums.enumerated() {
      for (tap, term) in sum.enumerated() {
        places[tap * outputExtent + output] = Int32(term.place)
        weights[tap * outputExtent + output] = Float(term.weight)
      }
    }
  }

  /// The axis as it is.
  static func identity(_ extent: Int) -> ResizingTaps {
    ResizingTaps(
      extent: extent, outputExtent: extent, (0..<extent).map { [(place: $0, weight: 1)] })
  }

  /// The taps of an axis that goes from one extent to another, neither 0.
  init(
    from extent: Int, to outputExtent: Int, _ interpolation: Interpolation,
    _ alignment: ResizingAlignment, antialiased: Bool
  ) {
    let scale =
      alignment == .edges
      ? Double(extent) / Double(outputExtent)
      : outputExtent > 1 ? Double(extent - 1) / Double(outputExtent - 1) : 0
    let sums = (0..<outputExtent).map { output -> Sum in
      if interpolation == .nearest { return [(output * extent / outputExtent, 1)] }
      if antialiased { return Self.filtered(output, scale, extent, interpolation) }
      let center =
        alignment == .edges ? scale * (Double(output) + 0.5) - 0.5 : scale * Double(output)
      return Self.interpolated(center, extent, interpolation)
    }
    self.init(extent: extent, outputExtent: outputExtent, sums)
  }

  /// The transpose: which outputs each element goes into.
  var transposed: ResizingTaps {
    var sums = [Sum](repeating: [], count: extent)
    for output in 0..<outputExtent {
      for tap in 0..<taps {
        let place = Int(places[tap * outputExtent + output])
        guard place < extent else { continue }
        sums[place].append((output, Double(weights[tap * outputExtent + output])))
      }
    }
    return ResizingTaps(extent: outputExtent, outputExtent: extent, sums)
  }

  /// Lends the taps to a kernel.
  func withKernel<R>(_ body: (sentio_taps) -> R) -> R {
    places.withUnsafeBufferPointer { places in
      weights.withUnsafeBufferPointer { weights in
        body(
          sentio_taps(
            extent: extent, out_extent: outputExtent, taps: taps, places: places.baseAddress,
            weights: weights.baseAddress))
      }
    }
  }

  /// The value of a curve through the elements; beyond the ends stands the last of them.
  private static func interpolated(
    _ center: Double, _ extent: Int, _ interpolation: Interpolation
  ) -> Sum {
    if interpolation == .linear {
      let center = min(max(center, 0), Double(extent - 1))
      let first = Int(center)
      let share = center - Double(first)
      return merged([(first, 1 - share), (min(first + 1, extent - 1), share)])
    }
    let first = center.rounded(.down)
    let share = center - first
    return merged(
      (-1...2).map { step in
        (min(max(Int(first) + step, 0), extent - 1), cubic(Double(step) - share, -0.75))
      })
  }

  /// A mean over all elements that the new one covers, for images that get smaller.
  private static func filtered(
    _ output: Int, _ scale: Double, _ extent: Int, _ interpolation: Interpolation
  ) -> Sum {
    let reach = (interpolation == .linear ? 1 : 2) * max(scale, 1)
    let center = scale * (Double(output) + 0.5)
    let first = max(Int(center - reach + 0.5), 0)
    let end = min(Int(center + reach + 0.5), extent)
    let terms = (first..<max(first, end)).map { place -> (place: Int, weight: Double) in
      let distance = (Double(place) - center + 0.5) / max(scale, 1)
      return (
        place, interpolation == .linear ? max(0, 1 - abs(distance)) : cubic(distance, -0.5)
      )
    }
    let total = terms.reduce(0) { $0 + $1.weight }
    return merged(terms.map { ($0.place, $0.weight / total) })
  }

  /// The cubic convolution kernel of Keys at a distance.
  private static func cubic(_ distance: Double, _ a: Double) -> Double {
    let x = abs(distance)
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return ((x - 5) * x + 8) * x * a - 4 * a }
    return 0
  }

  // Without the terms of no weight, so that a NaN reaches only where it counts.
  private static func merged(_ terms: Sum) -> Sum {
    var sum: Sum = []
    for term in terms {
      if let last = sum.last, last.place == term.place {
        sum[sum.count - 1].weight += term.weight
      } else {
        sum.append(term)
      }
    }
    return sum.filter { $0.weight != 0 }
  }
}
