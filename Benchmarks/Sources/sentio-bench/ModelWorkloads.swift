import Foundation
import SentioClassical
import SentioMetrics

/// 1,395 songs of 164 features and 2 outputs, drawn as the peers' script draws its own.
private func syntheticTable() throws -> (Design, Targets) {
  let (rows, columns) = (1395, 164)
  var state: UInt64 = 0
  func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return (Double((mixed ^ (mixed >> 31)) >> 11) + 0.5) * 0x1p-53
  }
  func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
  let features = (0..<rows * columns).map { _ in Float(normal()) }
  let weights = (0..<columns * 2).map { _ in normal() / Double(columns).squareRoot() }
  var labels: [Double] = []
  for row in 0..<rows {
    for output in 0..<2 {
      var sum = 0.0
      for j in 0..<columns {
        sum += Double(features[row * columns + j]) * weights[j * 2 + output]
      }
      sum += 0.3 * sin(2 * Double(features[row * columns + output])) + 0.5 * normal()
      labels.append(tanh(sum))
    }
  }
  return (
    try Design(values: features, columnCount: columns),
    try Targets(outputs: ["valence", "arousal"], values: labels)
  )
}

let modelWorkloads: [Workload] = [
  Workload("model.ridge.cv5x6.1395x164") {
    let (design, targets) = try syntheticTable()
    let candidates = Ridge.Settings.reportGrid.map {
      Pipeline.Settings(.ridge($0), standardizes: false)
    }
    return {
      let folds = try Folds(rows: design.rowCount, count: 5)
      let best = try GridSearch(candidates).run(design, targets, folds: folds).best
      blackHole(try Pipeline(design, targets, settings: best.settings))
    }
  },
  Workload("model.svr.fit.1395x164") {
    let (design, targets) = try syntheticTable()
    return { blackHole(try SupportVectorRegression(design, targets)) }
  },
  Workload("model.gbt.fit.1395x164.200") {
    let (design, targets) = try syntheticTable()
    return { blackHole(try BoostedTrees(design, targets)) }
  },
  // No peer: how long one song waits for a prediction by the 400 trees.
  Workload("model.gbt.predict.1x164") {
    let (design, targets) = try syntheticTable()
    let model = try BoostedTrees(design, targets)
    let song = design.selectingRows([0])
    return { blackHole(try model.predict(song)) }
  },
]
