import SentioNN
import SentioTensor

/// Several notes at a time: a row of zeros and ones for each step, of which the next row is to be predicted.
public struct PianoRoll: SequenceSample, Equatable {
  /// The piece's name.
  public var id: String
  /// The keys that sound at each step, from 0 and below `keys`; two steps at least.
  public var steps: [[Int]]
  /// How many keys there are.
  public var keys: Int

  /// Creates a sample.
  ///
  /// - Parameters:
  ///   - id: the piece's name.
  ///   - steps: the keys that sound at each step, two steps at least.
  ///   - keys: how many keys there are.
  public init(id: String, steps: [[Int]], keys: Int = 88) {
    precondition(
      steps.count >= 2 && steps.allSatisfy { $0.allSatisfy { (0..<keys).contains($0) } },
      "\(id): \(steps.count) steps of keys up to \(steps.flatMap { $0 }.max() ?? 0), of \(keys)")
    self.id = id
    self.steps = steps
    self.keys = keys
  }

  /// The predictions that are made: one fewer than the steps.
  public var length: Int { steps.count - 1 }

  /// Takes the notes into account.
  public func combine(into checksum: inout DataChecksum) {
    for step in steps { checksum.combine(step.map(Double.init) + [-1]) }
  }

  /// Rows `[N, L, keys]` but for each piece's last, with the next row of each as its target, and lengths.
  public static func batch(of samples: [PianoRoll]) -> LabelledBatch {
    func rows(_ steps: ArraySlice<[Int]>, _ keys: Int) -> Tensor {
      var roll = Tensor.zeros([steps.count, keys])
      roll.withUnsafeMutableBufferPointer {
        for (row, notes) in steps.enumerated() { for key in notes { $0[row * keys + key] = 1 } }
      }
      return roll
    }
    return LabelledBatch(
      ids: samples.map(\.id),
      inputs: .padded(samples.map { rows($0.steps.dropLast(), $0.keys) }),
      targets: .padded(samples.map { rows($0.steps.dropFirst(), $0.keys) }),
      lengths: samples.map(\.length))
  }
}

/// The prediction of the next row of a piano roll: the surprise at all its keys, in nats a step.
///
/// Keys are independent given the past, each with a logit of its own. Measures: `loss`, the mean over all steps, and
/// `accuracy`, hits over hits, misses and false notes, of the keys that are likelier on than off.
///
/// *Reference:* Boulanger-Lewandowski, Bengio and Vincent, "Modeling temporal dependencies in high-dimensional
/// sequences", 2012, which set these measures and the usual splits; accuracy after Bay, Ehmann and Downie, 2009.
public struct PianoRollObjective<Model: Module>: TrainingObjective {
  private let predict: @Sendable (Model, LabelledBatch) throws -> Tensor

  /// Creates an objective.
  ///
  /// - Parameter predict: from a model and a batch to logits, `[N, L, keys]`.
  public init(
    predict: @escaping @Sendable (_ model: Model, _ batch: LabelledBatch) throws -> Tensor
  ) {
    self.predict = predict
  }

  /// The mean surprise at a batch's steps.
  public func loss(of batch: LabelledBatch, under model: Model) throws -> Tensor {
    let (logits, targets) = try counted(batch, model)
    return binaryCrossEntropy(logits: logits, targets, reduction: .sum)
      / Float(max(1, logits.shape[0]))
  }

  /// Starts a validation.
  public func makeMeter() -> Meter { Meter(objective: self) }

  /// The logits and targets of the steps that count, `[steps, keys]`.
  fileprivate func counted(
    _ batch: LabelledBatch, _ model: Model
  ) throws -> (logits: Tensor, targets: Tensor) {
    let logits = try predict(model, batch)
    let (rows, steps, keys) = (logits.shape[0], logits.shape[1], logits.shape[2])
    let lengths = batch.lengths ?? Array(repeating: steps, count: rows)
    let places = lengths.enumerated().flatMap { row, length in
      (0..<length).map { row * steps + $0 }
    }
    func chosen(_ tensor: Tensor) -> Tensor {
      tensor.reshaped([rows * steps, keys]).gathered(places)
    }
    return (chosen(logits), chosen(batch.targets))
  }

  /// The measures of a validation.
  public struct Meter: TrainingMeter {
    fileprivate let objective: PianoRollObjective
    private var lossSum = 0.0
    private var steps = 0
    private var hits = 0
    private var wrong = 0

    fileprivate init(objective: PianoRollObjective) { self.objective = objective }

    /// Takes a batch into account.
    public mutating func add(_ batch: LabelledBatch, under model: Model) throws {
      let (logits, targets) = try objective.counted(batch, model)
      lossSum += Double(binaryCrossEntropy(logits: logits, targets, reduction: .sum).scalar)
      steps += logits.shape[0]
      for (logit, target) in zip(logits.scalars, targets.scalars) {
        switch (logit > 0, target > 0.5) {
        case (true, true): hits += 1
        case (false, false): break
        default: wrong += 1
        }
      }
    }

    /// The measures of all batches.
    public var measures: [String: Double] {
      [
        "loss": steps > 0 ? lossSum / Double(steps) : .nan,
        "accuracy": hits + wrong > 0 ? Double(hits) / Double(hits + wrong) : .nan,
      ]
    }
  }
}

extension TrainingObjective where Self == PianoRollObjective<SequenceLabeler> {
  /// The objective of a labeler whose outputs are keys.
  public static var nextNotes: Self {
    PianoRollObjective { $0($1.inputs, lengths: $1.lengths) }
  }
}
