import Foundation
import SentioDSP
import SentioData

/// Writes the peers' 45 s stereo MP3 (128 kbit/s, both channels alike) and returns its address.
private func benchmarkSong() throws -> URL {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("sentio-bench-\(ProcessInfo.processInfo.processIdentifier).mp3")
  let clip = benchmarkClip(seconds: 45, sampleRate: 44_100)
  try AudioEncoder(.mp3(bitRate: 128_000)).write(
    clip + clip, sampleRate: 44_100, channelCount: 2, to: url)
  return url
}

let dataWorkloads: [Workload] = [
  // Decode the first 30 s, mix to mono, resample to 22,050 Hz, mel in decibels.
  Workload("data.mp3-to-mel.45s") {
    let url = try benchmarkSong()
    let mel = try MelSpectrogram()
    let decoder = AudioDecoder()
    return {
      let song = try decoder.decode(url, range: .first(seconds: 30))
      blackHole(try mel.levels(song.samples))
    }
  },
  Workload("data.mp3-decode.45s") {
    let url = try benchmarkSong()
    let decoder = AudioDecoder()
    return { blackHole(try decoder.decode(url, as: .source, range: .first(seconds: 30))) }
  },
  Workload("data.mp3-decode-resample.45s") {
    let url = try benchmarkSong()
    let decoder = AudioDecoder()
    return { blackHole(try decoder.decode(url, range: .first(seconds: 30))) }
  },
  // The last 15 s of the same file: what a jump costs.
  Workload("data.mp3-range.45s") {
    let url = try benchmarkSong()
    let decoder = AudioDecoder()
    return { blackHole(try decoder.decode(url, as: .source, range: .seconds(40..<45))) }
  },
]
