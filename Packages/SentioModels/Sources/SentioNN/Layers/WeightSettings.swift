import SentioTensor

/// How a layer's weights and biases start, and what their size adds to the loss.
///
/// ```swift
/// Conv1D(40, 64, kernel: 3, weights: .keras, from: &stream)
/// Linear(128, 2, weights: .pyTorch.regularized(.l2(1e-4)), from: &stream)
/// ```
///
/// Where a layer's other defaults differ between the two libraries, as a normalization's epsilon or a leaky
/// ReLU's slope do, its own documentation names both.
public struct WeightSettings: Sendable, Hashable {
  /// How weights start.
  public var initializer: Initializer
  /// How biases start.
  public var biasInitializer: Initializer
  /// What the size of weights adds to the loss; nil for nothing.
  public var regularizer: Regularizer?
  /// What the size of biases adds to the loss; nil for nothing.
  public var biasRegularizer: Regularizer?

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - initializer: how weights start.
  ///   - biasInitializer: how biases start.
  ///   - regularizer: what the size of weights adds to the loss; nil for nothing.
  ///   - biasRegularizer: what the size of biases adds to the loss; nil for nothing.
  public init(
    initializer: Initializer, biasInitializer: Initializer = .zeros,
    regularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil
  ) {
    self.initializer = initializer
    self.biasInitializer = biasInitializer
    self.regularizer = regularizer
    self.biasRegularizer = biasRegularizer
  }

  /// Weights and biases uniform up to `1/√fanIn`.
  ///
  /// *Reference:* `reset_parameters` of `torch.nn.Linear` and `torch.nn.Conv2d`, 2.x.
  public static let pyTorch = WeightSettings(
    initializer: .varianceScaling(scale: 1 / 3, fan: .input, .uniform),
    biasInitializer: .varianceScaling(scale: 1 / 3, fan: .input, .uniform))

  /// Weights uniform up to `√(6 / (fanIn + fanOut))`, biases 0.
  ///
  /// *Reference:* `keras.layers.Dense` and `Conv1D`, 3.x: `glorot_uniform` and `zeros`.
  public static let keras = WeightSettings(initializer: .glorot(.uniform))

  /// The same settings with other regularizers.
  ///
  /// - Parameters:
  ///   - regularizer: what the size of weights adds to the loss; nil for nothing.
  ///   - bias: what the size of biases adds to the loss; nil for nothing.
  /// - Returns: the settings.
  public func regularized(_ regularizer: Regularizer?, bias: Regularizer? = nil) -> WeightSettings {
    var settings = self
    settings.regularizer = regularizer
    settings.biasRegularizer = bias
    return settings
  }

  /// The same settings with another start of weights.
  ///
  /// - Parameter initializer: how weights start.
  /// - Returns: the settings.
  public func initialized(_ initializer: Initializer) -> WeightSettings {
    var settings = self
    settings.initializer = initializer
    return settings
  }

  /// Draws a weight `[O, I, …]` and, if it is wanted, a bias of some elements.
  func draw(
    _ shape: Shape, bias: Int?, from stream: inout RandomStream
  ) -> (weight: Tensor, bias: Tensor?) {
    let fans = Fans(ofWeight: shape)
    let weight = initializer.tensor(shape, fans: fans, from: &stream)
    return (weight, bias.map { biasInitializer.tensor([$0], fans: fans, from: &stream) })
  }
}

/// Where a tensor's channels stand.
public enum ChannelAxis: String, Sendable, Hashable, CaseIterable {
  /// `[N, C, …]`, as in PyTorch.
  case second
  /// `[N, …, C]`, as in Keras.
  case last
}
