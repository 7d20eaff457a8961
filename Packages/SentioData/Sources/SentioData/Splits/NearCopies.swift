/// Two songs whose features are nearly the same.
public struct NearCopy: Hashable, Sendable {
  /// Ids of both, in natural order.
  public var songs: [String]
  /// Mean squared difference of the standardized features; 2 is usual for unrelated songs.
  public var distance: Float
}

extension FeatureTable {
  /// Finds songs that are probably one recording: the same audio at another gain or with another cut.
  ///
  /// Every column is standardized, and two rows are compared by
  ///
  ///     d(a, b) = 1/D Σ_j ((a_j - b_j) / σ_j)²
  ///
  /// whose mean over all pairs is 2. Byte-wise copies have d = 0. In the excerpts that
  /// musemodataset takes from GTZAN, five pairs of repeated recordings lie below 0.003 and every other
  /// pair above 0.18, so that the threshold hardly matters. Constant columns are left out.
  ///
  /// - Parameter threshold: largest distance of a pair that is reported.
  /// - Returns: pairs by ascending distance.
  /// - Throws: ``CorpusError/badFeatures(_:total:)`` for values that are not finite.
  /// - Complexity: O(N² D) at worst; most pairs are left after a few columns.
  public func nearCopies(threshold: Float = 0.01) throws -> [NearCopy] {
    try validate()
    let count = rowCount
    let scaled = standardized()
    let width = count == 0 ? 0 : scaled.count / count
    guard width > 0 else { return [] }
    let limit = threshold * Float(width)
    var pairs: [NearCopy] = []
    scaled.withUnsafeBufferPointer { values in
      for a in 0..<count {
        for b in (a + 1)..<max(a + 1, count) {
          var sum: Float = 0
          var column = 0
          while column < width, sum <= limit {
            let end = min(column + 16, width)
            while column < end {
              let difference = values[a * width + column] - values[b * width + column]
              sum += difference * difference
              column += 1
            }
          }
          if sum <= limit {
            pairs.append(
              NearCopy(
                songs: [ids[a], ids[b]].sorted(by: NaturalOrder.precedes),
                distance: sum / Float(width)))
          }
        }
      }
    }
    return pairs.sorted {
      $0.distance == $1.distance
        ? NaturalOrder.precedes($0.songs[0], $1.songs[0]) : $0.distance < $1.distance
    }
  }

  /// Row-major values with mean 0 and standard deviation 1 a column, without constant columns.
  private func standardized() -> [Float] {
    var columns: [[Float]] = []
    for index in 0..<columnCount {
      let values = column(index).map(Double.init)
      let count = Double(max(1, values.count))
      let mean = values.reduce(0, +) / count
      var variance = 0.0
      for value in values { variance += (value - mean) * (value - mean) / count }
      // A column of equal values may differ from its mean by rounding.
      guard variance > 1e-20 * mean * mean, variance > 0 else { continue }
      let deviation = variance.squareRoot()
      columns.append(values.map { Float(($0 - mean) / deviation) })
    }
    return (0..<rowCount).flatMap { row in columns.map { $0[row] } }
  }
}

extension Corpus {
  /// Marks songs as copies of each other, in addition to those that were found by their bytes.
  ///
  /// - Parameter pairs: such as ``FeatureTable/nearCopies(threshold:)`` finds; songs that the corpus
  ///   does not have are ignored.
  public mutating func markCopies(_ pairs: [NearCopy]) {
    let index = Dictionary(uniqueKeysWithValues: zip(songs.map(\.id), songs.indices))
    for pair in pairs {
      let members = pair.songs.compactMap { index[$0] }.sorted()
      guard members.count == 2 else { continue }
      let kept = songs[members[0]].copyOf ?? songs[members[0]].id
      let merged = songs[members[1]].copyOf ?? songs[members[1]].id
      for song in songs.indices
      where songs[song].copyOf == merged || song == members[0] || song == members[1] {
        songs[song].copyOf = kept
      }
      report.findings.append(
        CorpusFinding(
          .warning, song: pair.songs[0],
          message: "nearly the same features as \(pair.songs[1]) (distance \(pair.distance)); "
            + "splits keep them together"))
    }
  }
}
