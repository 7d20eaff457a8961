import SentioTensor

/// A parameter with its path.
public struct NamedParameter: Sendable {
  /// The path, which is its key in state dictionaries.
  public let path: String
  /// The tensor.
  public let value: Tensor
  /// What is to be done with it in training.
  public let traits: ParameterTraits
}

/// How many numbers a model holds.
public struct ParameterCount: Sendable, Hashable {
  /// The elements of the parameters that training changes.
  public var trainable = 0
  /// The elements of frozen parameters.
  public var frozen = 0
  /// The elements of persistent buffers.
  public var buffers = 0

  /// Creates a count.
  ///
  /// - Parameters:
  ///   - trainable: the elements of the parameters that training changes.
  ///   - frozen: the elements of frozen parameters.
  ///   - buffers: the elements of persistent buffers.
  public init(trainable: Int = 0, frozen: Int = 0, buffers: Int = 0) {
    (self.trainable, self.frozen, self.buffers) = (trainable, frozen, buffers)
  }

  /// The elements of all parameters, without buffers, as PyTorch counts.
  public var total: Int { trainable + frozen }
  /// Everything that training does not change by gradients: frozen parameters and buffers, as Keras counts.
  public var nonTrainable: Int { frozen + buffers }
}

extension Module {
  /// All parameters with their paths, frozen ones too, in the order in which they are handed over.
  public var parameters: [NamedParameter] {
    var list: [NamedParameter] = []
    var visitor = MemberVisitor(namesPaths: true)
    visitor.onParameter = { list.append(NamedParameter(path: $0, value: $1, traits: $2)) }
    var copy = self
    visitor.enter(&copy)
    return list
  }

  /// The paths of the trainable parameters, in the order of the gradients of `valueAndGradient(of:)`.
  public var trainablePaths: [String] {
    parameters.filter(\.traits.isTrainable).map(\.path)
  }

  /// How many numbers the module and all modules in it hold.
  public var parameterCount: ParameterCount {
    var count = ParameterCount()
    var visitor = MemberVisitor(namesPaths: false)
    visitor.onParameter = { _, value, traits in
      if traits.isTrainable { count.trainable += value.count } else { count.frozen += value.count }
    }
    visitor.onBuffer = { _, value, isPersistent in if isPersistent { count.buffers += value.count }
    }
    var copy = self
    visitor.enter(&copy)
    return count
  }

  /// Takes parameters out of training.
  ///
  /// - Parameter pattern: which, by their paths.
  /// - Returns: how many parameters the pattern means.
  @discardableResult
  public mutating func freeze(matching pattern: PathPattern = .all) -> Int {
    setTraits(matching: pattern) { $0.isTrainable = false }
  }

  /// Takes parameters into training.
  ///
  /// - Parameter pattern: which, by their paths.
  /// - Returns: how many parameters the pattern means.
  @discardableResult
  public mutating func unfreeze(matching pattern: PathPattern = .all) -> Int {
    setTraits(matching: pattern) { $0.isTrainable = true }
  }

  /// Chooses what the size of parameters adds to the loss.
  ///
  /// - Parameters:
  ///   - regularizer: what is added; nil for nothing.
  ///   - pattern: which, by their paths.
  /// - Returns: how many parameters the pattern means.
  @discardableResult
  public mutating func setRegularizer(
    _ regularizer: Regularizer?, matching pattern: PathPattern
  ) -> Int {
    setTraits(matching: pattern) { $0.regularizer = regularizer }
  }

  private mutating func setTraits(
    matching pattern: PathPattern, _ change: @escaping (inout ParameterTraits) -> Void
  ) -> Int {
    var count = 0
    var visitor = MemberVisitor(namesPaths: true)
    visitor.onParameter = { path, _, traits in
      guard pattern.matches(path) else { return }
      change(&traits)
      count += 1
    }
    visitor.enter(&self)
    return count
  }
}
