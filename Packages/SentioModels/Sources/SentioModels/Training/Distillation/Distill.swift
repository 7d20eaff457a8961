import Foundation
import SentioNN
import SentioTensor

/// What came of a distillation.
public struct DistillationOutcome<Student: AttentiveNetwork> {
  /// The student of the best epoch, without projections.
  public let student: Student
  /// What the epochs came to.
  public let history: [EpochRecord]
  /// Which epoch was the best, from 1; nil before the first.
  public let bestEpoch: Int?
  /// How the training ended.
  public let end: TrainingEnd
  /// How often the teacher was asked in this process: once a song where its answers fit the cache.
  public let askedCount: Int
}

/// Trains a small network to say what a large one says, and to come to it the same way.
///
/// ```swift
/// let outcome = try distill(
///   MobileStudent(from: &stream), from: teacher, on: songs, validation: validationSongs,
///   settings: DistillationSettings(.combined),
///   optimizer: Optimizer(.adam(), learningRate: .cosine(1e-4, over: steps)),
///   training: TrainingSettings(epochs: 30, seed: 7), folder: folder)
/// ```
///
/// A training that is resumed goes on bit for bit, whatever is left of the cache.
///
/// - Parameters:
///   - student: the network that learns, at its start.
///   - teacher: the trained network, which stays as it is.
///   - songs: what is learned from; see ``DistillationData`` for its inputs.
///   - validation: what the epochs are measured on, by labels; nil for none.
///   - settings: what is learned.
///   - optimizer: how weights change.
///   - training: how training runs; the seed is also that of the projections.
///   - augmentation: what is done to the songs before either network sees them.
///   - cache: where the teacher's answers are kept.
///   - precision: the precision of the teacher's products.
///   - folder: where checkpoints and logs go, and a training is gone on with; nil keeps nothing.
///   - isCancelled: asked after every update whether to stop.
///   - onEvent: told of progress.
/// - Returns: the student.
/// - Throws: as `Trainer.train`, and `FileError` where the cache's folder cannot be used.
public func distill<Student: AttentiveNetwork>(
  _ student: Student, from teacher: some AttentiveNetwork,
  on songs: any TrainingData<LabelledBatch>,
  validation: (any TrainingData<LabelledBatch>)? = nil,
  settings: DistillationSettings = DistillationSettings(), optimizer: Optimizer,
  training: TrainingSettings, augmentation: Augmentation<LabelledBatch>? = nil,
  cache: TargetCacheSettings = TargetCacheSettings(), precision: ComputePrecision = .float32,
  folder: URL? = nil, isCancelled: () -> Bool = { false },
  onEvent: (TrainingEvent) -> Void = { _ in }
) throws -> DistillationOutcome<Student> {
  let data = try DistillationData(
    songs, teacher: teacher, student: student, settings: settings, augmentation: augmentation,
    seed: training.seed, cache: cache, precision: precision)
  var stream = RandomStream(seed: training.seed, "distillation/projections")
  let model = DistilledStudent(
    student, teacherFeatures: teacher.tokenFeatures, settings: settings, from: &stream)
  let trainer = Trainer(
    DistillationObjective<Student>(settings), optimizer: optimizer, settings: training)
  let outcome = try trainer.train(
    model, on: data,
    validation: validation.map { DistillationData(validation: $0, student: student) },
    folder: folder, isCancelled: isCancelled, onEvent: onEvent)
  return DistillationOutcome(
    student: outcome.best.student, history: outcome.history, bestEpoch: outcome.bestEpoch,
    end: outcome.end, askedCount: data.askedCount)
}
