/// How per-class measures are combined into one.
public enum ClassAveraging: String, CaseIterable, Hashable, Sendable, Codable {
  /// The mean over the classes that occur, each counting the same.
  case macro
  /// From the sums of the classes' counts; for one label a sample this equals the accuracy.
  case micro
  /// The mean over the classes, each weighted by its true count.
  case weighted
}

extension ConfusionMatrix {
  private var correct: Int {
    (0..<classCount).reduce(0) { $0 + self[truth: $1, prediction: $1] }
  }

  /// The share of samples that are predicted right; NaN without samples.
  ///
  /// *Reference:* `sklearn.metrics.accuracy_score` 1.9.
  public var accuracy: Double { Double(correct) / Double(total) }

  /// The mean recall of the classes that occur in the truth; NaN without samples.
  ///
  /// Always answering the commonest of C classes scores 1/C.
  ///
  /// *Reference:* `sklearn.metrics.balanced_accuracy_score` 1.9.
  public var balancedAccuracy: Double {
    let present = (0..<classCount).filter { truthCount(of: $0) > 0 }
    return present.reduce(0) { $0 + recall(of: $1) } / Double(present.count)
  }

  /// The share of the samples predicted as class `index` that truly are; 0 if none was predicted.
  public func precision(of index: Int) -> Double {
    ratio(self[truth: index, prediction: index], predictionCount(of: index))
  }

  /// The share of the samples of class `index` that were found; 0 if there is none.
  public func recall(of index: Int) -> Double {
    ratio(self[truth: index, prediction: index], truthCount(of: index))
  }

  /// The harmonic mean of precision and recall of class `index`; 0 if it occurs nowhere.
  public func f1(of index: Int) -> Double {
    ratio(
      2 * self[truth: index, prediction: index],
      truthCount(of: index) + predictionCount(of: index))
  }

  /// The F1 score of all classes; NaN without samples.
  ///
  /// A class that occurs neither in the truth nor in the predictions is left out; one that occurs
  /// but is never right counts as 0.
  ///
  /// - Parameter averaging: how the classes are combined.
  /// - Returns: a score in 0...1, or NaN as said above.
  ///
  /// *Reference:* `sklearn.metrics.f1_score(zero_division=0)` 1.9.
  public func f1(averaging: ClassAveraging) -> Double {
    guard total > 0 else { return .nan }
    switch averaging {
    case .micro: return accuracy
    case .macro:
      let present = (0..<classCount).filter {
        truthCount(of: $0) > 0 || predictionCount(of: $0) > 0
      }
      return present.reduce(0) { $0 + f1(of: $1) } / Double(present.count)
    case .weighted:
      return (0..<classCount).reduce(0) {
        $0 + f1(of: $1) * Double(truthCount(of: $1)) / Double(total)
      }
    }
  }

  /// Cohen's κ, the agreement beyond what the two class frequencies give by chance.
  ///
  /// κ = (accuracy - chance) / (1 - chance); NaN without samples, and where all samples have one
  /// class in both series (chance is then 1).
  ///
  /// *Reference:* `sklearn.metrics.cohen_kappa_score` 1.9.
  public var cohenKappa: Double {
    let size = Double(total)
    let chance = (0..<classCount).reduce(0) {
      $0 + Double(truthCount(of: $1)) / size * (Double(predictionCount(of: $1)) / size)
    }
    return chance < 1 ? (accuracy - chance) / (1 - chance) : .nan
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
