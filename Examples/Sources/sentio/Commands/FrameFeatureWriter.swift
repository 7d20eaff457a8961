import ArgumentParser
import Foundation
import SentioDSP
import SentioData
import SentioTensor

/// Writes features over time: one matrix a song.
struct FrameFeatureWriter {
  let feature: FrameFeature
  let songs: [URL]
  let output: String
  let measurement: SongMeasurement
  let isQuiet: Bool

  private var isFolder: Bool {
    var found: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: output, isDirectory: &found)
    return output.hasSuffix("/") || (exists && found.boolValue)
  }

  func run() throws {
    if isFolder {
      try FileManager.default.createDirectory(
        atPath: output, withIntermediateDirectories: true)
      try writeFolder()
      return
    }
    let url = URL(filePath: output)
    let form = url.pathExtension.lowercased()
    guard ["npy", "csv"].contains(form) else {
      throw ValidationError("--output must end in .npy or .csv, or be a folder.")
    }
    guard songs.count == 1 else {
      throw ValidationError(
        "\(songs.count) songs give \(songs.count) matrices of \(feature.rawValue): name a folder, as in "
          + "--output \(output.isEmpty ? "matrices" : url.deletingPathExtension().lastPathComponent)/"
      )
    }
    try OutputFile.check(output)
    let matrix = try measure(songs[0])
    if form == "npy" {
      try write(matrix, to: url)
    } else {
      try writeCSV(matrix, to: url)
    }
    try report([matrix.rowCount, matrix.frameCount], failed: [])
  }

  private func writeFolder() throws {
    let folder = URL(filePath: output)
    let names = SongFiles.identifiers(of: songs).map {
      $0.replacingOccurrences(of: "/", with: "_")
    }
    let pairs = zip(songs, names).map { ($0, $1) }
    let results = try SideBySide.map(pairs, title: feature.rawValue, isQuiet: isQuiet) {
      song, name in
      let matrix = try measure(song, parallelism: .serial)
      try write(matrix, to: folder.appending(path: name + ".npy"))
    }
    let failed = results.compactMap { result -> String? in
      if case .failure(let error) = result { return "\(error)" }
      return nil
    }
    for failure in failed { Terminal.note("error: \(failure)") }
    try report([songs.count - failed.count], failed: failed)
    if !failed.isEmpty { throw ExitCode(1) }
  }

  private func measure(_ song: URL, parallelism: Parallelism = .automatic) throws -> FrameMatrix {
    let audio = try AudioDecoder().decode(
      song, as: AudioFormat(sampleRate: Int(measurement.frontEnd.sampleRate)),
      range: measurement.range)
    for warning in audio.warnings { Terminal.note("warning: \(song.path): \(warning)") }
    do {
      return try feature.matrix(
        of: audio.samples, frontEnd: measurement.frontEnd, parallelism: parallelism)
    } catch {
      throw CommandError("\(song.path): \(error)")
    }
  }

  private func write(_ matrix: FrameMatrix, to url: URL) throws {
    try NPYFile.write(
      matrix.rowMajorValues(), shape: [matrix.rowCount, matrix.frameCount], to: url)
  }

  /// One row a frame: its time in seconds and a named column for every row of the matrix.
  private func writeCSV(_ matrix: FrameMatrix, to url: URL) throws {
    var table = CSVWriter(columns: ["time"] + feature.rowNames(frontEnd: measurement.frontEnd))
    let step =
      feature == .fbank
      ? 0.01 : Double(measurement.frontEnd.hopLength) / measurement.frontEnd.sampleRate
    for frame in 0..<matrix.frameCount {
      table.append(
        [CSVWriter.number(Double(frame) * step)]
          + matrix.frame(frame).map { "\($0)" })
    }
    try table.write(to: url)
  }

  private func report(_ shape: [Int], failed: [String]) throws {
    if isQuiet {
      try Terminal.printJSON(
        FeatureSummary(
          output: output, set: feature.rawValue, shape: shape,
          songs: SongFiles.identifiers(of: songs), failed: failed))
    } else if isFolder {
      print("\(output): \(counted(shape[0], "song")), one .npy each")
    } else {
      print("\(output): \(feature.rawValue) [\(shape[0]) rows, \(shape[1]) frames]")
    }
  }
}
