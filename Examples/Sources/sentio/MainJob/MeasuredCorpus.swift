import Foundation
import SentioClassical
import SentioData
import SentioMetrics

/// A corpus whose songs are measured into a store that later runs go on with.
struct MeasuredCorpus {
  /// The songs with labels, as a table.
  let table: LabelledTable
  /// Seconds that measuring took in this run.
  let seconds: Double
  /// How many songs were measured in this run; the others were in the store.
  let measured: Int

  /// Measures the songs of a corpus that have audio and labels.
  ///
  /// - Throws: ``Interrupted`` after Ctrl-C; the store keeps what was finished.
  init(
    _ corpus: Corpus, measurement: SongMeasurement, store folder: String?, isQuiet: Bool
  ) throws {
    let songs = corpus.songs.filter { $0.label != nil && $0.audio != nil }
    guard let scale = corpus.scale, !songs.isEmpty else {
      throw CommandError(
        "\(corpus.root.path): no song has both audio and a label; see sentio corpus validate "
          + corpus.root.path)
    }
    let meter = try SongMeter(measurement)
    let store = try FeatureStore(
      folder: folder.map { URL(filePath: $0) } ?? Self.defaultStore(for: corpus, measurement),
      settings: measurement.storeSettings, ifSettingsDiffer: .replace)
    let cancellation = CancellationFlag()
    let line = ProgressLine("measuring", total: songs.count, unit: "songs", isQuiet: isQuiet)
    let start = ContinuousClock.now
    let summary = try store.fill(
      songs, retriesFailed: true, cancellation: cancellation,
      progress: { progress in
        if Interruption.isRequested { cancellation.cancel() }
        line.report(progress.upToDate + progress.stored + progress.failed)
      },
      extract: { song in
        guard let audio = song.audio else { throw CommandError("\(song.id): no audio") }
        return FeatureRecord(try meter.measure(audio).features)
      })
    seconds = (ContinuousClock.now - start) / .seconds(1)
    measured = summary.stored
    line.report(summary.upToDate + summary.stored + summary.failed.count)
    if summary.stored > 0 || !summary.failed.isEmpty {
      line.finish()
    } else if !isQuiet {
      Terminal.note(
        "\(counted(summary.upToDate, "song")) measured by an earlier run, kept in \(store.folder.path)"
      )
    }
    try Interruption.check()

    for (id, reason) in summary.failed.sorted(by: { $0.key < $1.key }).prefix(5) where !isQuiet {
      Terminal.note("left out: song \(id): \(reason)")
    }
    if summary.failed.count > 5, !isQuiet {
      Terminal.note("left out: \(summary.failed.count - 5) more songs")
    }
    let usable = songs.filter { summary.failed[$0.id] == nil }
    guard !usable.isEmpty else {
      throw CommandError("\(corpus.root.path): none of \(songs.count) songs could be measured")
    }
    let records = try store.records(of: usable.map(\.id)).table()
    table = LabelledTable(
      design: try Design(rows: records.ids, columns: records.columns, values: records.values),
      points: usable.compactMap(\.label), scale: scale, songs: usable, corpus: corpus.name,
      measurement: measurement, failures: summary.failed)
  }

  /// A folder of the user's cache that belongs to this corpus and this set of features.
  private static func defaultStore(for corpus: Corpus, _ measurement: SongMeasurement) -> URL {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].map { URL(filePath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in corpus.root.standardizedFileURL.path.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return cache.appending(
      path: "sentio/features/\(corpus.name)-\(String(hash, radix: 16))-"
        + measurement.featureSet.identifier)
  }
}
