import SentioNN
import SentioTensor

/// A convolution of sequences that is normalized, rectified and pooled.
///
/// `[N, C, L]` to `[N, O, L / pool]`. In inference the normalization is a factor and a summand of each filter, and
/// becomes part of the convolution: one pass over memory. An observer is then told the rectified output twice.
///
/// With a mask the input is expected to be 0 where a frame does not count, and so is the output. In training means and
/// variances are those of the frames that count, and their number is n.
public struct ConvolutionBlock: Layer {
  /// Where the block stands.
  public var site = Site()
  /// Frames to frames of as many.
  @Child("conv") public var convolution: Conv1D
  /// Its filters brought to mean 0 and variance 1.
  @Child public var norm: BatchNorm
  /// Frames whose largest value is passed on; 1 passes all on.
  public let poolSize: Int
  /// The convolution and its normalization as one convolution.
  private let foldedFilters = FoldedFilters()

  /// Creates a block of random weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - filters: O.
  ///   - kernel: the frames under a window.
  ///   - poolSize: frames whose largest value is passed on; 1 passes all on.
  ///   - convention: how weights start, and which momentum and epsilon the normalization has.
  ///   - stream: the stream to draw from.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, poolSize: Int, convention: RecurrentConvention,
    from stream: inout RandomStream
  ) {
    precondition(poolSize >= 1, "windows of \(poolSize) frames cannot be pooled")
    self.poolSize = poolSize
    convolution = Conv1D(
      channels, filters, kernel: kernel, padding: .same, weights: convention.weights, from: &stream)
    norm = BatchNorm(filters, update: convention.batchStatistics)
  }

  /// Hands over convolution and normalization.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_convolution)
    visit(&_norm)
  }

  /// The output for sequences whose frames all count.
  public func forward(_ x: Tensor) -> Tensor { compute(x, mask: nil) }

  /// The output for sequences some of whose frames do not count.
  ///
  /// - Parameters:
  ///   - x: `[N, C, L]`, 0 where a frame does not count.
  ///   - mask: `[N, 1, L]`, 1 where a frame counts and 0 elsewhere; all count if nil.
  /// - Returns: `[N, O, L / pool]`, 0 where no frame of a window counts.
  func callAsFunction(_ x: Tensor, mask: Tensor?) -> Tensor {
    let y = compute(x, mask: mask)
    report([x], y)
    return y
  }

  private func compute(_ x: Tensor, mask: Tensor?) -> Tensor {
    var y: Tensor
    if norm.site.training != nil {
      let sums = convolution(x)
      y = (mask.map { norm(sums, counting: $0) } ?? norm(sums)).relu()
    } else {
      y = folded(x)
    }
    // After the rectification nothing is below 0: a frame of zeros loses against every frame that counts.
    if let mask { y = Tensor.select(where: mask, y, else: Tensor(0)) }
    return poolSize == 1 ? y : y.maxPooled1D(poolSize)
  }

  /// The rectified convolution by filters that hold the normalization.
  private func folded(_ x: Tensor) -> Tensor {
    let filters = foldedFilters.filters(of: convolution, norm)
    let y = x.convolved1D(
      filters.weight, bias: filters.bias, padding: .same, activation: .relu)
    convolution.report([x], y)
    norm.report([y], y)
    return y
  }
}

extension RecurrentConvention {
  /// How weights that are not recurrent start in the same library.
  var weights: WeightSettings { self == .keras ? .keras : .pyTorch }

  /// How the same library takes the statistics of a batch up.
  var batchStatistics: RunningStatistics.Update { self == .keras ? .keras() : .pyTorch() }
}
