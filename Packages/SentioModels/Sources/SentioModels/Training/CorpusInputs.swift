import Foundation
import SentioData
import SentioMetrics
import SentioTensor

/// The records of a corpus's songs for one front end, made once and kept in a store.
///
/// ```swift
/// let inputs = try CorpusInputs(corpus.songs, frontEnd: recipe.input, store: folder)
/// let training = try inputs.emotions(of: split.training)
/// ```
public struct CorpusInputs: Sendable {
  /// The songs that have a record, in their order.
  public let songs: [Song]
  /// Their records.
  public let records: InputRecords
  /// Songs without a record, with the reasons.
  public let failures: [String: String]
  /// Whether the work was cancelled before its end; the same call goes on.
  public let wasCancelled: Bool
  /// How many records were made by this call.
  public let made: Int

  /// Makes the records that are missing.
  ///
  /// - Parameters:
  ///   - songs: songs with distinct ids; those without audio are passed over.
  ///   - frontEnd: how audio becomes an input.
  ///   - folder: the store's folder; what other settings left there is replaced.
  ///   - limits: what one audio file may cost at most.
  ///   - cancellation: stops the work after the songs in the making.
  ///   - progress: called after each song, one call at a time.
  /// - Throws: `FeatureStoreError`, `FileError`, `DSPError` for settings out of range.
  public init(
    _ songs: [Song], frontEnd: NetworkFrontEnd, store folder: URL, limits: AudioLimits = .standard,
    cancellation: CancellationFlag = CancellationFlag(),
    progress: @escaping @Sendable (FeatureStore.Progress) -> Void = { _ in }
  ) throws {
    let maker = try InputMaker(frontEnd, limits: limits)
    let songs = songs.filter { $0.audio != nil }
    let store = try FeatureStore(
      folder: folder, settings: frontEnd.storeSettings, ifSettingsDiffer: .replace)
    let summary = try store.fill(
      songs, retriesFailed: true, cancellation: cancellation, progress: progress
    ) { song in
      try maker.record(audio: song.audio ?? folder).record
    }
    failures = summary.failed
    wasCancelled = summary.wasCancelled
    made = summary.stored
    let stored = Set(store.storedSongs)
    self.songs = songs.filter { stored.contains($0.id) && summary.failed[$0.id] == nil }
    records = InputRecords(try store.records(of: self.songs.map(\.id)), frontEnd)
  }

  /// Samples of songs with their emotions.
  ///
  /// - Parameter ids: the songs; those without a record or a label are passed over. Nil for all.
  /// - Returns: the samples, in the songs' order.
  public func emotions(of ids: [String]? = nil) -> TrainingSongs {
    let wanted = ids.map(Set.init)
    var indices: [Int] = []
    var targets: [Float] = []
    for (index, place) in records.songs.enumerated() {
      let song = songs[place]
      guard let label = song.label?.on(.unit), wanted?.contains(song.id) ?? true else { continue }
      indices.append(index)
      targets += [Float(label.valence), Float(label.arousal)]
    }
    return selected(indices, Tensor(targets, shape: [indices.count, 2]))
  }

  /// The genres of the songs, in the order of the alphabet.
  public var genres: [String] { Set(songs.compactMap(\.genre)).sorted() }

  /// Samples of songs with their genres: one a segment.
  ///
  /// - Parameters:
  ///   - ids: the songs; those without a record or a genre are passed over. Nil for all.
  ///   - genres: all genres, in the order of the outputs.
  /// - Returns: the samples, in the songs' order.
  public func genres(of ids: [String]? = nil, among genres: [String]) -> TrainingSongs {
    let wanted = ids.map(Set.init)
    var indices: [Int] = []
    var classes: [Int] = []
    for (index, place) in records.songs.enumerated() {
      let song = songs[place]
      guard let number = song.genre.flatMap({ genres.firstIndex(of: $0) }),
        wanted?.contains(song.id) ?? true
      else { continue }
      indices.append(index)
      classes.append(number)
    }
    return selected(indices, .oneHot(classes, depth: genres.count))
  }

  private func selected(_ indices: [Int], _ targets: Tensor) -> TrainingSongs {
    TrainingSongs(selecting: indices, of: records, targets: targets)
  }
}
