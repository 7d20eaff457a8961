import Foundation
import SentioMetrics

/// Which reading of DEAM's static labels is meant.
///
/// In public copies of `static_annotations_averaged_songs_1_2000.csv` the valence and arousal columns
/// of the songs of 2013 (ids up to 1000) are exchanged; those of 2014 and 2015 are right.
/// ``LabelRevisionCheck`` recomputes the evidence.
public enum LabelRevision: String, CaseIterable, Hashable, Sendable, Codable {
  /// As the file has them, for comparison with published figures.
  case published
  /// Valence and arousal of the songs of 2013 exchanged, where the evidence says that they need it.
  case correctedFor2013
}

/// The evidence for swapped labels: static labels beside the means of the dynamic ones, by year.
///
/// Both were given by the same raters to the same music, so they must correlate straight
/// (valence with valence). Where they correlate crosswise, the columns were exchanged.
public struct LabelRevisionCheck: Hashable, Sendable, CustomStringConvertible {
  /// The correlations of one year's songs.
  public struct Year: Hashable, Sendable {
    /// The year of MediaEval: 2013 for ids up to 1000, 2014 up to 2000, else 2015.
    public var year: Int
    /// Songs that have both kinds of label.
    public var songCount: Int
    /// Pearson's r of static valence with the mean of dynamic valence.
    public var valenceStraight: Double
    /// Pearson's r of static arousal with the mean of dynamic arousal.
    public var arousalStraight: Double
    /// Pearson's r of static valence with the mean of dynamic *arousal*.
    public var valenceCrosswise: Double
    /// Pearson's r of static arousal with the mean of dynamic *valence*.
    public var arousalCrosswise: Double

    /// Whether both dimensions agree better crosswise than straight.
    public var looksSwapped: Bool {
      valenceCrosswise > valenceStraight && arousalCrosswise > arousalStraight
    }
  }

  /// One row a year that has at least three songs, as the labels stand in the file.
  public var years: [Year]
  /// Whether the labels of 2013 were exchanged when the corpus was opened.
  public var wasCorrected: Bool
  /// Why they were, or were not.
  public var reason: String

  /// A small table.
  public var description: String {
    func shown(_ value: Double) -> String { String(format: "%6.3f", value) }
    return
      (["year songs  V~V    A~A    V~A    A~V"]
      + years.map {
        "\($0.year) \(String(format: "%5d", $0.songCount)) "
          + [$0.valenceStraight, $0.arousalStraight, $0.valenceCrosswise, $0.arousalCrosswise]
          .map(shown).joined(separator: " ") + ($0.looksSwapped ? "  swapped" : "")
      } + [reason]).joined(separator: "\n")
  }

  /// Computes the correlations.
  ///
  /// - Parameters:
  ///   - labels: static labels by song id, as published.
  ///   - dynamics: dynamic annotations of the same songs.
  public init(labels: [String: ValenceArousal], dynamics: DynamicAnnotations) {
    var columns: [Int: [[Double]]] = [:]
    for id in labels.keys.sorted(by: NaturalOrder.precedes) {
      guard let label = labels[id], let number = Int(id),
        let mean = dynamics.sequences[id]?.mean
      else { continue }
      let values = [label.valence, label.arousal, mean.valence, mean.arousal]
      columns[Self.year(ofSong: number), default: []].append(values)
    }
    years = columns.keys.sorted().compactMap { year in
      let rows = columns[year]!
      guard rows.count >= 3 else { return nil }
      func r(_ a: Int, _ b: Int) -> Double {
        (try? pearsonCorrelation(rows.map { $0[a] }, rows.map { $0[b] })) ?? .nan
      }
      return Year(
        year: year, songCount: rows.count, valenceStraight: r(0, 2), arousalStraight: r(1, 3),
        valenceCrosswise: r(0, 3), arousalCrosswise: r(1, 2))
    }
    wasCorrected = false
    reason = ""
  }

  /// The year of MediaEval in which DEAM's song was released.
  static func year(ofSong number: Int) -> Int {
    number <= 1000 ? 2013 : number <= 2000 ? 2014 : 2015
  }

  /// Fewer songs than this do not decide whether columns were exchanged.
  private static let decisiveCount = 20

  /// Decides whether the labels of 2013 are to be exchanged.
  ///
  /// Corpora in DEAM's layout that are not DEAM (synthetic ones, repaired copies) have ids up to 1000
  /// too, so the number alone must not decide: the dynamic annotations do, or, without them, two rows
  /// of the published file.
  static func decide(
    labels: [String: ValenceArousal], dynamics: DynamicAnnotations?, revision: LabelRevision
  ) -> LabelRevisionCheck {
    var check = LabelRevisionCheck(
      labels: labels, dynamics: dynamics ?? DynamicAnnotations(times: [], sequences: [:]))
    let needed: Bool
    if let year = check.years.first(where: { $0.year == 2013 && $0.songCount >= decisiveCount }) {
      needed = year.looksSwapped
      check.reason =
        needed
        ? "valence and arousal of 2013 agree with the dynamic annotations crosswise"
        : "valence and arousal of ids up to 1000 agree with the dynamic annotations as they stand"
    } else {
      let two = labels["2"].map { ($0.valence, $0.arousal) }
      let three = labels["3"].map { ($0.valence, $0.arousal) }
      needed = two.map { $0 == (3.1, 3.0) } == true && three.map { $0 == (3.5, 3.3) } == true
      check.reason =
        needed
        ? "songs 2 and 3 have the labels of the published file, whose columns are exchanged for 2013"
        : "no sign that the labels of ids up to 1000 are exchanged"
    }
    check.wasCorrected = needed && revision == .correctedFor2013
    check.reason +=
      check.wasCorrected
      ? ": corrected" : needed ? ": left as published" : ": nothing to correct"
    return check
  }
}
