import Foundation
import SentioData
import SentioPipeline

extension MainJob {
  /// Which songs are learned from, which settings are chosen on, and which are looked at once.
  func splitStage() throws -> PipelineStage {
    struct Settings: Encodable {
      var split: PipelineSettings.Split
      var seed: UInt64
      var folds: Int
      var usesPublishedSplit: Bool
    }
    let settings = settings
    return try PipelineStage(
      "split", "divides the songs",
      inputs: [.outputs(of: "corpus"), .outputs(of: "features")],
      settings: Settings(
        split: settings.split, seed: settings.seed, folds: settings.classical.folds,
        usesPublishedSplit: usesPublishedSplit)
    ) { context in
      let root = corpusRoot(context)
      let table = try SongTable.read(from: context.folder(of: "features"), root: root)
      let split: Split
      if usesPublishedSplit {
        guard let root else { throw CommandError("--published-split needs a corpus with --data") }
        let usable = Set(table.ids)
        let published = try Split(publishedWith: openCorpus(root))
        split = Split(songs: published.songs.mapValues { $0.filter(usable.contains) })
      } else {
        let artists = Set(table.songs.map { $0.artist ?? "song \($0.id)" }).count
        split = Split(
          of: table.songs,
          settings: Split.Settings(
            fractions: settings.split.fractions, grouping: artists >= 10 ? .artist : .copies,
            seed: settings.seed))
      }
      let learned = split.training.count + split.validation.count
      let folds = settings.classical.folds
      guard split.test.count >= 2, learned >= 2 * folds else {
        throw CommandError(
          "\(table.songs.count) songs give \(learned) for training and "
            + "\(split.test.count) for the test; at least \(2 * folds) and 2 are needed. Use more "
            + "songs or fewer --folds.")
      }
      let whole = Corpus(name: table.corpus, songs: table.songs)
      try SplitFile(split, of: whole).write(to: context.folder.appending(path: "split.json"))
    }
  }
}
