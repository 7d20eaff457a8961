import Foundation

/// What a registered model is used for.
public enum ModelStatus: String, Codable, Hashable, Sendable, CaseIterable {
  /// Registered, and nothing decided.
  case candidate
  /// In use; one at a time of each model type.
  case production
  /// Kept to compare with, as the report keeps its boosted trees.
  case reference
  /// No longer to be used.
  case deprecated
}

/// One decision about a model's status, as it was recorded.
public struct StatusDecision: Codable, Hashable, Sendable {
  /// When it was made.
  public var at: Date
  /// The status that it gave.
  public var status: ModelStatus
  /// Whether it was made against the gate's verdict.
  public var forced: Bool
  /// The gate's verdict with its figures, or what the user wrote.
  public var reason: String
}
