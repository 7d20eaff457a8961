extension SpectrogramGenerator.Settings {
  /// What is wrong with sizes that came from a file; nil where a network can be made of them.
  ///
  /// - Parameter least: grows by the numbers that such a network has at least.
  /// - Returns: one sentence.
  func fault(adding least: inout Int) -> String? {
    if let fault = faultOfSizes(mels: mels, frames: frames, filters: filters) { return fault }
    if let fault = outside("the numbers of noise", noise, 0...16_384) { return fault }
    if let fault = outside("the grid's channels", gridChannels, 1...16_384) { return fault }
    guard mels % doubling == 0 else {
      return "the mel bands must be a multiple of \(doubling), and are \(mels)"
    }
    guard range.deviations > 0 && range.deviations <= 1e6 else {
      return "the range must be above 0 and at most 1e6, and is \(range.deviations)"
    }
    guard emotionGain > 0 && emotionGain <= 1e6 else {
      return "the emotion's gain must be above 0 and at most 1e6, and is \(emotionGain)"
    }
    let (grid, inputs) = (grid, noise + SpectrogramGenerator.emotionCount)
    least += inputs * gridChannels * grid.height * grid.width
    least += kernelNumbers(from: gridChannels, filters + [1])
    return nil
  }
}

extension SpectrogramDiscriminator.Settings {
  /// What is wrong with sizes that came from a file; nil where a network can be made of them.
  ///
  /// - Parameter least: grows by the numbers that such a network has at least.
  /// - Returns: one sentence.
  func fault(adding least: inout Int) -> String? {
    if let fault = faultOfSizes(mels: mels, frames: frames, filters: filters) { return fault }
    guard slope.isFinite else { return "the slope must be a number, and is \(slope)" }
    let grid = grid
    guard grid.height >= 1 && grid.width >= 1 else {
      return "\(filters.count) halvings leave nothing of \(mels) x \(frames)"
    }
    least += kernelNumbers(from: 1 + SpectrogramGenerator.emotionCount, filters)
    let last = filters.last ?? 0
    least += last * grid.height * grid.width
    if readsEmotions { least += SpectrogramGenerator.emotionCount * last * grid.height }
    return nil
  }
}

/// Bounds of what both networks have, so that no product of sizes overflows.
private func faultOfSizes(mels: Int, frames: Int, filters: [Int]) -> String? {
  if let fault = outside("the mel bands", mels, 1...8192) { return fault }
  if let fault = outside("the frames", frames, 1...1_000_000) { return fault }
  if let fault = outside("the number of widths", filters.count, 1...12) { return fault }
  for width in filters {
    if let fault = outside("a width", width, 1...16_384) { return fault }
  }
  return nil
}

private func outside(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
  range.contains(value)
    ? nil : "\(name) must be from \(range.lowerBound) to \(range.upperBound), and is \(value)"
}

/// The numbers in kernels of 4 × 4 that lead from width to width.
private func kernelNumbers(from first: Int, _ widths: [Int]) -> Int {
  zip([first] + widths, widths).reduce(0) { $0 + 16 * $1.0 * $1.1 }
}
