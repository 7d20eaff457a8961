import Foundation
import SentioData
import Testing

/// One way to write a file, and how well it must come back.
struct RoundTrip: Sendable, CustomTestStringConvertible {
  var name: String
  var encoding: AudioEncoding
  var sampleRate: Int
  var channelCount: Int
  /// dB that the round trip must keep.
  ///
  /// Integers of b bits keep at least 6.02 b dB of full scale,
  /// and the signal's RMS is some 12 dB below it; for lossy codecs the least seen, less 3 dB.
  var signalToNoise: Double
  var codec: String
  var bitDepth: Int?
  var testDescription: String { "\(name) \(sampleRate) Hz × \(channelCount)" }

  var fileName: String {
    switch encoding {
    case .wav: "song.wav"
    case .flac: "song.flac"
    case .mp3: "song.mp3"
    case .ogg: "song.ogg"
    }
  }

  static let all: [RoundTrip] = [
    .init(
      name: "WAV 16", encoding: .wav(.int16), sampleRate: 44_100, channelCount: 2,
      signalToNoise: 80, codec: "pcm_s16le", bitDepth: 16),
    .init(
      name: "WAV 24", encoding: .wav(.int24), sampleRate: 48_000, channelCount: 3,
      signalToNoise: 125, codec: "pcm_s24le", bitDepth: 24),
    .init(
      name: "WAV float", encoding: .wav(.float32), sampleRate: 8_000, channelCount: 1,
      signalToNoise: .infinity, codec: "pcm_f32le", bitDepth: 32),
    .init(
      name: "FLAC 16", encoding: .flac(.bits16), sampleRate: 22_050, channelCount: 1,
      signalToNoise: 80, codec: "flac", bitDepth: 16),
    .init(
      name: "FLAC 24", encoding: .flac(.bits24), sampleRate: 96_000, channelCount: 2,
      signalToNoise: 125, codec: "flac", bitDepth: 24),
    .init(
      name: "MP3 64k", encoding: .mp3(bitRate: 64_000), sampleRate: 44_100, channelCount: 1,
      signalToNoise: 20, codec: "mp3", bitDepth: nil),
    .init(
      name: "MP3 128k", encoding: .mp3(), sampleRate: 44_100, channelCount: 2,
      signalToNoise: 20, codec: "mp3", bitDepth: nil),
    .init(
      name: "MP3 MPEG-2", encoding: .mp3(bitRate: 32_000), sampleRate: 22_050, channelCount: 1,
      signalToNoise: 20, codec: "mp3", bitDepth: nil),
    .init(
      name: "Vorbis", encoding: .ogg(), sampleRate: 44_100, channelCount: 2,
      signalToNoise: 15, codec: "vorbis", bitDepth: nil),
  ]
}

@Suite("What is written comes back")
struct AudioRoundTripTests {
  /// Lengths around the codecs' frame sizes (576, 1,152, 4,096, 4,608) and a song's.
  static let lengths = [100, 575, 1_152, 1_153, 4_608, 9_001, 44_100, 70_001]

  @Test(arguments: RoundTrip.all, lengths)
  func countsAndSamples(trip: RoundTrip, frameCount: Int) throws {
    let folder = try ScratchFolder()
    let url = folder.file(trip.fileName)
    let samples = testSignal(
      frameCount: frameCount, channelCount: trip.channelCount, sampleRate: trip.sampleRate)
    let clipped = try AudioEncoder(trip.encoding).write(
      samples, sampleRate: trip.sampleRate, channelCount: trip.channelCount, to: url)
    #expect(clipped == 0)
    let decoded = try AudioDecoder().decode(url, as: .source)
    #expect(decoded.sampleRate == trip.sampleRate)
    #expect(decoded.channelCount == trip.channelCount)
    try #require(decoded.frameCount == frameCount)
    #expect(decoded.warnings == [])
    #expect(decoded.source.codec == trip.codec)
    #expect(decoded.source.bitDepth == trip.bitDepth)
    if frameCount >= 44_100 {
      let ratio = signalToNoise(samples, decoded.samples)
      #expect(ratio >= trip.signalToNoise, "\(ratio) dB")
    }
  }
}

@Suite("Files are written whole, the same each time")
struct AudioWritingTests {
  @Test(arguments: RoundTrip.all)
  func sameBytesTwice(trip: RoundTrip) throws {
    let samples = testSignal(
      frameCount: 20_000, channelCount: trip.channelCount, sampleRate: trip.sampleRate)
    let encoder = AudioEncoder(trip.encoding)
    let first = try encoder.encode(
      samples, sampleRate: trip.sampleRate, channelCount: trip.channelCount)
    let second = try encoder.encode(
      samples, sampleRate: trip.sampleRate, channelCount: trip.channelCount)
    #expect(first.bytes == second.bytes)
  }

  @Test func valuesBeyondFullScaleAreClippedAndCounted() throws {
    let folder = try ScratchFolder()
    let url = folder.file("loud.wav")
    let samples: [Float] = [2, -3, 1, -1, .nan, .infinity, 0.5]
    let clipped = try AudioEncoder(.wav(.int16)).write(samples, sampleRate: 8_000, to: url)
    #expect(clipped == 4)
    let decoded = try AudioDecoder().decode(url, as: .source).samples
    let top = Float(32_767) / 32_768
    #expect(decoded == [top, -1, top, -1, 0, top, 0.5])
  }

  @Test func missingFolder() throws {
    let url = URL(fileURLWithPath: "/nowhere/at all/song.wav")
    #expect {
      try AudioEncoder(.wav()).write([0], sampleRate: 8_000, to: url)
    } throws: { error in
      (error as? AudioError)?.kind == .unwritable
        && "\(error)".contains("/nowhere/at all/song.wav")
    }
  }

  @Test func nothingIsLeftBesideTheFile() throws {
    let folder = try ScratchFolder()
    let url = folder.file("song.wav")
    for _ in 0..<2 { try AudioEncoder(.wav()).write([0, 1], sampleRate: 8_000, to: url) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["song.wav"])
  }

  @Test(arguments: [
    (AudioEncoding.mp3(bitRate: 64_000), 96_000, 1), (.mp3(bitRate: 63_000), 44_100, 1),
    (.mp3(), 44_100, 3), (.flac(), 44_100, 9), (.ogg(quality: 11), 44_100, 1), (.wav(), 0, 1),
  ])
  func impossibleSettings(encoding: AudioEncoding, sampleRate: Int, channelCount: Int) {
    #expect {
      try AudioEncoder(encoding).encode(
        [Float](repeating: 0, count: 18), sampleRate: sampleRate, channelCount: channelCount)
    } throws: {
      ($0 as? AudioError)?.kind == .unsupportedFormat
    }
  }
}
