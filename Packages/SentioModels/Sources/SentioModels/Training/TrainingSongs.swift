import SentioData
import SentioMetrics
import SentioTensor

/// Samples with what should be predicted of them.
public struct TrainingSongs: Sendable {
  /// The records of the samples: songs, or segments of songs.
  public let source: any BatchSource
  /// `[samples, C]`: emotions on the unit scale, or one 1 a row for genres.
  public let targets: Tensor

  /// Takes records and targets.
  ///
  /// - Parameters:
  ///   - source: the records, such as ``InputRecords``, or synthetic ones.
  ///   - targets: `[samples, C]`.
  public init(_ source: any BatchSource, targets: Tensor) {
    precondition(
      targets.rank == 2 && targets.shape[0] == source.ids.count,
      "targets of \(targets.shape) for \(source.ids.count) samples")
    self.source = source
    self.targets = targets
  }

  /// Takes some records of a source.
  init(selecting indices: [Int], of source: any BatchSource, targets: Tensor) {
    self.init(
      SelectedRecords(parts: [source], places: indices.map { (0, $0) }), targets: targets)
  }

  /// Takes songs with emotions, which are brought to the unit scale.
  ///
  /// - Parameters:
  ///   - records: the songs' records.
  ///   - emotions: one a song, in the order of the records' songs.
  public init(_ records: InputRecords, emotions: [ValenceArousal]) {
    let targets = records.songs.flatMap { song -> [Float] in
      let emotion = emotions[song].on(.unit)
      return [Float(emotion.valence), Float(emotion.arousal)]
    }
    self.init(records, targets: Tensor(targets, shape: [records.ids.count, 2]))
  }

  /// Takes songs with genres.
  ///
  /// - Parameters:
  ///   - records: the songs' records.
  ///   - genres: the number of each song's genre, in the order of the records' songs.
  ///   - count: how many genres there are.
  public init(_ records: InputRecords, genres: [Int], count: Int) {
    self.init(
      records, targets: .oneHot(records.songs.map { genres[$0] }, depth: count))
  }

  /// How many samples there are.
  public var count: Int { source.ids.count }

  /// Some of the samples, in another order.
  ///
  /// - Parameter indices: their positions.
  /// - Returns: those samples.
  public func selecting(_ indices: [Int]) -> TrainingSongs {
    TrainingSongs(selecting: indices, of: source, targets: targets.gathered(indices))
  }

  /// These samples, and then others of the same shape.
  ///
  /// - Parameter other: such as synthetic ones.
  /// - Returns: both.
  public func joined(with other: TrainingSongs) -> TrainingSongs {
    precondition(
      source.extents == other.source.extents,
      "records of \(source.extents) cannot be joined with records of \(other.source.extents)")
    let places = source.ids.indices.map { (0, $0) } + other.source.ids.indices.map { (1, $0) }
    return TrainingSongs(
      SelectedRecords(parts: [source, other.source], places: places),
      targets: Tensor.concatenate([targets, other.targets], axis: 0))
  }
}

/// Some records of some sources.
private struct SelectedRecords: BatchSource {
  let parts: [any BatchSource]
  let places: [(part: Int, index: Int)]
  let ids: [String]
  let realSteps: [Int]?
  var extents: [Int] { parts[0].extents }

  init(parts: [any BatchSource], places: [(part: Int, index: Int)]) {
    self.parts = parts
    self.places = places
    ids = places.map { parts[$0.part].ids[$0.index] }
    let steps = parts.map(\.realSteps)
    let full = parts[0].extents.first ?? 1
    realSteps =
      steps.contains { $0 != nil } ? places.map { steps[$0.part]?[$0.index] ?? full } : nil
  }

  func copyRecord(_ index: Int, to destination: UnsafeMutableBufferPointer<Float>) {
    let place = places[index]
    parts[place.part].copyRecord(place.index, to: destination)
  }
}

extension Tensor {
  /// The rows at these positions of a matrix.
  fileprivate func gathered(_ rows: [Int]) -> Tensor {
    let width = shape[1]
    return withUnsafeBufferPointer { source in
      Tensor(uninitialized: [rows.count, width]) { target in
        for (row, index) in rows.enumerated() {
          for column in 0..<width { target[row * width + column] = source[index * width + column] }
        }
      }
    }
  }
}
