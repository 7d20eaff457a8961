import Foundation
import SentioData
import SentioPipeline

extension MainJob {
  /// Songs with labels: composed, or looked at where the user has them.
  func corpusStage() throws -> PipelineStage {
    switch source {
    case .composed(let shared): return try composingStage(shared)
    case .corpus(let url, let table):
      let inputs =
        [StageInput.external("corpus", url)] + (table.map(Self.tableFiles) ?? [])
      return try PipelineStage(
        "corpus", "opens \(url.lastPathComponent)", inputs: inputs,
        settings: ["labels": labelRevision.rawValue, "scale": scale?.notation ?? "inferred"]
      ) { context in
        let corpus = try openCorpus(url, isQuiet: isQuiet)
        context.note("songs", .integer(corpus.songs.count))
        // Others read the corpus where it is; what it holds is told to them by its hash.
        try StageFile.write(
          inputs.map { ["name": $0.name, "sha256": context.hash(ofExternal: $0.name)] },
          to: context.folder.appending(path: "corpus.json"))
      }
    case .table(let table, let labels):
      let inputs = Self.tableFiles(table) + [.external("labels", labels)]
      return try PipelineStage(
        "corpus", "looks at \(table.lastPathComponent)", inputs: inputs,
        settings: ["scale": scale?.notation ?? "inferred"]
      ) { context in
        try StageFile.write(
          inputs.map { ["name": $0.name, "sha256": context.hash(ofExternal: $0.name)] },
          to: context.folder.appending(path: "corpus.json"))
      }
    }
  }

  private func composingStage(_ shared: URL?) throws -> PipelineStage {
    struct Settings: Encodable {
      var corpus: PipelineSettings.Corpus
      var seed: UInt64
      var shared: String?
    }
    let sizes = settings.corpus
    let seed = settings.seed
    return try PipelineStage(
      "corpus", "composes \(counted(sizes.songs, "song"))",
      settings: Settings(corpus: sizes, seed: seed, shared: shared?.path), resumesInPlace: true
    ) { context in
      let folder = shared ?? context.folder.appending(path: "songs")
      let result = try CorpusSynthesizeCommand.synthesize(
        into: folder.path, songs: sizes.songs, seed: seed, duration: sizes.duration,
        isQuiet: isQuiet)
      context.note("songs", .integer(sizes.songs))
      context.note("composed", .integer(sizes.songs - result.kept))
      if shared != nil {
        // A folder that others use too: what it holds is told by its corpus's own description.
        try StageFile.write(
          ["sha256": FolderContent.hash(of: folder)],
          to: context.folder.appending(path: "corpus.json"))
      }
      // Other artists, other pieces, the same composer: songs that no model sees.
      _ = try CorpusSynthesizeCommand.synthesize(
        into: context.folder.appending(path: "unseen").path, songs: 5, seed: seed &+ 1_000_003,
        duration: sizes.duration, isQuiet: true)
    }
  }

  /// A table's file, with those that belong to it where it is NumPy's.
  private static func tableFiles(_ table: URL) -> [StageInput] {
    guard table.pathExtension.lowercased() == "npy" else { return [.external("table", table)] }
    let folder = table.deletingLastPathComponent()
    let stem = table.deletingPathExtension().lastPathComponent
    let first = stem.split(separator: "_").first.map(String.init) ?? stem
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let companions = names.sorted().filter {
      $0.hasPrefix(first) && ["csv", "txt"].contains(($0 as NSString).pathExtension)
    }
    return [.external("table", table)]
      + companions.map { .external($0, folder.appending(path: $0)) }
  }
}
