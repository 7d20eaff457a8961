import Dispatch
import Foundation
import SentioPipeline
import Synchronization

/// A pipeline of sums that tests stop, kill and start again.
///
///     pipeline-probe [--supervised] FOLDER COUNT [MICROSECONDS] [trap|fail]
///
/// `numbers` writes COUNT files in its folder and goes on with what it finds; `squares` adds up squares with a
/// checkpoint after each; `report` writes the sum.
@main
enum PipelineProbe {
  static func main() throws {
    signal(SIGXFSZ, SIG_IGN)
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "--supervised" {
      arguments.removeFirst()
      try supervise(arguments)
    }
    if arguments.first == "--worker" {
      arguments.removeFirst()
      Supervisor.endWithParent()
    }
    let folder = URL(filePath: arguments[0], directoryHint: .isDirectory)
    let count = Int(arguments[1]) ?? 0
    let delay = arguments.count > 2 ? UInt32(arguments[2]) ?? 0 : 0
    let mischief = arguments.count > 3 ? arguments[3] : ""
    Stop.watch()
    let pipeline = StagedPipeline(
      try stages(count: count, delay: delay, mischief: mischief), folder: folder,
      resume: "pipeline-probe again")
    do {
      try pipeline.run(
        .all, isCancelled: { Stop.isAsked },
        onEvent: { event in
          switch event {
          case .kept(let manifest, _, _): say("kept \(manifest.stage)")
          case .began(let stage, let reasons, _, _, _):
            say("began \(stage.name): \(reasons.map(\.description).joined(separator: "; "))")
          case .finished(let manifest, _, _): say("finished \(manifest.stage)")
          }
        })
    } catch is PipelineStopped {
      exit(130)
    } catch {
      say("\(error)")
      exit(1)
    }
  }

  private static func supervise(_ arguments: [String]) throws -> Never {
    switch try Supervisor.run("/proc/self/exe", ["--worker"] + arguments) {
    case .exited(let code): exit(code)
    case .killed(let signal, let process):
      let stage = StagedPipeline.stage(
        cutOffIn: URL(filePath: arguments[0], directoryHint: .isDirectory), process: process)
      say("killed by \(signal) in \(stage?.name ?? "none"), see \(stage?.log.path ?? "nothing")")
      exit(1)
    }
  }

  private static func say(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  private static func stages(count: Int, delay: UInt32, mischief: String) throws
    -> [PipelineStage]
  {
    [
      try PipelineStage(
        "numbers", "writes numbers", settings: ["count": count], resumesInPlace: true
      ) { context in
        for index in 0..<count {
          try context.checkCancellation()
          let file = context.folder.appending(path: "\(index).txt")
          if FileManager.default.fileExists(atPath: file.path) { continue }
          usleep(delay)
          try Data("\(index)".utf8).write(to: file, options: .atomic)
        }
      },
      try PipelineStage(
        "squares", "adds up squares", inputs: [.outputs(of: "numbers")], settings: [Int]()
      ) { context in
        let checkpoint = try context.work().appending(path: "checkpoint.json")
        var state = [0, 0]
        if let data = try? Data(contentsOf: checkpoint) {
          state = try JSONDecoder().decode([Int].self, from: data)
          context.log.write("goes on at \(state[0])")
        }
        while state[0] < count {
          try context.checkCancellation()
          usleep(delay)
          if mischief == "trap", state[0] == count / 2 { fatalError("trapped") }
          if mischief == "fail", state[0] == count / 2 { throw POSIXError(.ENODATA) }
          let text = try String(
            contentsOf: context.folder(of: "numbers").appending(path: "\(state[0]).txt"),
            encoding: .utf8)
          let number = Int(text) ?? -1_000_000
          state = [state[0] + 1, state[1] + number * number]
          try JSONEncoder().encode(state).write(to: checkpoint, options: .atomic)
        }
        try Data("\(state[1])".utf8).write(to: context.folder.appending(path: "sum.txt"))
      },
      try PipelineStage(
        "report", "writes the sum", inputs: [.outputs(of: "squares", ["sum.txt"])],
        settings: [Int]()
      ) { context in
        let sum = try String(
          contentsOf: context.folder(of: "squares").appending(path: "sum.txt"), encoding: .utf8)
        try Data("The sum is \(sum).".utf8)
          .write(to: context.folder.appending(path: "report.txt"))
      },
    ]
  }
}

/// A first Ctrl-C.
enum Stop {
  private static let flag = Atomic<Bool>(false)
  private nonisolated(unsafe) static let sources: [any DispatchSourceSignal] =
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { flag.store(true, ordering: .relaxed) }
      source.resume()
      return source
    }

  static var isAsked: Bool { flag.load(ordering: .relaxed) }
  static func watch() { _ = sources }
}
