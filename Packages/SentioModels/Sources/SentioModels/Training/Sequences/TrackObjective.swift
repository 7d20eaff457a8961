import SentioMetrics
import SentioNN
import SentioTensor

/// Emotions step by step as what a network is trained for: a loss over the steps that have a label.
///
/// Steps without a label, such as DEAM's first fifteen seconds, are seen and not judged. The concordance loss takes all
/// labelled steps of a batch as one set.
///
/// | measure | of |
/// |---|---|
/// | `loss` | the batches, weighed by their songs |
/// | `ccc`, `rmse`, and each with `.valence`, `.arousal` | all labelled steps of the validation together |
/// | `ccc.within` | each song's own steps, the mean over the songs and the two dimensions |
public struct TrackObjective<Model: Module>: TrainingObjective {
  /// How far predictions are from labels; a loss of numbers.
  public let loss: Loss
  private let predict: @Sendable (Model, TrackBatch) throws -> Tensor

  /// Creates an objective.
  ///
  /// - Parameters:
  ///   - loss: how far predictions are from labels; a loss of numbers.
  ///   - predict: from a model and a batch to `[N, L, 2]`.
  public init(
    loss: Loss = .concordance,
    predict: @escaping @Sendable (_ model: Model, _ batch: TrackBatch) throws -> Tensor
  ) {
    self.loss = loss
    self.predict = predict
  }

  /// The predictions for the labelled steps, `[M, 2]`.
  fileprivate func predictions(_ model: Model, _ batch: TrackBatch) throws -> Tensor {
    let all = try predict(model, batch)
    precondition(
      all.rank == 3 && all.shape[2] == 2 && all.shape[1] == batch.inputs.shape[1],
      "\(batch.inputs.shape) gave \(all.shape), not an emotion a step")
    // [N, L, 2] -> [N·L, 2] -> [M, 2]
    return all.reshaped([-1, 2]).gathered(batch.places)
  }

  /// The loss of a batch.
  public func loss(of batch: TrackBatch, under model: Model) throws -> Tensor {
    loss(try predictions(model, batch), batch.targets)
  }

  /// Starts a validation.
  public func makeMeter() -> Meter { Meter(objective: self) }

  /// The measures of a validation.
  public struct Meter: TrainingMeter {
    fileprivate let objective: TrackObjective
    private var lossSum = 0.0
    private var songs = 0
    private var columns = [RegressionAccumulator(), RegressionAccumulator()]
    private var within: [Double] = []
    private var hasLeftTheNumbers = false

    fileprivate init(objective: TrackObjective) { self.objective = objective }

    /// Takes a batch into account.
    public mutating func add(_ batch: TrackBatch, under model: Model) throws {
      let predictions = try objective.predictions(model, batch)
      lossSum +=
        Double(objective.loss(predictions, batch.targets).scalar) * Double(batch.ids.count)
      songs += batch.ids.count
      let (said, rated) = (predictions.scalars, batch.targets.scalars)
      var start = 0
      for count in batch.counts {
        for column in 0..<2 {
          var own = RegressionAccumulator()
          for step in start..<start + count {
            let prediction = said[2 * step + column]
            guard prediction.isFinite else {
              hasLeftTheNumbers = true
              continue
            }
            try own.add(prediction: Double(prediction), truth: Double(rated[2 * step + column]))
          }
          let value = own.concordanceCorrelation
          if !value.isNaN { within.append(value) }
          columns[column].merge(own)
        }
        start += count
      }
    }

    /// The measures of all batches.
    public var measures: [String: Double] {
      var measures = ["loss": songs > 0 ? lossSum / Double(songs) : .nan]
      let kinds: [(String, (RegressionAccumulator) -> Double)] = [
        ("ccc", \.concordanceCorrelation), ("rmse", \.rootMeanSquaredError),
      ]
      for (name, value) in kinds {
        let values = columns.map { hasLeftTheNumbers ? .nan : value($0) }
        measures[name] = (values[0] + values[1]) / 2
        measures["\(name).valence"] = values[0]
        measures["\(name).arousal"] = values[1]
      }
      measures["ccc.within"] =
        within.isEmpty || hasLeftTheNumbers
        ? .nan : within.reduce(0, +) / Double(within.count)
      return measures
    }
  }
}

extension TrackObjective where Model == SequenceEmotionNetwork {
  /// Creates an objective for a ``SequenceEmotionNetwork``.
  ///
  /// - Parameter loss: how far predictions are from labels; a loss of numbers.
  public init(loss: Loss = .concordance) {
    self.init(loss: loss) { $0($1.inputs, mask: .lengths($1.lengths)) }
  }
}
