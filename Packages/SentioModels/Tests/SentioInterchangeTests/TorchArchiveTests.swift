import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

@testable import SentioInterchange

@Suite("PyTorch's archives")
struct TorchArchiveTests {
  /// What `generate_state_dictionaries.py` says the files hold.
  private struct Golden: Decodable {
    struct Entry: Decodable {
      let shape: [Int]
      let values: [Float]
    }
    let files: [String: [String: Entry]]
  }

  static func file(_ name: String) -> URL {
    Bundle.module.url(forResource: "Golden", withExtension: nil)!.appendingPathComponent(name)
  }

  @Test(
    "Every type, view and nesting has PyTorch's values",
    arguments: ["types.pth", "views.pth", "checkpoint.pth", "protocol4.pth"])
  func values(_ name: String) throws {
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: Self.file("values.json")))
    let expected = try #require(golden.files[name])
    let archive = try TorchArchive(contentsOf: Self.file(name))
    #expect(archive.names == expected.keys.sorted())
    for (key, entry) in expected {
      let tensor = try archive.tensor(key)
      #expect(Array(tensor.shape) == entry.shape, "\(key)")
      #expect(tensor.scalars == entry.values, "\(key)")
    }
  }

  @Test("A dictionary beside the network's own is read by its key")
  func key() throws {
    let own = try TorchArchive(contentsOf: Self.file("checkpoint.pth"))
    let average = try TorchArchive(contentsOf: Self.file("checkpoint.pth"), key: "ema")
    #expect(average.names == ["hidden.weight"])
    let (doubled, weight) = (
      try average.tensor("hidden.weight").scalars, try own.tensor("hidden.weight").scalars
    )
    #expect(doubled == weight.map { 2 * $0 })
    #expect(throws: InterchangeError.self) {
      try TorchArchive(contentsOf: Self.file("checkpoint.pth"), key: "optimizer")
    }
  }

  @Test("A network takes a state dictionary, by other names too")
  func loading() throws {
    var stream = RandomStream(seed: 1, "weights")
    var network = Sequential {
      Linear(3, 4, from: &stream).keyed("hidden")
      BatchNorm(4).keyed("norm")
      RecurrentLayer(.lstm, 4, 2, isBidirectional: true, from: &stream).keyed("lstm")
    }
    let archive = try TorchArchive(contentsOf: Self.file("checkpoint.pth"))
    try network.load(archive)
    let weight = try archive.tensor("hidden.weight")
    #expect(network.stateDictionary["hidden.weight"] == weight)
    var other = Sequential { Linear(3, 4, from: &stream).keyed("first") }
    try other.load(archive) { name in
      name.hasPrefix("hidden.") ? "first." + name.dropFirst("hidden.".count) : nil
    }
    let bias = try archive.tensor("hidden.bias")
    #expect(other.stateDictionary["first.bias"] == bias)
    #expect(throws: StateError.self) { try other.load(archive) }
    #expect(throws: InterchangeError.self) { try other.load(archive) { _ in "first.bias" } }
  }

  @Test(
    "What is no dictionary of tensors is refused with what to do",
    arguments: [
      ("old.pth", "save it again with torch.save"),
      ("module.pth", "torch.nn.modules.linear.Linear, which is never run"),
      ("numpy.pth", "torch.save(model.state_dict()"),
      ("expanded.pth", "save it as .contiguous()"),
      ("values.json", "the end of an archive's directory"),
    ])
  func refused(_ name: String, _ remedy: String) throws {
    do {
      _ = try TorchArchive(contentsOf: Self.file(name))
      Issue.record("\(name) was read")
    } catch let error as InterchangeError {
      #expect(error.description.contains(remedy), "\(error)")
      #expect(error.description.contains(name), "\(error)")
    }
  }
}

@Suite("Hostile pickles")
struct HostilePickleTests {
  /// Reads a pickle of these bytes.
  private func read(_ bytes: [UInt8]) throws -> PickleValue {
    try bytes.withUnsafeBytes { bytes in
      var reader = PickleReader(bytes, path: "hostile.pkl")
      return try reader.read()
    }
  }

  private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("Functions of Python are refused by name")
  func functions() throws {
    for name in ["posix\nsystem\n", "builtins\neval\n", "torch.nn\nLinear\n", "torch\nload\n"] {
      let pickle =
        [0x80, 2, 0x63] + text(name) + [0x58, 2, 0, 0, 0] + text("ls") + [0x85, 0x52, 0x2e]
      do {
        _ = try read(pickle)
        Issue.record("\(name) was taken")
      } catch let error as InterchangeError {
        let spoken = name.dropLast().replacing("\n", with: ".")
        #expect(error.description.contains(spoken), "\(error)")
      }
    }
  }

