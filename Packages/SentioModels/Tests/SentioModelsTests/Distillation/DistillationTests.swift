import Foundation
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// A teacher and a student of other depth, width, number of heads and grid of patches.
enum SmallPair {
  static let teacher: VisionEmotionRegressor = {
    var stream = RandomStream(seed: 1, "teacher")
    var network = VisionEmotionRegressor(
      .init(
        imageSize: HeightWidth(height: 32, width: 40), patchSize: 8,
        transformer: TransformerSettings(features: 24, layers: 3, heads: 3)), from: &stream)
    // Weights of a deviation of 0.02 say nearly nothing; a trained teacher does.
    network.forEachTensor { $0 = $0 * 2 }
    return network
  }()

  static let student: MobileStudent = {
    var stream = RandomStream(seed: 2, "student")
    return MobileStudent(
      .init(
        imageSize: 24, patchSize: 8,
        transformer: TransformerSettings(features: 16, layers: 2, heads: 2)), from: &stream)
  }()

  /// Spectrograms of neither network's size, with what the teacher says of them and some noise as labels.
  static func songs(_ count: Int, seed: UInt64) -> LabelledBatch {
    var stream = RandomStream(seed: seed, "songs")
    var x = Tensor.uniform([count, 1, 20, 30], in: 0..<1, from: &stream)
    // Songs differ by more than their noise.
    let tilt = Tensor.uniform([count, 1, 1, 1], in: -0.5..<0.5, from: &stream)
    x = (x * 0.4 + 0.3 + tilt).clamped(to: 0...1)
    let noise = Tensor.normal([count, 2], from: &stream) * 0.02
    let said = teacher(SpectrogramImage.make(x, size: HeightWidth(height: 32, width: 40)))
    return LabelledBatch(
      ids: (0..<count).map { "song \($0)" }, inputs: x, targets: (said + noise).detached())
  }

  static func data(
    _ settings: DistillationSettings, cache: TargetCacheSettings = .init(), count: Int = 12
  ) throws -> DistillationData {
    try DistillationData(
      SampleBatches(songs(count, seed: 3), batchSize: 5, seed: 6), teacher: teacher,
      student: student, settings: settings, cache: cache)
  }

  static func model(_ settings: DistillationSettings) -> DistilledStudent<MobileStudent> {
    var stream = RandomStream(seed: 9, "projections")
    return DistilledStudent(
      student, teacherFeatures: teacher.tokenFeatures, settings: settings, from: &stream)
  }

  static func firstBatch(_ data: DistillationData) throws -> DistillationBatch {
    try #require(try data.batches(epoch: 0, from: 0)())
  }
}

@Suite struct DistillationLossTests {
  @Test func blocksMeet() {
    #expect(BlockMap.blocks(student: 8, teacher: 12).map { $0 + 1 } == [2, 3, 5, 6, 8, 9, 11, 12])
    #expect(BlockMap.blocks(student: 6, teacher: 12) == [1, 3, 5, 7, 9, 11])
    #expect(BlockMap.blocks(student: 3, teacher: 3) == [0, 1, 2])
    #expect(BlockMap.blocks(student: 4, teacher: 2) == [0, 0, 1, 1])
    #expect(BlockMap.blocks(student: 0, teacher: 2).isEmpty)
  }

  @Test func strategiesAreTheReports() {
    let all = DistillationStrategy.combined.weights
    #expect(all == .init(response: 0.3, features: 0.4, attention: 0.3))
    for strategy in DistillationStrategy.allCases {
      let weights = strategy.weights
      #expect(abs(weights.response + weights.features + weights.attention - 1) < 1e-6)
    }
    #expect(DistillationStrategy.features.weights.attention == 0)
    let settings = DistillationSettings()
    #expect(settings.temperature == 6 && settings.hardShare == 0.3)
  }

