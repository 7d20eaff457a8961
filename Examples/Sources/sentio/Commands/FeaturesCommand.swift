import ArgumentParser
import Dispatch
import Foundation
import SentioDSP
import SentioData
import SentioTensor
import Synchronization

/// `sentio features`: measures songs into NumPy or CSV files.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Measure songs: mel spectrograms, MFCC, chroma, Kaldi filter banks, feature sets.",
    discussion: """
      Sets over time give a matrix [rows, frames] a song: mel (decibels, power_to_db with ref 1 and \
      top_db 80), mfcc, chroma, fbank (Kaldi's, as AST takes it). Named sets give one row of numbers a \
      song: \(FeatureSet.all.map(\.name).joined(separator: ", ")).
        sentio features song.mp3 --set mel --output mel.npy          float32 [mels, frames]
        sentio features *.mp3 --set report164 --output features.csv  one row a song, named columns
        sentio features *.mp3 --set mel --output spectrograms/       one .npy a song
      """)

  @Argument(help: "Audio files, or folders of them.")
  var audio: [String]
  @Option(
    help: ArgumentHelp(
      "What is measured: "
        + (FeatureSet.all.map(\.name) + FrameFeature.allCases.map(\.rawValue))
        .joined(separator: ", ") + ".", valueName: "set"))
  var set = "report164"
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write: .npy or .csv; a folder gets one .npy a song.", valueName: "file|folder"))
  var output: String
  @OptionGroup var options: MeasurementOptions
  @Flag(help: "Print what was written as JSON.")
  var json = false

  func run() throws {
    Interruption.watch()
    let songs = try SongFiles.find(audio)
    if let feature = FrameFeature(rawValue: set) {
      try FrameFeatureWriter(
        feature: feature, songs: songs, output: output,
        measurement: try options.measurement(
          defaultRate: feature == .fbank ? 16_000 : 22_050), isQuiet: json
      ).run()
    } else {
      let featureSet: FeatureSet
      do {
        featureSet = try FeatureSet.named(set)
      } catch {
        throw ValidationError(
          "unknown set '\(set)'; there are "
            + (FeatureSet.all.map(\.name) + FrameFeature.allCases.map(\.rawValue))
            .joined(separator: ", "))
      }
      try writeTable(of: songs, try options.measurement(featureSet))
    }
  }

  private func writeTable(of songs: [URL], _ measurement: SongMeasurement) throws {
    let url = URL(filePath: output)
    let form = url.pathExtension.lowercased()
    guard ["csv", "npy"].contains(form) else {
      throw ValidationError("--output must end in .npy or .csv for the set \(set).")
    }
    try OutputFile.check(output)
    let meter = try SongMeter(measurement)
    let results = try SideBySide.map(songs, title: "features", isQuiet: json) {
      try meter.measure($0)
    }
    let failures = zip(songs, results).compactMap { song, result -> String? in
      if case .failure(let error) = result { return "\(error)" }
      if case .success(let measured) = result {
        for warning in measured.warnings { Terminal.note("warning: \(song.path): \(warning)") }
      }
      return nil
    }
    let rows = zip(songs, results).compactMap { song, result in
      (try? result.get()).map { (song, $0.features) }
    }
    for failure in failures { Terminal.note("error: \(failure)") }
    guard !rows.isEmpty else { throw CommandError("no song could be measured") }
    let table = FeatureTable(
      ids: SongFiles.identifiers(of: rows.map(\.0)), columns: measurement.featureSet.names,
      values: rows.flatMap(\.1))
    if form == "csv" {
      try table.write(csv: url)
    } else {
      try NPYFile.write(
        table.values, shape: [table.rowCount, table.columnCount], to: url)
    }
    if json {
      try Terminal.printJSON(
        FeatureSummary(
          output: output, set: measurement.featureSet.identifier,
          shape: [table.rowCount, table.columnCount], songs: table.ids, failed: failures))
    } else {
      print(
        "\(output): \(counted(table.rowCount, "song")) × \(table.columnCount) features")
    }
    if !failures.isEmpty { throw ExitCode(1) }
  }
}

/// What `features --json` prints.
struct FeatureSummary: Encodable {
  var output: String
  var set: String
  var shape: [Int]
  var songs: [String]
  var failed: [String]
}

/// Work on many songs at once, one thread a song, with progress and an ear for Ctrl-C.
enum SideBySide {
  /// Maps every element; the results stand in the elements' order.
  ///
  /// - Throws: ``Interrupted`` when the user asked to stop.
  static func map<Element: Sendable, Output: Sendable>(
    _ elements: [Element], title: String, unit: String = "songs", isQuiet: Bool = false,
    _ work: @escaping @Sendable (Element) throws -> Output
  ) throws -> [Result<Output, any Error>] {
    let progress = ProgressLine(title, total: elements.count, unit: unit, isQuiet: isQuiet)
    let next = Atomic(0)
    let results = Mutex([Result<Output, any Error>?](repeating: nil, count: elements.count))
    let width = min(ProcessInfo.processInfo.activeProcessorCount, max(elements.count, 1))
    DispatchQueue.concurrentPerform(iterations: width) { _ in
      while !Interruption.isRequested {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < elements.count else { return }
        let result = Result { try work(elements[index]) }
        results.withLock { $0[index] = result }
        progress.advance()
      }
    }
    progress.finish()
    try Interruption.check()
    return results.withLock { $0.map { $0! } }
  }
}
