import Foundation
import SentioData
import SentioRegistry

extension MainJob {
  /// The job that a command line describes.
  ///
  /// - Throws: ``CommandError``, `SettingsError` or `ValidationError` for a preset or a value that can't be.
  init(_ command: RunCommand) throws {
    var preset = try Preset(command.preset ?? (command.quick ? "smoke" : "demo"))
    if let songs = command.songs { preset.settings.corpus.songs = songs }
    if !command.fractions.isEmpty { preset.settings.split.fractions = command.fractions }
    if let folds = command.folds { preset.settings.classical.folds = folds }
    if let grid = command.grid { preset.settings.classical.grid = grid }
    if let seed = command.seed { preset.settings.seed = seed }
    try preset.settings.validate()
    let table = command.table.map { URL(filePath: $0) }
    if let data = command.data {
      source = .corpus(URL(filePath: data), table: table)
    } else if let table {
      source = .table(table, labels: URL(filePath: command.truth ?? table.path))
    } else {
      source = .composed(
        shared: command.corpus.map { URL(filePath: $0, directoryHint: .isDirectory) })
    }
    switch source {
    case .composed: (hasAudio, hasDynamics) = (true, true)
    case .table: (hasAudio, hasDynamics) = (false, false)
    case .corpus(let folder, let table):
      // A corpus that can't be opened is told of by the stage that opens it.
      let corpus = try? CorpusOptions.open(
        folder.path, labelRevision: command.corpusOptions.labelRevision,
        scale: command.corpusOptions.scale, isQuiet: true)
      hasAudio = table == nil && corpus?.songs.contains { $0.audio != nil } ?? true
      hasDynamics = corpus?.dynamics?.sequences.isEmpty == false
    }
    self.preset = preset.name
    settings = preset.settings
    labelRevision = command.corpusOptions.labelRevision
    scale = command.corpusOptions.scale
    measurement = try command.measurement.measurement(command.set)
    store = command.store.map { URL(filePath: $0, directoryHint: .isDirectory) }
    usesPublishedSplit = command.publishedSplit
    newSongs = command.newSongs
    folder = URL(
      filePath: command.output ?? "Reports/\(preset.name)", directoryHint: .isDirectory)
    isQuiet = command.json
    registry =
      command.noRegistry ? nil : command.registry.map { URL(filePath: $0) } ?? Registry.defaultFile
    resume = Terminal.commandLine
  }
}
