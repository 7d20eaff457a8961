import Foundation
import GRDB

// Rows are decoded through Codable, which throws where a damaged or forged file holds something else
// than the column's type. Row's subscripts would end the program.

extension RunSummary: FetchableRecord {}
extension RunMetric: FetchableRecord {}
extension StoredArtifact: FetchableRecord {}
extension StoredPrediction: FetchableRecord {}
extension StatusDecision: FetchableRecord {}

/// What the list of runs leaves out.
struct RunRow: Decodable, FetchableRecord {
  var command: String
  var splitHash: String?
  var seed: String?
  var scaleLower: Double
  var scaleUpper: Double
}

struct SettingRow: Decodable, FetchableRecord {
  var name: String
  var value: String
}

/// A logged value; SQLite keeps what is no number as NULL.
struct CurveRow: Decodable, FetchableRecord {
  var series: String
  var epoch: Int
  var value: Double?
}

struct SampleRow: Decodable, FetchableRecord {
  var columns: String
  var values: Data
}
