import SentioTensor

/// Attention by a small network instead of a product: `score = v · tanh(W_q · q + W_k · k + b)`.
///
/// Queries `[N, L, Q]`, keys `[N, S, K]`, values `[N, S, V]`; output `[N, L, V]`: for each query the mean of the
/// values, weighed with the softmax of its scores. Children: `query` `[A, Q]`, without a bias, `key` `[A, K]`, with
/// one, and `score` `[1, A]`, without.
///
/// *Reference:* Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and translate",
/// 2015.
public struct AdditiveAttention: Module {
  /// Where the layer stands.
  public var site = Site()
  /// W_q, `[A, Q]`.
  @Child public var query: Linear
  /// W_k and b, `[A, K]`.
  @Child public var key: Linear
  /// v, `[1, A]`.
  @Child public var score: Linear

  /// Creates an attention of random weights.
  ///
  /// - Parameters:
  ///   - queryFeatures: Q.
  ///   - keyFeatures: K.
  ///   - units: A, the hidden units of the scores.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    query queryFeatures: Int, key keyFeatures: Int, units: Int,
    weights: WeightSettings = .pyTorch, from stream: inout RandomStream
  ) {
    query = Linear(queryFeatures, units, bias: false, weights: weights, from: &stream)
    key = Linear(keyFeatures, units, weights: weights, from: &stream)
    score = Linear(units, 1, bias: false, weights: weights, from: &stream)
  }

  /// Hands over the three layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_query)
    visit(&_key)
    visit(&_score)
  }

  /// What each query takes.
  ///
  /// - Parameters:
  ///   - queries: `[N, L, Q]`.
  ///   - keys: `[N, S, K]`.
  ///   - values: `[N, S, V]`; the keys if nil.
  ///   - mask: which keys count; all if nil. The others influence nothing, not even where they are NaN.
  /// - Returns: `[N, L, V]`, zeros for sequences without keys; and the weights, `[N, L, S]`.
  public func callAsFunction(
    _ queries: Tensor, keys: Tensor, values: Tensor? = nil, mask: SequenceMask? = nil
  ) -> (output: Tensor, weights: Tensor) {
    let (batch, length) = (keys.shape[0], keys.shape[1])
    let counts = mask?.stepMask(batch: batch, steps: length)
    let clear = keys.cleared(counts)
    // [N, L, 1, A] + [N, 1, S, A] -> [N, L, S, A] -> [N, L, S]
    let hidden = (query(queries).expanded(at: 2) + key(clear).expanded(at: 1)).tanh()
    let scores = score(hidden).squeezed(at: 3)
    let weights = scores.softmax(over: counts?.expanded(at: 1))
    let output = weights.matmul(values.map { $0.cleared(counts) } ?? clear)
    report([queries, keys], output)
    return (output, weights)
  }
}

/// The mean of a sequence, weighed by a small network's score of each step: `[N, L, D]` to `[N, D]`.
///
/// `score = v · tanh(W · x + b)`, weights by softmax over the steps that count. Children: `hidden` `[A, D]` and
/// `score` `[1, A]`, without a bias.
///
/// *Reference:* Yang et al., "Hierarchical attention networks for document classification", 2016, whose context
/// vector is v.
public struct AttentionPooling: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// W and b, `[A, D]`.
  @Child public var hidden: Linear
  /// v, `[1, A]`.
  @Child public var score: Linear

  /// Creates a pooling of random weights.
  ///
  /// - Parameters:
  ///   - features: D.
  ///   - units: A, the hidden units of the scores.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  public init(
    _ features: Int, units: Int, weights: WeightSettings = .pyTorch,
    from stream: inout RandomStream
  ) {
    hidden = Linear(features, units, activation: .tanh, weights: weights, from: &stream)
    score = Linear(units, 1, bias: false, weights: weights, from: &stream)
  }

  /// Hands over both layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_hidden)
    visit(&_score)
  }

  /// The weighed mean of all steps.
  public func forward(_ x: Tensor) -> Tensor { pool(x, mask: nil).output }

  /// The weighed mean of the steps that count.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - mask: which steps count; all if nil. The others influence nothing, not even where they are NaN.
  /// - Returns: `[N, D]`, zeros for sequences without steps; and the weights, `[N, L]`.
  public func callAsFunction(
    _ x: Tensor, mask: SequenceMask?
  ) -> (output: Tensor, weights: Tensor) {
    let result = pool(x, mask: mask)
    report([x], result.output)
    return result
  }

  private func pool(_ x: Tensor, mask: SequenceMask?) -> (output: Tensor, weights: Tensor) {
    precondition(x.rank == 3, "AttentionPooling takes [N, L, D], and this is \(x.shape)")
    let counts = mask?.stepMask(batch: x.shape[0], steps: x.shape[1])
    let clear = x.cleared(counts)
    let weights = score(hidden(clear)).squeezed(at: 2).softmax(over: counts)
    // [N, 1, L] × [N, L, D] -> [N, D]
    return (weights.expanded(at: 1).matmul(clear).squeezed(at: 1), weights)
  }

  /// The weighed sum; the layers inside count their own.
  public func operationCount(input: Shape, output: Shape) -> Int { 2 * input.elementCount }
}

/// The mean of the steps of a sequence that count: `[N, L, D]` to `[N, D]`.
///
/// *Reference:* `keras.layers.GlobalAveragePooling1D` with a mask, 3.x.
public struct MeanPooling: Layer {
  /// Where the layer stands.
  public var site = Site()

  /// Creates a pooling.
  public init() {}

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// The mean of all steps.
  public func forward(_ x: Tensor) -> Tensor { x.mean(axes: 1) }

  /// The mean of the steps that count.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - mask: which steps count; all if nil. The others influence nothing, not even where they are NaN.
  /// - Returns: `[N, D]`, zeros for sequences without steps.
  public func callAsFunction(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    precondition(x.rank == 3, "MeanPooling takes [N, L, D], and this is \(x.shape)")
    let counts = mask?.stepMask(batch: x.shape[0], steps: x.shape[1])
    let number = counts?.sum(axes: 1, keepingAxes: true).maximum(Tensor(1))
    let sum = x.cleared(counts).sum(axes: 1)
    let y = number.map { sum / $0 } ?? sum / Float(max(1, x.shape[1]))
    report([x], y)
    return y
  }

  /// One for each element.
  public func operationCount(input: Shape, output: Shape) -> Int { input.elementCount }
}

extension Tensor {
  /// Steps `[N, L, D]` with zeros where a mask `[N, L]` is 0; NaN does not survive there, nor in a gradient.
  func cleared(_ mask: Tensor?) -> Tensor {
    guard let mask else { return self }
    return .select(where: mask.expanded(at: 2), self, else: Tensor(0))
  }

  /// Softmax along the last axis over the places where a mask is 1; rows without any are zeros.
  func softmax(over mask: Tensor?) -> Tensor {
    guard let mask else { return softmax() }
    // Far below any score, and no infinity: a row of them alone has a softmax, and is cleared after it.
    let weights = Tensor.select(where: mask, self, else: Tensor(-1e30)).softmax()
    return weights * mask
  }
}
