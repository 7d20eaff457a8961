import SentioNN
import SentioTensor

/// One to many: from a first token, or a few, a sequence of any length, token by token.
///
/// In training it is a model of the next token: `[N, L]` token numbers to logits `[N, L, V]`, the logits of step t
/// being those of token t + 1. Children: `embedding` `[V, E]`, `condition` `[K, E]` where there are conditions,
/// `recurrent` with PyTorch's keys, `head`. A condition, such as a mode or an emotion's quadrant, adds a vector of its
/// own to every step's.
///
/// ```swift
/// var stream = RandomStream(seed: 1, "weights")
/// let model = SequenceGenerator(.init(vocabulary: 40, embedding: 24, .init(.lstm, units: 96)), from: &stream)
/// var draws = RandomStream(seed: 5, "melody")
/// let melody = model.generate(from: [12], count: 64, .random(temperature: 0.8), from: &draws)
/// ```
public struct SequenceGenerator: MaskedLayer {
  /// The sizes of a ``SequenceGenerator``.
  public struct Settings: Sendable, Hashable, Codable {
    /// V, the number of different tokens.
    public var vocabulary: Int
    /// E, the features that a token is turned into.
    public var embedding: Int
    /// The recurrent layers; one direction only, since the future is not there yet.
    public var stack: RecurrentStack
    /// K, the number of conditions; 0 for none.
    public var conditions: Int

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - vocabulary: V, the number of different tokens.
    ///   - embedding: E, the features that a token is turned into.
    ///   - stack: the recurrent layers, of which one direction is used.
    ///   - conditions: K, the number of conditions; 0 for none.
    public init(
      vocabulary: Int, embedding: Int, _ stack: RecurrentStack, conditions: Int = 0
    ) {
      self.vocabulary = vocabulary
      self.embedding = embedding
      self.stack = stack.forwardOnly
      self.conditions = conditions
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// A vector for each token.
  @Child public var embedding: Embedding
  /// A vector for each condition.
  @Child public var condition: Embedding?
  /// The recurrent layers.
  @Child public var recurrent: RecurrentLayer
  /// What is dropped of their sequence.
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
    let stack = settings.stack.forwardOnly
    embedding = Embedding(settings.vocabulary, settings.embedding, from: &stream)
    if settings.conditions > 0 {
      condition = Embedding(settings.conditions, settings.embedding, from: &stream)
    }
    recurrent = stack.makeLayer(settings.embedding, from: &stream)
    dropout = Dropout(stack.outputDropout)
    head = Linear(
      stack.units, settings.vocabulary, weights: stack.convention.weights, from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_embedding)
    visit(&_condition)
    visit(&_recurrent)
    visit(&_dropout)
    visit(&_head)
  }

  /// The logits of the next tokens, of condition 0 where there are conditions.
  ///
  /// - Parameters:
  ///   - x: token numbers, `[N, L]`.
  ///   - mask: which steps count; all if nil.
  /// - Returns: `[N, L, V]`.
  public func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    step(x, nil, mask, from: nil).logits
  }

  /// The logits of the next tokens.
  ///
  /// - Parameters:
  ///   - tokens: `[N, L]`, whole numbers from 0 and below V.
  ///   - conditions: one a sequence, from 0 and below K; 0 if nil.
  ///   - lengths: the steps of each sequence that count; all if nil.
  /// - Returns: `[N, L, V]`.
  public func callAsFunction(_ tokens: Tensor, conditions: [Int]?, lengths: [Int]?) -> Tensor {
    step(tokens, conditions, lengths.map { .lengths($0) }, from: nil).logits
  }

  /// Makes a sequence.
  ///
  /// Equal streams make equal sequences. The state after the seed is carried from token to token, so that a token costs one
  /// step, however long the sequence is.
  ///
  /// - Parameters:
  ///   - seed: the first tokens, one at least, from 0 and below V.
  ///   - count: the tokens to be added, at least 0.
  ///   - sampling: how a token is chosen.
  ///   - condition: the condition, below K; 0 if nil.
  ///   - stream: the stream to draw from; untouched by ``TokenSampling/greedy``.
  /// - Returns: the seed and the `count` tokens behind it.
  public func generate(
    from seed: [Int], count: Int, _ sampling: TokenSampling = .greedy, condition: Int? = nil,
    from stream: inout RandomStream
  ) -> [Int] {
    precondition(!seed.isEmpty && count >= 0, "\(count) tokens behind a seed of \(seed.count)")
    var tokens = seed
    var states: [RecurrentState]?
    var input = seed
    for _ in 0..<count {
      let x = Tensor(input.map { Float($0) }, shape: [1, input.count])
      let result = step(x, condition.map { [$0] }, nil, from: states)
      states = result.states
      let last = result.logits.selected(-1, axis: 1)
      let next = sampling.token(of: last.scalars, from: &stream)
      tokens.append(next)
      input = [next]
    }
    return tokens
  }

  private func step(
    _ tokens: Tensor, _ conditions: [Int]?, _ mask: SequenceMask?, from states: [RecurrentState]?
  ) -> (logits: Tensor, states: [RecurrentState]) {
    precondition(tokens.rank == 2, "tokens are [N, L], and these are \(tokens.shape)")
    var x = embedding(
      tokens.tokenNumbers(below: settings.vocabulary), shape: tokens.shape)
    if let condition {
      let chosen = conditions ?? Array(repeating: 0, count: tokens.shape[0])
      x = x + condition(chosen, shape: [chosen.count, 1])
    }
    let (sequence, states) = recurrent.run(x, from: states, mask: mask)
    return (head(dropout(sequence)), states)
  }
}

extension Tensor {
  /// The elements as token numbers, row-major.
  func tokenNumbers(below bound: Int) -> [Int] {
    scalars.map { value in
      precondition(
        value >= 0 && value < Float(bound) && value == value.rounded(.down),
        "\(value) is not one of \(bound) tokens, which are whole numbers from 0")
      return Int(value)
    }
  }
}
