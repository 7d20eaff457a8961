/// Where a module stands: its path in the model, and the pass that it takes part in.
///
/// A layer that behaves differently in training, or that a summary should list, stores one:
///
/// ```swift
/// struct Noise: Layer {
///   var site = Site()
///   var deviation: Float
///
///   func forward(_ x: Tensor) -> Tensor {
///     guard let pass = site.training else { return x }
///     return x + pass.draw(for: site) { Tensor.normal(x.shape, from: &$0) } * deviation
///   }
/// }
/// ```
public struct Site: Sendable {
  /// The module's path in the model that a pass or an observer was given; empty for that model itself.
  public internal(set) var path = ""
  /// Whether the module stays in inference when its model is trained.
  public internal(set) var staysInInference = false
  var pass: TrainingPass?
  var observer: (any LayerObserver)?

  /// Nowhere, in inference, unobserved.
  public init() {}

  /// The pass of training that the module takes part in; nil in inference.
  public var training: TrainingPass? { staysInInference ? nil : pass }

  /// Whether calls of layers are reported: a fused operation then gives way to the layers that it is made of.
  public var isObserved: Bool { observer != nil }

  /// The path of one of the module's members.
  ///
  /// - Parameter key: the member's key.
  /// - Returns: the path.
  public func path(of key: String) -> String { MemberVisitor.join(path, key) }
}

/// Whether a module follows its model into training.
public enum ModuleMode: String, Sendable, Hashable, CaseIterable {
  /// It is in training while its model is in a ``TrainingPass``.
  case following
  /// It stays in inference: no dropout, and batch normalization by its running statistics.
  case inference
}

extension Module {
  /// Chooses which modules follow the model into training.
  ///
  /// The parameters of a module that stays in inference are trained all the same, unless they are frozen.
  ///
  /// - Parameters:
  ///   - mode: what they do.
  ///   - pattern: which modules, by their paths, and all that stands below them.
  public mutating func setMode(_ mode: ModuleMode, matching pattern: PathPattern = .all) {
    var visitor = MemberVisitor(namesPaths: true)
    visitor.onModule = { path, module in
      if pattern.matches(path) { module.site.staysInInference = mode == .inference }
    }
    visitor.enter(&self)
  }
}
