import SentioNN
import SentioTensor

/// A student with the projections that bring its tokens to the teacher's features.
///
/// Only ``student`` is of use afterwards.
public struct DistilledStudent<Student: AttentiveNetwork>: Module {
  /// The network that learns.
  @Child public var student: Student
  /// `[D, D']` from the student's features to the teacher's, one a block; none where no features are learned.
  @Child public var projections: [Linear]

  /// Gives a student what it needs to learn.
  ///
  /// - Parameters:
  ///   - student: the network that learns.
  ///   - teacherFeatures: the features of the teacher's tokens.
  ///   - settings: what is learned.
  ///   - stream: the stream to draw the projections from.
  public init(
    _ student: Student, teacherFeatures: Int, settings: DistillationSettings,
    from stream: inout RandomStream
  ) {
    self.student = student
    let count = settings.weights.features > 0 ? student.blockCount : 0
    projections = (0..<count).map { _ in
      Linear(student.tokenFeatures, teacherFeatures, from: &stream)
    }
  }

  /// Hands over student and projections.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_student)
    visit(&_projections)
  }
}
