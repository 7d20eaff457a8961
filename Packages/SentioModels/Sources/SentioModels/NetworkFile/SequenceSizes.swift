/// Sizes of the sequence models that came from a file; see `SizeCheck`.
extension RecurrentStack {
  /// What is wrong with the layers; nil where they can be made.
  ///
  /// - Parameters:
  ///   - features: the features of an input step, which have been checked.
  ///   - least: grows by the numbers that such layers have at least.
  /// - Returns: one sentence.
  func fault(features: Int, adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of units", units, in: SizeCheck.width)
    sizes.check("the number of recurrent layers", layers, in: 1...64)
    for rate in [inputDropout, stateDropout, layerDropout, outputDropout] {
      sizes.check(dropout: rate)
    }
    sizes.check("the steps of truncation", truncation ?? 1, in: SizeCheck.frames)
    if let fault = sizes.fault { return fault }
    if let memoryBias, !(abs(memoryBias) <= 1000) {
      return "the bias of the memory's gate must be from -1000 to 1000, and is \(memoryBias)"
    }
    let directions = isBidirectional ? 2 : 1
    let gates = cell.recurrent.gateCount * directions
    least += gates * (gate(features, units) + (layers - 1) * gate(directions * units, units))
    return nil
  }
}

extension SequenceClassifier.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of features", features, in: SizeCheck.width)
    sizes.check("the number of outputs", outputs, in: 1...1_000_000)
    if let fault = sizes.fault ?? stack.fault(features: features, adding: &least) { return fault }
    least += outputs * stack.outputFeatures
    return nil
  }
}

extension SequenceLabeler.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of features", features, in: SizeCheck.width)
    sizes.check("the number of outputs", outputs, in: 1...1_000_000)
    if let fault = sizes.fault ?? stack.fault(features: features, adding: &least) { return fault }
    least += outputs * stack.outputFeatures
    return nil
  }
}

extension SequenceTranslator.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    let features: Int
    switch source {
    case .tokens(let vocabulary, let embedding):
      sizes.check("the number of tokens that are read", vocabulary, in: 1...1_000_000)
      sizes.check("a token's features", embedding, in: SizeCheck.width)
      features = embedding
      if sizes.fault == nil { least += vocabulary * embedding }
    case .frames(let count):
      sizes.check("the number of features", count, in: SizeCheck.width)
      features = count
    }
    sizes.check("the number of tokens that are written", targets, in: 1...1_000_000)
    sizes.check("a written token's features", targetEmbedding, in: SizeCheck.width)
    sizes.check("the attention's units", attention ?? 1, in: SizeCheck.width)
    sizes.check("the longest target", maximumLength, in: SizeCheck.frames)
    if let fault = sizes.fault ?? stack.fault(features: features, adding: &least) { return fault }
    if let fault = stack.forwardOnly.fault(features: targetEmbedding, adding: &least) {
      return fault
    }
    least += (targets + 2) * targetEmbedding + (targets + 1) * stack.units
    if stack.isBidirectional { least += 2 * stack.layers * stack.units * stack.units }
    if let attention { least += attention * (stack.units + stack.outputFeatures) }
    return nil
  }
}

extension SequenceGenerator.Settings {
  func fault(adding least: inout Int) -> String? {
    var sizes = SizeCheck()
    sizes.check("the number of tokens", vocabulary, in: 1...1_000_000)
    sizes.check("a token's features", embedding, in: SizeCheck.width)
    sizes.check("the number of conditions", conditions, in: 0...1_000_000)
    if let fault = sizes.fault
      ?? stack.forwardOnly.fault(features: embedding, adding: &least)
    {
      return fault
    }
    least += (vocabulary + conditions) * embedding + vocabulary * stack.units
    return nil
  }
}
