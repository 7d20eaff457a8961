import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioTensor

/// A corpus whose songs are made into a network's inputs, and how they are divided.
struct NetworkCorpus {
  let corpus: Corpus
  let inputs: CorpusInputs
  /// The genres in the order of the outputs; empty for emotions.
  let genres: [String]
  /// The parts of the split that samples are taken from.
  let training: TrainingSongs
  let validation: TrainingSongs
  let test: TrainingSongs
  /// How the parts came about, in words.
  let split: String

  /// Makes what is missing in the store.
  ///
  /// - Throws: ``Interrupted`` after Ctrl-C; the store keeps what was finished.
  init(_ corpus: Corpus, _ recipe: NetworkRecipe, options: NetworkOptions, isLeaky: Bool) throws {
    self.corpus = corpus
    let isForGenres = recipe.architecture.isForGenres
    let usable = corpus.songs.filter {
      $0.audio != nil && (isForGenres ? $0.genre != nil : $0.label != nil)
    }
    guard !usable.isEmpty else {
      throw CommandError(
        "\(corpus.root.path): no song has both audio and a \(isForGenres ? "genre" : "label"); see "
          + "sentio corpus validate \(corpus.root.path)")
    }
    if options.duration == nil, options.config == nil, !options.json {
      Self.noteShortSongs(usable, recipe)
    }
    inputs = try Self.inputs(
      usable, recipe,
      store: options.store.map { URL(filePath: $0) }
        ?? Self.defaultStore(for: corpus, recipe), isQuiet: options.json)
    guard !inputs.songs.isEmpty else {
      throw CommandError("\(corpus.root.path): none of \(usable.count) songs could be used")
    }
    genres = isForGenres ? inputs.genres : []
    if isForGenres, genres.count < 2 {
      throw CommandError(
        "\(corpus.root.path): all songs are of the genre \(genres.first ?? "?"); two are needed")
    }
    if isLeaky {
      let all = inputs.genres(among: genres)
      // Segments are drawn without a look at their songs: what the notes do, and what leaks.
      var stream = RandomStream(seed: recipe.training.seed, "leaky split")
      let order = stream.permutation(all.count)
      let (first, second) = (all.count * 8 / 10, all.count * 9 / 10)
      training = all.selecting(Array(order[..<first]))
      validation = all.selecting(Array(order[first..<second]))
      test = all.selecting(Array(order[second...]))
      split = "segments at random: segments of one song stand in several parts"
      return
    }
    let split = try Self.split(corpus, inputs, recipe, file: options.split)
    self.split = options.split.map { "\($0)" } ?? "songs by artist, seed \(recipe.training.seed)"
    let (inputs, genres) = (inputs, genres)
    func part(_ ids: [String]) -> TrainingSongs {
      isForGenres ? inputs.genres(of: ids, among: genres) : inputs.emotions(of: ids)
    }
    (training, validation, test) = (part(split.training), part(split.validation), part(split.test))
    guard training.count > 0 else {
      throw CommandError("\(corpus.root.path): the split leaves no song to train on")
    }
  }

  private static func split(
    _ corpus: Corpus, _ inputs: CorpusInputs, _ recipe: NetworkRecipe, file: String?
  ) throws -> Split {
    if let file { return try SplitFile(contentsOf: URL(filePath: file), for: corpus).split }
    return Split(
      of: inputs.songs,
      settings: Split.Settings(
        stratification: recipe.architecture.isForGenres ? .genre : .valenceArousalGrid(5),
        seed: recipe.training.seed))
  }

  private static func inputs(
    _ songs: [Song], _ recipe: NetworkRecipe, store: URL, isQuiet: Bool
  ) throws -> CorpusInputs {
    let cancellation = CancellationFlag()
    let line = ProgressLine("transforming", total: songs.count, unit: "songs", isQuiet: isQuiet)
    let inputs = try CorpusInputs(
      songs, frontEnd: recipe.input, store: store, cancellation: cancellation,
      progress: { progress in
        if Interruption.isRequested { cancellation.cancel() }
        line.report(progress.upToDate + progress.stored + progress.failed)
      })
    try Interruption.check()
    if inputs.made > 0 {
      line.report(inputs.songs.count + inputs.failures.count)
      line.finish()
    } else if !isQuiet {
      Terminal.note(
        "\(counted(inputs.songs.count, "song")) transformed by an earlier run, kept in \(store.path)"
      )
    }
    if !isQuiet {
      for (id, reason) in inputs.failures.sorted(by: { $0.key < $1.key }).prefix(5) {
        Terminal.note("left out: song \(id): \(reason)")
      }
      if inputs.failures.count > 5 {
        Terminal.note("left out: \(inputs.failures.count - 5) more songs")
      }
    }
    return inputs
  }

  /// A clip that is mostly the silence after a song teaches little.
  private static func noteShortSongs(_ songs: [Song], _ recipe: NetworkRecipe) {
    guard !recipe.input.knowsLengths else { return }
    let decoder = AudioDecoder()
    let lengths = songs.prefix(9).compactMap { song in
      song.audio.flatMap { try? decoder.inspect($0).duration }
    }.sorted()
    guard !lengths.isEmpty else { return }
    let length = lengths[lengths.count / 2]
    guard length < 0.6 * recipe.input.duration else { return }
    Terminal.note(
      "note: songs last about \(Int(length.rounded())) s and the network's clips "
        + "\(Int(recipe.input.duration)) s, the rest is silence: consider --duration \(max(1, Int(length)))"
    )
  }

  /// A folder of the user's cache that belongs to this corpus and this input.
  private static func defaultStore(for corpus: Corpus, _ recipe: NetworkRecipe) -> URL {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].map { URL(filePath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")
    let settings = recipe.input.storeSettings
    let text =
      corpus.root.standardizedFileURL.path
      + settings.parameters.sorted { $0.key < $1.key }.map { $0.key + $0.value }.joined()
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return cache.appending(path: "sentio/inputs/\(corpus.name)-\(String(hash, radix: 16))")
  }
}

extension NetworkFrontEnd {
  /// Whether a network is told how much of a clip is real.
  var knowsLengths: Bool {
    switch input {
    case .sequence: true
    case .spectrogram, .segments, .filterBank: false
    }
  }
}
