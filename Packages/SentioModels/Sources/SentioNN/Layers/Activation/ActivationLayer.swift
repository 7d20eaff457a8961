import SentioTensor

/// A function of every element, or of every row, as a layer of its own.
///
/// Where it follows sums directly, the `activation` of ``Linear`` or a convolution does the same in one pass
/// less over memory.
public struct ActivationLayer: Layer {
  /// The function.
  public enum Function: Sendable, Hashable {
    /// One of those that sums can be fused with.
    case fused(Activation)
    /// `x` above 0, `slope · x` below; the slope is 0.01 in PyTorch, 0.3 in Keras.
    case leakyReLU(slope: Float = 0.01)
    /// `x` above 0, `scale · (eˣ − 1)` below.
    case elu(scale: Float = 1)
    /// `log(1 + eˣ)`.
    case softplus
    /// `min(max(x, 0), 6)`.
    case relu6
    /// `x · min(max(x + 3, 0), 6) / 6`.
    case hardSwish
    /// Shares that sum to 1 along an axis.
    case softmax(axis: Int = -1)
    /// The logarithm of ``softmax(axis:)``.
    case logSoftmax(axis: Int = -1)
  }

  /// Where the layer stands.
  public var site = Site()
  /// The function.
  public let function: Function

  /// Creates a layer.
  ///
  /// - Parameter function: what is applied.
  public init(_ function: Function) { self.function = function }

  /// Creates a layer of a function that sums can be fused with too.
  ///
  /// - Parameter activation: what is applied.
  public init(_ activation: Activation) { function = .fused(activation) }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The function's values.
  public func forward(_ x: Tensor) -> Tensor { function(x) }

  /// One for each element, whatever the function.
  public func operationCount(input: Shape, output: Shape) -> Int { output.elementCount }
}

extension Activation {
  /// Applies the function to every element.
  ///
  /// - Parameter x: the input.
  /// - Returns: the function's values.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .gelu(let approximation): x.gelu(approximation)
    case .silu: x.silu()
    case .sigmoid: x.sigmoid()
    case .tanh: x.tanh()
    }
  }
}

extension ActivationLayer.Function {
  /// Applies the function.
  ///
  /// - Parameter x: the input.
  /// - Returns: the function's values.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .fused(let activation): activation(x)
    case .leakyReLU(let slope): x.leakyRelu(slope: slope)
    case .elu(let scale): x.elu(scale: scale)
    case .softplus: x.softplus()
    case .relu6: x.clamped(to: 0...6)
    case .hardSwish: x * ((x + 3).clamped(to: 0...6) * (1 / 6))
    case .softmax(let axis): x.softmax(axis: axis)
    case .logSoftmax(let axis): x.logSoftmax(axis: axis)
    }
  }
}

/// `x` above 0, and below it `weight · x` with a slope that is learned, one for all channels or one for each.
///
/// Input and output `[N, C, …]`; `weight` `[1]` or `[C]`, which starts as 0.25.
///
/// *Reference:* `torch.nn.PReLU`, 2.x; Keras's start is 0, and its slopes are by default one an element.
public struct ParametricReLU: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The slopes, `[1]` or `[C]`.
  @Parameter public var weight: Tensor

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - channels: C for a slope a channel, 1 for one slope.
  ///   - slope: what the slopes start as.
  public init(channels: Int = 1, slope: Float = 0.25) {
    weight = Tensor(repeating: slope, [channels])
  }

  /// Hands over the slopes.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_weight) }

  /// The function's values.
  public func forward(_ x: Tensor) -> Tensor {
    let ones = Array(repeating: 1, count: max(0, x.rank - 2))
    let slopes = weight.count == 1 ? weight.reshaped([1]) : weight.reshaped([-1] + ones)
    return x.relu() - (-x).relu() * slopes
  }

  /// One for each element.
  public func operationCount(input: Shape, output: Shape) -> Int { output.elementCount }
}
