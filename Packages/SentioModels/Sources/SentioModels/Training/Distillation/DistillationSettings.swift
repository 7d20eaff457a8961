/// What of a teacher a student learns, and how much each part counts.
///
/// With the report's weights a batch's loss is
///
///     L = 0.3 · L_response + 0.4 · L_features + 0.3 · L_attention
///     L_response  = 0.3 · MSE(s, y) + 0.7 · T² · MSE(s/T, t/T)
///     L_features  = mean over blocks of MSE(P_i · tokens_i(student), tokens_m(i)(teacher))
///     L_attention = mean over blocks of mean over queries of Σ over keys (a_i(student) - a_m(i)(teacher))²
///
/// for student s, teacher t and labels y. **The temperature has no effect**: T² · MSE(s/T, t/T) is MSE(s, t) for any T.
/// It softens a distribution over classes, and a regression has none. It is kept, and computed as written, so that the
/// report's settings can be stated.
///
/// **Blocks.** Block i of S (from 1) is compared with the teacher's block m(i) = ⌈i · T / S⌉, so that the last blocks
/// meet: for 8 and 12 blocks 2, 3, 5, 6, 8, 9, 11, 12.
///
/// **Tokens.** The class token is compared with the class token. Where grids of patches differ, the teacher's patch
/// tokens are brought to the student's grid by bilinear interpolation. Teacher's tokens are normalized (mean 0,
/// variance 1 over their features): some features of the residual stream are hundreds of times larger than others, and
/// would be all that a mean square sees. Each block has a projection of its own, a linear layer from the student's
/// features to the teacher's; they are trained with the student and dropped afterwards.
///
/// **Attention.** Heads differ in number and none has a counterpart, so their mean is compared. On another grid a
/// query's row is interpolated between the rows around its place, and what a key was given is dealt to the keys around
/// its place, so that rows still sum to 1.
///
/// *Differs from:* the report sums over blocks, and takes the mean over keys. For 197 tokens that mean is some
/// thousandths of a percent of the rest, and eight blocks' features drown the labels: see ``Scaling``.
///
/// *Reference:* Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015; Romero et al.,
/// "FitNets", 2015; Zagoruyko and Komodakis, "Paying more attention to attention", 2017.
public struct DistillationSettings: Sendable, Hashable, Codable {
  /// The weights of the three parts.
  public var weights: Weights
  /// How much the labels count in the response, and the teacher's outputs for the rest, 0...1.
  public var hardShare: Float
  /// T, above 0; without effect, see above.
  public var temperature: Float
  /// How blocks and keys are added up.
  public var scaling: Scaling

  /// Chooses what is learned.
  ///
  /// - Parameters:
  ///   - strategy: which parts.
  ///   - hardShare: how much the labels count in the response, 0...1.
  ///   - temperature: T, above 0.
  ///   - scaling: how blocks and keys are added up.
  public init(
    _ strategy: DistillationStrategy = .combined, hardShare: Float = 0.3, temperature: Float = 6,
    scaling: Scaling = .balanced
  ) {
    precondition((0...1).contains(hardShare), "labels cannot count for \(hardShare) of a whole")
    precondition(
      temperature > 0 && temperature.isFinite, "a temperature of \(temperature) has no meaning")
    weights = strategy.weights
    self.hardShare = hardShare
    self.temperature = temperature
    self.scaling = scaling
  }

  /// How much each part counts.
  public struct Weights: Sendable, Hashable, Codable {
    /// The weight of labels and the teacher's outputs.
    public var response: Float
    /// The weight of the tokens after blocks.
    public var features: Float
    /// The weight of what tokens take from each other.
    public var attention: Float

    /// Chooses weights; 0 leaves a part out.
    public init(response: Float, features: Float = 0, attention: Float = 0) {
      precondition(
        response >= 0 && features >= 0 && attention >= 0,
        "weights of parts are at least 0, not \(response), \(features), \(attention)")
      self.response = response
      self.features = features
      self.attention = attention
    }

    /// Whether blocks are looked into.
    var needsBlocks: Bool { features > 0 || attention > 0 }
  }

  /// How blocks and keys are added up.
  public enum Scaling: String, Sendable, Hashable, Codable, CaseIterable {
    /// Features: the mean over blocks. Attention: the mean over blocks and queries of the sum over keys.
    case balanced
    /// As the report writes it: the sum over blocks of means over all elements, of tokens that are not normalized.
    case asWritten
  }
}

/// The report's three ways of distillation, to be compared with each other.
public enum DistillationStrategy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Labels and the teacher's outputs only.
  case response
  /// Labels, outputs and the tokens after blocks, weighed 3 : 4. Tokens alone would leave the head untrained.
  case features
  /// All three parts, weighed 3 : 4 : 3.
  case combined

  /// The weights of the parts, which add up to 1.
  public var weights: DistillationSettings.Weights {
    switch self {
    case .response: .init(response: 1)
    case .features: .init(response: 3 / 7, features: 4 / 7)
    case .combined: .init(response: 0.3, features: 0.4, attention: 0.3)
    }
  }
}

/// Which block of a teacher each block of a student is compared with.
public enum BlockMap {
  /// The teacher's blocks, from 0: ⌈(i + 1) · teacher / student⌉ - 1 for block i.
  ///
  /// - Parameters:
  ///   - student: the student's number of blocks.
  ///   - teacher: the teacher's number of blocks, at least 1.
  /// - Returns: one number a block of the student; a student of more blocks meets some twice.
  public static func blocks(student: Int, teacher: Int) -> [Int] {
    precondition(student >= 0 && teacher >= 1, "\(student) blocks cannot learn from \(teacher)")
    return (1...max(1, student)).prefix(student).map { ($0 * teacher + student - 1) / student - 1 }
  }
}
