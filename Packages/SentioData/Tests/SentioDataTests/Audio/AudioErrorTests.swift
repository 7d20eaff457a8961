import Foundation
import SentioData
import Testing

@Suite("What can't be decoded says why")
struct AudioErrorTests {
  private func failure(of url: URL) -> AudioError? {
    do {
      _ = try AudioDecoder().decode(url)
      return nil
    } catch {
      return error
    }
  }

  @Test func missingFile() {
    let error = failure(of: URL(fileURLWithPath: "/nowhere/song.mp3"))
    #expect(error?.kind == .notFound)
    #expect(error?.description.contains("/nowhere/song.mp3") == true)
  }

  @Test func folder() throws {
    let folder = try ScratchFolder()
    #expect(failure(of: folder.url)?.kind == .notAFile)
  }

  @Test func emptyFile() throws {
    let folder = try ScratchFolder()
    let url = folder.file("empty.mp3")
    try Data().write(to: url)
    #expect(failure(of: url)?.kind == .emptyFile)
  }

  @Test func pipeIsRefusedInsteadOfWaitedFor() throws {
    let folder = try ScratchFolder()
    let url = folder.file("pipe.wav")
    #expect(mkfifo(url.path, 0o600) == 0)
    #expect(failure(of: url)?.kind == .notAFile)
  }

  @Test(arguments: ["song.mp3", "song.wav", "song.flac", "song.ogg", "song.m4a", "song.txt"])
  func textUnderAnyName(name: String) throws {
    let folder = try ScratchFolder()
    let url = folder.file(name)
    try Data(String(repeating: "not a song at all\n", count: 300).utf8).write(to: url)
    let error = try #require(failure(of: url))
    #expect([.notAudio, .noAudioStream, .noSamples, .damaged].contains(error.kind))
    #expect(error.description.contains(name))
    #expect(error.description.contains(error.fix))
  }

  @Test func playlistReachesNoOtherFile() throws {
    let folder = try ScratchFolder()
    // A sound file that the playlist may not reach, although it stands beside it.
    let song = folder.file("song.wav")
    try AudioEncoder(.wav()).write(
      testSignal(frameCount: 8_000, sampleRate: 8_000), sampleRate: 8_000, to: song)
    #expect(failure(of: song) == nil)
    let url = folder.file("list.m3u8")
    let text =
      "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsong.wav\n#EXT-X-ENDLIST\n"
    try Data(text.utf8).write(to: url)
    #expect(failure(of: url) != nil)
  }
}
