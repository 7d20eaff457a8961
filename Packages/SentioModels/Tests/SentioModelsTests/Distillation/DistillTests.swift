import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

@Suite struct DistillTests {
  static func run(
    _ strategy: DistillationStrategy, epochs: Int = 4, in folder: URL? = nil,
    cache: TargetCacheSettings = .init(), isCancelled: () -> Bool = { false },
    onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws -> DistillationOutcome<MobileStudent> {
    var settings = TrainingSettings(epochs: epochs, seed: 11)
    settings.writesTensorBoard = false
    settings.monitor = .loss
    settings.checkpoints = CheckpointPolicy(updateInterval: 2)
    return try distill(
      SmallPair.student, from: SmallPair.teacher,
      on: SampleBatches(SmallPair.songs(30, seed: 3), batchSize: 6, seed: 6),
      validation: SampleBatches(SmallPair.songs(12, seed: 4), batchSize: 6),
      settings: DistillationSettings(strategy),
      optimizer: Optimizer(.adam(), learningRate: .constant(3e-3)), training: settings,
      cache: cache, folder: folder, isCancelled: isCancelled, onEvent: onEvent)
  }

  /// How far a student is from its teacher on songs that it was not trained on.
  static func parts(_ student: MobileStudent) throws -> (soft: Float, attention: Float) {
    let settings = DistillationSettings(.combined)
    let data = try DistillationData(
      SampleBatches(SmallPair.songs(12, seed: 4), batchSize: 12), teacher: SmallPair.teacher,
      student: student, settings: settings)
    var stream = RandomStream(seed: 1, "p")
    let model = DistilledStudent(
      student, teacherFeatures: SmallPair.teacher.tokenFeatures, settings: settings, from: &stream)
    let parts = DistillationObjective<MobileStudent>(settings)
      .parts(of: try SmallPair.firstBatch(data), under: model)
    return (try #require(parts.soft).scalar, try #require(parts.attention).scalar)
  }

  @Test(arguments: DistillationStrategy.allCases)
  func studentComesToItsTeacher(_ strategy: DistillationStrategy) throws {
    let outcome = try Self.run(strategy, epochs: 12)
    let before = try Self.parts(SmallPair.student)
    let after = try Self.parts(outcome.student)
    #expect(after.soft < 0.5 * before.soft, "\(before.soft) to \(after.soft)")
    if strategy == .combined {
      #expect(after.attention < 0.7 * before.attention, "\(before) to \(after)")
    }
    #expect(outcome.askedCount == 30 && outcome.history.count == 12)
    #expect(outcome.history.allSatisfy { $0.validation["ccc.valence"] != nil })
    // Projections are gone: the student is a network as any other.
    #expect(
      Set(outcome.student.stateDictionary.keys) == Set(SmallPair.student.stateDictionary.keys))
  }

  @Test func resumesBitForBit() throws {
    func bits(_ outcome: DistillationOutcome<MobileStudent>) -> [String: [UInt32]] {
      outcome.student.stateDictionary.mapValues { $0.scalars.map(\.bitPattern) }
    }
    let whole = try Self.run(.combined)
    let folder = try TemporaryFolder()
    var rounds = 0
    var outcome: DistillationOutcome<MobileStudent>
    repeat {
      rounds += 1
      var made = 0
      // Every process starts with nothing kept, and keeps less than it is told.
      outcome = try Self.run(
        .combined, in: folder.url, cache: TargetCacheSettings(memoryLimit: rounds * 20_000),
        isCancelled: { made >= 3 },
        onEvent: { if case .progress(let at) = $0, at.phase == .training { made += 1 } })
      try #require(rounds < 30, "no progress")
    } while outcome.end == .cancelled
    #expect(rounds > 3 && bits(outcome) == bits(whole))
    #expect(outcome.history.map(\.trainingLoss) == whole.history.map(\.trainingLoss))
    // Another strategy is another training, and does not go on in that folder.
    #expect(throws: TrainingError.self) { try Self.run(.response, in: folder.url) }
  }
}
