import Foundation
import SentioData
import Synchronization
import Testing

@Suite("A folder of songs")
struct AudioFolderTests {
  private func songs(_ count: Int) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for index in 0..<count {
      let samples = testSignal(frameCount: 800 * (index + 1), sampleRate: 8_000)
      try AudioEncoder(.wav(.float32)).write(
        samples, sampleRate: 8_000, to: folder.file("song \(10 + index).wav"))
    }
    return folder
  }

  @Test func listsAudioInOrder() throws {
    let folder = try songs(3)
    try Data("x".utf8).write(to: folder.file("notes.txt"))
    try Data("x".utf8).write(to: folder.file(".hidden.wav"))
    let names = try AudioFolder.files(in: folder.url).map(\.lastPathComponent)
    #expect(names == ["song 10.wav", "song 11.wav", "song 12.wav"])
    #expect {
      try AudioFolder.files(in: URL(fileURLWithPath: "/nowhere"))
    } throws: {
      ($0 as? AudioError)?.kind == .notFound
    }
    #expect {
      try AudioFolder.files(in: folder.file("notes.txt"))
    } throws: {
      ($0 as? AudioError)?.kind == .notAFile
    }
  }

  @Test(arguments: [1, 2, 5])
  func resultsKeepTheirPlaces(parallelism: Int) async throws {
    let folder = try songs(7)
    try Data("not audio".utf8).write(to: folder.file("song 13.wav"))
    let urls = try AudioFolder.files(in: folder.url)
    let alive = Mutex((now: 0, most: 0))
    let counts = try await AudioDecoder().decodeAll(urls, as: .source, parallelism: parallelism) {
      _, song in
      alive.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      defer { alive.withLock { $0.now -= 1 } }
      return (try? song.get().frameCount) ?? -1
    }
    #expect(counts == [800, 1_600, 2_400, -1, 4_000, 4_800, 5_600])
    #expect(alive.withLock { $0.most } <= parallelism)
  }

  @Test func cancellationEndsTheWhole() async throws {
    let folder = try songs(6)
    let urls = try AudioFolder.files(in: folder.url)
    let started = Mutex(0)
    let task = Task {
      try await AudioDecoder().decodeAll(urls, parallelism: 1) { _, _ in
        started.withLock { $0 += 1 }
        try await Task.sleep(for: .seconds(60))
      }
    }
    while started.withLock({ $0 }) == 0 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(started.withLock { $0 } == 1)
  }

  @Test func cancelledDecodingSaysSo() async throws {
    let folder = try songs(1)
    let url = folder.file("song 10.wav")
    let kind = await Task { () -> AudioError.Kind? in
      withUnsafeCurrentTask { $0?.cancel() }
      do throws(AudioError) {
        _ = try AudioDecoder().decode(url)
        return nil
      } catch {
        return error.kind
      }
    }.value
    #expect(kind == .cancelled)
  }
}
