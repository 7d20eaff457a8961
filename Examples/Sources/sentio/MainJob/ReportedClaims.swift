import SentioReport

/// What the original report claims for its classical models, in its §4.1 and §4.5.
///
/// Printed beside our measurements; `Docs/ReportAudit.md` says which of these figures contradict each
/// other.
enum ReportedClaims {
  /// The claims for a model by its name on the command line; `nil` where the report has none.
  static func result(for model: String) -> ClaimedResult? {
    switch model {
    case "ridge":
      ClaimedResult(
        mse: 1.85, mae: 1.05, ccc: 0.497, valenceCCC: 0.478, arousalCCC: 0.423,
        valenceR2: 0.478, arousalR2: 0.423, scale: "1 to 9")
    case "svr":
      ClaimedResult(
        mse: 1.72, mae: 0.98, ccc: 0.533, valenceCCC: 0.499, arousalCCC: 0.567,
        valenceR2: 0.499, arousalR2: 0.567, scale: "1 to 9")
    case "xgboost":
      ClaimedResult(
        mse: 1.68, mae: 0.95, ccc: 0.540, valenceCCC: 0.519, arousalCCC: 0.562,
        valenceR2: 0.519, arousalR2: 0.562, scale: "1 to 9")
    default:
      nil
    }
  }

  /// McNemar's p-value that the report prints for a pair of models, in either order.
  static func mcNemarP(_ first: String, _ second: String) -> String? {
    switch Set([first, second]) {
    case ["ridge", "svr"]: "0.032"
    case ["ridge", "xgboost"]: "0.018"
    case ["svr", "xgboost"]: "0.456"
    default: nil
    }
  }

  /// The family of one of the 164 features, as the report groups them.
  static func family(of feature: String) -> String {
    if feature.hasPrefix("mfcc") { return "MFCC" }
    if feature.hasPrefix("spectral") { return "spectral" }
    if feature.hasPrefix("chroma") { return "chroma" }
    let temporal = ["zero_crossing", "zcr", "rms", "energy", "onset", "delta"]
    return temporal.contains { feature.hasPrefix($0) } ? "temporal" : "other"
  }
}
