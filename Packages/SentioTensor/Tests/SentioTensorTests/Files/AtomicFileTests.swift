import Foundation
import SentioTensor
import Testing

@Suite struct AtomicFileTests {
  private struct Interruption: Error {}

  @Test func contentArrivesWholeAndNothingElseIsLeft() throws {
    let folder = try TemporaryFolder()
    let big = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let position = try AtomicFile.write(to: folder("a")) { file in
      try file.write("häh\n")
      try file.write(big)
      try file.write(Data([1, 2]))
      return file.position
    }
    let content = try [UInt8](Data(contentsOf: folder("a")))
    #expect(content == Array("häh\n".utf8) + big + [1, 2])
    #expect(position == content.count)
    #expect(try folder.names == ["a"])
  }

  @Test func anErrorInTheMiddleLeavesTheOldFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder("a"))
    #expect(throws: Interruption.self) {
      try AtomicFile.write(to: folder("a")) { file in
        try file.write([UInt8](repeating: 7, count: 200_000))
        throw Interruption()
      }
    }
    #expect(try String(contentsOf: folder("a"), encoding: .utf8) == "old")
    #expect(try folder.names == ["a"])
  }

  @Test func aMissingFolderIsNamed() throws {
    let folder = try TemporaryFolder()
    let target = folder("no/such/a")
    let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: target) }
    #expect(error?.code == ENOENT && error?.operation == .open && error?.path == target.path)
  }

  @Test func aPipeIsWrittenToAndNotReplaced() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder("pipe").path, 0o600) == 0)
    let reader = open(folder("pipe").path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try AtomicFile.write("through", to: folder("pipe"))
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &bytes, 16) == 7)
    #expect(bytes.prefix(7) == Array("through".utf8)[...])
    var kind = stat()
    #expect(stat(folder("pipe").path, &kind) == 0 && kind.st_mode & S_IFMT == S_IFIFO)
    #expect(try folder.names == ["pipe"])
  }

  @Test func aFolderInTheFilesPlaceStays() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder("a"), withIntermediateDirectories: true)
    let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: folder("a")) }
    #expect(error?.operation == .rename)
    #expect(try folder.names == ["a"])
  }

  @Test func errorsNameTheFileTheCauseAndTheRemedy() {
    let full = FileError(path: "/x/y", operation: .write, code: ENOSPC)
    #expect(full.description.contains("/x/y") && full.description.contains("disk is full"))
    let readOnly = FileError(path: "/x/y", operation: .open, code: EROFS)
    #expect(readOnly.description.contains("read-only"))
  }

  @Test func aLinkKeepsPointingAndPermissionsStay() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("old", to: folder("target"))
    #expect(chmod(folder("target").path, 0o640) == 0)
    try FileManager.default.createSymbolicLink(
      at: folder("link"), withDestinationURL: folder("target"))
    try AtomicFile.write("new", to: folder("link"))
    #expect(try String(contentsOf: folder("target"), encoding: .utf8) == "new")
    var status = stat()
    #expect(lstat(folder("link").path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(folder("target").path, &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test func manyTasksWriteTheSameFile() async throws {
    let folder = try TemporaryFolder()
    let url = folder("a")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for i in 0..<20 {
        group.addTask {
          try AtomicFile.write(String(repeating: "\(i % 10)", count: 100_000), to: url)
        }
      }
      try await group.waitForAll()
    }
    let content = try String(contentsOf: url, encoding: .utf8)
    #expect(content.count == 100_000 && Set(content).count == 1)
    #expect(try folder.names == ["a"])
  }

  @Test func mappingRefusesWhatIsNoFile() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError(path: folder.url.path, operation: .open, code: EISDIR)) {
      try MappedFile(contentsOf: folder.url)
    }
    #expect(mkfifo(folder("pipe").path, 0o600) == 0)
    #expect(throws: FileError.self) { try MappedFile(contentsOf: folder("pipe")) }
    #expect(throws: FileError.self) { try MappedFile(contentsOf: folder("none")) }
    #expect(try MappedFile(contentsOf: folder.file([])).count == 0)
  }
}
