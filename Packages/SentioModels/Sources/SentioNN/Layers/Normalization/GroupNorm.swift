import SentioTensor

/// Groups of channels of each example brought to mean 0 and variance 1, then scaled and shifted by channel.
///
/// Input and output `[N, C, …]`; `weight` `[C]` starts as ones, `bias` `[C]` as zeros. As many groups as channels
/// are instance normalization, one group is a layer normalization over all channels and places. Training
/// and inference are the same.
///
/// *Reference:* `torch.nn.GroupNorm`, 2.x (ε 1e-5; Keras 1e-3, and 32 groups).
public struct GroupNorm: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The gain, `[C]`; none multiplies by 1.
  @Parameter public var weight: Tensor?
  /// The offset, `[C]`; none adds 0.
  @Parameter public var bias: Tensor?
  /// How many groups there are.
  public let groups: Int
  /// ε, which keeps the divisor from 0.
  public let epsilon: Float

  /// Creates a normalization.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - groups: how many groups they fall into; divides C.
  ///   - epsilon: keeps the divisor from 0; 1e-5 in PyTorch, 1e-3 in Keras.
  ///   - scale: whether there is a gain.
  ///   - center: whether there is an offset.
  public init(
    _ channels: Int, groups: Int, epsilon: Float = 1e-5, scale: Bool = true, center: Bool = true
  ) {
    precondition(
      groups >= 1 && channels % groups == 0,
      "\(channels) channels do not fall into \(groups) groups")
    self.groups = groups
    self.epsilon = epsilon
    weight = scale ? .ones([channels]) : nil
    bias = center ? .zeros([channels]) : nil
  }

  /// Hands over gain and offset.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
  }

  /// The normalized groups.
  public func forward(_ x: Tensor) -> Tensor {
    x.groupNormalized(groups: groups, gain: weight, offset: bias, epsilon: epsilon)
  }

  /// Eight for each element: two for the mean and the variance each, four for the result.
  public func operationCount(input: Shape, output: Shape) -> Int { 8 * output.elementCount }
}
