/// Throws unless `prediction` and `truth` are of equal length, finite, and at least `minimum` long.
func checkPaired(
  prediction: [Double], truth: [Double], minimum: Int, statistic: String
) throws(MetricsError) {
  try checkEqualLengths("prediction", prediction.count, "truth", truth.count)
  try checkCount(prediction.count, minimum: minimum, statistic: statistic)
  try checkFinite(prediction, argument: "prediction")
  try checkFinite(truth, argument: "truth")
}

func checkEqualLengths(
  _ first: String, _ firstCount: Int, _ second: String, _ secondCount: Int
) throws(MetricsError) {
  guard firstCount == secondCount else {
    throw .unequalLengths(
      first: first, firstCount: firstCount, second: second, secondCount: secondCount)
  }
}

func checkCount(_ count: Int, minimum: Int, statistic: String) throws(MetricsError) {
  guard count >= minimum else {
    throw .tooFewSamples(statistic: statistic, found: count, needed: minimum)
  }
}

func checkFinite(_ values: [Double], argument: String) throws(MetricsError) {
  for index in values.indices where !values[index].isFinite {
    throw .nonFiniteValue(argument: argument, index: index, value: "\(values[index])")
  }
}
