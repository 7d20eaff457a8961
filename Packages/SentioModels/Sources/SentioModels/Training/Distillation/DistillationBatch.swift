import SentioNN
import SentioTensor

/// Songs with their labels and what a teacher says of them.
public struct DistillationBatch: TrainingBatch, Equatable {
  /// The songs as the student takes them, and their labels.
  public var songs: LabelledBatch
  /// What the teacher says; nil in a validation, which is by labels alone.
  public var teacher: TeacherTargets?

  /// Creates a batch.
  ///
  /// - Parameters:
  ///   - songs: the songs as the student takes them, and their labels.
  ///   - teacher: what the teacher says.
  public init(songs: LabelledBatch, teacher: TeacherTargets? = nil) {
    self.songs = songs
    self.teacher = teacher
  }

  /// The songs' ids.
  public var ids: [String] { songs.ids }
}

/// What a teacher says of songs, in the student's terms: one entry a block of the student, on its grid of patches.
public struct TeacherTargets: Sendable, Equatable {
  /// The outputs, `[N, K]`.
  public var outputs: Tensor
  /// The tokens that each block of the student should come to, `[N, T, D]` with the teacher's D; empty where no
  /// features are learned.
  public var tokens: [Tensor]
  /// The attention that each block should come to, the mean over heads, `[N, T, T]`; empty where none is learned.
  public var attention: [Tensor]

  /// The bytes that the numbers take.
  var byteCount: Int {
    4 * ([outputs] + tokens + attention).reduce(0) { $0 + $1.count }
  }

  /// The targets of several songs as those of one batch.
  static func joined(_ parts: [TeacherTargets]) -> TeacherTargets {
    func join(_ entries: (TeacherTargets) -> [Tensor]) -> [Tensor] {
      guard let first = parts.first else { return [] }
      return entries(first).indices.map { block in
        Tensor.concatenate(parts.map { entries($0)[block] }, axis: 0)
      }
    }
    return TeacherTargets(
      outputs: Tensor.concatenate(parts.map(\.outputs), axis: 0), tokens: join(\.tokens),
      attention: join(\.attention))
  }
}
