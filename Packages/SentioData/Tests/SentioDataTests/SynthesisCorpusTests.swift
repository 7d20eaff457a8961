import Foundation
import SentioData
import SentioTensor
import Testing

@Suite("Synthesis: corpus")
struct SynthesisCorpusTests {
  /// A folder that is gone after the test.
  final class Scratch {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "sentio-synthesis-\(UUID().uuidString)")
    deinit { try? FileManager.default.removeItem(at: url) }
  }

  /// Every file below a folder with its bytes.
  static func contents(_ root: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
    for path in paths {
      let url = root.appending(path: path)
      if (try url.resourceValues(forKeys: [.isRegularFileKey])).isRegularFile == true {
        files[path] = try Data(contentsOf: url)
      }
    }
    return files
  }

  @Test("A written corpus opens as DEAM, straight labels, audio and metadata included")
  func opens() throws {
    let scratch = Scratch()
    let corpus = SyntheticCorpus(songs: 10, seed: 3, duration: 20)
    let end = try corpus.write(to: scratch.url, parallelism: 2)
    #expect(end.finished == 10 && end.total == 10 && end.kept == 0)
    let opened = try Corpus.open(scratch.url)
    #expect(opened.layout == .deam)
    #expect(opened.songs.count == 10)
    #expect(opened.labelRevisionCheck?.wasCorrected == false)
    for (index, song) in opened.songs.enumerated() {
      let made = corpus.song(index)
      #expect(song.id == String(made.id))
      #expect(song.audio != nil)
      #expect(song.edition == "synthetic")
      #expect(song.artist == made.artist.name)
      #expect(song.title == made.title)
      #expect(!song.genres.isEmpty)
      let label = try #require(song.label)
      // Ten raters with a spread of 1.5 each: their mean strays by 0.5 about the perceived value.
      #expect(abs(label.valence - (5 + 4 * made.perceived.valence)) < 2.3)
      #expect(abs(label.arousal - (5 + 4 * made.perceived.arousal)) < 2.3)
    }
    // DEAM's columns average 1.52 and 1.47; that of 20 songs strays by 0.07.
    let spreads = opened.songs.compactMap(\.deviation).flatMap { [$0.valence, $0.arousal] }
    #expect(spreads.count == 20)
    #expect((1.25...1.75).contains(spreads.reduce(0, +) / 20))
    let dynamics = try #require(opened.dynamics)
    #expect(dynamics.sequences.count == 10)
    #expect(try opened.raterLabels().count == 100)
    let decoded = try AudioDecoder().decode(try #require(opened.songs[0].audio))
    // The MP3's header tells its padding, so that the length survives.
    #expect(decoded.frameCount == 20 * decoded.sampleRate)
  }

  @Test("The bytes do not depend on the number of threads, nor on being stopped in between")
  func resumes() throws {
    let corpus = SyntheticCorpus(songs: 5, seed: 8, duration: 20)
    let whole = Scratch()
    try corpus.write(to: whole.url, parallelism: 1)

    let stopped = Scratch()
    let seen = Seen()
    #expect(
      throws: SynthesisError.cancelled(path: stopped.url.path, finished: 2, total: 5)
    ) {
      try corpus.write(
        to: stopped.url, parallelism: 1, isCancelled: { seen.finished >= 2 },
        progress: { seen.finished = $0.finished })
    }
    // What a killed run leaves: a temporary file and a file that is too short.
    let audio = stopped.url.appending(path: "MEMD_audio")
    try Data([1]).write(to: audio.appending(path: ".sentio-2147483647-abc-0.tmp"))
    try Data([1, 2]).write(to: audio.appending(path: "10004.mp3"))
    let end = try corpus.write(to: stopped.url, parallelism: 3)
    #expect(end.kept == 2)
    #expect(try Self.contents(stopped.url) == Self.contents(whole.url))
    // A further run finds everything done.
    #expect(try corpus.write(to: stopped.url).kept == 5)
  }

  /// What the progress closure told last.
  final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    var finished: Int {
      get { lock.withLock { value } }
      set { lock.withLock { value = newValue } }
    }
  }

  @Test("A corpus grows, and is otherwise not mixed with another")
  func refusals() throws {
    let scratch = Scratch()
    try SyntheticCorpus(songs: 2, seed: 1, duration: 20).write(to: scratch.url)
    let first = try Self.contents(scratch.url)
    let grown = try SyntheticCorpus(songs: 3, seed: 1, duration: 20).write(to: scratch.url)
    #expect(grown.kept == 2)
    let song = "MEMD_audio/10001.mp3"
    #expect(try Self.contents(scratch.url)[song] == first[song])

    for (other, setting) in [
      (SyntheticCorpus(songs: 3, seed: 2, duration: 20), "seed"),
      (SyntheticCorpus(songs: 3, seed: 1, duration: 21), "length in seconds"),
      (SyntheticCorpus(songs: 1, seed: 1, duration: 20), "number of songs"),
      (SyntheticCorpus(songs: 3, seed: 1, duration: 20, bitRate: 96_000), "bit rate"),
    ] {
      let error = #expect(throws: SynthesisError.self) { try other.write(to: scratch.url) }
      #expect(error?.description.contains("whose \(setting) is") == true)
    }

    try Data("{".utf8).write(to: scratch.url.appending(path: SyntheticCorpus.markerName))
    let damaged = #expect(throws: SynthesisError.self) {
      try SyntheticCorpus(songs: 3, seed: 1, duration: 20).write(to: scratch.url)
    }
    #expect(damaged?.description.contains("Delete") == true)

    let foreign = Scratch()
    let annotations = foreign.url.appending(path: "annotations")
    try FileManager.default.createDirectory(at: annotations, withIntermediateDirectories: true)
    #expect(
      throws: SynthesisError.notSynthetic(path: foreign.url.path, found: "a folder annotations")
    ) {
      try SyntheticCorpus(songs: 1, seed: 1).write(to: foreign.url)
    }
    #expect(throws: FileError.self) {
      try SyntheticCorpus(songs: 1, seed: 1).write(to: URL(filePath: "/proc/sentio"))
    }
  }

  @Test("Labels are spread over the plane as DEAM's are")
  func distribution() throws {
    let corpus = SyntheticCorpus(songs: 300, seed: 6)
    let perceived = (0..<300).map { corpus.song($0).perceived }
    func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return (5 + 4 * mean, 4 * variance.squareRoot())
    }
    let valence = moments(perceived.map(\.valence))
    let arousal = moments(perceived.map(\.arousal))
    // DEAM: 4.99 and 1.11; 4.72 and 1.33. The standard error of a mean of 300 is 0.08.
    #expect((4.5...5.5).contains(valence.mean) && (4.3...5.5).contains(arousal.mean))
    #expect((0.9...1.5).contains(valence.deviation) && (1.1...1.7).contains(arousal.deviation))
    for positive in [true, false] {
      for excited in [true, false] {
        let count = perceived.count { ($0.valence > 0) == positive && ($0.arousal > 0) == excited }
        #expect(count >= 20, "quadrant \(positive) \(excited): \(count) of 300 songs")
      }
    }
  }
}