  /// Every part computed again from the networks' own tokens, without the objective.
  @Test(arguments: DistillationSettings.Scaling.allCases)
  func partsAreTheirFormulas(_ scaling: DistillationSettings.Scaling) throws {
    let settings = DistillationSettings(.combined, scaling: scaling)
    let batch = try SmallPair.firstBatch(try SmallPair.data(settings))
    let model = SmallPair.model(settings)
    let objective = DistillationObjective<MobileStudent>(settings)
    let parts = objective.parts(of: batch, under: model)
    let targets = try #require(batch.teacher)
    let x = batch.songs.inputs
    #expect(x.shape == [5, 3, 24, 24] && targets.outputs.shape == [5, 2])
    // A grid of 3 × 3 for the student, 4 × 5 for the teacher.
    #expect(targets.tokens.map(\.shape) == [[5, 10, 24], [5, 10, 24]])
    #expect(targets.attention.map(\.shape) == [[5, 10, 10], [5, 10, 10]])
    var own: [BlockTrace] = []
    let outputs = model.student.forward(x, attention: true) { own.append($0) }
    func meanSquare(_ a: Tensor, _ b: Tensor) -> Double {
      zip(a.scalars, b.scalars).reduce(0) {
        $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
      } / Double(a.count)
    }
    let hard = meanSquare(outputs, batch.songs.targets)
    let soft = meanSquare(outputs, targets.outputs)
    var (features, attention) = (0.0, 0.0)
    for block in 0..<2 {
      features += meanSquare(
        model.projections[block](own[block].tokens), targets.tokens[block])
      let heads = try #require(own[block].attention)
      attention += meanSquare(heads.mean(axes: 1), targets.attention[block])
    }
    if scaling == .balanced {
      // The mean over two blocks; sums over ten keys in place of their means.
      features /= 2
      attention *= 10 / 2
    }
    func close(_ found: Tensor?, _ expected: Double) throws {
      let value = Double(try #require(found).scalar)
      #expect(abs(value - expected) <= 1e-4 * expected + 1e-7, "\(value), not \(expected)")
    }
    try close(parts.hard, hard)
    try close(parts.soft, soft)
    try close(parts.features, features)
    try close(parts.attention, attention)
    #expect(hard > 0 && soft > 0 && features > 0 && attention > 0)
    try close(
      objective.loss(of: batch, under: model),
      0.3 * (0.3 * hard + 0.7 * soft) + 0.4 * features + 0.3 * attention)
  }

  @Test func temperatureCancels() throws {
    let batch = try SmallPair.firstBatch(try SmallPair.data(DistillationSettings(.response)))
    let losses = try [1, 6, 0.25].map { temperature in
      let settings = DistillationSettings(.response, temperature: Float(temperature))
      return try DistillationObjective<MobileStudent>(settings)
        .loss(of: batch, under: SmallPair.model(settings)).scalar
    }
    #expect(losses.allSatisfy { abs($0 - losses[0]) < 1e-5 * losses[0] }, "\(losses)")
  }

  /// The slope along random directions of all weights, projections included, beside differences of the loss.
  @Test(arguments: DistillationStrategy.allCases)
  func gradientsAreSlopes(_ strategy: DistillationStrategy) throws {
    let settings = DistillationSettings(strategy)
    let batch = try SmallPair.firstBatch(try SmallPair.data(settings))
    let objective = DistillationObjective<MobileStudent>(settings)
    let model = SmallPair.model(settings)
    let (_, gradients) = try valueAndGradient(of: model) {
      try objective.loss(of: batch, under: $0)
    }
    for direction in 0..<3 {
      var stream = RandomStream(seed: UInt64(direction), "direction")
      let moves = gradients.map { Tensor.normal($0.shape, from: &stream) }
      let slope = zip(gradients, moves).reduce(0.0) { sum, pair in
        sum + zip(pair.0.scalars, pair.1.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      func loss(_ step: Float) throws -> Double {
        var moved = model
        var index = 0
        moved.forEachTensor {
          $0 = $0 + moves[index] * step
          index += 1
        }
        return Double(try objective.loss(of: batch, under: moved).scalar)
      }
      let h: Float = 1e-3
      let difference =
        try (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * Double(h))
      // What single precision leaves of a loss around 1 that moved by a hundredth.
      #expect(
        abs(slope - difference) < 0.01 * abs(difference) + 2e-3, "\(slope) and \(difference)")
    }
    // Nothing of the teacher is trainable, and projections are there where features are learned.
    #expect(
      model.trainablePaths.contains { $0.hasPrefix("projections.") } == (strategy != .response))
  }

  @Test func aStudentThatIsItsTeacherHasNothingToLearn() throws {
    let settings = DistillationSettings(.combined)
    let twin = SmallPair.teacher
    let songs = SmallPair.songs(4, seed: 5)
    let data = try DistillationData(
      SampleBatches(songs, batchSize: 4), teacher: twin, student: twin, settings: settings)
    var stream = RandomStream(seed: 1, "p")
    let model = DistilledStudent(
      twin, teacherFeatures: twin.tokenFeatures, settings: settings, from: &stream)
    let parts = DistillationObjective<VisionEmotionRegressor>(settings)
      .parts(of: try SmallPair.firstBatch(data), under: model)
    #expect(try #require(parts.soft).scalar < 1e-10)
    #expect(try #require(parts.attention).scalar < 1e-10)
    #expect(try #require(parts.features).scalar > 0.1)
  }
}

@Suite struct TeacherTargetTests {
  /// Grids of 4 × 5 and 3 × 3: rows of attention still sum to 1, and what is the same everywhere stays so.
  @Test func attentionStaysAttention() throws {
    let data = try SmallPair.data(DistillationSettings(.combined))
    let targets = try #require(try SmallPair.firstBatch(data).teacher)
    for block in targets.attention {
      #expect(block.sum(axes: 2).scalars.allSatisfy { abs($0 - 1) < 1e-5 })
      #expect(block.scalars.allSatisfy { $0 >= 0 })
    }
    // Normalized tokens have no mean and a variance of 1; interpolated ones are normalized after.
    for block in targets.tokens {
      #expect(block.mean(axes: 2).scalars.allSatisfy { abs($0) < 1e-4 })
      #expect(block.variance(axes: 2).scalars.allSatisfy { abs($0 - 1) < 1e-2 })
    }
  }

