import SentioNN
import SentioTensor

/// Many to many, of different lengths: an encoder reads a sequence, a decoder writes another one, token by token.
///
/// The encoder's last states are the decoder's first; with both directions a linear layer makes one state of two (with
/// tanh for hidden units). With attention each decoder step also takes the mean of the encoder's steps, weighed by
/// `AdditiveAttention`: `h̃ = tanh(W · [h; context])`. The scores are those of the decoder's new state, so that in
/// training a whole target is one operation of each layer.
///
/// Tokens of the target are numbers from 0 and below V. V itself is its end, V + 1 its start: logits are
/// `[N, T, V + 1]`. Children: `source` `[S, E]` where the source is tokens, `encoder` and `decoder` with PyTorch's keys,
/// `bridge.0…`, `target` `[V + 2, E]`, `attention` and `combine` where there is attention, `head`.
///
/// ```swift
/// let model = SequenceTranslator(
///   .init(.tokens(vocabulary: 10, embedding: 16), targets: 20, .init(.gru, units: 64), attention: 32), from: &stream)
/// let words = model.translate([[4, 2]], .beam(width: 4))[0].tokens
/// ```
///
/// *Reference:* Sutskever, Vinyals and Le, "Sequence to sequence learning with neural networks", 2014; Luong, Pham and
/// Manning, "Effective approaches to attention-based neural machine translation", 2015, global attention with the score
/// `concat`. *Differs from:* Bahdanau, Cho and Bengio (2015), who score with the state before the step.
public struct SequenceTranslator: MaskedLayer {
  /// What is read.
  public enum Source: Sendable, Hashable, Codable {
    /// Token numbers, each turned into `embedding` features.
    case tokens(vocabulary: Int, embedding: Int)
    /// Rows of features, such as cepstral coefficients.
    case frames(features: Int)
  }

  /// The sizes of a ``SequenceTranslator``.
  public struct Settings: Sendable, Hashable, Codable {
    /// What is read.
    public var source: Source
    /// V, the number of different tokens that are written.
    public var targets: Int
    /// E, the features that a written token is turned into.
    public var targetEmbedding: Int
    /// The encoder's recurrent layers; the decoder has the same ones in one direction.
    public var stack: RecurrentStack
    /// The hidden units of the attention's scores; nil for no attention.
    public var attention: Int?
    /// The most tokens that are written where no end comes.
    public var maximumLength: Int

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - source: what is read.
    ///   - targets: V, the number of different tokens that are written.
    ///   - targetEmbedding: E, the features that a written token is turned into.
    ///   - stack: the encoder's recurrent layers.
    ///   - attention: the hidden units of the attention's scores; nil for no attention.
    ///   - maximumLength: the most tokens that are written where no end comes.
    public init(
      _ source: Source, targets: Int, targetEmbedding: Int = 16, _ stack: RecurrentStack,
      attention: Int? = nil, maximumLength: Int = 64
    ) {
      self.source = source
      self.targets = targets
      self.targetEmbedding = targetEmbedding
      self.stack = stack
      self.attention = attention
      self.maximumLength = maximumLength
    }

    /// The token that ends a target: V.
    public var end: Int { targets }
    /// The token that starts a target: V + 1.
    public var start: Int { targets + 1 }
  }

  /// What the decoder is given of a source.
  struct Reading {
    /// The encoder's steps, `[N, S, F]`.
    var steps: Tensor
    /// The steps of each source that count; all if nil.
    var lengths: [Int]?
    /// The decoder's first states.
    var states: [RecurrentState]
  }

  /// Where the network stands.
  public var site = Site()
  /// A vector for each token that is read.
  @Child public var source: Embedding?
  /// The layers that read.
  @Child public var encoder: RecurrentLayer
  /// What makes the decoder's state of both directions' states, one a layer.
  @Child public var bridge: [StateBridge]
  /// A vector for each token that is written, for the end and for the start.
  @Child public var target: Embedding
  /// The layers that write.
  @Child public var decoder: RecurrentLayer
  /// What a decoder step takes of the encoder's.
  @Child public var attention: AdditiveAttention?
  /// W, which joins the decoder's step with what attention took.
  @Child public var combine: Linear?
  /// What is dropped before the logits.
  @Child public var dropout: Dropout
  /// The logits of the next token.
  @Child public var head: Linear
  /// The sizes.
  public let settings: Settings

