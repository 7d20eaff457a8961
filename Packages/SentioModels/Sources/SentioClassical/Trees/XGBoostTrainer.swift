import CXGBoost
import Foundation

/// A matrix of XGBoost with its labels.
final class XGBoostMatrix {
  let handle: DMatrixHandle

  init(features: [Float], columns: Int, labels: [Float]) throws {
    var made: DMatrixHandle?
    try features.withUnsafeBufferPointer {
      try XGBoostTrainer.check(
        XGDMatrixCreateFromMat_omp(
          $0.baseAddress, UInt64(labels.count), UInt64(columns), .nan, &made, 1))
    }
    handle = made!
    try labels.withUnsafeBufferPointer {
      try XGBoostTrainer.check(
        XGDMatrixSetFloatInfo(handle, "label", $0.baseAddress, UInt64(labels.count)))
    }
  }

  deinit { XGDMatrixFree(handle) }
}

/// Trains the trees of one output with XGBoost's C library, on the calling thread.
///
/// One thread an output, not all threads one output: histograms then add up in one order whatever the
/// machine, so the same seed gives the same trees, and two outputs on two cores were also faster
/// (2.40 s against 2.74 s for 2 × 200 rounds of 1,395 × 164).
enum XGBoostTrainer {
  /// The trees, and where rounds were chosen by a holdout, its error after each round.
  struct Result: Sendable {
    var trees: TreeEnsemble
    var holdoutErrors: [Double]
  }

  static func train(
    features: [Float], columns: Int, labels: [Float], settings: BoostedTrees.Settings,
    rounds: Int, holdout: (features: [Float], labels: [Float])?
  ) throws -> Result {
    silence
    let matrix = try XGBoostMatrix(features: features, columns: columns, labels: labels)
    let held = try holdout.map {
      try XGBoostMatrix(features: $0.features, columns: columns, labels: $0.labels)
    }
    var matrices: [DMatrixHandle?] = [matrix.handle]
    if let held { matrices.append(held.handle) }
    var made: BoosterHandle?
    try check(XGBoosterCreate(&matrices, UInt64(matrices.count), &made))
    guard let booster = made else { throw failure("no booster came back") }
    defer { XGBoosterFree(booster) }

    let mean = labels.reduce(0.0) { $0 + Double($1) } / Double(labels.count)
    for (name, value) in parameters(settings, base: mean) {
      try check(XGBoosterSetParam(booster, name, value))
    }
    var errors: [Double] = []
    var best = 0
    for round in 0..<rounds {
      try check(XGBoosterUpdateOneIter(booster, Int32(round), matrix.handle))
      guard let held, let patience = settings.earlyStopping?.patience else { continue }
      errors.append(try error(booster, held, round: round))
      if errors[round] < errors[best] { best = round }
      if round - best >= patience { break }
    }
    let trees = try ensemble(booster)
    return Result(
      trees: held == nil ? trees : trees.prefix(min(trees.treeCount, best + 1)),
      holdoutErrors: errors)
  }

  private static func parameters(
    _ settings: BoostedTrees.Settings, base: Double
  ) -> [(String, String)] {
    var list = [
      ("objective", "reg:squarederror"), ("eval_metric", "rmse"), ("nthread", "1"),
      ("verbosity", "0"), ("base_score", String(Float(base))),
      ("seed", String(settings.seed & 0x7fff_ffff)),
      ("max_depth", String(settings.maximumDepth)), ("eta", String(settings.learningRate)),
      ("subsample", String(settings.rowFraction)),
      ("colsample_bytree", String(settings.columnFraction)),
      ("alpha", String(settings.l1Penalty)), ("lambda", String(settings.l2Penalty)),
      ("min_child_weight", String(settings.minimumChildWeight)),
      ("gamma", String(settings.minimumSplitGain)),
    ]
    switch settings.splits {
    case .exact: list.append(("tree_method", "exact"))
    case .histogram(let bins):
      list += [("tree_method", "hist"), ("max_bin", String(bins))]
    }
    return list
  }

  private static func error(
    _ booster: BoosterHandle, _ held: XGBoostMatrix, round: Int
  ) throws -> Double {
    var matrices: [DMatrixHandle?] = [held.handle]
    var text: UnsafePointer<CChar>?
    try "holdout".withCString { name in
      var names: [UnsafePointer<CChar>?] = [name]
      try check(XGBoosterEvalOneIter(booster, Int32(round), &matrices, &names, 1, &text))
    }
    // [3]\tholdout-rmse:0.25
    guard let text, let value = Double(String(cString: text).split(separator: ":").last ?? "")
    else { throw failure("no error of the holdout came back") }
    return value
  }

  private static func ensemble(_ booster: BoosterHandle) throws -> TreeEnsemble {
    var count: UInt64 = 0
    var bytes: UnsafePointer<CChar>?
    try check(XGBoosterSaveModelToBuffer(booster, #"{"format": "json"}"#, &count, &bytes))
    guard let bytes else { throw failure("no model came back") }
    return try TreeEnsemble(xgboostJSON: Data(bytes: bytes, count: Int(count)))
  }

  fileprivate static func check(_ status: Int32) throws {
    guard status != 0 else { return }
    let message = XGBGetLastError().map { String(cString: $0) } ?? "unknown error"
    throw failure(message.split(separator: "\n").first.map(String.init) ?? message)
  }

  private static func failure(_ message: String) -> ClassicalError {
    .library(name: "XGBoost", message: message)
  }

  /// XGBoost logs to standard error; a library prints nothing.
  private static let silence: Void = {
    _ = XGBRegisterLogCallback { _ in }
  }()
}
