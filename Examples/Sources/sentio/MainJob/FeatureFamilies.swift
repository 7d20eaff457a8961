/// How the original report groups what it measures.
enum FeatureFamilies {
  /// The family of one of the 164 features.
  static func family(of feature: String) -> String {
    if feature.hasPrefix("mfcc") { return "MFCC" }
    if feature.hasPrefix("spectral") { return "spectral" }
    if feature.hasPrefix("chroma") { return "chroma" }
    let temporal = ["zero_crossing", "zcr", "rms", "energy", "onset", "delta"]
    return temporal.contains { feature.hasPrefix($0) } ? "temporal" : "other"
  }
}
