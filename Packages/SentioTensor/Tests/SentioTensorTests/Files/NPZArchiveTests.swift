import Foundation
import SentioTensor
import Testing

@Suite struct NPZArchiveTests {
  @Test(arguments: ["stored", "deflated", "wide"])
  func whatNumPyWritesIsRead(_ name: String) throws {
    let archive = try NPZArchive(contentsOf: golden("Files/\(name).npz"))
    #expect(Set(archive.names).isSuperset(of: ["a", "b", "folder/c"]))
    #expect(try archive.shape("a") == [2, 3, 4])
    #expect(try archive.tensor("a") == Tensor.ramp(24).reshaped([2, 3, 4]))
    #expect(try archive.integers("b") == [0, 1, 2, 3, 4])
    #expect(try archive.doubles("folder/c") == [42.5])
  }

  @Test func longMembersAreInflated() throws {
    let archive = try NPZArchive(contentsOf: golden("Files/deflated.npz"))
    #expect(try archive.floats("long") == (0..<60_000).map { Float($0 % 251) })
    let noise = try archive.integers("noise")
    #expect(noise.count == 3000 && Set(noise).count > 200)
  }

  @Test func recordsOf64BitsAreFollowed() throws {
    let folder = try TemporaryFolder()
    var bytes = try [UInt8](Data(contentsOf: golden("Files/wide.npz")))
    // The record at the end says that its fields are elsewhere, as it does above 4 GiB.
    for index in bytes.count - 12..<bytes.count - 2 { bytes[index] = 0xff }
    let url = try folder.file(bytes)
    #expect(try NPZArchive(contentsOf: url).integers("b") == [0, 1, 2, 3, 4])
    bytes[bytes.count - 22 - 20 + 9] = 0x7f
    let error = #expect(throws: NPYError.self) {
      try NPZArchive(contentsOf: folder.file(bytes))
    }
    #expect(error?.kind == .archive)
  }

  @Test func otherMethodsAreRefused() throws {
    let archive = try NPZArchive(contentsOf: golden("Files/bzip2.npz"))
    let error = #expect(throws: NPYError.self) { try archive.floats("a") }
    #expect(error?.kind == .archive && error?.found == "method 12")
  }

  @Test func namesThatAreNotThereAreNamed() throws {
    let archive = try NPZArchive(contentsOf: golden("Files/stored.npz"))
    let error = #expect(throws: NPYError.self) { try archive.floats("x") }
    #expect(error?.kind == .missing && error?.found == "a, b, folder/c")
    #expect(throws: NPYError.self) { try archive.integers("a") }
    let notAnArchive = #expect(throws: NPYError.self) {
      try NPZArchive(contentsOf: golden("Files/f4.npy"))
    }
    #expect(notAnArchive?.kind == .archive)
  }

  @Test func tensorsRoundTrip() throws {
    let folder = try TemporaryFolder()
    let tensors: [String: Tensor] = [
      "weights": [[1, -2.5], [3, 1e30]], "empty": .zeros([0, 3]), "größe": Tensor(7),
    ]
    try NPZArchive.write(tensors, to: folder("a.npz"))
    let archive = try NPZArchive(contentsOf: folder("a.npz"))
    #expect(archive.names == ["empty", "größe", "weights"])
    for (name, tensor) in tensors { #expect(try archive.tensor(name) == tensor) }
  }

  @Test(arguments: ["stored", "deflated", "wide"])
  func damagedFilesThrowOrRead(_ name: String) throws {
    let folder = try TemporaryFolder()
    let sound = try [UInt8](Data(contentsOf: golden("Files/\(name).npz")))
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var failures = 0
    for _ in 0..<700 {
      var bytes = sound
      for _ in 0...random(3) {
        // Half of the damage to the directory at the end, where it does the most.
        let start = random(2) == 0 ? 0 : max(0, bytes.count - 400)
        let place = start + random(bytes.count - start)
        switch random(4) {
        case 0, 1: bytes[place] = UInt8(random(256))
        case 2: bytes.remove(at: place)
        default: bytes.insert(0xff, at: place)
        }
      }
      do {
        let archive = try NPZArchive(contentsOf: folder.file(bytes))
        for name in archive.names {
          #expect(try archive.floats(name).count == archive.shape(name).reduce(1, *))
        }
      } catch is NPYError { failures += 1 }
    }
    #expect(failures > 350)
  }
}
