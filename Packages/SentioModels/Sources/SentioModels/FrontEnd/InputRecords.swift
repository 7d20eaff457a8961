import SentioData

/// The records of songs as a network's samples: one a song, or one for each segment.
public struct InputRecords: BatchSource {
  /// One id a sample: the song's, for segments with `#` and the segment's number from 1.
  public let ids: [String]
  /// The extents of one sample.
  public let extents: [Int]
  /// The real steps of each sample, where samples are sequences.
  public let realSteps: [Int]?
  /// For each sample the position of its song.
  public let songs: [Int]
  private let copy: @Sendable (Int, Int, UnsafeMutableBufferPointer<Float>) -> Void
  private let parts: [Int]

  /// Takes the records of a store.
  ///
  /// - Parameters:
  ///   - records: the songs' records.
  ///   - frontEnd: what made them.
  public init(_ records: FeatureRecords, _ frontEnd: NetworkFrontEnd) {
    self.init(records.ids, records.lengths, frontEnd) { song, start, target in
      records.withRecord(song) {
        _ = target.update(fromContentsOf: $0[start..<start + target.count])
      }
    }
  }

  /// Takes records in memory.
  ///
  /// - Parameters:
  ///   - records: what `InputMaker` gave, in the songs' order.
  ///   - ids: one id a song.
  ///   - frontEnd: what made them.
  public init(_ records: [FeatureRecord], ids: [String], _ frontEnd: NetworkFrontEnd) {
    precondition(records.count == ids.count, "\(records.count) records of \(ids.count) songs")
    let shape = frontEnd.recordShape.extents
    let lengths = records.map { min(shape[0], $0.values.count / shape[1]) }
    self.init(ids, lengths, frontEnd) { song, start, target in
      let values = records[song].values
      for place in target.indices {
        target[place] = start + place < values.count ? values[start + place] : 0
      }
    }
  }

  private init(
    _ songs: [String], _ lengths: [Int], _ frontEnd: NetworkFrontEnd,
    copy: @escaping @Sendable (Int, Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    self.copy = copy
    switch frontEnd.input {
    case .segments(let input):
      var (ids, positions, parts): ([String], [Int], [Int]) = ([], [], [])
      for (song, length) in lengths.enumerated() {
        for part in 0..<length / input.frames {
          ids.append("\(songs[song])#\(part + 1)")
          positions.append(song)
          parts.append(part)
        }
      }
      self.ids = ids
      self.songs = positions
      self.parts = parts
      extents = [input.frames, input.coefficients]
      realSteps = nil
    case .sequence:
      (ids, self.songs) = (songs, Array(songs.indices))
      parts = [Int](repeating: 0, count: songs.count)
      extents = frontEnd.recordShape.extents
      realSteps = lengths
    case .spectrogram, .filterBank:
      (ids, self.songs) = (songs, Array(songs.indices))
      parts = [Int](repeating: 0, count: songs.count)
      extents = frontEnd.recordShape.extents
      realSteps = nil
    }
  }

  /// Copies a sample's values, row-major.
  public func copyRecord(_ index: Int, to destination: UnsafeMutableBufferPointer<Float>) {
    let size = extents.reduce(1, *)
    copy(
      songs[index], parts[index] * size, UnsafeMutableBufferPointer(rebasing: destination[..<size]))
  }
}
