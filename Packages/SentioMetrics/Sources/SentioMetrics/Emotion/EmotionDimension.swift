/// One of the two dimensions of the valence-arousal plane.
public enum EmotionDimension: String, CaseIterable, Hashable, Sendable, Codable {
  /// Pleasantness.
  case valence
  /// Intensity.
  case arousal
}
