import Foundation
import Testing

/// Runs the built `sentio` as a user would.
enum Tool {
  /// What a run printed and how it ended.
  struct Outcome {
    let output: String
    let errors: String
    let status: Int32

    /// Standard output as a JSON object.
    func json() throws -> [String: Any] {
      try #require(
        JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
        "no JSON object: \(output.prefix(200))")
    }
  }

  /// The executable beside this test bundle.
  static var executable: URL {
    var folder = Bundle.main.bundleURL
    for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
      folder = bundle.bundleURL.deletingLastPathComponent()
    }
    // Where the tests are linked into one program, its own folder holds the products.
    if let argument = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") }) {
      folder = URL(filePath: argument).deletingLastPathComponent()
    }
    return folder.appending(path: "sentio")
  }

  /// Runs `sentio` with arguments, in a folder, and waits for its end.
  static func run(_ arguments: [String], in folder: URL? = nil) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    process.standardInput = FileHandle.nullDevice
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "sentio-test-\(UUID().uuidString)")
    let output = scratch.appendingPathExtension("out")
    let errors = scratch.appendingPathExtension("err")
    for file in [output, errors] {
      FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    defer {
      for file in [output, errors] { try? FileManager.default.removeItem(at: file) }
    }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8),
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus)
  }
}

/// A folder that is removed when the test is over.
struct ScratchFolder {
  let url: URL

  init(named name: String = "sentio tests 🎵") throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "\(name) \(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appending(path: name))
    return path(name)
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
}