  @Test func teacherIsAskedOnceASong() throws {
    let settings = DistillationSettings(.combined)
    let kept = try SmallPair.data(settings)
    let anew = try SmallPair.data(settings, cache: .none)
    for epoch in 0..<3 {
      let (one, other) = try (
        kept.batches(epoch: epoch, from: 0), anew.batches(epoch: epoch, from: 0)
      )
      for _ in 0..<3 { #expect(try one() == other()) }
      #expect(try one() == nil)
      #expect(try other() == nil)
    }
    #expect(kept.askedCount == 12 && anew.askedCount == 36)
    // 2 outputs, 2 blocks of 10 × 24 and of 10 × 10, in four bytes each.
    #expect(kept.keptByteCount == 12 * 4 * (2 + 2 * 240 + 2 * 100) && anew.keptByteCount == 0)
    let part = try SmallPair.data(
      settings, cache: TargetCacheSettings(memoryLimit: 5 * 4 * 682 + 100))
    for epoch in 0..<2 {
      let next = try part.batches(epoch: epoch, from: 0)
      while try next() != nil {}
    }
    #expect(part.keptByteCount == 5 * 4 * 682 && part.askedCount == 12 + 7)
  }

  @Test func folderServesLaterRuns() throws {
    let settings = DistillationSettings(.combined)
    let folder = try TemporaryFolder()
    let cache = TargetCacheSettings(memoryLimit: 0, folder: folder.url)
    func everything(_ data: DistillationData) throws -> [DistillationBatch] {
      let next = try data.batches(epoch: 0, from: 0)
      var batches: [DistillationBatch] = []
      while let batch = try next() { batches.append(batch) }
      return batches
    }
    let first = try SmallPair.data(settings, cache: cache)
    let expected = try everything(first)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(first.askedCount == 12 && names.count == 12)
    // A torn file is asked for anew and replaced.
    try Data([1, 2, 3]).write(to: folder.url.appending(path: names[0]))
    let second = try SmallPair.data(settings, cache: cache)
    #expect(try everything(second) == expected)
    #expect(second.askedCount == 1)
    // Another teacher's answers are not taken for these.
    var other = SmallPair.teacher
    other.forEachTensor { $0 = $0 * 1.01 }
    let third = try DistillationData(
      SampleBatches(SmallPair.songs(12, seed: 3), batchSize: 5, seed: 6), teacher: other,
      student: SmallPair.student, settings: settings, cache: cache)
    #expect(try everything(third) != expected)
    #expect(third.askedCount == 12)
    #expect(throws: FileError.self) {
      try SmallPair.data(
        settings, cache: TargetCacheSettings(folder: URL(filePath: "/nowhere/at/all")))
    }
  }

  /// Excerpts of one song under one id are different inputs.
  @Test func excerptsAreNotMixedUp() throws {
    var songs = SmallPair.songs(4, seed: 7)
    songs.ids = ["a", "a", "a", "b"]
    let data = try DistillationData(
      SampleBatches(songs, batchSize: 4), teacher: SmallPair.teacher, student: SmallPair.student,
      settings: DistillationSettings(.response))
    let targets = try #require(try SmallPair.firstBatch(data).teacher)
    #expect(data.askedCount == 4 && targets.tokens.isEmpty && targets.attention.isEmpty)
    #expect(Set(targets.outputs.scalars).count == 8, "\(targets.outputs.scalars)")
  }

  @Test func augmentedSongsAreAskedForAsTheyAre() throws {
    let songs = SampleBatches(SmallPair.songs(6, seed: 3), batchSize: 3, seed: 6)
    let louder = Augmentation<LabelledBatch> { batch, stream in
      batch.inputs = batch.inputs * Tensor.uniform([3, 1, 1, 1], in: 0.2..<1, from: &stream)
    }
    func data(_ seed: UInt64) throws -> DistillationData {
      try DistillationData(
        songs, teacher: SmallPair.teacher, student: SmallPair.student,
        settings: DistillationSettings(.response), augmentation: louder, seed: seed)
    }
    let next = try data(1).batches(epoch: 2, from: 0)
    _ = try next()
    let late = try #require(try next())
    // The second batch is the same whether the first was made or passed over.
    #expect(try data(1).batches(epoch: 2, from: 1)() == late)
    #expect(try data(2).batches(epoch: 2, from: 1)() != late)
    let plain = try DistillationData(
      songs, teacher: SmallPair.teacher, student: SmallPair.student,
      settings: DistillationSettings(.response))
    let unchanged = try #require(try plain.batches(epoch: 2, from: 1)())
    #expect(unchanged.teacher != late.teacher && unchanged.songs.targets == late.songs.targets)
    #expect(try data(1).fingerprint != plain.fingerprint)
  }
}
