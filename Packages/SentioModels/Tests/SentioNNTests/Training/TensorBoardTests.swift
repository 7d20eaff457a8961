import Foundation
import SentioTensor
import Testing

@testable import SentioNN

@Suite("Event files")
struct TensorBoardTests {
  @Test("the checksum is Castagnoli's")
  func checksum() {
    // RFC 3720, appendix B.4, and the check value of the catalogues.
    #expect(RecordFrame.checksum(Array("123456789".utf8)) == 0xe306_9283)
    #expect(RecordFrame.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(RecordFrame.checksum(Array(0..<32)) == 0x46dd_794e)
    #expect(RecordFrame.checksum([]) == 0)
  }

  @Test("messages are the bytes of the schema")
  func bytes() {
    let scalar = EventMessage(time: 1, step: 300, content: .scalar(tag: "a", 0.5))
    #expect(
      scalar.encoded == [
        0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f,  // 1: 1.0
        0x10, 0xac, 0x02,  // 2: 300
        0x2a, 0x0a,  // 5: summary of ten bytes
        0x0a, 0x08,  // 1: value of eight bytes
        0x0a, 0x01, 0x61,  // 1: "a"
        0x15, 0, 0, 0, 0x3f,  // 2: 0.5
      ])
    let start = EventMessage(time: 0, step: 7, content: .start)
    #expect(start.encoded.suffix(6) == [0x10, 0x07, 0x3a, 0x02, 0x08, 0x01])
  }

  /// The entries of an event file, with both checksums checked.
  private func entries(_ url: URL) throws -> [[UInt8]] {
    var rest = [UInt8](try Data(contentsOf: url))[...]
    var entries: [[UInt8]] = []
    while !rest.isEmpty {
      let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      let entry = Array(rest.dropFirst(12).prefix(length))
      #expect(Array(rest.prefix(16 + length)) == RecordFrame.framed(entry))
      entries.append(entry)
      rest = rest.dropFirst(16 + length)
    }
    return entries
  }

  @Test("a training writes a file a process, each with its version first")
  func files() throws {
    let folder = try TemporaryFolder()
    var settings = SmallTraining.settings
    for epochs in [2, 4] {
      settings.epochs = epochs
      try SmallTraining.run(in: folder.url, settings)
    }
    let names = folder.names.filter { $0.hasPrefix("events.out.tfevents.") }
    try #require(names.count == 2)
    for (index, name) in names.enumerated() {
      let entries = try entries(folder.url.appending(path: name))
      // The version, two epochs of four numbers of training and thirteen of validation, and a start.
      #expect(entries.count == 1 + index + 2 * (4 + 13))
      #expect(String(decoding: entries[0], as: UTF8.self).hasSuffix("brain.Event:2"))
    }
    settings.writesTensorBoard = false
    let other = try TemporaryFolder()
    try SmallTraining.run(in: other.url, settings)
    #expect(!other.names.contains { $0.hasPrefix("events") })
  }

  @Test("TensorBoard shows what was written", .enabled(if: Self.python != nil))
  func tensorBoard() throws {
    let folder = try TemporaryFolder()
    let writer = try TensorBoardWriter(folder: folder.url)
    for step in 1...5 { try writer.write(Double(step) / 8, "train/loss", step: step * 10) }
    try writer.write(histogramOf: [-1, 0, 0.25, 1, .nan], "weights", step: 20, buckets: 4)
    // A process that died after step 30 and goes on from there.
    let second = try TensorBoardWriter(folder: folder.url, from: 31)
    try second.write(9, "train/loss", step: 40)
    let shown = try #require(try shown(in: folder.url))
    let scalars = try #require(shown["scalars"] as? [String: [[Double]]])
    #expect(scalars == ["train/loss": [[10, 0.125], [20, 0.25], [30, 0.375], [40, 9]]])
    let histograms = try #require(shown["histograms"] as? [String: [[Any]]])
    let weights = try #require(histograms["weights"]?.first)
    #expect(weights[0] as? Double == 20 && weights[1] as? Double == 4)
    #expect(weights[2] as? Double == 0.25 && weights[3] as? [Double] == [1, 0, 2, 1])
  }

  private func shown(in folder: URL) throws -> [String: Any]? {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Generators/read_events.py")
    let output = try Self.run(try #require(Self.python), [script.path, folder.path])
    return try JSONSerialization.jsonObject(with: output) as? [String: Any]
  }

  /// An interpreter that has TensorBoard's package: the one that SENTIO_TEST_PYTHON names, or `python3`.
  static let python: String? = {
    let named = ProcessInfo.processInfo.environment["SENTIO_TEST_PYTHON"]
    return [named, "/usr/bin/python3"].compactMap { $0 }.first { candidate in
      (try? run(candidate, ["-c", "import tensorboard; print(1)"]))
        .map { String(decoding: $0, as: UTF8.self).hasPrefix("1") } ?? false
    }
  }()

  private static func run(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return output
  }
}
