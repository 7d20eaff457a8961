import Foundation
import SentioTensor
import Testing

@Suite struct SafetensorsTests {
  private static let ramp = (0..<24).map(Double.init)

  @Test func theReferenceLibrarysFileIsRead() throws {
    let file = try Safetensors(contentsOf: golden("Files/reference.safetensors"))
    #expect(file.metadata == ["format": "np", "über": "\"x\"\n\\"])
    #expect(file.tensors.count == 8)
    for name in ["a.double", "b.float", "c.half", "d.long", "e.byte"] {
      #expect(file.tensors[name]?.shape == [2, 3, 4], "\(name)")
      #expect(try file.doubles(name) == Self.ramp, "\(name)")
      #expect(try file.floats(name) == Self.ramp.map { Float($0) }, "\(name)")
    }
    #expect(try file.integers("d.long") == Array(0..<24))
    #expect(try file.integers("f.bool") == (0..<24).map { $0 % 2 })
    #expect(file.tensors["g.scalar"]?.shape == [])
    #expect(try file.floats("g.scalar") == [42.5])
    #expect(try file.floats("h.empty").isEmpty)
    #expect(file.tensors["h.empty"]?.shape == [0, 3])
  }

  @Test func ourFileOfTheSameTensorsHoldsTheSame() throws {
    let folder = try TemporaryFolder()
    let floats = Self.ramp.map { Float($0) - 11.25 }
    let contents = [
      Safetensors.Content("w", shape: [4, 6], floats: floats),
      Safetensors.Content("half", shape: [24], floats: floats, as: .float16),
      Safetensors.Content("brain", shape: [24], floats: floats, as: .bfloat16),
      Safetensors.Content("x", shape: [24], doubles: Self.ramp),
      Safetensors.Content("n", shape: [2], integers: [-1, .max]),
      Safetensors.Content("byte", shape: [3], elementType: .uint8, bytes: [1, 2, 3]),
      Safetensors.Content("none", shape: [0], floats: []),
    ]
    let metadata = ["scale": "1…9", "quote\"": "\u{1}\n"]
    try Safetensors.write(contents, metadata: metadata, to: folder("a"))
    try Safetensors.write(contents.reversed(), metadata: metadata, to: folder("b"))
    #expect(try Data(contentsOf: folder("a")) == Data(contentsOf: folder("b")))

    let file = try Safetensors(contentsOf: folder("a"))
    #expect(file.metadata == metadata)
    #expect(file.names == ["n", "x", "none", "w", "brain", "half", "byte"])
    #expect(try file.floats("w") == floats)
    #expect(try file.floats("half") == floats)
    #expect(try file.floats("brain") == floats)
    #expect(try file.doubles("x") == Self.ramp)
    #expect(try file.integers("n") == [-1, .max])
    #expect(try file.withBytes(of: "byte") { Array($0) } == [1, 2, 3])
    for (name, entry) in file.tensors {
      #expect(entry.byteRange.lowerBound % entry.elementType.byteCount == 0, "\(name)")
    }
  }

  @Test func narrowFormatsRoundToNearestEven() throws {
    let folder = try TemporaryFolder()
    let values: [Float] = [
      1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1p-11, 65_519, 65_520, 0x1p-24, 0x1p-25, -0.0, .infinity, .nan,
    ]
    try Safetensors.write(
      [
        Safetensors.Content("b", shape: [10], floats: values, as: .bfloat16),
        Safetensors.Content("h", shape: [10], floats: values, as: .float16),
      ], to: folder("a"))
    let file = try Safetensors(contentsOf: folder("a"))
    let brain = try file.floats("b")
    #expect(brain[0] == 1 && brain[1] == 1 + 0x1p-6 && brain[3] == 65_536)
    #expect(brain[7].sign == .minus && brain[8] == .infinity && brain[9].isNaN)
    let half = try file.floats("h")
    #expect(half[0] == values[0] && half[2] == 1 && half[3] == 65_504 && half[4] == .infinity)
    #expect(half[5] == 0x1p-24 && half[6] == 0 && half[7].sign == .minus && half[9].isNaN)
  }

  @Test func anUnknownNameIsAnsweredWithTheKnownOnes() throws {
    let file = try Safetensors(contentsOf: golden("Files/reference.safetensors"))
    let error = #expect(throws: SafetensorsError.self) { try file.floats("b.flaot") }
    #expect(error?.kind == .missing && error?.description.contains("b.float") == true)
    #expect(throws: SafetensorsError.self) { try file.integers("b.float") }
  }

  /// A file of this header and so many data bytes; `length` is what the header claims to have.
  private func bytes(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private static let huge = "9223372036854775807"

  struct Lie: Sendable, CustomTestStringConvertible {
    let header: String
    let data: Int
    var length: UInt64?
    let kind: SafetensorsError.Kind

    init(_ header: String, _ data: Int, _ kind: SafetensorsError.Kind, length: UInt64? = nil) {
      self.header = header
      self.data = data
      self.length = length
      self.kind = kind
    }

    /// An entry `a` of one type, shape and range.
    static func entry(
      _ type: String, _ shape: String, _ range: String, _ data: Int, _ kind: SafetensorsError.Kind
    ) -> Lie {
      Lie(
        "{\"a\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(range)}}", data, kind)
    }

    /// Two entries of three bytes and these names and ranges.
    static func pair(
      _ second: String, _ range: String, _ data: Int, _ kind: SafetensorsError.Kind
    ) -> Lie {
      Lie(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
          + "\"\(second)\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":\(range)}}", data, kind)
    }

    var testDescription: String { "\(header.prefix(90)) \(data) \(kind)" }
  }

