/// The shape of the record that a store keeps for every song.
///
/// A record is row-major `Float`. A *sequence* has `frames` rows of `features` values and a valid length:
/// shorter songs are padded with zeros at the end, longer ones cropped, and the valid length makes the
/// attention mask. The first seed's `(1802, 600, 40)` are 1,802 records of `.sequence(frames: 600,
/// features: 40)`.
public enum RecordShape: Hashable, Sendable, Codable {
  /// One row of features a song, such as the report's 164.
  case vector(Int)
  /// Frames in time, each with the same features: `[frames, features]`.
  case sequence(frames: Int, features: Int)
  /// A picture of fixed size, such as a mel spectrogram: `[rows, columns]`.
  case matrix(rows: Int, columns: Int)

  /// The largest record in values: 1 GiB of `Float`.
  static let valueLimit = 1 << 28

  /// The extents, outermost first.
  public var extents: [Int] {
    switch self {
    case .vector(let count): [count]
    case .sequence(let frames, let features): [frames, features]
    case .matrix(let rows, let columns): [rows, columns]
    }
  }

  /// Number of values in a record; 0 for a shape that can't be stored.
  public var count: Int {
    var product = 1
    for extent in extents {
      guard extent > 0, extent <= Self.valueLimit else { return 0 }
      product *= extent
      guard product <= Self.valueLimit else { return 0 }
    }
    return product
  }

  /// Number of steps that can be valid: frames of a sequence, otherwise 1.
  var steps: Int {
    if case .sequence(let frames, _) = self { return frames }
    return 1
  }
}

/// What the extraction of one song yields.
public struct FeatureRecord: Hashable, Sendable {
  /// Row-major values.
  ///
  /// For a sequence any whole number of frames; otherwise exactly the shape's count.
  public var values: [Float]

  /// Creates a record.
  public init(_ values: [Float]) {
    self.values = values
  }

  /// The values brought to the shape's size, with the number of steps that came from the song.
  ///
  /// - Throws: ``FeatureStoreError/wrongCount(song:expected:found:)``.
  func fitted(to shape: RecordShape, song: String) throws -> (values: [Float], length: Int) {
    guard case .sequence(let frames, let features) = shape else {
      guard values.count == shape.count else {
        throw FeatureStoreError.wrongCount(
          song: song, expected: "\(shape.count) values", found: values.count)
      }
      return (values, 1)
    }
    guard !values.isEmpty, values.count % features == 0 else {
      throw FeatureStoreError.wrongCount(
        song: song, expected: "a positive multiple of \(features) values", found: values.count)
    }
    let length = min(frames, values.count / features)
    if values.count == frames * features { return (values, length) }
    var fitted = Array(values.prefix(length * features))
    fitted += repeatElement(0, count: (frames - length) * features)
    return (fitted, length)
  }
}

/// Masks that tell a network which frames of a padded sequence are real.
public enum AttentionMask {
  /// 1 for real frames and 0 for padding, row-major `[N, L]`.
  ///
  /// - Parameters:
  ///   - lengths: real frames of each of the `N` sequences; longer ones than `frames` count as full.
  ///   - frames: `L`, the padded length.
  /// - Returns: `N * L` values.
  public static func values(lengths: [Int], frames: Int) -> [Float] {
    precondition(frames >= 0 && lengths.allSatisfy { $0 >= 0 }, "negative length")
    var mask = [Float](repeating: 0, count: lengths.count * frames)
    for (row, length) in lengths.enumerated() {
      for frame in 0..<min(length, frames) { mask[row * frames + frame] = 1 }
    }
    return mask
  }
}