  @Test("Depth, circles, marks and numbers without end cost no more than their bytes")
  func depth() throws {
    // A tuple in a tuple in a tuple, a million times.
    _ = try read([0x80, 2, 0x29] + Array(repeating: 0x85, count: 1_000_000) + [0x2e])
    // A list that holds itself.
    _ = try read([0x80, 2, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e])
    let hostile: [[UInt8]] = [
      [0x80, 2] + Array(repeating: 0x28, count: 100_000) + [0x2e],  // marks alone
      [0x80, 2, 0x58, 0xff, 0xff, 0xff, 0xff, 0x2e],  // a string of 4 GiB
      [0x80, 2, 0x8d] + Array(repeating: 0xff, count: 8) + [0x2e],  // one of 2^64 bytes
      [0x80, 2, 0x8a, 0xff, 1, 0x2e],  // a number of 255 bytes
      [0x80, 2, 0x6a, 0xff, 0xff, 0xff, 0x7f, 0x2e],  // a memo that was never made
      [0x80, 2, 0x74, 0x2e], [0x80, 2, 0x52, 0x2e], [0x80, 2, 0x75, 0x2e], [0x80, 2, 0x85, 0x2e],
      [0x80, 2, 0x7d, 0x28, 0x4e, 0x75, 0x2e],  // a dictionary of half a pair
      [0x80, 9, 0x4e, 0x2e], [0x80, 2], [], [0x2e], [0x80, 2, 0x4e, 0x4e, 0x2e],
      [0x80, 2] + Array(repeating: 0x4e, count: PickleReader.maximumValues + 1) + [0x2e],
    ]
    for pickle in hostile {
      #expect(throws: InterchangeError.self, "\(pickle.prefix(12))") { try read(pickle) }
    }
  }

  @Test("Archives that are cut, or lie about their members, are refused")
  func archives() throws {
    try withTemporaryFolder { folder in
      for name in ["checkpoint.pth", "views.pth"] {
        let bytes = [UInt8](try Data(contentsOf: TorchArchiveTests.file(name)))
        for count in stride(from: 0, to: bytes.count, by: 97) {
          let url = folder.appendingPathComponent("cut.pth")
          try Data(bytes.prefix(count)).write(to: url)
          #expect(throws: InterchangeError.self, "\(count) bytes of \(name)") {
            try TorchArchive(contentsOf: url)
          }
        }
      }
      // A pickle whose directory says that it unpacks to 3 GiB.
      let url = folder.appendingPathComponent("bomb.pth")
      try ZIPArchive.write(to: url) { try $0.append("bomb/data.pkl", [0x80, 2, 0x2e]) }
      var bytes = [UInt8](try Data(contentsOf: url))
      let entry = bytes.count - 22 - 46 - "bomb/data.pkl".utf8.count
      bytes.replaceSubrange(entry + 10..<entry + 12, with: [8, 0])
      bytes.replaceSubrange(entry + 24..<entry + 28, with: [0, 0, 0, 0xc0])
      try Data(bytes).write(to: url)
      #expect(throws: InterchangeError.self) { try TorchArchive(contentsOf: url) }
    }
  }

  @Test("Places outside of a storage are refused before anything is read")
  func places() throws {
    func archive(
      shape: [Int], strides: [Int], offset: Int = 0, count: Int = 6, folder: URL
    ) throws -> TorchArchive {
      let url = folder.appendingPathComponent("places.pth")
      try ZIPArchive.write(to: url) { archive in
        var pickle: [UInt8] = [0x80, 2, 0x7d] + string("w")
        pickle += global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + string("storage")
        pickle += global("torch", "FloatStorage") + string("0") + string("cpu") + integer(count)
        pickle += [0x74, 0x51] + integer(offset) + [0x28] + shape.flatMap(integer)
        pickle +=
          [0x74, 0x28] + strides.flatMap(integer) + [0x74, 0x89, 0x7d, 0x74, 0x52, 0x73, 0x2e]
        try archive.append("a/data.pkl", pickle)
        try archive.append("a/data/0", [UInt8](repeating: 0, count: 24))
      }
      return try TorchArchive(contentsOf: url)
    }
    func string(_ value: String) -> [UInt8] { [0x8c, UInt8(value.utf8.count)] + text(value) }
    func global(_ module: String, _ name: String) -> [UInt8] {
      [0x63] + text("\(module)\n\(name)\n")
    }
    func integer(_ value: Int) -> [UInt8] {
      [0x8a, 8] + withUnsafeBytes(of: value) { [UInt8]($0) }
    }
    try withTemporaryFolder { folder in
      let whole = try archive(shape: [2, 3], strides: [3, 1], folder: folder).tensor("w")
      #expect(whole.shape == [2, 3])
      let stepped = try archive(shape: [3], strides: [2], folder: folder).tensor("w")
      #expect(stepped.shape == [3])
      let wrong: [(shape: [Int], strides: [Int], offset: Int, count: Int)] = [
        ([2, 3], [3, 1], 1, 6), ([7], [1], 0, 6), ([6], [2], 0, 6), ([2, 3], [3, -1], 0, 6),
        ([2, 3], [3, 1], -1, 6), ([-1], [1], 0, 6), ([2, 3], [1], 0, 6), ([6], [1], 0, 7),
        ([1 << 40], [0], 0, 6), ([.max, .max], [1, 1], 0, 6), ([2, 2], [.max, .max], 0, 6),
        (Array(repeating: 1, count: 9), Array(repeating: 1, count: 9), 0, 6),
      ]
      for (shape, strides, offset, count) in wrong {
        #expect(throws: InterchangeError.self, "\(shape) by \(strides) from \(offset)") {
          try archive(shape: shape, strides: strides, offset: offset, count: count, folder: folder)
        }
      }
    }
  }
}
