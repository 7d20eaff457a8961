import SentioTensor

/// What the three wrappers have in common: a key, and a value that the module's initializer sets.
///
/// A wrapper with an argument must be complete where it is declared, before the initializer runs: hence the
/// optional.
struct Member<Value: Sendable>: Sendable {
  let key: String?
  /// The number that ``MemberNames`` gives the member to find its name.
  var mark: Int?
  private var stored: Value?

  init(_ key: String?, _ value: Value?) {
    self.key = key
    stored = value
  }

  var value: Value {
    get {
      guard let stored else { fatalError(unset) }
      return stored
    }
    _modify {
      guard stored != nil else { fatalError(unset) }
      yield &stored!
    }
    set { stored = newValue }
  }

  private var unset: String {
    "the \(Value.self) \(key.map { "\"\($0)\" " } ?? "")of a module is read before its initializer set it"
  }
}

/// What a parameter or a buffer can be: a tensor, or one that may be absent.
public protocol ParameterValue: Sendable {
  /// The value until an initializer sets one; nil where there is none.
  static var beforeInitializer: Self? { get }

  /// Calls a closure with the tensor, if there is one.
  ///
  /// - Parameter body: what to do with it; may exchange it.
  mutating func withTensor(_ body: (inout Tensor) -> Void)
}

extension Tensor: ParameterValue {
  /// None.
  public static var beforeInitializer: Tensor? { nil }

  /// Calls a closure with this tensor.
  public mutating func withTensor(_ body: (inout Tensor) -> Void) { body(&self) }
}

extension Tensor?: ParameterValue {
  /// An absent tensor.
  public static var beforeInitializer: Tensor?? { .some(nil) }

  /// Calls a closure with the tensor, if there is one.
  public mutating func withTensor(_ body: (inout Tensor) -> Void) {
    guard self != nil else { return }
    body(&self!)
  }
}

/// One of the three wrappers, as the names' table sees it.
protocol ModuleMember {
  var mark: Int? { get }
}

extension Parameter: ModuleMember {
  var mark: Int? { member.mark }
}

extension Buffer: ModuleMember {
  var mark: Int? { member.mark }
}

extension Child: ModuleMember {
  var mark: Int? { member.mark }
}
