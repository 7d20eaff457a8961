/// What the original report claims for a model; `nil` where it claims nothing.
public struct ClaimedResult: Codable, Sendable {
  /// Claimed test MSE, on the scale named by ``scale``.
  public var mse: Double?
  /// Claimed test MAE, on the scale named by ``scale``.
  public var mae: Double?
  /// Claimed CCC of both dimensions together.
  public var ccc: Double?
  /// Claimed CCC of valence.
  public var valenceCCC: Double?
  /// Claimed CCC of arousal.
  public var arousalCCC: Double?
  /// Claimed R² of valence.
  public var valenceR2: Double?
  /// Claimed R² of arousal.
  public var arousalR2: Double?
  /// The scale that the claimed errors are on, such as `"1 to 9"`.
  public var scale: String
  /// Claimed MAE of valence, on the scale named by ``scale``.
  public var valenceMAE: Double?
  /// Claimed MAE of arousal, on the scale named by ``scale``.
  public var arousalMAE: Double?
  /// Claimed 95 % interval of the CCC, `[lower, upper]`.
  public var interval: [Double]?
  /// The size as it is printed, such as `"5-8M"`.
  public var parameters: String?
  /// The training time as it is printed.
  public var training: String?
  /// The time of one prediction as it is printed.
  public var inference: String?
  /// Whether the report says that the figures are an estimate that was never measured.
  public var isEstimate: Bool

  /// Creates a claim.
  public init(
    mse: Double?, mae: Double?, ccc: Double?, valenceCCC: Double?, arousalCCC: Double?,
    valenceR2: Double?, arousalR2: Double?, scale: String, valenceMAE: Double? = nil,
    arousalMAE: Double? = nil, interval: [Double]? = nil, parameters: String? = nil,
    training: String? = nil, inference: String? = nil, isEstimate: Bool = false
  ) {
    self.mse = mse
    self.mae = mae
    self.ccc = ccc
    self.valenceCCC = valenceCCC
    self.arousalCCC = arousalCCC
    self.valenceR2 = valenceR2
    self.arousalR2 = arousalR2
    self.scale = scale
    self.valenceMAE = valenceMAE
    self.arousalMAE = arousalMAE
    self.interval = interval
    self.parameters = parameters
    self.training = training
    self.inference = inference
    self.isEstimate = isEstimate
  }
}
