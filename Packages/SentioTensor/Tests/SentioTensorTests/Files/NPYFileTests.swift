import Foundation
import SentioTensor
import Testing

@Suite struct NPYFileTests {
  private static let ramp = (0..<24).map(Double.init)

  @Test(arguments: [
    "f4", "f8_fortran", "f4_big_fortran", "f2", "i2_big", "u8", "i8_version2", "f4_version3",
  ])
  func whatNumPyWritesIsRead(_ name: String) throws {
    let file = try NPYFile(contentsOf: golden("Files/\(name).npy"))
    #expect(file.shape == [2, 3, 4])
    #expect(file.doubles() == Self.ramp)
    #expect(file.floats() == Self.ramp.map { Float($0) })
    if file.elementType.isInteger { #expect(try file.integers() == Array(0..<24)) }
  }

  @Test func specialShapesAreRead() throws {
    #expect(
      try NPYFile(contentsOf: golden("Files/b1.npy")).integers() == (0..<24).map { $0 % 2 })
    let scalar = try NPYFile(contentsOf: golden("Files/scalar.npy"))
    #expect(scalar.shape == [] && scalar.doubles() == [42.5])
    let empty = try NPYFile(contentsOf: golden("Files/empty.npy"))
    #expect(empty.shape == [0, 3] && empty.floats().isEmpty)
    #expect(try NPYFile(contentsOf: golden("Files/vector.npy")).integers() == [0, 1, 2, 3, 4])
  }

  @Test func otherKindsAreRefused() {
    let complex = #expect(throws: NPYError.self) {
      try NPYFile(contentsOf: golden("Files/complex.npy"))
    }
    #expect(complex?.kind == .elementType && complex?.found == "<c8")
    #expect(throws: NPYError.self) { try NPYFile(contentsOf: golden("Files/structured.npy")) }
    #expect(throws: NPYError.self) { try NPYFile(contentsOf: golden("Files/f4.npy")).integers() }
  }

  @Test func ourBytesAreNumPys() throws {
    let folder = try TemporaryFolder()
    try NPYFile.write(Self.ramp.map { Float($0) }, shape: [2, 3, 4], to: folder("a"))
    #expect(try Data(contentsOf: folder("a")) == Data(contentsOf: golden("Files/f4.npy")))
    try NPYFile.write([42.5], shape: [], to: folder("a"))
    #expect(try Data(contentsOf: folder("a")) == Data(contentsOf: golden("Files/scalar.npy")))
    try NPYFile.write([] as [Float], shape: [0, 3], to: folder("a"))
    #expect(try Data(contentsOf: folder("a")) == Data(contentsOf: golden("Files/empty.npy")))
    try NPYFile.write([3, -1], shape: [2], to: folder("a"))
    #expect(try NPYFile(contentsOf: folder("a")).integers() == [3, -1])
  }

  static let lies: [(String, Int, NPYError.Kind)] = [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8, NPYError.Kind.length),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 9, .length),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8, .header),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", 8, .header),
    ("{'descr': '<f4', 'shape': (2,), }", 8, .header),
    ("{'descr': 'f4', 'fortran_order': False, 'shape': (2,), }", 8, .elementType),
    ("{'descr': '<U4', 'fortran_order': False, 'shape': (2,), }", 8, .elementType),
    ("{'descr': '', 'fortran_order': False, 'shape': (2,), }", 8, .elementType),
    ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 8, .header),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999999,)}", 8, .header),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 3)}", 8, .shape
    ),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807,)}", 8, .shape),
    ("__import__('os').system('true')", 8, .header), ("", 8, .header), ("{", 8, .header),
  ]

  @Test(arguments: lies)
  func aHeaderThatLiesIsRefused(_ text: String, _ data: Int, _ kind: NPYError.Kind) throws {
    let folder = try TemporaryFolder()
    let header = Array(text.utf8)
    let length = [UInt8(header.count), 0]
    let url = try folder.file(
      [0x93] + Array("NUMPY".utf8) + [1, 0] + length + header
        + [UInt8](repeating: 0, count: data))
    let error = #expect(throws: NPYError.self) { try NPYFile(contentsOf: url) }
    #expect(error?.kind == kind && error?.path == url.path)
  }

  @Test func damagedFilesThrowOrRead() throws {
    let folder = try TemporaryFolder()
    let sound = try [UInt8](Data(contentsOf: golden("Files/f4_big_fortran.npy")))
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var opened = 0
    for _ in 0..<3000 {
      var bytes = sound
      for _ in 0...random(2) {
        switch random(4) {
        case 0: bytes[random(min(128, bytes.count))] = UInt8(random(256))
        case 1: bytes.remove(at: random(min(128, bytes.count)))
        case 2: bytes.insert(UInt8(0x20 + random(0x60)), at: random(min(128, bytes.count)))
        default: bytes.removeLast(random(bytes.count / 4))
        }
      }
      do {
        let file = try NPYFile(contentsOf: folder.file(bytes))
        opened += 1
        #expect(file.floats().count == file.shape.reduce(1, *))
      } catch is NPYError {}
    }
    #expect(opened > 0 && opened < 3000)
  }
}
