import Foundation
import Testing

/// Runs the built `sentio` as a user would.
enum Tool {
  /// What a run printed and how it ended.
  struct Outcome {
    let output: String
    let errors: String
    /// The exit code, or 128 and the number of the signal that ended it, as a shell says it.
    let status: Int32

    /// Standard output as a JSON object.
    func json() throws -> [String: Any] {
      try #require(
        JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
        "no JSON object: \(output.prefix(200)); \(errors.prefix(400))")
    }

    /// Checks that the run succeeded.
    @discardableResult
    func succeeded(sourceLocation: SourceLocation = #_sourceLocation) -> Outcome {
      #expect(status == 0, "\(errors)\(output.suffix(400))", sourceLocation: sourceLocation)
      return self
    }

    /// Checks that the run failed as it should: with the right code, and with a message on standard
    /// error that holds every one of `parts`.
    @discardableResult
    func failed(
      _ code: Int32 = 1, naming parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) -> Outcome {
      #expect(status == code, "\(errors)\(output.suffix(400))", sourceLocation: sourceLocation)
      for part in parts {
        #expect(errors.contains(part), "“\(part)” in: \(errors)", sourceLocation: sourceLocation)
      }
      return self
    }
  }

  /// A run that has begun.
  final class Running {
    let process: Process
    private let output: URL
    private let errors: URL

    fileprivate init(_ program: URL, _ arguments: [String], in folder: URL?) throws {
      process = Process()
      process.executableURL = program
      process.arguments = arguments
      process.environment = Tool.environment
      if let folder { process.currentDirectoryURL = folder }
      process.standardInput = FileHandle.nullDevice
      let stem = Tool.scratch.appending(path: UUID().uuidString)
      output = stem.appendingPathExtension("out")
      errors = stem.appendingPathExtension("err")
      for file in [output, errors] {
        try Data().write(to: file)
      }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
    }

    /// What it has written to standard error until now.
    var errorsSoFar: String {
      String(decoding: (try? Data(contentsOf: errors)) ?? Data(), as: UTF8.self)
    }

    /// Waits for the end; a run that hangs is killed and reported as ended by signal 9.
    func wait(atMost seconds: Double = 180) throws -> Outcome {
      let end = Date(timeIntervalSinceNow: seconds)
      while process.isRunning {
        if Date() > end { kill(process.processIdentifier, SIGKILL) }
        usleep(2_000)
      }
      process.waitUntilExit()
      let outcome = Outcome(
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
        status: process.terminationReason == .exit
          ? process.terminationStatus : 128 + process.terminationStatus)
      for file in [output, errors] { try? FileManager.default.removeItem(at: file) }
      return outcome
    }

    /// Sends a signal as soon as something holds, and waits for the end.
    func signal(_ number: Int32, when isReady: () -> Bool) throws -> Outcome {
      let end = Date(timeIntervalSinceNow: 60)
      while process.isRunning, !isReady(), Date() < end { usleep(1_000) }
      kill(process.processIdentifier, number)
      return try wait()
    }
  }

  /// The executable beside the program that runs the tests, in debug and in release builds.
  static let executable: URL = {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return program.deletingLastPathComponent().appending(path: "sentio")
  }()

  /// A folder for this run of the tests, with outputs and the tool's cache, removed at the end.
  static let scratch: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "sentio-tests-\(getpid())", directoryHint: .isDirectory)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Tool.scratch) }
    return folder
  }()

  /// The tests' environment with a cache of their own, and with threads that yield: several runs
  /// share the cores.
  private static let environment: [String: String] = {
    var environment = ProcessInfo.processInfo.environment
    environment["XDG_CACHE_HOME"] = scratch.appending(path: "cache").path
    environment["SENTIO_REGISTRY"] = scratch.appending(path: "registry.sqlite").path
    environment["OMP_WAIT_POLICY"] = "passive"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    return environment
  }()

  /// Starts `sentio` and returns at once.
  static func start(_ arguments: [String], in folder: URL? = nil) throws -> Running {
    try Running(executable, arguments, in: folder)
  }

  /// Runs `sentio` with arguments, in a folder, and waits for its end.
  static func run(_ arguments: [String], in folder: URL? = nil) throws -> Outcome {
    try start(arguments, in: folder).wait()
  }

  /// Runs another program that was built beside `sentio`.
  static func run(_ program: URL, _ arguments: [String], in folder: URL? = nil) throws -> Outcome {
    try Running(program, arguments, in: folder).wait()
  }

  /// Runs a line of shell in which `sentio` is the tool, and `$1`, `$2`, … are the arguments.
  static func shell(
    _ line: String, _ arguments: [String] = [], in folder: URL? = nil
  ) throws -> Outcome {
    let function = "sentio() { '\(executable.path)' \"$@\"; }; "
    return try Running(
      URL(filePath: "/bin/bash"), ["-c", function + line, "bash"] + arguments, in: folder
    ).wait()
  }
}
