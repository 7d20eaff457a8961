import Foundation
import GRDB
import SentioData

/// Training features as they lie in the database: little-endian 32-bit floats, song after song.
///
/// Single precision moves a value by less than 1 in 10 million: the drift check works on ranks and
/// covariances, which don't see it, and new songs are rounded alike.
struct StoredSample {
  /// The largest number of songs that is kept.
  ///
  /// Of more, evenly spaced ones are kept: their distribution stands for all, and the registry stays small.
  static let capacity = 1000

  let columns: String
  let values: Data
  let hash: String

  init(_ sample: FeatureSample) throws {
    // A line a name; a name with a line break could not be told from two.
    guard !sample.columns.contains(where: { $0.contains("\n") || $0.isEmpty }) else {
      throw RegistryError.invalid(
        field: "training features", reason: "a column's name is empty or has a line break")
    }
    columns = sample.columns.joined(separator: "\n")
    let width = sample.columns.count
    let count = sample.songCount
    let kept =
      count <= Self.capacity
      ? Array(0..<count)
      : (0..<Self.capacity).map { Int((Double($0) + 0.5) * Double(count) / Double(Self.capacity)) }
    var data = Data(capacity: kept.count * width * 4)
    for song in kept {
      for value in sample.rows[song * width..<(song + 1) * width] {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    values = data
    hash = SHA256.hash(of: columns + "\n\n" + data.base64EncodedString()).hex
  }

  static func decode(_ row: SampleRow) throws -> FeatureSample {
    let columns = row.columns.split(separator: "\n").map(String.init)
    guard !columns.isEmpty, row.values.count % (4 * columns.count) == 0 else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT,
        message: "\(row.values.count) bytes of features for \(columns.count) columns")
    }
    let rows = row.values.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map {
        Double(
          Float(
            bitPattern: UInt32(
              littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))))
      }
    }
    return FeatureSample(columns: columns, rows: rows)
  }
}
