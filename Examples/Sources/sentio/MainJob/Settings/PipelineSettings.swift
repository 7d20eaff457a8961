import SentioClassical
import SentioData

/// What a preset says: the sizes of a run of the main job.
///
/// The names are those of the YAML files in `Examples/Presets`.
struct PipelineSettings: Codable, Hashable, Sendable {
  /// Songs that the tool composes.
  struct Corpus: Codable, Hashable, Sendable {
    var songs = 400
    /// Seconds a song.
    var duration = 45.0
  }

  /// The parts that the songs are divided into.
  struct Split: Codable, Hashable, Sendable {
    /// Shares of training, validation and test songs.
    var fractions = [0.7, 0.1, 0.2]
  }

  /// The searches over the classical models' settings.
  struct Classical: Codable, Hashable, Sendable {
    var grid = GridChoice.small
    var folds = 5
  }

  /// The tests on the models' predictions.
  struct Statistics: Codable, Hashable, Sendable {
    /// Resamples of the bootstrap.
    var resamples = 10_000
  }

  /// The seed of everything that is drawn.
  var seed: UInt64 = 1
  var corpus = Corpus()
  var split = Split()
  var classical = Classical()
  var statistics = Statistics()

  /// Refuses what no run could be made with.
  ///
  /// - Throws: ``CommandError`` that names the setting as the preset and as the command line call it.
  func validate() throws {
    guard SyntheticCorpus.songRange.contains(corpus.songs) else {
      throw CommandError("corpus.songs (--songs) must lie in \(SyntheticCorpus.songRange)")
    }
    guard SyntheticCorpus.durationRange.contains(corpus.duration) else {
      throw CommandError("corpus.duration must lie in \(SyntheticCorpus.durationRange) seconds")
    }
    let shares = split.fractions
    guard shares.count == 3, shares.allSatisfy({ $0 >= 0 && $0.isFinite }), shares[0] > 0,
      shares[2] > 0
    else {
      throw CommandError("split.fractions (--fractions) takes three shares, such as 0.7 0.1 0.2")
    }
    guard (2...100).contains(classical.folds) else {
      throw CommandError("classical.folds (--folds) must lie between 2 and 100")
    }
    guard (100...1_000_000).contains(statistics.resamples) else {
      throw CommandError("statistics.resamples must lie between 100 and 1000000")
    }
  }
}
