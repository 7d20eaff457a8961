import SentioTensor

/// A part of a network: parameters, buffers and other modules, as a value.
///
/// A module declares its members with three property wrappers and hands them over, once, in
/// ``visitMembers(_:)``. All else follows from that: paths, state dictionaries, freezing, gradients of
/// what is trainable, counts, training passes.
///
/// ```swift
/// struct Block: Layer {
///   @Child("layernorm_before") var norm: LayerNorm
///   @Child("attention.query") var query: Linear
///   @Parameter("gamma") var gain: Tensor
///
///   mutating func visitMembers(_ visit: inout MemberVisitor) {
///     visit(&_norm)
///     visit(&_query)
///     visit(&_gain)
///   }
///
///   func forward(_ x: Tensor) -> Tensor { query(norm(x)) * gain }
/// }
/// ```
///
/// The text in a wrapper is the member's key in checkpoints; without it the property's name is. A member
/// that `visitMembers` forgets stops the program with its name the first time that paths are asked for.
///
/// Modules are structures. A copy is deep and costs nothing until one of the two changes, since
/// tensors are copied when they are written. A module is `Sendable`: any number of tasks may compute
/// with one copy of the weights, and none can see another's changes. A module at rest is in inference; a
/// ``TrainingPass`` lends a copy that is in training.
public protocol Module: TensorGroup, ModuleGroup {
  /// Hands over every member that is declared with ``Parameter``, ``Buffer`` or ``Child``, all of them, always.
  ///
  /// - Parameter visit: takes the wrappers, by their underscored names.
  mutating func visitMembers(_ visit: inout MemberVisitor)

  /// Where the module stands: declare it stored, `var site = Site()`, in a layer that wants to know.
  ///
  /// Layers that behave differently in training, and those that a summary should list, do.
  var site: Site { get set }
}

extension Module {
  /// Nowhere: the module is not told.
  public var site: Site {
    get { Site() }
    set { _ = newValue }
  }

  /// Hands the module over as a whole.
  public mutating func visitModules(_ visitor: inout MemberVisitor) { visitor.enter(&self) }

  /// Calls a closure with every trainable parameter, in the order in which members are handed over.
  ///
  /// This is what `valueAndGradient(of: model)` differentiates by; what is frozen is a constant to it, and
  /// operations that depend on constants alone are not recorded and keep nothing.
  ///
  /// - Parameter body: what to do with a parameter; may change it in place.
  /// - Throws: what `body` throws; parameters changed before stay changed.
  public mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try forEachTrainable(namingPaths: false) { try body(&$1) }
  }

  /// Calls a closure with the path and the value of every trainable parameter, in the same order.
  ///
  /// - Parameter body: what to do with a parameter; may change it in place.
  /// - Throws: what `body` throws; parameters changed before stay changed.
  public mutating func forEachTrainableParameter(
    _ body: (_ path: String, _ value: inout Tensor) throws -> Void
  ) rethrows {
    try forEachTrainable(namingPaths: true, body)
  }

  private mutating func forEachTrainable(
    namingPaths: Bool, _ body: (String, inout Tensor) throws -> Void
  ) rethrows {
    // The tensors leave the module while the closure has them, so that each has one owner and can be
    // changed in place, and come back whether it throws or not.
    var paths: [String] = []
    var lent: [Tensor] = []
    var visitor = MemberVisitor(namesPaths: namingPaths)
    visitor.onParameter = { path, value, traits in
      guard traits.isTrainable else { return }
      paths.append(path)
      lent.append(MemberVisitor.placeholder)
      swap(&lent[lent.count - 1], &value)
    }
    visitor.enter(&self)
    defer {
      var index = 0
      var visitor = MemberVisitor(namesPaths: false)
      visitor.onParameter = { _, value, traits in
        guard traits.isTrainable else { return }
        swap(&lent[index], &value)
        index += 1
      }
      visitor.enter(&self)
    }
    for index in lent.indices { try body(paths[index], &lent[index]) }
  }
}

/// Something that holds modules: a module, an array of them, an optional one.
///
/// It is what ``Child`` can wrap. The elements of an array stand under their numbers: `layer.0`, `layer.1`.
public protocol ModuleGroup: Sendable {
  /// The value of a ``Child`` until an initializer sets one; nil where there is none.
  static var beforeInitializer: Self? { get }

  /// Hands over the modules.
  ///
  /// - Parameter visitor: takes them.
  mutating func visitModules(_ visitor: inout MemberVisitor)
}

extension ModuleGroup {
  /// None.
  public static var beforeInitializer: Self? { nil }
}

extension Array: ModuleGroup where Element: ModuleGroup {
  /// Hands over the modules of every element, under its number.
  public mutating func visitModules(_ visitor: inout MemberVisitor) {
    for index in indices { visitor.descend(to: String(index)) { self[index].visitModules(&$0) } }
  }
}

extension Optional: ModuleGroup where Wrapped: ModuleGroup {
  /// An absent module.
  public static var beforeInitializer: Wrapped?? { .some(nil) }

  /// Hands over the modules of the value, if there is one.
  public mutating func visitModules(_ visitor: inout MemberVisitor) {
    self?.visitModules(&visitor)
  }
}
