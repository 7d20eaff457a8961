import SentioNN
import SentioTensor

/// Labelled songs with a teacher's answers beside them.
///
/// Songs come as spectrograms `[N, 1, mels, frames]` with values from 0 to 1, from which either network gets the picture
/// that it was made for (``SpectrogramImage``), or as pictures of the networks' channels, which are brought to either
/// network's size. So teacher and student may have different sizes.
///
/// The teacher is asked on the thread that makes batches ahead; with a `prefetch` of 0 in the training's settings it
/// works on the thread that trains, and the two do not share the cores.
public struct DistillationData: TrainingData {
  private let songs: any TrainingData<LabelledBatch>
  private let studentInput: NetworkInput
  private let teacherInput: NetworkInput?
  private let augmentation: Augmentation<LabelledBatch>?
  private let seed: UInt64
  private let cache: TargetCache?
  private let description: String

  /// Songs for training.
  ///
  /// - Parameters:
  ///   - songs: the songs; the same id with the same input is asked for once.
  ///   - teacher: the teacher, in inference.
  ///   - student: the network that learns; only its sizes matter.
  ///   - settings: what is learned.
  ///   - augmentation: what is done to the songs before either network sees them: the teacher says what it thinks of
  ///     the changed song, and nothing is kept. An augmentation of the trainer would change the student's alone.
  ///   - seed: the seed of the augmentation.
  ///   - cache: where answers are kept.
  ///   - precision: the precision of the teacher's products.
  /// - Throws: `FileError` where the cache's folder cannot be read.
  public init(
    _ songs: any TrainingData<LabelledBatch>, teacher: some AttentiveNetwork,
    student: some AttentiveNetwork, settings: DistillationSettings,
    augmentation: Augmentation<LabelledBatch>? = nil, seed: UInt64 = 0,
    cache: TargetCacheSettings = TargetCacheSettings(), precision: ComputePrecision = .float32
  ) throws {
    let frozen = FrozenTeacher(teacher, for: student, settings: settings, precision: precision)
    self.songs = songs
    studentInput = NetworkInput(student)
    teacherInput = NetworkInput(teacher)
    self.augmentation = augmentation
    self.seed = seed
    self.cache = try TargetCache(frozen, augmentation == nil ? cache : .none)
    let weights = settings.weights
    description =
      "; \(frozen.fingerprint); weights \(weights.response), \(weights.features), "
      + "\(weights.attention), labels \(settings.hardShare), \(settings.scaling.rawValue)"
      + (augmentation == nil ? "" : "; augmented with seed \(seed)")
  }

  /// Songs for a validation, which asks no teacher.
  ///
  /// - Parameters:
  ///   - songs: the songs.
  ///   - student: the network that learns; only its sizes matter.
  public init(validation songs: any TrainingData<LabelledBatch>, student: some AttentiveNetwork) {
    self.songs = songs
    studentInput = NetworkInput(student)
    (teacherInput, augmentation, cache, seed, description) = (nil, nil, nil, 0, "")
  }

  /// Batches in an epoch.
  public var batchesPerEpoch: Int { songs.batchesPerEpoch }
  /// Songs in an epoch.
  public var samplesPerEpoch: Int { songs.samplesPerEpoch }
  /// The songs' fingerprint, and what the teacher's answers depend on.
  public var fingerprint: String { songs.fingerprint + description }
  /// How many songs the teacher was asked about so far, repetitions included.
  public var askedCount: Int { cache?.askedCount ?? 0 }
  /// The bytes that answers take in memory.
  public var keptByteCount: Int { cache?.byteCount ?? 0 }

  /// Starts delivering an epoch.
  public func batches(epoch: Int, from first: Int) throws -> () throws -> DistillationBatch? {
    let next = try songs.batches(epoch: epoch, from: first)
    var number = first
    return { [self] in
      guard var batch = try next() else { return nil }
      if let augmentation {
        var stream = RandomStream(
          seed: seed, "distillation/augmentation/epoch \(epoch)/batch \(number)")
        augmentation.apply(to: &batch, from: &stream)
      }
      number += 1
      var targets: TeacherTargets?
      if let cache, let teacherInput {
        targets = .joined(
          try batch.ids.indices.map { row in
            let song = batch.inputs.sliced(row..<row + 1, axis: 0)
            return try cache.targets(id: batch.ids[row], input: teacherInput(song))
          })
      }
      batch.inputs = studentInput(batch.inputs)
      return DistillationBatch(songs: batch, teacher: targets)
    }
  }
}

/// What a network takes, made from spectrograms or pictures of any size.
struct NetworkInput: Sendable {
  let channels: Int
  let size: HeightWidth

  init(_ network: some AttentiveNetwork) {
    channels = network.inputChannels
    size = network.inputSize
  }

  /// `[N, 1 or C, H, W]` to `[N, C, height, width]`.
  func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && (x.shape[1] == channels || x.shape[1] == 1 && channels == 3),
      "a network of \(channels) channels cannot take songs of shape \(x.shape)")
    if x.shape[1] != channels { return SpectrogramImage.make(x, size: size) }
    return x.shape[2] == size.height && x.shape[3] == size.width ? x : x.resized2D(to: size)
  }
}
