/// Parameters, chosen by their paths, that learn at a rate or decay of their own.
///
/// ```swift
/// // A pretrained body learns ten times slower than its new head, and position embeddings do not decay.
/// let groups = [
///   ParameterGroup("vit.encoder", rateFactor: 0.1),
///   ParameterGroup("**.position_embeddings", decay: WeightDecay.none),
/// ]
/// ```
///
/// Of several groups that fit a path the first one holds.
public struct ParameterGroup: Sendable {
  /// What the schedule's rate is multiplied by; 0 leaves the parameters as they are.
  public let rateFactor: Double
  /// The decay of these parameters; nil for that of the optimizer.
  public let decay: WeightDecay?
  private let contains: @Sendable (String) -> Bool

  /// Creates a group of the parameters whose paths fit a pattern.
  ///
  /// - Parameters:
  ///   - pattern: which paths, and all that stand below them.
  ///   - rateFactor: what the schedule's rate is multiplied by.
  ///   - decay: the decay of these parameters; nil for that of the optimizer.
  public init(_ pattern: PathPattern, rateFactor: Double = 1, decay: WeightDecay? = nil) {
    self.init(rateFactor: rateFactor, decay: decay) { pattern.matches($0) }
  }

  /// Creates a group of the parameters that a closure chooses.
  ///
  /// - Parameters:
  ///   - rateFactor: what the schedule's rate is multiplied by.
  ///   - decay: the decay of these parameters; nil for that of the optimizer.
  ///   - contains: whether a path belongs to the group.
  public init(
    rateFactor: Double = 1, decay: WeightDecay? = nil,
    containing contains: @escaping @Sendable (_ path: String) -> Bool
  ) {
    self.rateFactor = rateFactor
    self.decay = decay
    self.contains = contains
  }

  /// Whether a path belongs to the group.
  ///
  /// - Parameter path: the parameter's path.
  /// - Returns: whether it does.
  public func contains(_ path: String) -> Bool { contains(path) }
}
