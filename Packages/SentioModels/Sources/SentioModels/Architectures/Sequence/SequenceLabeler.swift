import SentioNN
import SentioTensor

/// Many to many, of the same length: a row of numbers, such as the logits of phonemes, for every step.
///
/// `[N, L, D]` to `[N, L, C]`: recurrent layers, dropout, a linear layer at each step. Children: `recurrent` with
/// PyTorch's keys, `head`.
public struct SequenceLabeler: MaskedLayer {
  /// The sizes of a ``SequenceLabeler``.
  public struct Settings: Sendable, Hashable, Codable {
    /// D, the features of a step.
    public var features: Int
    /// C, the numbers that come out of a step.
    public var outputs: Int
    /// The recurrent layers.
    public var stack: RecurrentStack

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - features: D, the features of a step.
    ///   - outputs: C, the numbers that come out of a step.
    ///   - stack: the recurrent layers.
    public init(features: Int, outputs: Int, _ stack: RecurrentStack) {
      self.features = features
      self.outputs = outputs
      self.stack = stack
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The recurrent layers.
  @Child public var recurrent: RecurrentLayer
  /// What is dropped of their sequence.
  @Child public var dropout: Dropout
  /// The outputs of a step.
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
    recurrent = settings.stack.makeLayer(settings.features, from: &stream)
    dropout = Dropout(settings.stack.outputDropout)
    head = Linear(
      settings.stack.outputFeatures, settings.outputs, weights: settings.stack.convention.weights,
      from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_recurrent)
    visit(&_dropout)
    visit(&_head)
  }

  /// The outputs for sequences some of whose steps do not count.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - mask: which steps count; all if nil. The others influence nothing.
  /// - Returns: `[N, L, C]`; at steps that do not count, the head's bias.
  public func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    head(dropout(recurrent(x, mask: mask)))
  }

  /// The outputs for sequences of several lengths.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - lengths: the steps of each sequence that count; all if nil. The others influence nothing.
  /// - Returns: `[N, L, C]`; at steps that do not count, the head's bias.
  public func callAsFunction(_ x: Tensor, lengths: [Int]?) -> Tensor {
    self(x, mask: lengths.map { .lengths($0) })
  }
}
