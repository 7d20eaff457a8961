import SentioMetrics
import SentioTensor

/// The prediction of targets, judged by a loss, and by measures over the whole validation set.
///
/// | loss | measures |
/// |---|---|
/// | of numbers | `loss`, and `ccc`, `r2`, `rmse`, `mae` as means over the outputs and for each (`ccc.valence`) |
/// | of classes | `loss`, `accuracy`, `balancedAccuracy`, `f1` (mean over the classes) |
/// | binary | `loss`, `accuracy` over all outputs |
///
/// The correlations are of the whole set and not means over batches. `loss` is the mean of the batches' losses,
/// weighed by their samples.
public struct SupervisedObjective<Model: Module>: TrainingObjective {
  /// How far predictions are from targets.
  public let loss: Loss
  /// The names of the outputs, for measures; their numbers if empty.
  public let outputs: [String]
  private let predict: @Sendable (Model, LabelledBatch) throws -> Tensor

  /// Creates an objective.
  ///
  /// - Parameters:
  ///   - loss: how far predictions are from targets.
  ///   - outputs: the names of the outputs, for measures; their numbers if empty.
  ///   - predict: from a model and a batch to the predictions, `[N, C]`; logits for the two entropies.
  public init(
    loss: Loss, outputs: [String] = [],
    predict: @escaping @Sendable (_ model: Model, _ batch: LabelledBatch) throws -> Tensor
  ) {
    self.loss = loss
    self.outputs = outputs
    self.predict = predict
  }

  /// The loss of a batch.
  public func loss(of batch: LabelledBatch, under model: Model) throws -> Tensor {
    loss(try predict(model, batch), batch.targets)
  }

  /// Starts a validation.
  public func makeMeter() -> Meter { Meter(objective: self) }

  /// The measures of a validation.
  public struct Meter: TrainingMeter {
    fileprivate let objective: SupervisedObjective
    private var lossSum = 0.0
    private var count = 0
    private var columns: [RegressionAccumulator] = []
    private var confusion: ConfusionMatrix?
    private var correct = 0
    private var judged = 0

    fileprivate init(objective: SupervisedObjective) { self.objective = objective }

    /// Takes a batch into account.
    public mutating func add(_ batch: LabelledBatch, under model: Model) throws {
      let predictions = try objective.predict(model, batch)
      let rows = batch.ids.count
      lossSum += Double(objective.loss(predictions, batch.targets).scalar) * Double(rows)
      count += rows
      let width = rows > 0 ? predictions.count / rows : 0
      guard width > 0 else { return }
      try predictions.withUnsafeBufferPointer { predictions in
        try batch.targets.withUnsafeBufferPointer { targets in
          for row in 0..<rows {
            let range = row * width..<(row + 1) * width
            try add(predictions[range], targets[range], width)
          }
        }
      }
    }

    private mutating func add(
      _ predictions: Slice<UnsafeBufferPointer<Float>>,
      _ targets: Slice<UnsafeBufferPointer<Float>>,
      _ width: Int
    ) throws {
      let pairs = zip(predictions, targets)
      switch objective.loss {
      case .crossEntropy:
        func largest(_ values: Slice<UnsafeBufferPointer<Float>>) -> Int {
          values.indices.reduce(values.startIndex) { values[$1] > values[$0] ? $1 : $0 }
            - values.startIndex
        }
        if confusion == nil { confusion = try ConfusionMatrix(classCount: width) }
        try confusion?.add(prediction: largest(predictions), truth: largest(targets))
      case .binaryCrossEntropy:
        for (prediction, target) in pairs {
          judged += 1
          if (prediction > 0) == (target > 0.5) { correct += 1 }
        }
      default:
        if columns.isEmpty { columns = Array(repeating: RegressionAccumulator(), count: width) }
        for (column, (prediction, target)) in pairs.enumerated() {
          // A model that has left the numbers has measures of NaN, and is no worse an end than others.
          guard prediction.isFinite else {
            hasLeftTheNumbers = true
            continue
          }
          try columns[column].add(prediction: Double(prediction), truth: Double(target))
        }
      }
    }

    private var hasLeftTheNumbers = false

    /// The measures of all batches.
    public var measures: [String: Double] {
      var measures = ["loss": count > 0 ? lossSum / Double(count) : .nan]
      switch objective.loss {
      case .crossEntropy:
        measures["accuracy"] = confusion?.accuracy ?? .nan
        measures["balancedAccuracy"] = confusion?.balancedAccuracy ?? .nan
        measures["f1"] = confusion?.f1(averaging: .macro) ?? .nan
      case .binaryCrossEntropy:
        measures["accuracy"] = judged > 0 ? Double(correct) / Double(judged) : .nan
      default:
        let kinds: [(String, (RegressionAccumulator) -> Double)] = [
          ("ccc", \.concordanceCorrelation), ("r2", \.coefficientOfDetermination),
          ("rmse", \.rootMeanSquaredError), ("mae", \.meanAbsoluteError),
        ]
        for (name, value) in kinds {
          let values = columns.map { hasLeftTheNumbers ? .nan : value($0) }
          measures[name] = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
          guard values.count > 1 else { continue }
          for (index, value) in values.enumerated() {
            let output = index < objective.outputs.count ? objective.outputs[index] : "\(index)"
            measures["\(name).\(output)"] = value
          }
        }
      }
      return measures
    }
  }
}
