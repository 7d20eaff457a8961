import Foundation
import SentioPipeline
import Testing

/// Which stages a run works on, and how it ends early.
@Suite struct SelectionTests {
  @Test func someStagesOnly() throws {
    let box = try Sandbox()
    let pipeline = try box.pipeline()
    #expect(try box.ran(pipeline, StageSelection(until: "upper")) == ["letters", "upper"])
    #expect(try box.ran(pipeline) == ["length", "both"])
    #expect(try box.ran(pipeline, StageSelection(only: "upper")) == ["upper"])
    // What it wrote is what it had written: nothing after it needs to run.
    #expect(try box.ran(pipeline, StageSelection(from: "upper")) == ["upper"])
    #expect(try box.ran(pipeline, StageSelection(from: "letters", until: "length")) == ["letters"])
  }

  @Test func aStageWhoseInputsAreNotReadyIsNotRun() throws {
    let box = try Sandbox()
    let error = #expect(throws: PipelineError.self) {
      try box.pipeline().run(StageSelection(only: "both"))
    }
    #expect(try #require(error).description.contains("both needs the outputs of upper"))
    try box.pipeline().run()
    let changed = try box.pipeline(upperVersion: 2)
    let outdated = #expect(throws: PipelineError.self) {
      try changed.run(StageSelection(from: "both"))
    }
    #expect(try #require(outdated).description.contains("its code is version 2"))
    #expect(try #require(outdated).description.contains("--until both"))
    #expect(box.exists("stages/both/manifest.json"))
  }

  @Test func unknownNamesGetAGuess() throws {
    let pipeline = try Sandbox().pipeline()
    let error = #expect(throws: PipelineError.self) {
      try pipeline.run(StageSelection(only: "uper"))
    }
    #expect(try #require(error).description.contains("did you mean upper?"))
    #expect(NearestName.of("learning_rat", among: ["epochs", "learning_rate"]) == "learning_rate")
    #expect(NearestName.of("zzzzzz", among: ["epochs", "learning_rate"]) == nil)
  }

  @Test func aFailureNamesItselfAndTheWayOn() throws {
    let box = try Sandbox()
    let failing = try box.pipeline { context in
      try Data("half".utf8).write(to: context.folder.appending(path: "half.txt"))
      try Data("1".utf8).write(to: context.work().appending(path: "checkpoint"))
      throw POSIXError(.ENOSPC)
    }
    let error = try #require(throws: StageFailure.self) { try failing.run() }
    #expect(error.stage == "upper" && "\(error)".contains("make again"))
    #expect("\(error)".contains(failing.log(of: "upper").path))
    #expect(try box.text(of: "logs/upper.log").contains("upper failed"))
    #expect(
      try failing.statuses()[1].state.description == "was cut off and goes on")

    // The same work goes on with its checkpoint, and without what it had half written.
    let mended = try box.pipeline { context in
      #expect(context.isResumed)
      let checkpoint = try context.work().appending(path: "checkpoint")
      #expect(FileManager.default.fileExists(atPath: checkpoint.path))
      #expect(
        !FileManager.default.fileExists(atPath: context.folder.appending(path: "half.txt").path))
    }
    #expect(try box.ran(mended) == ["upper", "length", "both"])
    #expect(mended.manifest(of: "upper")?.attempts == 2)
    #expect(!box.exists("stages/upper/work"))
  }

  @Test func otherWorkFindsNoCheckpoint() throws {
    let box = try Sandbox()
    let failing = try box.pipeline { context in
      try Data("1".utf8).write(to: context.work().appending(path: "checkpoint"))
      throw POSIXError(.ENOSPC)
    }
    #expect(throws: StageFailure.self) { try failing.run() }
    let other = try box.pipeline(letters: "new") { context in
      #expect(!context.isResumed)
      let checkpoint = try context.work().appending(path: "checkpoint")
      #expect(!FileManager.default.fileExists(atPath: checkpoint.path))
    }
    #expect(try box.ran(other) == ["letters", "upper", "length", "both"])
  }

  @Test func aStopIsNoFailure() throws {
    let box = try Sandbox()
    let stopped = RunCounts()
    let pipeline = try box.pipeline { context in
      stopped.count("stop")
      try context.checkCancellation()
    }
    let error = try #require(throws: PipelineStopped.self) {
      try pipeline.run(isCancelled: { !stopped.order.isEmpty })
    }
    #expect(error.stage == "upper")
    #expect(try box.text(of: "logs/upper.log").contains("was stopped"))
    #expect(try pipeline.statuses()[1].state.description == "was cut off and goes on")
    #expect(try box.ran(pipeline) == ["upper", "length", "both"])
  }

  @Test func settingsOfAnyShapeAreCompared() throws {
    struct Settings: Codable, Hashable {
      var rate = 1e-3
      var sizes = [1, 2]
      var name: String?
      var nested = ["a": true]
    }
    let value = try JSONValue(encoding: Settings())
    #expect(try value.decoded(as: Settings.self) == Settings())
    #expect(
      value
        == .object([
          "rate": .number(1e-3), "sizes": .array([.integer(1), .integer(2)]),
          "nested": .object(["a": .bool(true)]),
        ]))
    #expect(throws: EncodingError.self) { try JSONValue(encoding: [Double.nan]) }
  }
}
