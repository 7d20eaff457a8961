import SentioData
import SentioNN
import SentioTensor

/// A song with features and labels step by step.
public struct TrackSong: Sendable {
  /// Its name.
  public var id: String
  /// `[L, F]`, a row a step.
  public var features: Tensor
  /// `[L, 2]`, valence and arousal on the networks' scale; NaN where a step has no label.
  public var labels: Tensor

  /// Takes features and labels.
  ///
  /// - Parameters:
  ///   - id: the song's name.
  ///   - features: `[L, F]`, a row a step.
  ///   - labels: `[L, 2]`, valence and arousal; NaN where a step has no label.
  public init(id: String, features: Tensor, labels: Tensor) {
    precondition(
      features.rank == 2 && labels.shape == [features.shape[0], 2],
      "features of shape \(features.shape) do not fit labels of shape \(labels.shape)")
    self.id = id
    self.features = features
    self.labels = labels
  }

  /// Takes what listeners said over time: each sample belongs to the step that starts nearest to it.
  ///
  /// DEAM's samples start at second 15; the steps before have no label, and are seen all the same. Samples behind the
  /// last step are left out, and so are steps of which a dimension is missing.
  ///
  /// - Parameters:
  ///   - id: the song's name.
  ///   - features: `[L, F]`, a row a step.
  ///   - annotations: what listeners said; labels are on the scale from -1 to 1.
  ///   - step: the seconds of a step.
  public init(
    id: String, features: Tensor, annotations: AnnotationSequence, step: Double = 0.5
  ) {
    precondition(features.rank == 2 && step > 0, "features \(features.shape), steps of \(step) s")
    let count = features.shape[0]
    var values = [Float](repeating: .nan, count: 2 * count)
    for (index, time) in annotations.times.enumerated() {
      let place = (time / step).rounded()
      guard place >= 0, place < Double(count) else { continue }
      let (valence, arousal) = (annotations.valence[index], annotations.arousal[index])
      guard !valence.isNaN, !arousal.isNaN else { continue }
      values[2 * Int(place)] = Float(annotations.scale.convert(valence, to: .unit))
      values[2 * Int(place) + 1] = Float(annotations.scale.convert(arousal, to: .unit))
    }
    self.init(id: id, features: features, labels: Tensor(values, shape: [count, 2]))
  }

  /// The number of steps.
  public var stepCount: Int { features.shape[0] }
  /// The steps that have a label.
  public var labelledSteps: [Int] {
    let values = labels.scalars
    return (0..<stepCount).filter { values[2 * $0].isFinite && values[2 * $0 + 1].isFinite }
  }
}

/// Songs of a batch, filled up with zeros to the longest of them.
public struct TrackBatch: TrainingBatch {
  /// The songs' names.
  public var ids: [String]
  /// `[N, L, F]`.
  public var inputs: Tensor
  /// The steps of each song.
  public var lengths: [Int]
  /// `[M, 2]`: the labels of the steps that have one, song after song.
  public var targets: Tensor
  /// Where these steps stand among all `N · L`.
  public var places: [Int]
  /// How many of them each song has.
  public var counts: [Int]

  /// Puts songs together.
  ///
  /// - Parameter songs: at least 1, with equally many features.
  public init(_ songs: [TrackSong]) {
    precondition(!songs.isEmpty, "a batch without songs")
    let (steps, features) = (
      songs.map(\.stepCount).max() ?? 0, songs[0].features.shape[1]
    )
    ids = songs.map(\.id)
    lengths = songs.map(\.stepCount)
    var (labels, places, counts) = ([Float](), [Int](), [Int]())
    inputs = Tensor(uninitialized: [songs.count, steps, features]) { target in
      for (row, song) in songs.enumerated() {
        precondition(
          song.features.shape[1] == features,
          "\(song.id) has \(song.features.shape[1]) features, \(songs[0].id) \(features)")
        let start = row * steps * features
        song.features.withUnsafeBufferPointer { source in
          _ = UnsafeMutableBufferPointer(rebasing: target[start..<start + source.count])
            .update(fromContentsOf: source)
          for index in start + source.count..<start + steps * features { target[index] = 0 }
        }
        let (values, labelled) = (song.labels.scalars, song.labelledSteps)
        for step in labelled {
          labels += values[2 * step...2 * step + 1]
          places.append(row * steps + step)
        }
        counts.append(labelled.count)
      }
    }
    targets = Tensor(labels, shape: [places.count, 2])
    self.places = places
    self.counts = counts
  }
}

/// Songs in memory, shuffled anew for every epoch; those without any label are left out.
///
/// Half a second of 40 features takes 160 bytes: an hour of music a megabyte.
public struct TrackBatches: TrainingData {
  /// The songs, in their own order.
  public let songs: [TrackSong]
  /// Songs in a batch.
  public let batchSize: Int
  /// The seed of the orders; nil for the songs' own order in every epoch, as validation wants it.
  public let seed: UInt64?
  /// Number, order, and a checksum of ids, features and labels.
  public let fingerprint: String

  /// Prepares songs for training or validation.
  ///
  /// - Parameters:
  ///   - songs: the songs.
  ///   - batchSize: songs in a batch, at least 1.
  ///   - seed: the seed of the orders; nil for the songs' own order.
  public init(_ songs: [TrackSong], batchSize: Int, seed: UInt64? = nil) {
    precondition(batchSize >= 1, "batches of \(batchSize) songs")
    let usable = songs.filter { !$0.labelledSteps.isEmpty }
    var checksum = DataChecksum()
    for song in usable {
      checksum.combine(song.id)
      checksum.combine(song.features)
      checksum.combine(song.labels)
    }
    self.songs = usable
    self.batchSize = batchSize
    self.seed = seed
    fingerprint =
      "\(usable.count) songs over time by \(batchSize), \(seed.map { "seed \($0)" } ?? "in order"), "
      + "\(checksum)"
  }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int { (songs.count + batchSize - 1) / batchSize }
  /// Songs in an epoch.
  public var samplesPerEpoch: Int { songs.count }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) -> () throws -> TrackBatch? {
    var order = Array(songs.indices)
    if let seed {
      var stream = RandomStream(seed: seed, "tracks").substream("epoch \(epoch)")
      order = stream.permutation(order.count)
    }
    var next = first
    return { [songs, batchSize] in
      let start = next * batchSize
      guard start < order.count else { return nil }
      next += 1
      return TrackBatch(order[start..<min(start + batchSize, order.count)].map { songs[$0] })
    }
  }
}
