import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

@Suite("Checking and comparing network files")
struct VerificationTests {
  private static let settings = NetworkSettings.mobileStudent(
    .init(
      imageSize: 16, patchSize: 8,
      transformer: TransformerSettings(features: 8, layers: 1, heads: 2, innerFeatures: 12)))

  private static func file(seed: UInt64) -> NetworkFile {
    var stream = RandomStream(seed: seed, "weights")
    return NetworkFile(settings.makeNetwork(from: &stream), .init(settings, outputs: ["v", "a"]))
  }

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sentio-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("A file is sound until a byte of it changes, and the tensor is named")
  func damage() throws {
    try Self.withFolder { folder in
      let url = folder.appendingPathComponent("network.sentio")
      let file = Self.file(seed: 1)
      try file.write(to: url)
      let sound = try NetworkFile.verify(url)
      #expect(sound.isSound && sound.hasHashes)
      #expect(sound.tensors == file.network.stateDictionary.count)
      let read = try NetworkFile(contentsOf: url)
      #expect(read.configuration == file.configuration)

      let bytes = [UInt8](try Data(contentsOf: url))
      let header =
        8 + bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
      let names = try Safetensors(contentsOf: url)
      for name in [names.names[0], names.names[names.names.count - 1]] {
        var damaged = bytes
        damaged[names.tensors[name]!.byteRange.lowerBound] ^= 1
        try Data(damaged).write(to: url)
        let found = try NetworkFile.verify(url).damaged
        #expect(found == [name])
      }
      // A changed word of the configuration, of the same length.
      let text = String(decoding: bytes[8..<header], as: UTF8.self)
      let changed = text.replacing("\\\"outputs\\\":[\\\"v\\\"", with: "\\\"outputs\\\":[\\\"w\\\"")
      #expect(changed != text)
      try Data(bytes[..<8] + Array(changed.utf8) + bytes[header...]).write(to: url)
      let found = try NetworkFile.verify(url).damaged
      #expect(found == ["sentio.config"])
    }
  }

  @Test(
    "A file without hashes is no damaged one, and says so; numbers that are not finite are named")
  func older() throws {
    try Self.withFolder { folder in
      let url = folder.appendingPathComponent("network.sentio")
      var file = Self.file(seed: 1)
      try file.write(to: url)
      let metadata = try Safetensors(contentsOf: url).metadata.filter { $0.key != "sentio.sha256" }
      try file.network.write(to: url, metadata: metadata)
      let older = try NetworkFile.verify(url)
      #expect(older.isSound && !older.hasHashes)
      var state = file.network.stateDictionary
      state["layernorm.bias"] = Tensor(repeating: .nan, state["layernorm.bias"]!.shape)
      try file.network.load(state)
      try file.write(to: url)
      let found = try NetworkFile.verify(url).notFinite
      #expect(found == ["layernorm.bias"])
    }
  }

  @Test("Differences of settings, scores and tensors are listed, and nothing for one file twice")
  func difference() throws {
    try Self.withFolder { folder in
      let (first, second) = (
        folder.appendingPathComponent("a.sentio"), folder.appendingPathComponent("b.sentio")
      )
      var file = Self.file(seed: 1)
      try file.write(to: first)
      var state = file.network.stateDictionary
      state["layernorm.weight"] = state["layernorm.weight"]! + Tensor(0.5)
      try file.network.load(state)
      file.configuration.provenance.scores["ccc"] = 0.5
      file.configuration.outputs = ["v", "b"]
      try file.write(to: second)
      let difference = try NetworkDifference(first, second)
      #expect(difference.settings.map(\.path) == ["outputs.1", "provenance.scores.ccc"])
      #expect(difference.settings.map(\.second) == ["b", "0.5"])
      #expect(difference.tensors.map(\.name) == ["layernorm.weight"])
      #expect(difference.tensors[0].largest == 0.5 && difference.tensors[0].relative == 0.5)
      #expect(difference.equalTensors == state.count - 1)
      let none = try NetworkDifference(first, first)
      #expect(none.isEmpty)
    }
  }

  @Test("Networks are named, and their sizes changed in part")
  func named() throws {
    let settings = try NetworkSettings(
      named: "mobileStudent",
      changes: [
        "imageSize": ["height": 16, "width": 16], "patchSize": 8,
        "transformer": ["features": 8, "layers": 1, "heads": 2, "innerFeatures": 12],
      ])
    #expect(settings == Self.settings)
    for name in NetworkSettings.names { _ = try NetworkSettings(named: name) }
    #expect(throws: (any Error).self) { try NetworkSettings(named: "perceptron") }
    #expect(throws: (any Error).self) {
      try NetworkSettings(named: "mobileStudent", changes: ["patches": 8])
    }
    #expect(throws: (any Error).self) {
      try NetworkSettings(named: "mobileStudent", changes: ["transformer": ["heads": 5]])
    }
    #expect(throws: (any Error).self) {
      try NetworkSettings(named: "mobileStudent", changes: ["patchSize": "eight"])
    }
  }
}