  static let lies: [Lie] = [
    Lie("{}", 0, .headerLength, length: 3), Lie("{}", 0, .headerLength, length: 1 << 63),
    Lie("{}", 0, .headerLength, length: .max), Lie("{}", 0, .headerLength, length: 1 << 40),
    Lie("", 0, .header), Lie("[]", 0, .header), Lie("{} x", 0, .header),
    Lie("{\"a\"", 0, .header), Lie("{\"a\":1}", 0, .header), Lie("{\"a", 0, .header),
    Lie("{\"a\\ud800\":{}}", 0, .header), Lie("{\"a\\u12\":{}}", 0, .header),
    Lie("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, .header),
    .entry("F33", "[1]", "[0,4]", 4, .elementType), .entry("F32", "[-1]", "[0,4]", 4, .header),
    .entry("F32", "[1.5]", "[0,4]", 4, .header), .entry("F32", "[1]", "[4,0]", 4, .offsets),
    .entry("F32", "[1]", "[0,4]", 3, .offsets), .entry("F32", "[2]", "[0,4]", 4, .offsets),
    .entry("F32", "[1]", "[0,4,8]", 8, .header), .entry("F32", "[1]", "[0]", 4, .offsets),
    .entry("F32", "[1]", "[0,4]", 5, .layout), .entry("F32", "[1]", "[1,5]", 5, .layout),
    .entry("F32", "[\(huge),\(huge)]", "[0,4]", 4, .shape),
    .entry("F32", "[\(huge)]", "[0,4]", 4, .offsets),
    .entry("F32", "[99999999999999999999]", "[0,4]", 4, .header),
    .entry("F32", "[1]", "[0,\(huge)]", 4, .offsets),
    .pair("b", "[2,5]", 5, .layout), .pair("b", "[0,3]", 3, .layout),
    .pair("b", "[4,7]", 7, .layout), .pair("a", "[3,6]", 6, .duplicateName),
    Lie("{\"__metadata__\":{\"a\":1}}", 0, .header),
    Lie("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", 0, .duplicateName),
    Lie("{\"a\":" + String(repeating: "[", count: 100_000), 0, .header),
    Lie("{\"a\":{\"x\":" + String(repeating: "[", count: 100_000), 0, .header),
    Lie("{\"a\":{\"x\":" + String(repeating: "{\"y\":", count: 50_000), 0, .header),
  ]

  @Test(arguments: lies) func aHeaderThatLiesIsRefused(_ lie: Lie) throws {
    let folder = try TemporaryFolder()
    let url = try folder.file(bytes(lie.header, data: lie.data, length: lie.length))
    let error = #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: url) }
    #expect(error?.kind == lie.kind)
    #expect(error?.path == url.path)
    #expect((error?.description.count ?? 0) < 1000)
  }

  @Test func shortFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    for count in 0..<8 {
      let url = try folder.file([UInt8](repeating: 0, count: count))
      #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: url) }
    }
  }

  @Test func strangeButLegalHeadersAreRead() throws {
    let folder = try TemporaryFolder()
    let header =
      " { \"b\\u00e9\\ud83c\\udfb5\" : { \"later\" : [ {\"x\":null}, -1.5e3, true ] , \"shape\" : [ ] ,"
      + " \"data_offsets\":[0,1],\"dtype\":\"U8\"}}  "
    let file = try Safetensors(contentsOf: folder.file(bytes(header, data: 1)))
    #expect(file.names == ["bé🎵"])
    #expect(try Safetensors(contentsOf: folder.file(bytes("{}"))).names.isEmpty)
  }

  /// No file, however damaged, may do more than throw; what opens must be readable.
  @Test func damagedFilesThrowOrRead() throws {
    let folder = try TemporaryFolder()
    let sound = try [UInt8](Data(contentsOf: golden("Files/reference.safetensors")))
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let words = [
      "9", "-", "\"", "{", "}", "[", "]", ",", ":", "\\", "\u{0}", "F64", Self.huge, " ",
    ]
    var opened = 0
    for _ in 0..<3000 {
      var bytes = sound
      for _ in 0...random(3) {
        let place = random(min(bytes.count, 900))
        switch random(5) {
        case 0: bytes[place] = UInt8(random(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: words[random(words.count)].utf8, at: place)
        case 3: bytes.removeLast(random(bytes.count / 2))
        default: bytes[random(8)] = UInt8(random(256))
        }
      }
      do {
        let file = try Safetensors(contentsOf: folder.file(bytes))
        opened += 1
        for name in file.names {
          let entry = try #require(file.tensors[name])
          #expect(try file.floats(name).count == entry.count)
          #expect(entry.byteRange.upperBound <= bytes.count)
        }
      } catch is SafetensorsError {}
    }
    #expect(opened > 0 && opened < 3000)
  }
}
