import SentioNN
import SentioTensor

/// Many to one: a sequence of any length to one row of numbers, such as the logits of classes.
///
/// `[N, L, D]` to `[N, C]`: recurrent layers, one vector made of their sequence, dropout, a linear layer. Children:
/// `recurrent` with PyTorch's keys, `pooling` where there is one, `head`.
///
/// | readout | the vector |
/// |---|---|
/// | `.last` | the hidden units after the last step that counts; of the reverse direction, after the first |
/// | `.mean` | the mean of the hidden units over the steps that count |
/// | `.attention` | their mean, weighed by a small network's score of each step |
///
/// ```swift
/// var stream = RandomStream(seed: 1, "weights")
/// let model = SequenceClassifier(
///   .init(features: 13, outputs: 10, .init(.lstm, units: 64, isBidirectional: true)), from: &stream)
/// let logits = model(mfcc, lengths: [120, 87])
/// ```
public struct SequenceClassifier: MaskedLayer {
  /// How one vector is made of a sequence.
  public enum Readout: String, Sendable, Hashable, Codable, CaseIterable {
    /// The last step that counts.
    case last
    /// The mean of the steps that count.
    case mean
    /// The mean of the steps that count, weighed by attention.
    case attention
  }

  /// The sizes of a ``SequenceClassifier``.
  public struct Settings: Sendable, Hashable, Codable {
    /// D, the features of a step.
    public var features: Int
    /// C, the numbers that come out.
    public var outputs: Int
    /// The recurrent layers.
    public var stack: RecurrentStack
    /// How one vector is made of a sequence.
    public var readout: Readout

    /// Creates sizes.
    ///
    /// - Parameters:
    ///   - features: D, the features of a step.
    ///   - outputs: C, the numbers that come out.
    ///   - stack: the recurrent layers.
    ///   - readout: how one vector is made of a sequence.
    public init(
      features: Int, outputs: Int, _ stack: RecurrentStack, readout: Readout = .last
    ) {
      self.features = features
      self.outputs = outputs
      self.stack = stack
      self.readout = readout
    }
  }

  /// Where the network stands.
  public var site = Site()
  /// The recurrent layers.
  @Child public var recurrent: RecurrentLayer
  /// The scores of the steps, for the readout by attention.
  @Child public var pooling: AttentionPooling?
  /// What is dropped of the vector.
  @Child public var dropout: Dropout
  /// The outputs.
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
    recurrent = stack.makeLayer(settings.features, from: &stream)
    if settings.readout == .attention {
      pooling = AttentionPooling(
        stack.outputFeatures, units: stack.units, weights: weights, from: &stream)
    }
    dropout = Dropout(stack.outputDropout)
    head = Linear(stack.outputFeatures, settings.outputs, weights: weights, from: &stream)
  }

  /// Hands over the layers.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_recurrent)
    visit(&_pooling)
    visit(&_dropout)
    visit(&_head)
  }

  /// The outputs for sequences some of whose steps do not count.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - mask: which steps count; all if nil. The others influence nothing.
  /// - Returns: `[N, C]`.
  public func forward(_ x: Tensor, mask: SequenceMask?) -> Tensor {
    head(dropout(vector(x, mask)))
  }

  /// The outputs for sequences of several lengths.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - lengths: the steps of each sequence that count; all if nil. The others influence nothing.
  /// - Returns: `[N, C]`.
  public func callAsFunction(_ x: Tensor, lengths: [Int]?) -> Tensor {
    self(x, mask: lengths.map { .lengths($0) })
  }

  /// The weights that the readout by attention gives to steps.
  ///
  /// - Parameters:
  ///   - x: `[N, L, D]`.
  ///   - lengths: the steps of each sequence that count; all if nil.
  /// - Returns: `[N, L]`; nil for other readouts.
  public func attention(_ x: Tensor, lengths: [Int]? = nil) -> Tensor? {
    let mask = lengths.map { SequenceMask.lengths($0) }
    return pooling.map { $0(recurrent(x, mask: mask), mask: mask).weights }
  }

  private func vector(_ x: Tensor, _ mask: SequenceMask?) -> Tensor {
    let (sequence, states) = recurrent.run(x, mask: mask)
    switch settings.readout {
    case .last:
      // A residual layer's sum with its input is in the sequence only, not in the state.
      guard settings.stack.isResidual else { return states[states.count - 1].hidden }
      return sequence.lastSteps(
        mask?.lengths, firstFrom: settings.stack.isBidirectional ? settings.stack.units : nil)
    case .mean: return MeanPooling()(sequence, mask: mask)
    case .attention: return pooling!(sequence, mask: mask).output
    }
  }
}
