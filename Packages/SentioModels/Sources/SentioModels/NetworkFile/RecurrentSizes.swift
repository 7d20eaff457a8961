/// Sizes of the recurrent networks and the genre classifiers that came from a file.
///
/// `fault(adding:)` tells what is wrong with them in one sentence, and adds the least number of weights that a network
/// of these sizes has. Every size has a bound, so that no sum of products overflows.
struct SizeCheck {
  private(set) var fault: String?

  mutating func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) {
    guard fault == nil, !range.contains(value) else { return }
    fault = "\(name) must be from \(range.lowerBound) to \(range.upperBound), and is \(value)"
  }

  mutating func check(_ name: String, _ values: [Int], counting count: ClosedRange<Int>) {
    guard fault == nil else { return }
    if !count.contains(values.count) {
      let expected =
        count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      fault = "there must be \(expected) \(name), and there are \(values.count)"
    }
    for value in values { check("each of the \(name)", value, in: Self.width) }
  }

  mutating func check(dropout: Float) {
    guard fault == nil, !(dropout >= 0 && dropout < 1) else { return }
    fault = "a probability to drop must be from 0 to below 1, and is \(dropout)"
  }

  static let width = 1...65_536
  static let frames = 1...1_000_000
}

/// The weights of the sums of one gate, at least.
func gate(_ inputs: Int, _ units: Int) -> Int { units * (inputs + units) }

extension CRNN.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of features", features, in: SizeCheck.width)
    sizes.check("the number of frames", frames, in: SizeCheck.frames)
    sizes.check("convolutions", filters, counting: 1...16)
    sizes.check("the kernel", kernel, in: 1...1024)
    sizes.check("recurrent layers", units, counting: 2...2)
    sizes.check("the number of units", denseUnits, in: SizeCheck.width)
    sizes.check(dropout: dropout)
    sizes.check(dropout: recurrentDropout)
    guard sizes.fault == nil else { return sizes.fault }
    for (inputs, outputs) in zip([features] + filters, filters) {
      least += inputs * outputs * kernel
    }
    least += 8 * gate(filters[filters.count - 1], units[0]) + 8 * gate(2 * units[0], units[1])
    least += 2 * units[1] * denseUnits
    return nil
  }
}

extension SpectrogramCRNN.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of mel bands", mels, in: SizeCheck.width)
    sizes.check("convolutions", filters, counting: 1...16)
    sizes.check("the kernel", kernel, in: 1...1024)
    sizes.check("recurrent layers", units, counting: 2...2)
    sizes.check("the number of units", denseUnits, in: SizeCheck.width)
    sizes.check(dropout: dropout)
    guard sizes.fault == nil else { return sizes.fault }
    sizes.check("the number of frames", frames, in: leastFrames...1_000_000)
    for (inputs, outputs) in zip([mels] + filters, filters) { least += inputs * outputs * kernel }
    least += 8 * gate(filters[filters.count - 1], units[0]) + 8 * gate(2 * units[0], units[1])
    least += 2 * units[1] * denseUnits
    return sizes.fault
  }
}

extension SequenceEmotionNetwork.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of features", features, in: SizeCheck.width)
    sizes.check("the number of steps", steps, in: SizeCheck.frames)
    sizes.check("convolutions", filters, counting: 0...16)
    sizes.check("the kernel", kernel, in: 1...1024)
    sizes.check("the number of units", units, in: SizeCheck.width)
    sizes.check("the number of recurrent layers", layers, in: 1...64)
    sizes.check(dropout: dropout)
    guard sizes.fault == nil else { return sizes.fault }
    for (inputs, outputs) in zip([features] + filters, filters) {
      least += inputs * outputs * kernel
    }
    least += 8 * gate(filters.last ?? features, units) + (layers - 1) * 8 * gate(2 * units, units)
    return nil
  }
}

extension GenreMLP.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of frames", frames, in: SizeCheck.frames)
    sizes.check("the number of coefficients", coefficients, in: SizeCheck.width)
    sizes.check("dense layers", units, counting: 0...64)
    sizes.check("the number of genres", genres, in: SizeCheck.width)
    guard sizes.fault == nil else { return sizes.fault }
    for (inputs, outputs) in zip([frames * coefficients] + units, units + [genres]) {
      least += inputs * outputs
    }
    return nil
  }
}

extension GenreCNN.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of frames", frames, in: 11...1_000_000)
    sizes.check("the number of coefficients", coefficients, in: 11...65_536)
    sizes.check("convolutions", filters, counting: 3...3)
    sizes.check("the number of units", denseUnits, in: SizeCheck.width)
    sizes.check("the number of genres", genres, in: SizeCheck.width)
    sizes.check(dropout: dropout)
    guard sizes.fault == nil else { return sizes.fault }
    least += 9 * (filters[0] + filters[0] * filters[1]) + 4 * filters[1] * filters[2]
    // Each extent leaves at most a quarter of itself, so that the product stays far from the largest number.
    let (left, overflows) = (left(of: frames) * left(of: coefficients))
      .multipliedReportingOverflow(by: filters[2] * denseUnits)
    guard !overflows, left < Int.max / 4 else { return "the sizes are beyond all numbers" }
    least += left + denseUnits * genres
    return nil
  }
}

extension GenreRecurrentNetwork.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of frames", frames, in: SizeCheck.frames)
    sizes.check("the number of coefficients", coefficients, in: SizeCheck.width)
    sizes.check("the number of units", units, in: SizeCheck.width)
    sizes.check("the number of units", denseUnits, in: SizeCheck.width)
    sizes.check("the number of genres", genres, in: SizeCheck.width)
    sizes.check(dropout: dropout)
    guard sizes.fault == nil else { return sizes.fault }
    let gates = cell.cell.gateCount
    least += gates * (gate(coefficients, units) + gate(units, units))
    least += units * denseUnits + denseUnits * genres
    return nil
  }
}
