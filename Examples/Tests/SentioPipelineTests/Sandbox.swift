import Foundation
import SentioPipeline
import Synchronization
import Testing

/// A folder for one test, and a pipeline in it that counts how often its stages ran.
final class Sandbox {
  let url: URL
  let counts = RunCounts()

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "sentio pipeline \(UUID().uuidString.prefix(8))", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: name).path)
  }

  var files: [String] {
    (FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []).sorted()
  }

  /// `letters` writes two files; `upper` reads the first, `length` the second, `both` what these two write.
  func pipeline(
    letters: String = "abc", second: String = "xyz", upperVersion: Int = 1,
    source: URL? = nil, upper work: (@Sendable (StageContext) throws -> Void)? = nil
  ) throws -> StagedPipeline {
    let counts = counts
    let external = source.map { [StageInput.external("source", $0)] } ?? []
    return StagedPipeline(
      [
        try PipelineStage(
          "letters", "writes letters", inputs: external,
          settings: ["first": letters, "second": second]
        ) { context in
          counts.count("letters")
          try Data(letters.utf8).write(to: context.folder.appending(path: "first.txt"))
          let folder = context.folder.appending(path: "deep/er")
          try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
          try Data(second.utf8).write(to: folder.appending(path: "second.txt"))
          context.note("songs", .integer(letters.count))
        },
        try PipelineStage(
          "upper", "writes capitals", inputs: [.outputs(of: "letters", ["first.txt"])],
          settings: ["seed": 1], version: upperVersion
        ) { context in
          counts.count("upper")
          try work?(context)
          let text = try String(
            contentsOf: context.folder(of: "letters").appending(path: "first.txt"), encoding: .utf8)
          try Data(text.uppercased().utf8).write(to: context.folder.appending(path: "upper.txt"))
        },
        try PipelineStage(
          "length", "counts letters", inputs: [.outputs(of: "letters", ["deep"])],
          settings: [Int]()
        ) { context in
          counts.count("length")
          let text = try Data(
            contentsOf: context.folder(of: "letters").appending(path: "deep/er/second.txt"))
          try Data("\(text.count)".utf8).write(to: context.folder.appending(path: "length.txt"))
        },
        try PipelineStage(
          "both", "joins", inputs: [.outputs(of: "upper"), .outputs(of: "length")],
          settings: [Int]()
        ) { context in
          counts.count("both")
          let parts = try ["upper/upper.txt", "length/length.txt"].map {
            try String(
              contentsOf: context.folder.deletingLastPathComponent().appending(path: $0),
              encoding: .utf8)
          }
          try Data(parts.joined().utf8).write(to: context.folder.appending(path: "both.txt"))
        },
      ], folder: url, versions: ["test": "1"], resume: "make again")
  }

  /// Runs, and returns which stages worked.
  @discardableResult
  func ran(
    _ pipeline: StagedPipeline, _ selection: StageSelection = .all, rereads: Bool = false
  ) throws -> [String] {
    counts.reset()
    try pipeline.run(selection, rereads: rereads)
    return counts.order
  }
}

/// Which stages ran, in order.
final class RunCounts: Sendable {
  private let names = Mutex<[String]>([])

  func count(_ name: String) { names.withLock { $0.append(name) } }
  func reset() { names.withLock { $0 = [] } }
  var order: [String] { names.withLock { $0 } }
}

/// The probe's program, beside the program that runs the tests.
enum Probe {
  static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "pipeline-probe")

  final class Running {
    let process = Process()
    private let errors: URL

    init(_ arguments: [String], shell: String? = nil) throws {
      errors = FileManager.default.temporaryDirectory
        .appending(path: "probe-\(UUID().uuidString).err")
      try Data().write(to: errors)
      process.executableURL = shell == nil ? Probe.executable : URL(filePath: "/bin/bash")
      process.arguments =
        shell.map { ["-c", $0, "bash", Probe.executable.path] + arguments } ?? arguments
      var environment = ProcessInfo.processInfo.environment
      environment["SWIFT_BACKTRACE"] = "enable=no"
      process.environment = environment
      process.standardInput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: errors) }

    var said: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// Waits until it has said something.
    func waits(for word: String) {
      let end = Date(timeIntervalSinceNow: 30)
      while process.isRunning, !said.contains(word), Date() < end { usleep(500) }
    }

    /// Waits for the end; the exit code, or 128 and the signal's number.
    @discardableResult
    func ends() -> Int32 {
      process.waitUntilExit()
      return process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }
  }
}