  /// Creates a network of random weights.
  ///
  /// - Parameters:
  ///   - settings: the sizes.
  ///   - stream: the stream to draw from.
  public init(_ settings: Settings, from stream: inout RandomStream) {
    self.settings = settings
    let (stack, weights) = (settings.stack, settings.stack.convention.weights)
    let features: Int
    switch settings.source {
    case .tokens(let vocabulary, let embedding):
      features = embedding
      source = Embedding(vocabulary, embedding, from: &stream)
    case .frames(let count): features = count
    }
    encoder = stack.makeLayer(features, from: &stream)
    bridge =
      stack.isBidirectional
      ? (0..<stack.layers).map { _ in
        StateBridge(stack.cell, units: stack.units, weights: weights, from: &stream)
      } : []
    target = Embedding(settings.targets + 2, settings.targetEmbedding, from: &stream)
    decoder = stack.forwardOnly.makeLayer(settings.targetEmbedding, from: &stream)
    if let units = settings.attention {
      attention = AdditiveAttention(
        query: stack.units, key: stack.outputFeatures, units: units, weights: weights,
        from: &stream)
      combine = Linear(
        stack.units + stack.outputFeatures, stack.units, activation: .tanh, weights: weights,
        from: &stream)
    }
    dropout = Dropout(stack.outputDropout)
    head = Linear(stack.units, settings.targets + 1, weights: weights, from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_source)
    visit(&_encoder)
    visit(&_bridge)
    visit(&_target)
    visit(&_decoder)
    visit(&_attention)
    visit(&_combine)
    visit(&_dropout)
    visit(&_head)
  }

  /// The logits of the targets that greedy decoding writes.
  ///
  /// - Parameters:
  ///   - x: `[N, S]` tokens or `[N, S, D]` frames.
  ///   - mask: which steps of the sources count; all if nil.
  /// - Returns: `[N, T, V + 1]`, T being the longest target's length with its end.
  public func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    writeGreedily(read(x, lengths: mask?.lengths)).logits
  }

  /// The logits of given targets, each token being predicted from the true ones before it (teacher forcing).
  ///
  /// - Parameters:
  ///   - x: `[N, S]` tokens or `[N, S, D]` frames.
  ///   - lengths: the steps of each source that count; all if nil. The others influence nothing.
  ///   - targets: the N targets, without start and end.
  /// - Returns: `[N, T + 1, V + 1]`, T being the longest target's length: the logits of step t are those of token t, and
  ///   of the end behind the last; what follows in shorter targets means nothing.
  public func callAsFunction(_ x: Tensor, lengths: [Int]?, targets: [[Int]]) -> Tensor {
    let reading = read(x, lengths: lengths)
    let inputs = targets.map { [settings.start] + $0 }
    let longest = inputs.map(\.count).max() ?? 1
    let padded = inputs.flatMap {
      $0 + Array(repeating: settings.end, count: longest - $0.count)
    }
    return write(padded, steps: longest, reading, from: reading.states).logits
  }

  /// Reads sources.
  func read(_ x: Tensor, lengths: [Int]?) -> Reading {
    var features = x
    if let source {
      precondition(x.rank == 2, "tokens are [N, S], and these are \(x.shape)")
      features = source(x.tokenNumbers(below: source.weight.shape[0]), shape: x.shape)
    }
    let (steps, states) = encoder.run(features, mask: lengths.map { .lengths($0) })
    return Reading(
      steps: steps, lengths: lengths,
      states: bridge.isEmpty ? states : zip(bridge, states).map { $0($1) })
  }

  /// Goes on with targets, whose inputs `[N, T]` are known.
  func write(
    _ tokens: [Int], steps: Int, _ reading: Reading, from states: [RecurrentState]
  ) -> (logits: Tensor, states: [RecurrentState], weights: Tensor?) {
    let x = target(tokens, shape: [reading.steps.shape[0], steps])
    let (hidden, states) = decoder.run(x, from: states)
    guard let attention, let combine else { return (head(dropout(hidden)), states, nil) }
    let (context, weights) = attention(
      hidden, keys: reading.steps, mask: reading.lengths.map { .lengths($0) })
    let joined = combine(Tensor.concatenate([hidden, context], axis: 2))
    return (head(dropout(joined)), states, weights)
  }
}

/// Makes one decoder state of an encoder's two directions.
///
/// `h = tanh(W · [h→; h←] + b)`, and `c = V · [c→; c←] + d` for LSTMs, whose cells are not bounded.
public struct StateBridge: Module {
  /// W `[H, 2H]` and b.
  @Child public var hidden: Linear
  /// V `[H, 2H]` and d, for LSTMs.
  @Child public var cell: Linear?

  /// Creates a bridge of random weights.
  init(
    _ kind: SequenceCell, units: Int, weights: WeightSettings, from stream: inout RandomStream
  ) {
    hidden = Linear(2 * units, units, activation: .tanh, weights: weights, from: &stream)
    if kind == .lstm { cell = Linear(2 * units, units, weights: weights, from: &stream) }
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_hidden)
    visit(&_cell)
  }

  func callAsFunction(_ state: RecurrentState) -> RecurrentState {
    RecurrentState(
      hidden: hidden(state.hidden), cell: cell.flatMap { layer in state.cell.map { layer($0) } })
  }
}
