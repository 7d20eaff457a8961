import Foundation
import SentioMetrics
import Testing

@Suite struct ClassificationTests {
  struct Case: Decodable {
    let classCount: Int
    let truth: [Int]
    let prediction: [Int]
    let scores: [[Double]]
    let confusion: [Int]
    let accuracy, balancedAccuracy, macro, micro, weighted, kappa, top2: Double
    let precision, recall, f1: [Double]
  }

  @Test func measuresEqualScikitLearn() throws {
    let cases = try golden("classification", as: [Case].self)
    #expect(cases.count == 4)
    for item in cases {
      let matrix = try ConfusionMatrix(
        prediction: item.prediction, truth: item.truth, classCount: item.classCount)
      #expect(matrix.counts == item.confusion)
      expectClose(matrix.accuracy, item.accuracy, "accuracy")
      expectClose(matrix.balancedAccuracy, item.balancedAccuracy, "balanced accuracy")
      expectClose(matrix.f1(averaging: .macro), item.macro, "macro F1")
      expectClose(matrix.f1(averaging: .micro), item.micro, "micro F1")
      expectClose(matrix.f1(averaging: .weighted), item.weighted, "weighted F1")
      expectClose(matrix.cohenKappa, item.kappa, "kappa")
      let classes = 0..<item.classCount
      expectClose(classes.map { matrix.precision(of: $0) }, item.precision, "precision")
      expectClose(classes.map { matrix.recall(of: $0) }, item.recall, "recall")
      expectClose(classes.map { matrix.f1(of: $0) }, item.f1, "F1")
      expectClose(try topKAccuracy(scores: item.scores, truth: item.truth, k: 2), item.top2)
      expectClose(
        try topKAccuracy(scores: item.scores, truth: item.truth, k: 1), item.accuracy, "top 1")
    }
  }

  @Test func rowsAreTruths() throws {
    let matrix = try ConfusionMatrix(prediction: [1, 1, 2], truth: [0, 0, 2], classCount: 3)
    #expect(matrix[truth: 0, prediction: 1] == 2 && matrix[truth: 1, prediction: 0] == 0)
    #expect(matrix.truthCount(of: 0) == 2 && matrix.predictionCount(of: 0) == 0)
  }

  @Test func mergingEqualsTheWhole() throws {
    let (prediction, truth) = ([0, 1, 2, 2, 1], [0, 2, 2, 1, 1])
    var merged = try ConfusionMatrix(classCount: 3)
    for index in truth.indices {
      try merged.merge(
        ConfusionMatrix(
          prediction: [prediction[index]], truth: [truth[index]], classCount: 3))
    }
    #expect(
      merged == (try ConfusionMatrix(prediction: prediction, truth: truth, classCount: 3)))
    #expect(throws: MetricsError.self) { try merged.merge(ConfusionMatrix(classCount: 2)) }
    var streamed = try ConfusionMatrix(classCount: 3)
    for index in truth.indices {
      try streamed.add(prediction: prediction[index], truth: truth[index])
    }
    #expect(streamed == merged)
    #expect(
      throws: MetricsError.classOutOfRange(argument: "truth", index: 5, found: 3, classCount: 3)
    ) { try streamed.add(prediction: 0, truth: 3) }
    #expect(streamed == merged)
  }

  @Test func emptyAndFaulty() throws {
    let empty = try ConfusionMatrix(prediction: [], truth: [], classCount: 2)
    #expect(empty.accuracy.isNaN && empty.balancedAccuracy.isNaN && empty.cohenKappa.isNaN)
    #expect(empty.f1(averaging: .macro).isNaN)
    #expect(
      throws: MetricsError.classOutOfRange(
        argument: "truth", index: 1, found: 2, classCount: 2)
    ) { try ConfusionMatrix(prediction: [0, 1], truth: [0, 2], classCount: 2) }
    #expect(throws: MetricsError.self) { try ConfusionMatrix(classCount: 0) }
    #expect(throws: MetricsError.self) { try topKAccuracy(scores: [[1, 2]], truth: [0], k: 3) }
    #expect(throws: MetricsError.self) { try topKAccuracy(scores: [[]], truth: [0], k: 1) }
    #expect(throws: MetricsError.self) {
      try topKAccuracy(scores: [[1, 2], [1]], truth: [0, 0], k: 1)
    }
    #expect(throws: MetricsError.self) { try topKAccuracy(scores: [[1, 2]], truth: [-1], k: 1) }
  }

  @Test func tiesCountAgainstTheModel() throws {
    #expect(try topKAccuracy(scores: [[1, 1, 1]], truth: [2], k: 2) == 0)
    #expect(try topKAccuracy(scores: [[1, 1, 1]], truth: [2], k: 3) == 1)
  }
}

@Suite struct EditDistanceTests {
  @Test(arguments: [
    ("sitting", "kitten", 2, 0, 1), ("", "abc", 0, 3, 0), ("abc", "", 0, 0, 3),
    ("abc", "abc", 0, 0, 0), ("saturday", "sunday", 1, 0, 2), ("sunday", "saturday", 1, 2, 0),
    ("axbc", "abc", 0, 0, 1),
  ])
  func edits(
    prediction: String, truth: String, substitutions: Int, deletions: Int, insertions: Int
  ) {
    let found = EditDistance(prediction: prediction, truth: truth)
    #expect(found.substitutions == substitutions)
    #expect(found.deletions == deletions)
    #expect(found.insertions == insertions)
  }

  @Test func distanceIsAMetric() {
    let words = ["abcab", "bca", "", "aabbcc", "cab", "acb", "bbbb"]
    for a in words {
      for b in words {
        let ab = EditDistance(prediction: a, truth: b)
        #expect(ab.total == EditDistance(prediction: b, truth: a).total)
        #expect((ab.total == 0) == (a == b))
        #expect(ab.insertions - ab.deletions == a.count - b.count)
        for c in words {
          let around =
            EditDistance(prediction: a, truth: c).total
            + EditDistance(prediction: c, truth: b).total
          #expect(ab.total <= around)
        }
      }
    }
  }

  @Test func phonemeErrorRateWeighsByLength() throws {
    // One edit in five true phonemes, not the mean of 1/1 and 0/4.
    let rate = try phonemeErrorRate(
      prediction: [["k"], ["a", "b", "c", "d"]], truth: [["g"], ["a", "b", "c", "d"]])
    #expect(rate == 0.2)
    #expect(try phonemeErrorRate(prediction: [[1, 2, 3]], truth: [[4]]) == 3)
    #expect(throws: MetricsError.self) { try phonemeErrorRate(prediction: [[1]], truth: [[]]) }
    #expect(throws: MetricsError.self) {
      try phonemeErrorRate(prediction: [[1]], truth: [[1], [2]])
    }
  }
}
