import Foundation
import SentioData
import Testing

@Suite("Real and odd files", .enabled(if: RealAudio.isPresent))
struct AudioRealFileTests {
  /// Where the inventory is no guide: FFmpeg takes these by their name for headerless speech.
  private static let namedOnly: Set<String> = ["g729"]

  @Test(arguments: RealAudio.inventory)
  func matchesTheInventory(entry: RealAudio.Entry) throws {
    let url = RealAudio.url("decoders/" + entry.path)
    do throws(AudioError) {
      let audio = try AudioDecoder().decode(url, as: .source)
      #expect(audio.frameCount > 0)
      let finite = audio.samples.allSatisfy(\.isFinite)
      #expect(finite)
      // Damage shows: FFmpeg's own tool complained, so a warning, or an odd end, is due.
      guard !entry.codec.isEmpty, !Self.namedOnly.contains(entry.codec) else { return }
      #expect(audio.source.codec == entry.codec)
      #expect(audio.sampleRate == entry.sampleRate)
      #expect(audio.channelCount == entry.channels)
    } catch {
      // No trap, no hang; the reason is typed and names the file.
      #expect(error.path == url.path)
      let expected =
        entry.errorLines > 0 || entry.codec.isEmpty || Self.namedOnly.contains(entry.codec)
        || entry.path.contains("faulty/")
      #expect(expected, "\(error)")
    }
  }

  /// ISO 11172-4 lets a full-accuracy decoder be off by 2⁻¹⁴ of full scale: two steps of 16 bits.
  private static let conformanceTolerance: Float = 0x1p-14

  /// Another decoder's 16-bit output of the conformance streams that both read.
  @Test(arguments: [
    "M2L3_bitrate_16_all", "M2L3_noise", "l2-test32", "l3-compl", "l3-he_32khz", "l3-he_48khz",
    "l3-hecommon", "l3-si", "l3-si_block", "l3-si_huff", "l3-nonstandard-sin1k0db_lame_vbrtag",
  ])
  func conformance(name: String) throws {
    let folder = "decoders/minimp3_vectors/vectors/"
    let audio = try AudioDecoder().decode(RealAudio.url(folder + name + ".bit"), as: .source)
    guard let bytes = gunzip(RealAudio.url(folder + name + ".pcm.gz")) else { return }
    let reference = bytes.withUnsafeBytes { raw in
      raw.bindMemory(to: Int16.self).map { Float(Int16(littleEndian: $0)) / 32_768 }
    }
    let channels = audio.channelCount
    let common = min(audio.frameCount, reference.count / channels)
    // The reference may hold the decoder's first or last frame more or less.
    #expect(abs(audio.frameCount - reference.count / channels) <= 1_152)
    var worst: Float = 0
    for frame in 0..<common {
      for channel in 0..<channels {
        let ours = min(1, max(-1, audio.samples[channel * audio.frameCount + frame]))
        worst = max(worst, abs(ours - reference[frame * channels + channel]))
      }
    }
    #expect(worst <= Self.conformanceTolerance, "\(worst * 32_768) steps of 16 bits")
  }

  @Test(.enabled(if: RealAudio.haveSongs)) func songsWithCoverArt() throws {
    for url in RealAudio.songs {
      let song = try AudioDecoder().decode(url)
      #expect(song.source.codec == "mp3")
      #expect(song.duration > 44 && song.duration < 46)
      #expect(song.warnings == [])
    }
  }

  /// The tool's own output, where the tool is there.
  @Test(.enabled(if: ffmpegTool != nil), arguments: RealAudio.ranged)
  func equalsTheTool(name: String) throws {
    let url = RealAudio.url(name)
    let folder = try ScratchFolder()
    let raw = folder.file("tool.raw")
    let process = Process()
    process.executableURL = ffmpegTool
    process.arguments = [
      "-nostdin", "-loglevel", "quiet", "-i", "file:" + url.path, "-map", "0:a:0", "-f", "f32le",
      raw.path,
    ]
    try process.run()
    process.waitUntilExit()
    let expected = try Data(contentsOf: raw).withUnsafeBytes {
      Array($0.bindMemory(to: Float.self))
    }
    let audio = try AudioDecoder().decode(url, as: .source)
    try #require(audio.samples.count == expected.count)
    var interleaved: [Float] = []
    interleaved.reserveCapacity(expected.count)
    for frame in 0..<audio.frameCount {
      for channel in 0..<audio.channelCount {
        interleaved.append(audio.samples[channel * audio.frameCount + frame])
      }
    }
    let same = interleaved == expected
    #expect(same)
  }
}

private let ffmpegTool: URL? = {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("ffmpeg") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }
}()

/// The content of a gzip file by the system's tool, or nil where there is none.
private func gunzip(_ url: URL) -> Data? {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["gzip", "-dc", url.path]
  process.standardOutput = pipe
  guard (try? process.run()) != nil else { return nil }
  let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? bytes : nil
}
