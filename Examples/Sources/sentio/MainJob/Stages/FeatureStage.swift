import Foundation
import SentioData
import SentioPipeline

extension MainJob {
  /// The songs' features with their labels: measured from the audio, or read from a table.
  func featureStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var measurement: SongMeasurement?
      var labels: String
      var scale: String
    }
    return try PipelineStage(
      "features", hasAudio ? "measures the songs" : "reads the features",
      inputs: [.outputs(of: "corpus")],
      settings: Settings(
        measurement: hasAudio ? measurement : nil, labels: labelRevision.rawValue,
        scale: scale?.notation ?? "inferred")
    ) { context in
      let root = corpusRoot(context)
      let corpus = try root.map { try openCorpus($0) }
      let table: LabelledTable
      switch source {
      case .table(let file, let labels):
        table = try LabelledTable.joining(
          features: file.path, labels: labels.path,
          scale: scale.map(ScaleSource.known) ?? .inferred, isQuiet: isQuiet)
      case .corpus(_, let file?):
        guard let corpus else { throw CommandError("no corpus") }
        table = try LabelledTable.joining(
          features: FeatureTableFile.read(file.path), from: file.path, corpus: corpus)
      case .corpus, .composed:
        guard let corpus else { throw CommandError("no corpus") }
        table = try features(of: corpus, context)
      }
      context.note("songs", .integer(table.songs.count))
      try SongTable.write(
        table, wasCorrected: corpus?.labelRevisionCheck?.wasCorrected, root: root,
        into: context.folder)
    }
  }

  private func features(of corpus: Corpus, _ context: StageContext) throws -> LabelledTable {
    if let features = corpus.features, !corpus.songs.contains(where: { $0.audio != nil }) {
      return try LabelledTable.joining(features: features, corpus: corpus)
    }
    // The user's own songs are measured once for all runs; composed ones belong to this run.
    let place = try isSynthetic ? store ?? context.work().appending(path: "store") : store
    let measured = try MeasuredCorpus(
      corpus, measurement: measurement, store: place?.path, isQuiet: isQuiet)
    context.note("measured", .integer(measured.measured))
    return measured.table
  }
}
