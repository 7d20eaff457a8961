import Foundation
import SentioData
import SentioDataTestSupport
import Testing

@Suite("Damaged files end in samples or in a typed error")
struct AudioDamageTests {
  private func encoded(_ trip: RoundTrip, seconds: Double = 0.5) throws -> [UInt8] {
    let samples = testSignal(
      frameCount: Int(seconds * Double(trip.sampleRate)), channelCount: trip.channelCount,
      sampleRate: trip.sampleRate)
    let file = try AudioEncoder(trip.encoding).encode(
      samples, sampleRate: trip.sampleRate, channelCount: trip.channelCount)
    return [UInt8](file.bytes)
  }

  @Test(arguments: RoundTrip.all)
  func cutShortAtEveryPart(trip: RoundTrip) throws {
    let folder = try ScratchFolder()
    let url = folder.file(trip.fileName)
    let bytes = try encoded(trip)
    let whole = Int(0.5 * Double(trip.sampleRate))
    for length in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 61)) {
      try Data(bytes[..<length]).write(to: url)
      do throws(AudioError) {
        let audio = try AudioDecoder().decode(url, as: .source)
        #expect(audio.frameCount > 0 && audio.frameCount <= whole)
      } catch {
        #expect(error.path == url.path)
        #expect(error.kind != .timedOut)
      }
    }
  }

  @Test func cutFLACSaysWhere() throws {
    let folder = try ScratchFolder()
    let url = folder.file("song.flac")
    let trip = RoundTrip.all[3]
    let bytes = try encoded(trip, seconds: 4)
    try Data(bytes[..<(bytes.count / 2)]).write(to: url)
    let audio = try AudioDecoder().decode(url, as: .source)
    #expect(audio.frameCount < 4 * trip.sampleRate)
    let warning = try #require(audio.warnings.last)
    #expect(abs(warning.position - audio.duration) < 0.5)
    #expect(warning.message.contains("4.000 s"))
  }

  @Test func overwrittenMiddleOfFLACIsSkippedAndNamed() throws {
    let folder = try ScratchFolder()
    let url = folder.file("song.flac")
    let trip = RoundTrip.all[3]
    var bytes = try encoded(trip, seconds: 4)
    for index in bytes.count / 2..<bytes.count / 2 + 200 { bytes[index] = UInt8(index & 0xFF) }
    try Data(bytes).write(to: url)
    let audio = try AudioDecoder().decode(url, as: .source)
    #expect(audio.frameCount < 4 * trip.sampleRate)
    #expect(audio.frameCount > 3 * trip.sampleRate)
    let warning = try #require(audio.warnings.first)
    #expect(warning.position > 1 && warning.position < 3)
    #expect(warning.byteOffset != nil)
  }

  @Test func onlyNumbersThatAreFinite() throws {
    let folder = try ScratchFolder()
    let url = folder.file("nan.wav")
    var bytes = try encoded(RoundTrip.all[2])
    // The last sample of a float file becomes a NaN.
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
    try Data(bytes).write(to: url)
    let audio = try AudioDecoder().decode(url, as: .source)
    #expect(audio.samples.last == 0)
    #expect(audio.warnings.contains { $0.message.contains("not finite") })
  }

  @Test func mutatedFiles() throws {
    let folder = try ScratchFolder()
    let originals = try RoundTrip.all.map { try encoded($0, seconds: 0.3) }
    let mutator = Mutator(originals: originals, seed: 20_261_121)
    var decoded = 0
    for index in 0..<120 {
      let (original, bytes) = mutator.mutation(index)
      let url = folder.file("\(index)-" + RoundTrip.all[original].fileName)
      try Data(bytes).write(to: url)
      do throws(AudioError) {
        let audio = try AudioDecoder().decode(url)
        decoded += 1
        let finite = audio.samples.allSatisfy(\.isFinite)
        #expect(finite)
      } catch {
        #expect(error.kind != .timedOut, "input \(index)")
        #expect(error.path == url.path)
      }
    }
    // Neither everything nor nothing survives: the mutations bite and are not hopeless.
    #expect(decoded > 10 && decoded < 115)
  }

  @Test func mutationsRepeat() {
    let first = Mutator(originals: [Array(0...255)], seed: 7)
    let second = Mutator(originals: [Array(0...255)], seed: 7)
    let other = Mutator(originals: [Array(0...255)], seed: 8)
    for index in [3, 1, 4] {
      #expect(first.mutation(index).bytes == second.mutation(index).bytes)
    }
    #expect((0..<5).contains { first.mutation($0).bytes != other.mutation($0).bytes })
  }

  @Test func limitsHoldBeforeMemoryIsTaken() throws {
    let folder = try ScratchFolder()
    let url = folder.file("song.wav")
    let samples = testSignal(frameCount: 80_000, sampleRate: 8_000)
    try AudioEncoder(.wav()).write(samples, sampleRate: 8_000, to: url)
    func kind(_ change: (inout AudioLimits) -> Void, range: TimeRange? = nil) -> AudioError.Kind? {
      var limits = AudioLimits.standard
      change(&limits)
      do {
        _ = try AudioDecoder(limits: limits).decode(url, range: range)
        return nil
      } catch {
        return error.kind
      }
    }
    #expect(kind { $0.decodedSeconds = 9 } == .limitExceeded)
    #expect(kind({ $0.decodedSeconds = 9 }, range: .first(seconds: 8)) == nil)
    #expect(kind { $0.decodedSamples = 10_000 } == .limitExceeded)
    #expect(kind { $0.sampleRate = 7_999 } == .limitExceeded)
    #expect(kind { $0.channels = 0 } == .limitExceeded)
    #expect(kind { $0.duration = .zero } == .timedOut)
    #expect(kind { _ in } == nil)
  }

  @Test func silentHeader() throws {
    let folder = try ScratchFolder()
    let url = folder.file("nothing.wav")
    try AudioEncoder(.wav()).write([], sampleRate: 8_000, to: url)
    #expect {
      try AudioDecoder().decode(url)
    } throws: {
      ($0 as? AudioError)?.kind == .noSamples
    }
  }
}
