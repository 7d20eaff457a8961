/// The tables of the original report that are not about one model each.
public enum ReportedTables {
  /// A genre's row of §4.6, of ViT + GAN, with its share of the corpus of §2.1.
  public struct Genre: Sendable {
    /// The genre's name as the report prints it.
    public let name: String
    /// Claimed share of the corpus, 0 to 1.
    public let share: Double
    /// Claimed number of test songs.
    public let count: Int
    /// Claimed CCC of valence.
    public let valenceCCC: Double
    /// Claimed CCC of arousal.
    public let arousalCCC: Double
  }

  /// A quadrant's row of §4.7, of ViT + GAN; errors on -1 to 1.
  public struct Quadrant: Sendable {
    /// Our name of the quadrant.
    public let name: String
    /// The report's name of it.
    public let reportedName: String
    /// Claimed number of test songs.
    public let count: Int
    /// Claimed MAE of valence.
    public let valenceMAE: Double
    /// Claimed MAE of arousal.
    public let arousalMAE: Double
  }

  /// A song of the claimed largest errors of §4.7; on -1 to 1.
  public struct Outlier: Sendable {
    /// The song's id in DEAM.
    public let id: String
    /// The label: valence and arousal.
    public let label: [Double]
    /// The claimed prediction.
    public let prediction: [Double]
  }

  /// The labels' statistics of §2.1, on 1 to 9.
  public static let labels = [
    LabelStatistics(
      dimension: "valence", mean: 5.02, deviation: 1.34, minimum: 1.87, maximum: 8.23,
      skewness: -0.12),
    LabelStatistics(
      dimension: "arousal", mean: 5.15, deviation: 1.52, minimum: 1.45, maximum: 8.67,
      skewness: 0.08),
  ]

  /// The genres of §4.6 and §2.1.
  public static let genres = [
    Genre(name: "Pop/Rock", share: 0.35, count: 61, valenceCCC: 0.74, arousalCCC: 0.77),
    Genre(name: "Electronic", share: 0.22, count: 38, valenceCCC: 0.71, arousalCCC: 0.78),
    Genre(name: "Classical", share: 0.18, count: 31, valenceCCC: 0.69, arousalCCC: 0.68),
    Genre(name: "Jazz/Blues", share: 0.15, count: 26, valenceCCC: 0.68, arousalCCC: 0.71),
    Genre(name: "Other", share: 0.10, count: 18, valenceCCC: 0.66, arousalCCC: 0.70),
  ]

  /// The quadrants of §4.7.
  ///
  /// The report calls low valence with high arousal "excited"; here it is "tense".
  public static let quadrants = [
    Quadrant(name: "happy", reportedName: "Happy", count: 48, valenceMAE: 0.28, arousalMAE: 0.25),
    Quadrant(name: "tense", reportedName: "Excited", count: 32, valenceMAE: 0.35, arousalMAE: 0.29),
    Quadrant(name: "sad", reportedName: "Sad", count: 41, valenceMAE: 0.31, arousalMAE: 0.33),
    Quadrant(name: "calm", reportedName: "Calm", count: 53, valenceMAE: 0.33, arousalMAE: 0.35),
  ]

  /// The outliers of §4.7, as valence and arousal.
  public static let outliers = [
    Outlier(id: "1118", label: [-0.25, -0.78], prediction: [0.09, -0.25]),
    Outlier(id: "1000", label: [0.45, 0.15], prediction: [0.10, -0.07]),
    Outlier(id: "503", label: [0.20, 0.35], prediction: [0.20, -0.01]),
  ]

  /// The split of §2.3: training, validation and test songs.
  public static let split = [1395, 175, 174]

  /// Shares of the trees' importance by family of features, §3.3.
  public static let importance: [(family: String, share: Double)] = [
    ("spectral", 0.45), ("MFCC", 0.30), ("temporal", 0.15), ("chroma", 0.10),
  ]
}
