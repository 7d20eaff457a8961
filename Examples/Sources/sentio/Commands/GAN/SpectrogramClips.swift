import Foundation
import SentioDSP
import SentioData
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor

/// The spectrograms of a corpus's songs, kept in a folder that later runs go on with.
///
/// A song's record is its mel spectrogram in decibels, `[mels, frames]`; shorter songs are followed by silence. Clips are
/// brought to mean 0 and deviation 1 when they are read.
struct SpectrogramClips {
  private let store: FeatureStore

  /// Opens what an earlier run measured.
  init(contentsOf folder: URL) throws { store = try FeatureStore(contentsOf: folder) }

  /// Measures songs, as far as the store does not hold them.
  ///
  /// - Throws: ``Interrupted`` after Ctrl-C; the store keeps what was finished.
  init(_ songs: [Song], _ measurement: SongMeasurement, folder: URL, isQuiet: Bool) throws {
    let frontEnd = measurement.frontEnd
    let mel = try MelSpectrogram(frontEnd: frontEnd)
    let seconds = measurement.duration ?? 30
    let samples = Int((seconds * frontEnd.sampleRate).rounded())
    let frames = frontEnd.stft.frameCount(sampleCount: samples)
    var parameters = measurement.storeSettings.parameters
    parameters["record"] = "mel spectrogram in decibels"
    store = try FeatureStore(
      folder: folder,
      settings: FeatureStore.Settings(
        shape: .matrix(rows: frontEnd.melBands, columns: frames), parameters: parameters),
      ifSettingsDiffer: .replace)
    let decoder = AudioDecoder()
    let format = AudioFormat(sampleRate: Int(frontEnd.sampleRate))
    let range = TimeRange.seconds(measurement.offset..<measurement.offset + seconds)
    let cancellation = CancellationFlag()
    let line = ProgressLine("measuring", total: songs.count, unit: "songs", isQuiet: isQuiet)
    let summary = try store.fill(
      songs, retriesFailed: true, cancellation: cancellation,
      progress: { progress in
        if Interruption.isRequested { cancellation.cancel() }
        line.report(progress.upToDate + progress.stored + progress.failed)
      },
      extract: { song in
        guard let audio = song.audio else { throw CommandError("\(song.id): no audio") }
        var clip = Array(
          try decoder.decode(audio, as: format, range: range).samples.prefix(samples))
        clip += repeatElement(0, count: samples - clip.count)
        return FeatureRecord(try mel.levels(clip, parallelism: .serial).rowMajorValues())
      })
    line.finish()
    for (id, reason) in summary.failed.sorted(by: { $0.key < $1.key }).prefix(5) where !isQuiet {
      Terminal.note("left out: song \(id): \(reason)")
    }
    try Interruption.check()
  }

  /// The ids of the songs that are there.
  var ids: [String] { store.storedSongs.sorted() }

  /// The clips of some songs, `[N, 1, mels, frames]`, each of mean 0 and deviation 1.
  func spectrograms(of ids: [String]) throws -> Tensor {
    let records = try store.records(of: ids)
    let extents = store.settings.shape.extents
    let size = extents[0] * extents[1]
    return Tensor(uninitialized: [ids.count, 1, extents[0], extents[1]]) { target in
      for index in ids.indices {
        records.withRecord(index) { levels in
          let mean = levels.reduce(0.0) { $0 + Double($1) } / Double(size)
          let squares = levels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
          // Silence has no deviation, and stays what it is.
          let scale = squares > 0 ? (Double(size) / squares).squareRoot() : 0
          for place in 0..<size {
            target[index * size + place] = Float((Double(levels[place]) - mean) * scale)
          }
        }
      }
    }
  }
}
