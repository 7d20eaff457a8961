import SentioTensor

/// Channels brought to mean 0 and variance 1: over the batch in training, over many batches afterwards.
///
/// `(x − mean) / √(variance + ε) · weight + bias`. Input and output `[N, C]`, `[N, C, L]`, `[N, C, H, W]`, or
/// with the channels last. `weight` `[C]` starts as ones, `bias` `[C]` as zeros, `running_mean` as zeros,
/// `running_var` as ones. A layer that stays in inference (``Module/setMode(_:matching:)``) normalizes by its
/// running statistics in training too.
///
/// | | momentum | ε | variance that is taken up |
/// |---|---|---|---|
/// | `.pyTorch()` | 0.1: the share of the new batch | 1e-5 | the sample's, divisor n − 1 |
/// | `.keras()` | 0.99: the share of what was known | 1e-3 | the population's, divisor n |
///
/// *Reference:* `torch.nn.BatchNorm1d` and `BatchNorm2d`, 2.x; `keras.layers.BatchNormalization`, 3.x.
public struct BatchNorm: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// The gain γ, `[C]`; none multiplies by 1.
  @Parameter public var weight: Tensor?
  /// The offset β, `[C]`; none adds 0.
  @Parameter public var bias: Tensor?
  /// The means of many batches, `[C]`.
  @Buffer("running_mean") public var runningMean: Tensor
  /// The variances of many batches, `[C]`.
  @Buffer("running_var") public var runningVariance: Tensor
  /// How many batches were taken up, as PyTorch's checkpoints say; exact up to 16,777,216.
  @Buffer("num_batches_tracked") public var batchCount: Tensor
  /// How a batch is taken up, and by which momentum.
  public let update: RunningStatistics.Update
  /// ε, which keeps the divisor from 0.
  public let epsilon: Float
  /// Where the channels stand.
  public let axis: ChannelAxis

  /// Creates a normalization.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - axis: where the channels stand; Keras's `axis=-1` is `.last`.
  ///   - update: how a batch is taken up, and by which momentum.
  ///   - epsilon: keeps the divisor from 0; if nil that of the library which `update` names.
  ///   - scale: whether there is a gain.
  ///   - center: whether there is an offset.
  public init(
    _ channels: Int, axis: ChannelAxis = .second, update: RunningStatistics.Update = .pyTorch(),
    epsilon: Float? = nil, scale: Bool = true, center: Bool = true
  ) {
    switch update {
    case .pyTorch: self.epsilon = epsilon ?? 1e-5
    case .keras: self.epsilon = epsilon ?? 1e-3
    }
    self.update = update
    self.axis = axis
    weight = scale ? .ones([channels]) : nil
    bias = center ? .zeros([channels]) : nil
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
    batchCount = Tensor(0)
  }

  /// Hands over gain, offset and the running statistics.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_bias)
    visit(&_runningMean)
    visit(&_runningVariance)
    visit(&_batchCount)
  }

  /// The normalized channels.
  public func forward(_ x: Tensor) -> Tensor {
    guard axis == .last && x.rank > 2 else { return normalize(x) }
    // [N, …, C] -> [N·…, C], which has its channels second
    let rows = x.reshaped([-1, x.shape[x.rank - 1]])
    return normalize(rows).reshaped(Array(x.shape))
  }

  private func normalize(_ x: Tensor) -> Tensor {
    guard let pass = site.training else {
      let running = RunningStatistics(mean: runningMean, variance: runningVariance)
      return x.batchNormalized(by: running, gain: weight, offset: bias, epsilon: epsilon)
    }
    var running = RunningStatistics(
      mean: pass.current("running_mean", of: site) ?? runningMean,
      variance: pass.current("running_var", of: site) ?? runningVariance)
    let result = x.batchNormalized(
      updating: &running, by: update, gain: weight, offset: bias, epsilon: epsilon)
    pass.update("running_mean", of: site, to: running.mean)
    pass.update("running_var", of: site, to: running.variance)
    let count = pass.current("num_batches_tracked", of: site) ?? batchCount
    pass.update("num_batches_tracked", of: site, to: count + 1)
    return result
  }

  /// Two for each element: in inference gain and offset are all that is left.
  public func operationCount(input: Shape, output: Shape) -> Int { 2 * output.elementCount }
}
