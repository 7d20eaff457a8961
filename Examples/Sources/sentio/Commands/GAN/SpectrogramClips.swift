import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor

/// The clips of a corpus's songs, made by a network's front end and kept in a folder that later runs go on with.
struct SpectrogramClips {
  /// How a song becomes a clip.
  let frontEnd: NetworkFrontEnd
  private let records: TrainingSongs

  /// Makes clips, as far as the folder does not hold them.
  ///
  /// - Throws: ``Interrupted`` after Ctrl-C; the folder keeps what was finished.
  init(_ songs: [Song], _ frontEnd: NetworkFrontEnd, folder: URL, isQuiet: Bool) throws {
    self.frontEnd = frontEnd
    let cancellation = CancellationFlag()
    let line = ProgressLine("transforming", total: songs.count, unit: "songs", isQuiet: isQuiet)
    let inputs = try CorpusInputs(
      songs, frontEnd: frontEnd, store: folder, cancellation: cancellation,
      progress: { progress in
        if Interruption.isRequested { cancellation.cancel() }
        line.report(progress.upToDate + progress.stored + progress.failed)
      })
    line.finish()
    for (id, reason) in inputs.failures.sorted(by: { $0.key < $1.key }).prefix(5) where !isQuiet {
      Terminal.note("left out: song \(id): \(reason)")
    }
    try Interruption.check()
    records = inputs.emotions()
  }

  /// Opens what an earlier run made; the labels are not kept there and are 0.
  init(contentsOf folder: URL, _ frontEnd: NetworkFrontEnd) throws {
    self.frontEnd = frontEnd
    let store = try FeatureStore(contentsOf: folder)
    let ids = store.storedSongs.sorted()
    guard store.settings == frontEnd.storeSettings else {
      throw CommandError(
        "\(folder.path): holds clips of another front end than the generator's: train it again")
    }
    records = TrainingSongs(
      InputRecords(try store.records(of: ids), frontEnd), targets: .zeros([ids.count, 2]))
  }

  /// How many there are.
  var count: Int { records.count }

  /// The first clips, `[N, 1, mels, frames]`, each of mean 0 and deviation 1, with valence and arousal in −1…1.
  func batch(_ limit: Int = .max) -> LabelledBatch {
    let count = min(limit, records.count)
    let source = records.source
    let values = Tensor(uninitialized: Shape([count] + source.extents)) { target in
      let size = source.extents.reduce(1, *)
      for index in 0..<count {
        source.copyRecord(
          index,
          to: UnsafeMutableBufferPointer(rebasing: target[index * size..<(index + 1) * size]))
      }
    }
    return LabelledBatch(
      ids: Array(source.ids.prefix(count)), inputs: frontEnd.inputs(values),
      targets: records.targets[0..<count])
  }
}
