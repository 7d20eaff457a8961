import SentioNN
import SentioTensor

extension TrainingRecipe {
  var lossFunction: Loss {
    switch loss {
    case .mse: .meanSquaredError
    case .mae: .meanAbsoluteError
    case .huber: .huber()
    case .concordance: .concordance
    case .crossEntropy: .crossEntropy(smoothing: labelSmoothing)
    }
  }

  func objective<Network: Layer>(outputs: [String]) -> SupervisedObjective<Network> {
    SupervisedObjective(loss: lossFunction, outputs: outputs) {
      $0($1.inputs, lengths: $1.lengths)
    }
  }

  func makeOptimizer(updatesPerEpoch: Int) -> Optimizer {
    let rule: UpdateRule =
      switch optimizer {
      case .adam, .adamw: .adam()
      case .sgd: .sgd(momentum: 0.9)
      case .rmsprop: .rmsProp()
      }
    let warmup = Int((warmupEpochs * Double(updatesPerEpoch)).rounded())
    var rate: LearningRate =
      switch schedule {
      case .constant: .constant(learningRate)
      case .cosine: .cosine(learningRate, over: max(1, epochs * updatesPerEpoch - warmup))
      }
    if warmup > 0 { rate = rate.warmedUp(over: warmup) }
    let decay: WeightDecay =
      weightDecay == 0
      ? .none : optimizer == .adamw ? .decoupled(weightDecay) : .coupled(weightDecay)
    return Optimizer(
      rule, learningRate: rate, decay: decay, clipping: clip > 0 ? .norm(clip) : nil)
  }

  func settings(plan: UnfreezingPlan?) -> TrainingSettings {
    var settings = TrainingSettings(epochs: epochs, seed: seed)
    settings.precision = ComputePrecision(rawValue: precision) ?? .float32
    settings.accumulation = accumulation
    switch monitor {
    case .loss: settings.monitor = .loss
    case .concordance: settings.monitor = .concordance
    case .accuracy: settings.monitor = .accuracy
    }
    if patience > 0 { settings.earlyStopping = EarlyStopping(patience: patience) }
    if plateauPatience > 0 {
      settings.plateau = PlateauReduction(reduction: plateauFactor, patience: plateauPatience)
    }
    if average > 0 { settings.average = WeightAverage(decay: average) }
    settings.unfreezing = plan
    return settings
  }

  /// Freezes what the recipe says.
  ///
  /// - Parameter network: the network at its start.
  /// - Throws: ``RecipeError`` with the first pattern that means no parameter.
  func freeze(_ network: inout any Layer) throws(RecipeError) {
    for pattern in freeze where network.freeze(matching: PathPattern(pattern)) == 0 {
      let paths = network.parameters.map(\.path)
      throw RecipeError(
        key: "training.freeze",
        reason:
          "'\(pattern)' means no parameter; paths are such as \(paths.first ?? "none") and \(paths.last ?? "none"), "
          + "sentio model show lists the parts, and ** stands for any of them")
    }
  }

  /// The stages for a transformer of so many blocks; nil where there are none.
  func plan(blocks: Int) -> UnfreezingPlan? {
    guard !unfreezing.isEmpty, blocks > 0 else { return nil }
    return UnfreezingPlan(
      unfreezing.flatMap { stage -> [(epoch: Int, pattern: PathPattern)] in
        let numbers = (max(0, blocks - stage.blocks)..<blocks).map(String.init)
        let layers = PathPattern("**encoder.layer.{\(numbers.joined(separator: ","))}")
        return [(stage.epoch - 1, "head")] + (numbers.isEmpty ? [] : [(stage.epoch - 1, layers)])
      })
  }
}
