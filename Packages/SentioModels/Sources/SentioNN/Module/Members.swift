import SentioTensor

/// A tensor that training changes.
///
/// ```swift
/// @Parameter("layernorm_before.weight") var gain: Tensor
/// @Parameter(regularizer: .l2(0.01)) var weight: Tensor
/// @Parameter var bias: Tensor?
/// ```
///
/// The wrapped type is `Tensor` or `Tensor?`; an absent parameter has no entry in a state dictionary. `$gain`
/// tells and sets whether it is trainable and how it is regularized. The module's initializer sets the
/// tensor, after the properties that are not wrapped; an optional one is nil until then.
@propertyWrapper
public struct Parameter<Value: ParameterValue>: Sendable {
  /// What is to be done with it in training.
  public var projectedValue = ParameterTraits()
  var member: Member<Value>

  /// The tensor.
  public var wrappedValue: Value {
    get { member.value }
    set { member.value = newValue }
    _modify { yield &member.value }
  }

  /// Declares a parameter.
  ///
  /// - Parameters:
  ///   - key: its name in checkpoints, possibly with dots; the property's name if nil.
  ///   - regularizer: what its size adds to the loss.
  public init(_ key: String? = nil, regularizer: Regularizer? = nil) {
    member = Member(key, Value.beforeInitializer)
    projectedValue.regularizer = regularizer
  }

  /// Declares a parameter with its first value.
  ///
  /// - Parameters:
  ///   - wrappedValue: the value.
  ///   - key: its name in checkpoints, possibly with dots; the property's name if nil.
  ///   - regularizer: what its size adds to the loss.
  public init(wrappedValue: Value, _ key: String? = nil, regularizer: Regularizer? = nil) {
    member = Member(key, wrappedValue)
    projectedValue.regularizer = regularizer
  }
}

/// What is to be done with a parameter in training.
public struct ParameterTraits: Sendable, Hashable {
  /// Whether training changes it; gradients are taken of trainable parameters only.
  public var isTrainable = true
  /// What its size adds to the loss.
  public var regularizer: Regularizer?
}

/// A tensor that belongs to a module's state and that no gradient is taken of, such as a running mean.
///
/// ```swift
/// @Buffer("running_mean") var runningMean: Tensor
/// ```
///
/// In training a layer does not change its buffers: it tells the pass, ``TrainingPass/update(_:of:to:)``, which
/// writes them into the model at its end.
@propertyWrapper
public struct Buffer<Value: ParameterValue>: Sendable {
  var member: Member<Value>
  let isPersistent: Bool

  /// The tensor.
  public var wrappedValue: Value {
    get { member.value }
    set { member.value = newValue }
    _modify { yield &member.value }
  }

  /// Declares a buffer.
  ///
  /// - Parameters:
  ///   - key: its name in checkpoints, possibly with dots; the property's name if nil.
  ///   - persistent: whether checkpoints hold it; tables that can be computed again need not be there.
  public init(_ key: String? = nil, persistent: Bool = true) {
    member = Member(key, Value.beforeInitializer)
    isPersistent = persistent
  }

  /// Declares a buffer with its first value.
  ///
  /// - Parameters:
  ///   - wrappedValue: the value.
  ///   - key: its name in checkpoints, possibly with dots; the property's name if nil.
  ///   - persistent: whether checkpoints hold it; tables that can be computed again need not be there.
  public init(wrappedValue: Value, _ key: String? = nil, persistent: Bool = true) {
    member = Member(key, wrappedValue)
    isPersistent = persistent
  }
}

/// A module inside a module, an array of modules, or an optional one.
///
/// ```swift
/// @Child("attention.query") var query: Linear
/// @Child("encoder.layer") var layers: [Block]    // encoder.layer.0.…, encoder.layer.1.…
/// @Child("") var body: Body                       // its members stand directly in this module
/// ```
@propertyWrapper
public struct Child<Value: ModuleGroup>: Sendable {
  var member: Member<Value>

  /// The module.
  public var wrappedValue: Value {
    get { member.value }
    set { member.value = newValue }
    _modify { yield &member.value }
  }

  /// Declares a child.
  ///
  /// - Parameter key: its name in paths, possibly with dots; none if empty, the property's name if nil.
  public init(_ key: String? = nil) {
    member = Member(key, Value.beforeInitializer)
  }

  /// Declares a child with its first value.
  ///
  /// - Parameters:
  ///   - wrappedValue: the module.
  ///   - key: its name in paths, possibly with dots; none if empty, the property's name if nil.
  public init(wrappedValue: Value, _ key: String? = nil) {
    member = Member(key, wrappedValue)
  }
}
