/// Which parts of a model are trained from which epoch on.
///
/// ```swift
/// // The head alone for two epochs, then the upper blocks too, then everything.
/// let plan = UnfreezingPlan([
///   (0, "head"), (2, "encoder.layer.{8,9,10,11}"), (5, .all),
/// ])
/// ```
///
/// The plan is a function of the epoch, so that a run that is resumed is where it was. Everything that no stage
/// has reached is frozen.
public struct UnfreezingPlan: Sendable, Hashable {
  private struct Stage: Sendable, Hashable {
    let epoch: Int
    let pattern: PathPattern
  }
  private let stages: [Stage]

  /// Creates a plan.
  ///
  /// - Parameter stages: from which epoch, from 0, which parameters are trained.
  public init(_ stages: [(epoch: Int, pattern: PathPattern)]) {
    self.stages = stages.map { Stage(epoch: $0.epoch, pattern: $0.pattern) }
  }

  /// Throws where a stage means nothing that the model has: it would leave frozen what it should train.
  ///
  /// - Parameter model: the model.
  /// - Throws: `TrainingError.unmatchedPattern(_:paths:)`.
  func check(_ model: some Module) throws(TrainingError) {
    let paths = model.parameters.map(\.path)
    for stage in stages where !paths.contains(where: stage.pattern.matches) {
      throw .unmatchedPattern(stage.pattern.text, paths: paths)
    }
  }

  /// Freezes and unfreezes as the plan has it for an epoch.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - epoch: the epoch, from 0.
  public func apply<Model: Module>(to model: inout Model, epoch: Int) {
    model.freeze()
    for stage in stages where stage.epoch <= epoch { model.unfreeze(matching: stage.pattern) }
  }
}
