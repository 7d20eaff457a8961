import SentioNN
import SentioTensor

/// Frames of features with one class each: for models that are many to many.
public struct LabelledFrames: SequenceSample, Equatable {
  /// The sequence's name.
  public var id: String
  /// The features, `[L, D]`.
  public var frames: Tensor
  /// A class for each frame; -1 where none is asked for.
  public var labels: [Int]

  /// Creates a sample.
  ///
  /// - Parameters:
  ///   - id: the sequence's name.
  ///   - frames: the features, `[L, D]`.
  ///   - labels: a class for each frame; -1 where none is asked for.
  public init(id: String, frames: Tensor, labels: [Int]) {
    precondition(
      frames.rank == 2 && frames.shape[0] == labels.count,
      "\(id): \(labels.count) labels for frames of shape \(frames.shape)")
    self.id = id
    self.frames = frames
    self.labels = labels
  }

  /// L.
  public var length: Int { labels.count }

  /// Takes frames and labels into account.
  public func combine(into checksum: inout DataChecksum) {
    checksum.combine(frames)
    checksum.combine(labels.map(Double.init))
  }

  /// Frames `[N, L, D]`.
  public static func batch(of samples: [LabelledFrames]) -> StepBatch {
    let inputs = Tensor.padded(samples.map(\.frames))
    return StepBatch(
      ids: samples.map(\.id), inputs: inputs, labels: samples.map(\.labels))
  }
}

/// Frames of features with one row of targets for all of them: for models that are many to one.
public struct TargetedFrames: SequenceSample, Equatable {
  /// The sequence's name.
  public var id: String
  /// The features, `[L, D]`.
  public var frames: Tensor
  /// What should come out: numbers, or probabilities of classes.
  public var targets: [Float]

  /// Creates a sample.
  ///
  /// - Parameters:
  ///   - id: the sequence's name.
  ///   - frames: the features, `[L, D]`.
  ///   - targets: what should come out.
  public init(id: String, frames: Tensor, targets: [Float]) {
    precondition(frames.rank == 2, "\(id): frames are [L, D], and these are \(frames.shape)")
    self.id = id
    self.frames = frames
    self.targets = targets
  }

  /// Creates a sample of a class.
  ///
  /// - Parameters:
  ///   - id: the sequence's name.
  ///   - frames: the features, `[L, D]`.
  ///   - label: the class, from 0.
  ///   - classes: how many classes there are.
  public init(id: String, frames: Tensor, label: Int, of classes: Int) {
    precondition((0..<classes).contains(label), "\(id): \(label) is not one of \(classes) classes")
    self.init(id: id, frames: frames, targets: (0..<classes).map { $0 == label ? 1 : 0 })
  }

  /// L.
  public var length: Int { frames.shape[0] }

  /// Takes frames and targets into account.
  public func combine(into checksum: inout DataChecksum) {
    checksum.combine(frames)
    checksum.combine(targets.map(Double.init))
  }

  /// Frames `[N, L, D]` with targets `[N, C]` and lengths.
  public static func batch(of samples: [TargetedFrames]) -> LabelledBatch {
    LabelledBatch(
      ids: samples.map(\.id), inputs: .padded(samples.map(\.frames)),
      targets: Tensor(
        samples.flatMap(\.targets), shape: [samples.count, samples.first?.targets.count ?? 0]),
      lengths: samples.map(\.length))
  }
}

/// A sequence of tokens that a generator learns to go on with.
public struct TokenSequence: SequenceSample, Equatable {
  /// The sequence's name.
  public var id: String
  /// The tokens, two at least: the first is given, the others are predicted.
  public var tokens: [Int]
  /// The condition under which it stands; nil for none.
  public var condition: Int?

  /// Creates a sample.
  ///
  /// - Parameters:
  ///   - id: the sequence's name.
  ///   - tokens: the tokens, two at least.
  ///   - condition: the condition under which it stands; nil for none.
  public init(id: String, tokens: [Int], condition: Int? = nil) {
    precondition(tokens.count >= 2, "\(id): \(tokens.count) tokens; nothing is to be predicted")
    self.id = id
    self.tokens = tokens
    self.condition = condition
  }

  /// The predictions that are made: one fewer than the tokens.
  public var length: Int { tokens.count - 1 }

  /// Takes tokens and condition into account.
  public func combine(into checksum: inout DataChecksum) {
    checksum.combine((tokens + [condition ?? -1]).map(Double.init))
  }

  /// Tokens `[N, L]` but for the last of each, with the next token of each as its label.
  public static func batch(of samples: [TokenSequence]) -> StepBatch {
    StepBatch(
      ids: samples.map(\.id),
      inputs: Tensor.paddedTokens(samples.map { Array($0.tokens.dropLast()) }).tokens,
      labels: samples.map { Array($0.tokens.dropFirst()) },
      conditions: samples.contains { $0.condition != nil }
        ? samples.map { $0.condition ?? 0 } : nil)
  }
}

