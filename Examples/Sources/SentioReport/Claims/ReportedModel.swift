/// The seven models of the original report, in its order, with what it prints about them.
///
/// The figures are those of its §4.1, §4.3 and §4.5. They are shown beside measurements and never in
/// their place; `Docs/ReportAudit.md` says which of them contradict each other.
public enum ReportedModel: String, CaseIterable, Sendable {
  /// Ridge regression on 164 features.
  case ridge
  /// Support vector regression.
  case svr
  /// Boosted trees.
  case xgboost
  /// The convolutional recurrent network.
  case crnn
  /// The audio spectrogram transformer.
  case ast
  /// The vision transformer with synthetic spectrograms.
  case vit
  /// The distilled student.
  case mobilevit

  /// The name in tables.
  public var title: String {
    switch self {
    case .ridge: "Ridge Regression"
    case .svr: "SVR (RBF)"
    case .xgboost: "XGBoost"
    case .crnn: "CRNN"
    case .ast: "AST"
    case .vit: "ViT + GAN"
    case .mobilevit: "MobileViT student"
    }
  }

  /// What the report claims for the model.
  public var claim: ClaimedResult {
    switch self {
    case .ridge:
      ClaimedResult(
        mse: 1.85, mae: 1.05, ccc: 0.497, valenceCCC: 0.478, arousalCCC: 0.423, valenceR2: 0.478,
        arousalR2: 0.423, scale: "1 to 9", valenceMAE: 1.1, arousalMAE: 1.08,
        interval: [0.451, 0.543], parameters: "~330", training: "<1 sec", inference: "<1 ms")
    case .svr:
      ClaimedResult(
        mse: 1.72, mae: 0.98, ccc: 0.533, valenceCCC: 0.499, arousalCCC: 0.567, valenceR2: 0.499,
        arousalR2: 0.567, scale: "1 to 9", valenceMAE: 1.0, arousalMAE: 0.95,
        interval: [0.489, 0.577], parameters: "~1K", training: "5-10 min", inference: "~10 ms")
    case .xgboost:
      ClaimedResult(
        mse: 1.68, mae: 0.95, ccc: 0.540, valenceCCC: 0.519, arousalCCC: 0.562, valenceR2: 0.519,
        arousalR2: 0.562, scale: "1 to 9", valenceMAE: 0.97, arousalMAE: 0.96,
        interval: [0.497, 0.583], parameters: "~200K", training: "2-3 min", inference: "~2 ms")
    case .crnn:
      ClaimedResult(
        mse: 1.45, mae: 0.85, ccc: 0.60, valenceCCC: 0.58, arousalCCC: 0.62, valenceR2: 0.58,
        arousalR2: 0.62, scale: "1 to 9", valenceMAE: 0.88, arousalMAE: 0.83, parameters: "5.8M",
        training: "2-3 hrs", inference: "~100 ms", isEstimate: true)
    case .ast:
      ClaimedResult(
        mse: 0.22, mae: 0.35, ccc: 0.68, valenceCCC: 0.66, arousalCCC: 0.70, valenceR2: 0.62,
        arousalR2: 0.59, scale: "-1 to 1", valenceMAE: 0.36, arousalMAE: 0.34,
        interval: [0.645, 0.715], parameters: "10.5M", training: "30 min", inference: "~50 ms")
    case .vit:
      ClaimedResult(
        mse: 0.195, mae: 0.315, ccc: 0.740, valenceCCC: 0.73, arousalCCC: 0.75, valenceR2: 0.71,
        arousalR2: 0.68, scale: "-1 to 1", valenceMAE: 0.31, arousalMAE: 0.32,
        interval: [0.710, 0.770], parameters: "86M", training: "90 min", inference: "200 ms")
    case .mobilevit:
      ClaimedResult(
        mse: 0.23, mae: 0.36, ccc: 0.690, valenceCCC: 0.68, arousalCCC: 0.70, valenceR2: 0.66,
        arousalR2: 0.64, scale: "-1 to 1", parameters: "5-8M", training: "30 min",
        inference: "50 ms")
    }
  }

  /// The p-value of McNemar's test that the report prints for a pair of models, in either order;
  /// `nil` where its matrix has no such cell.
  public static func claimedMcNemar(_ first: ReportedModel, _ second: ReportedModel) -> String? {
    let pair = Set([first, second])
    guard pair.count == 2, !pair.contains(.mobilevit) else { return nil }
    if pair == [.ridge, .svr] { return "0.032" }
    if pair == [.ridge, .xgboost] { return "0.018" }
    if pair == [.svr, .xgboost] { return "0.456" }
    if pair == [.crnn, .ast] { return "0.002" }
    return "<0.001"
  }
}
