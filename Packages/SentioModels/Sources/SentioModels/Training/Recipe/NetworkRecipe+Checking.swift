import SentioDSP
import SentioTensor

/// What is wrong with a recipe, and where.
public struct RecipeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The key, such as `training.epochs`.
  public let key: String
  /// What is wrong, with the value and what may stand there.
  public let reason: String

  /// The key and the reason.
  public var description: String { "\(key): \(reason)" }
}

extension NetworkRecipe {
  /// Checks a recipe that may come from a file.
  ///
  /// - Throws: ``RecipeError`` for the first thing that is wrong.
  public func validate() throws(RecipeError) {
    do {
      try input.validate()
    } catch {
      if case .invalidSetting(let name, let value, let expected) = error {
        throw RecipeError(key: "input.\(name)", reason: "\(value) is out of range: \(expected)")
      }
      throw RecipeError(key: "input", reason: "\(error)")
    }
    if let fault = network.fault(elements: .max) { throw RecipeError(key: "sizes", reason: fault) }
    // The network that is fitted to the input may be too small for it where the drawn one is not.
    if let fault = fitted().network.fault(elements: .max) {
      throw RecipeError(key: "sizes", reason: fault)
    }
    if let mismatch = fitted().network.mismatch(Shape([1] + input.inputShape)) {
      throw RecipeError(key: "input", reason: mismatch)
    }
    try training.validate(isForGenres: architecture.isForGenres)
    try augmentation.validate()
  }
}

extension TrainingRecipe {
  func validate(isForGenres: Bool) throws(RecipeError) {
    func check(_ key: String, _ holds: Bool, _ value: Any, _ expected: String) throws(RecipeError) {
      if !holds {
        throw RecipeError(key: "training.\(key)", reason: "\(value) is out of range: \(expected)")
      }
    }
    try check("epochs", (1...1_000_000).contains(epochs), epochs, "from 1 to 1000000")
    try check("batchSize", (1...65_536).contains(batchSize), batchSize, "from 1 to 65536")
    try check(
      "learningRate", learningRate > 0 && learningRate < 1e3, learningRate, "above 0, below 1000")
    try check("weightDecay", weightDecay >= 0 && weightDecay < 1e3, weightDecay, "from 0")
    try check(
      "warmupEpochs", warmupEpochs >= 0 && warmupEpochs <= Double(epochs), warmupEpochs,
      "from 0 to the number of epochs")
    try check("plateauPatience", plateauPatience >= 0, plateauPatience, "from 0, which is never")
    try check(
      "plateauFactor", plateauFactor > 0 && plateauFactor < 1, plateauFactor, "between 0 and 1")
    try check("accumulation", (1...4096).contains(accumulation), accumulation, "from 1 to 4096")
    try check("clip", clip >= 0 && clip.isFinite, clip, "from 0, which is no bound")
    try check(
      "precision", ComputePrecision(rawValue: precision) != nil, precision,
      ComputePrecision.allCases.map(\.rawValue).joined(separator: " or "))
    try check("patience", patience >= 0, patience, "from 0, which is never")
    try check("average", average >= 0 && average < 1, average, "from 0, which is none, to below 1")
    try check(
      "labelSmoothing", labelSmoothing >= 0 && labelSmoothing < 1, labelSmoothing,
      "from 0 to below 1")
    try check(
      "loss", (loss == .crossEntropy) == isForGenres, loss.rawValue,
      isForGenres ? "crossEntropy, for genres" : "mse, mae, huber or concordance, for emotions")
    try check(
      "monitor", monitor == .loss || (monitor == .accuracy) == isForGenres, monitor.rawValue,
      isForGenres ? "loss or accuracy, for genres" : "loss or concordance, for emotions")
    try check(
      "unfreezing", unfreezing.allSatisfy { $0.epoch >= 1 && (0...1024).contains($0.blocks) },
      unfreezing.map { [$0.epoch, $0.blocks] }, "epochs from 1, blocks from 0")
    try check(
      "freeze", freeze.count <= 1000 && freeze.allSatisfy { (1...1000).contains($0.count) },
      "a list of \(freeze.count)",
      "at most 1000 patterns of 1 to 1000 characters")
    try check(
      "freeze", freeze.isEmpty || unfreezing.isEmpty, freeze,
      "nothing beside training.unfreezing, which freezes all else; write unfreezing: []")
  }
}

extension AugmentationRecipe {
  func validate() throws(RecipeError) {
    let counts = [
      ("timeMasks", timeMasks), ("longestTime", longestTime), ("frequencyMasks", frequencyMasks),
      ("widestFrequency", widestFrequency), ("shift", shift),
    ]
    for (key, value) in counts where !(0...65_536).contains(value) {
      throw RecipeError(
        key: "augmentation.\(key)", reason: "\(value) is out of range: from 0 to 65536")
    }
    guard mixup >= 0, mixup <= 100 else {
      throw RecipeError(
        key: "augmentation.mixup", reason: "\(mixup) is out of range: from 0, which is none, to 100"
      )
    }
  }
}
