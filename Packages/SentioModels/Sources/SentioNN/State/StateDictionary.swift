import SentioTensor

/// What a state may differ in from the model that takes it.
public struct StateTolerance: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: Int

  /// Creates a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Paths that the state lacks keep their values.
  public static let missing = StateTolerance(rawValue: 1)
  /// Names that the model does not have are passed over.
  public static let unexpected = StateTolerance(rawValue: 2)
  /// Tensors of another shape are passed over.
  public static let mismatched = StateTolerance(rawValue: 4)
  /// Nothing: every path is there, in its shape, and no other.
  public static let none: StateTolerance = []
}

extension Module {
  /// The parameters and the persistent buffers by their paths.
  ///
  /// The tensors share their elements with the model until one of the two changes.
  public var stateDictionary: [String: Tensor] {
    var state: [String: Tensor] = [:]
    var copy = self
    copy.forEachState { path, value in
      precondition(state[path] == nil, "two members have the path \(path)")
      state[path] = value
    }
    return state
  }

  /// Takes values for the parameters and the persistent buffers: all, or none where something does not fit.
  ///
  /// - Parameters:
  ///   - state: the values by path.
  ///   - source: where they came from, for the error's text.
  ///   - tolerance: what may differ.
  /// - Returns: what differs and was tolerated.
  /// - Throws: ``StateError`` with all names that do not fit.
  @discardableResult
  public mutating func load(
    _ state: [String: Tensor], from source: String = "the state dictionary",
    tolerating tolerance: StateTolerance = .none
  ) throws(StateError) -> StateError {
    let (report, fitting) = compare(state.mapValues { Array($0.shape) }, source: source)
    try report.check(tolerance)
    forEachState { path, value in
      if fitting.contains(path), let new = state[path] { value = new.detached() }
    }
    return report
  }

  /// What differs between the model and a state of these shapes, and the paths that fit.
  package func compare(
    _ shapes: [String: [Int]], source: String
  ) -> (report: StateError, fitting: Set<String>) {
    var report = StateError(source: source)
    var paths: Set<String> = []
    var fitting: Set<String> = []
    var copy = self
    copy.forEachState { path, value in
      paths.insert(path)
      guard let found = shapes[path] else { return report.missing.append(path) }
      let expected = Array(value.shape)
      if found == expected {
        fitting.insert(path)
      } else {
        report.mismatched.append(.init(path: path, expected: expected, found: found))
      }
    }
    report.unexpected = shapes.keys.filter { !paths.contains($0) }.sorted()
    return (report, fitting)
  }

  /// Calls a closure with everything that a checkpoint holds.
  mutating func forEachState(_ body: @escaping (_ path: String, _ value: inout Tensor) -> Void) {
    var visitor = MemberVisitor(namesPaths: true)
    visitor.onParameter = { path, value, _ in body(path, &value) }
    visitor.onBuffer = { path, value, isPersistent in if isPersistent { body(path, &value) } }
    visitor.enter(&self)
  }
}

extension StateError {
  /// Throws the report without what is tolerated, unless nothing is left.
  package func check(_ tolerance: StateTolerance) throws(StateError) {
    var rest = self
    if tolerance.contains(.missing) { rest.missing = [] }
    if tolerance.contains(.unexpected) { rest.unexpected = [] }
    if tolerance.contains(.mismatched) { rest.mismatched = [] }
    if !rest.isEmpty { throw rest }
  }
}
