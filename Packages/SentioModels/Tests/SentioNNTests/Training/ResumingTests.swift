import Foundation
import SentioNN
import SentioTensor
import Testing

@Suite("Training that is interrupted")
struct ResumingTests {
  @Test("a training without interruption learns, and a folder changes nothing in it")
  func whole() throws {
    let folder = try TemporaryFolder()
    let plain = SmallTraining.Result(try SmallTraining.run(in: nil))
    let kept = SmallTraining.Result(try SmallTraining.run(in: folder.url))
    #expect(plain == kept)
    #expect(plain.losses.count == 6 && plain.end == .finished)
    #expect(Set(plain.rates).count == 6)
    // The weights of the average are not those of the last step.
    #expect(plain.best != plain.last)
    let again = SmallTraining.Result(try SmallTraining.run(in: folder.url))
    #expect(again == plain, "a finished training is not gone on with")
    #expect(
      folder.names.filter { $0.hasSuffix(".safetensors") }.count == 4, "\(folder.names)")
  }

  @Test("cancelled after every number of updates, it goes on bit for bit")
  func cancelled() throws {
    let expected = SmallTraining.Result(try SmallTraining.run(in: nil))
    // 53 samples by 8 are 7 batches, in pairs 4 updates an epoch.
    for updates in [1, 2, 3, 4, 5, 7, 11, 23] {
      let folder = try TemporaryFolder()
      var rounds = 0
      var outcome: TrainingOutcome<SmallNetwork>
      repeat {
        rounds += 1
        var made = 0
        outcome = try SmallTraining.run(
          in: folder.url, isCancelled: { made >= updates },
          onEvent: { event in
            if case .progress(let progress) = event, progress.phase == .training { made += 1 }
          })
        try #require(rounds < 60, "no progress")
      } while outcome.end == .cancelled
      #expect(SmallTraining.Result(outcome) == expected, "every \(updates) updates")
      #expect(rounds > 1)
    }
  }

  @Test("a network whose loops run on several threads goes on bit for bit too")
  func severalThreads() throws {
    func run(in folder: URL?, stoppingAfter updates: Int = .max) throws
      -> TrainingOutcome<SmallNetwork>
    {
      var made = 0
      let objective = SupervisedObjective<SmallNetwork>(loss: .concordance) { $0($1.inputs) }
      return try Trainer(
        objective, optimizer: Optimizer(.adam(), learningRate: .constant(1e-3)),
        settings: TrainingSettings(epochs: 3, seed: 2), augmentation: .mixup()
      )
      .train(
        SmallNetwork(inputs: 5, hidden: 40_000, outputs: 2, seed: 4),
        on: SampleBatches(samples(64, seed: 3), batchSize: 24, seed: 5), folder: folder,
        isCancelled: { made >= updates }, onEvent: { if case .progress = $0 { made += 1 } })
    }
    let whole = try run(in: nil)
    #expect(try run(in: nil).model.bits == whole.model.bits)
    let folder = try TemporaryFolder()
    #expect(try run(in: folder.url, stoppingAfter: 4).end == .cancelled)
    #expect(try run(in: folder.url).model.bits == whole.model.bits)
  }

  @Test("the log has each epoch once, however often it was interrupted")
  func log() throws {
    let folder = try TemporaryFolder()
    var asked = 0
    while try SmallTraining.run(
      in: folder.url,
      isCancelled: {
        asked += 1
        return asked % 6 == 0
      }
    ).end == .cancelled {}
    // A line that a killed process tore, and one of an epoch that no checkpoint knows.
    let log = folder.url.appending(path: "log.jsonl")
    let before = try String(contentsOf: log, encoding: .utf8)
    try (before + #"{"epoch":7,"st"#).write(to: log, atomically: false, encoding: .utf8)
    try SmallTraining.run(in: folder.url)
    #expect(try String(contentsOf: log, encoding: .utf8) == before)
    let epochs = try before.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(epochs.map { $0["epoch"] as? Int } == [1, 2, 3, 4, 5, 6])
    #expect(epochs.allSatisfy { ($0["validation"] as? [String: Any])?["ccc.arousal"] != nil })
  }

  @Test("a longer training goes on with the shorter one's weights")
  func longer() throws {
    let (once, twice) = (try TemporaryFolder(), try TemporaryFolder())
    var settings = SmallTraining.settings
    settings.epochs = 3
    let short = try SmallTraining.run(in: twice.url, settings)
    #expect(short.end == .finished && short.history.count == 3)
    settings.epochs = 6
    let long = SmallTraining.Result(try SmallTraining.run(in: twice.url, settings))
    #expect(long == SmallTraining.Result(try SmallTraining.run(in: once.url)))
  }

  @Test("a folder of another run is refused, with the setting that differs")
  func otherRun() throws {
    let folder = try TemporaryFolder()
    try SmallTraining.run(in: folder.url)
    var settings = SmallTraining.settings
    settings.seed = 10
    #expect {
      try SmallTraining.run(in: folder.url, settings)
    } throws: { error in
      guard case TrainingError.otherRun(_, "seed", "10", "9") = error else { return false }
      return "\(error)".contains("start over")
    }
    let outcome = try SmallTraining.trainer(settings).train(
      SmallTraining.model, on: SmallTraining.training, folder: folder.url, startsOver: true)
    #expect(outcome.history.count == 6)
  }

  @Test("two processes do not train in one folder")
  func locked() throws {
    let folder = try TemporaryFolder()
    var isRefused = false
    try SmallTraining.run(
      in: folder.url,
      onEvent: { event in
        guard case .epoch(let record) = event, record.epoch == 1 else { return }
        do {
          try SmallTraining.run(in: folder.url)
        } catch TrainingError.folderInUse {
          isRefused = true
        } catch {}
      })
    #expect(isRefused)
  }

  @Test("damaged checkpoints are typed errors that name the part")
  func damage() throws {
    let folder = try TemporaryFolder()
    try SmallTraining.run(in: folder.url)
    let last = folder.url.appending(path: "last.safetensors")
    let good = try Safetensors(contentsOf: last)
    func rewrite(
      _ change: (inout [String: Tensor], inout [String: String]) -> Void
    ) throws -> String {
      let isCount = { (name: String) in good.tensors[name]?.elementType == .int64 }
      let counts = try good.names.filter(isCount).map {
        Safetensors.Content($0, shape: [], integers: try good.integers($0))
      }
      var tensors = try Dictionary(
        uniqueKeysWithValues: good.names.filter { !isCount($0) }.map { ($0, try good.tensor($0)) })
      var metadata = good.metadata
      change(&tensors, &metadata)
      try Safetensors.write(
        counts + tensors.map { Safetensors.Content($0, $1) }, metadata: metadata, to: last)
      do {
        try SmallTraining.run(in: folder.url)
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    let moment = "training.optimizer.second.first.weight"
    #expect(try rewrite { tensors, _ in tensors[moment] = nil }.contains("\(moment): expected"))
    #expect(
      try rewrite { tensors, _ in tensors[moment] = .zeros([2]) }.contains("found one of shape [2]")
    )
    #expect(
      try rewrite { tensors, _ in tensors["second"] = nil }.contains("1 missing: second"))
    #expect(try rewrite { _, table in table["sentio.training"] = "{}" }.contains("the state"))
    #expect(try rewrite { _, table in table["sentio.training"] = nil }.contains("metadata"))
    #expect(
      try rewrite { _, table in
        table["sentio.training"] = table["sentio.training"]?.replacing(
          #""version":1"#, with: #""version":2"#)
      }.contains("version: expected 1, found 2"))
    #expect(
      try rewrite { _, table in
        table["sentio.training"] = table["sentio.training"]?.replacing(
          #""batch":0"#, with: #""batch":-1"#)
      }.contains("found epoch 6, batch -1"))
    // As it was, it is read again.
    #expect(try rewrite { _, _ in } == "no error")
  }
}