/// Two sequences of tokens, of which the second is to be written for the first.
public struct TokenPair: SequenceSample, Equatable {
  /// The pair's name.
  public var id: String
  /// What is read.
  public var source: [Int]
  /// What is written, without start and end.
  public var target: [Int]

  /// Creates a sample.
  ///
  /// - Parameters:
  ///   - id: the pair's name.
  ///   - source: what is read.
  ///   - target: what is written, without start and end.
  public init(id: String, source: [Int], target: [Int]) {
    self.id = id
    self.source = source
    self.target = target
  }

  /// The source's length.
  public var length: Int { source.count }

  /// Takes both sequences into account.
  public func combine(into checksum: inout DataChecksum) {
    checksum.combine((source + [-1] + target).map(Double.init))
  }

  /// Tokens `[N, S]` with lengths and targets.
  public static func batch(of samples: [TokenPair]) -> TranslationBatch {
    let (tokens, lengths) = Tensor.paddedTokens(samples.map(\.source))
    return TranslationBatch(
      ids: samples.map(\.id), inputs: tokens, lengths: lengths, targets: samples.map(\.target))
  }
}

/// Sequences with a class for every step.
public struct StepBatch: TrainingBatch, Equatable {
  /// The ids of the N sequences.
  public var ids: [String]
  /// Features `[N, L, D]` or token numbers `[N, L]`.
  public var inputs: Tensor
  /// N·L classes, row-major; -1 at padding and where none is asked for.
  public var labels: [Int]
  /// The steps of each sequence.
  public var lengths: [Int]
  /// The condition of each sequence; nil where there are none.
  public var conditions: [Int]?

  /// Creates a batch.
  ///
  /// - Parameters:
  ///   - ids: the ids of the N sequences.
  ///   - inputs: features `[N, L, D]` or token numbers `[N, L]`.
  ///   - labels: the classes of each sequence's steps, at most L.
  ///   - conditions: the condition of each sequence.
  public init(ids: [String], inputs: Tensor, labels: [[Int]], conditions: [Int]? = nil) {
    let steps = inputs.shape[1]
    precondition(
      inputs.shape[0] == ids.count && labels.count == ids.count
        && labels.allSatisfy { $0.count <= steps },
      "\(ids.count) ids, \(labels.count) rows of labels, inputs of shape \(inputs.shape)")
    self.ids = ids
    self.inputs = inputs
    self.labels = labels.flatMap { $0 + Array(repeating: -1, count: steps - $0.count) }
    lengths = labels.map(\.count)
    self.conditions = conditions
  }
}

/// Sources with the targets that are to be written for them.
public struct TranslationBatch: TrainingBatch, Equatable {
  /// The ids of the N pairs.
  public var ids: [String]
  /// Token numbers `[N, S]` or features `[N, S, D]`.
  public var inputs: Tensor
  /// The steps of each source.
  public var lengths: [Int]
  /// The targets, without start and end.
  public var targets: [[Int]]

  /// Creates a batch.
  ///
  /// - Parameters:
  ///   - ids: the ids of the N pairs.
  ///   - inputs: token numbers `[N, S]` or features `[N, S, D]`.
  ///   - lengths: the steps of each source.
  ///   - targets: the targets, without start and end.
  public init(ids: [String], inputs: Tensor, lengths: [Int], targets: [[Int]]) {
    precondition(
      inputs.shape[0] == ids.count && lengths.count == ids.count && targets.count == ids.count,
      "\(ids.count) ids, \(targets.count) targets, inputs of shape \(inputs.shape)")
    self.ids = ids
    self.inputs = inputs
    self.lengths = lengths
    self.targets = targets
  }
}

extension Tensor {
  /// Sequences of features as `[N, L, D]`, zeros behind the shorter ones.
  ///
  /// - Parameter sequences: each `[Lᵢ, D]`, one at least; L is the longest one's length.
  /// - Returns: the tensor.
  public static func padded(_ sequences: [Tensor]) -> Tensor {
    let features = sequences[0].shape[1]
    precondition(
      sequences.allSatisfy { $0.rank == 2 && $0.shape[1] == features },
      "sequences of shapes \(sequences.map(\.shape)) do not have one number of features")
    let longest = sequences.map { $0.shape[0] }.max() ?? 0
    var result = Tensor.zeros([sequences.count, longest, features])
    result.withUnsafeMutableBufferPointer { target in
      for (row, sequence) in sequences.enumerated() {
        sequence.withUnsafeBufferPointer { source in
          let start = row * longest * features
          _ = UnsafeMutableBufferPointer(rebasing: target[start..<start + source.count])
            .update(fromContentsOf: source)
        }
      }
    }
    return result
  }
}
