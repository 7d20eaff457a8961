import Foundation
import SentioData
import SentioModels
import SentioPipeline

extension MainJob {
  /// The songs' mel spectrograms and the features of their steps, in stores that all networks read.
  func spectrogramStage() throws -> PipelineStage {
    let settings = settings.spectrograms
    return try PipelineStage(
      "spectrograms", "makes the networks' inputs", inputs: songInputs, settings: settings,
      resumesInPlace: true
    ) { context in
      let (table, _) = try songs(context)
      context.note("songs", .integer(table.songs.count))
      for frontEnd in [settings.standardized, settings.sequence] {
        let name = SongInputs.storeName(frontEnd)
        let line = ProgressLine(
          name == "mel" ? "spectrograms" : "features of steps", total: table.songs.count,
          unit: "songs", isQuiet: isQuiet)
        let cancellation = CancellationFlag()
        let inputs = try CorpusInputs(
          table.songs, frontEnd: frontEnd, store: context.folder.appending(path: name),
          cancellation: cancellation,
          progress: {
            if Interruption.isRequested { cancellation.cancel() }
            line.report($0.upToDate + $0.stored + $0.failed)
          })
        line.report(inputs.songs.count)
        line.finish()
        try context.checkCancellation()
        if let failure = inputs.failures.sorted(by: { $0.key < $1.key }).first {
          // Its features were measured, so that this is no song that can't be decoded.
          throw CommandError("song \(failure.key): \(failure.value)")
        }
      }
    }
  }
}
