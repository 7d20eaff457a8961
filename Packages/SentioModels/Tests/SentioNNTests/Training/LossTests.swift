import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite("Losses and their measures")
struct LossTests {
  private let predictions: Tensor = [[1, -2, 0.5], [0.25, 3, -1]]

  @Test("each case is the function of its name")
  func functions() {
    let targets: Tensor = [[0.5, -1, 0], [1, 0.5, -1]]
    let classes = LabelledBatch.classes([2, 1], count: 3)
    expectClose(
      Loss.meanSquaredError(predictions, targets), meanSquaredError(predictions, targets))
    expectClose(
      Loss.meanAbsoluteError(predictions, targets), meanAbsoluteError(predictions, targets))
    expectClose(
      Loss.huber(delta: 0.7)(predictions, targets), huberLoss(predictions, targets, delta: 0.7))
    expectClose(Loss.concordance(predictions, targets), concordanceLoss(predictions, targets))
    expectClose(
      Loss.crossEntropy(smoothing: 0.1)(predictions, classes),
      crossEntropy(logits: predictions, [2, 1], smoothing: 0.1))
    expectClose(
      Loss.binaryCrossEntropy(predictions, classes),
      binaryCrossEntropy(logits: predictions, classes))
  }

  /// A model that gives back its input.
  private struct Echo: Layer {
    mutating func visitMembers(_ visit: inout MemberVisitor) {}
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private func measures(
    _ loss: Loss, _ batches: [(Tensor, Tensor)]
  ) throws -> [String: Double] {
    var meter = SupervisedObjective<Echo>(loss: loss, outputs: ["valence", "arousal"]) {
      $0($1.inputs)
    }
    .makeMeter()
    for (x, y) in batches {
      let ids = (0..<x.shape[0]).map { "\($0)" }
      try meter.add(LabelledBatch(ids: ids, inputs: x, targets: y), under: Echo())
    }
    return meter.measures
  }

  @Test("correlations are of all batches together, losses their weighed mean")
  func regression() throws {
    // Each batch alone has constant targets, and so no correlation.
    let x: Tensor = [[1, 1], [1, 2], [3, 3]]
    let y: Tensor = [[1, 1], [1, 1], [3, 3]]
    let parts = try measures(.meanSquaredError, [(x[0..<2], y[0..<2]), (x[2..<3], y[2..<3])])
    let whole = try measures(.meanSquaredError, [(x, y)])
    for (name, value) in whole {
      #expect(abs(value - (parts[name] ?? .nan)) < 1e-7, "\(name)")
    }
    #expect(whole["ccc.valence"] == 1 && whole["r2.valence"] == 1)
    #expect(abs((whole["mae.arousal"] ?? 0) - 1.0 / 3) < 1e-12)
    #expect(abs((whole["loss"] ?? 0) - 1.0 / 6) < 1e-7)
    #expect(try measures(.meanSquaredError, [])["ccc"]?.isNaN == true)
  }

  @Test("a prediction that is no number makes the correlations undefined, and is no error")
  func undefined() throws {
    let result = try measures(.huber(), [(Tensor([.nan, 1], shape: [2, 1]), [[0], [1]])])
    #expect(result["ccc"]?.isNaN == true && result["loss"]?.isNaN == true)
  }

  @Test("classes are judged by their largest logit, independent outputs by their sign")
  func classes() throws {
    let logits: Tensor = [[1, 2, 0], [3, 0, 0], [0, 0, 1], [0, 5, 0]]
    let truth = LabelledBatch.classes([1, 0, 1, 1], count: 3)
    let result = try measures(.crossEntropy(), [(logits, truth)])
    #expect(result["accuracy"] == 0.75)
    #expect(abs((result["balancedAccuracy"] ?? 0) - (1 + 2.0 / 3) / 2) < 1e-12)
    let binary = try measures(
      .binaryCrossEntropy, [([[1, -1], [2, 2]], [[1, 0], [0, 1]])])
    #expect(binary["accuracy"] == 0.75)
  }
}
