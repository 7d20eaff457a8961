import Foundation
import SentioClassical
import SentioDSP
import SentioData
import SentioMetrics
import SentioModels
import SentioTensor

extension FuzzedReader {
  /// Model files of every kind, read and used.
  static let model = FuzzedReader(
    name: "model", share: 4, realExtensions: ["sentio"],
    makeOriginals: {
      let folder = try SeedFolder()
      return try ModelSeeds().files().enumerated().map { index, model in
        Original(
          path: "model.sentio",
          bytes: try folder.bytes("\(index).sentio") { try model.write(to: $0) },
          companions: ["song.wav": ModelSeeds.song])
      }
    },
    read: { file, folder in
      outcome(refusing: {
        $0 is ModelFileError || $0 is SafetensorsError || $0 is FileError || $0 is ClassicalError
          || $0 is EmotionPredictor.Failure || $0 is DSPError || $0 is AudioError
      }) {
        let model = try EmotionModelFile(contentsOf: file)
        let columns = model.model.regressor.columns
        let values = (0..<2 * columns.count).map { Float($0 % 7) - 3 }
        let design = try Design(rows: ["1", "2"], columns: columns, values: values)
        _ = try model.predict(design)
        let predictor = try EmotionPredictor(contentsOf: file)
        if predictor.measurement != nil {
          _ = try predictor.predict(audio: folder.appending(path: "song.wav"))
        }
      }
    })
}

/// Small models fitted to invented numbers: one of each kind, an average, and one that measures audio.
private struct ModelSeeds {
  /// Half a second of a saw-tooth.
  static let song: [UInt8] = {
    let samples = (0..<11_025).map { Float($0 % 100) * 0.01 - 0.5 }
    let encoded = try? AudioEncoder(.wav(.int16)).encode(
      samples, sampleRate: 22_050, channelCount: 1)
    return encoded.map { [UInt8]($0.bytes) } ?? []
  }()

  private func table(_ columns: [String], rows: Int) throws -> (Design, Targets) {
    // Weyl's sequence: spread evenly, no column a multiple of another.
    func value(_ index: Int) -> Double {
      (Double(index) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
    }
    let names = (0..<rows).map(String.init)
    let features = (0..<rows * columns.count).map { Float(value($0 * $0 + 3 * $0)) }
    let design = try Design(rows: names, columns: columns, values: features)
    let labels = (0..<rows).map {
      ValenceArousal(valence: value(7 * $0), arousal: value(11 * $0 + 5), scale: .unit)
    }
    return (design, try Targets(labels, rows: names))
  }

  func files() throws -> [EmotionModelFile] {
    let (x, y) = try table(["a", "b", "c"], rows: 20)
    let kinds: [Pipeline.Settings] = [
      .init(.ridge(.init(alpha: 0.5))),
      .init(.supportVector(.init(gamma: .value(0.2))), selection: .univariateF(count: 2)),
      .init(.boostedTrees(.init(rounds: 3, maximumDepth: 2))),
    ]
    let members = try kinds.map { try Pipeline(x, y, settings: $0) }
    let provenance = Provenance(
      corpus: "invented", rowCount: 20, seed: 1, scores: ["r2": 0.5], notes: [:])
    var files = members.map {
      EmotionModelFile(.pipeline($0), labelScale: .unit, provenance: provenance)
    }
    files.append(
      EmotionModelFile(
        .average(try AveragedRegressor(members)), labelScale: .unit, provenance: provenance))
    let measurement = SongMeasurement()
    let (wide, labels) = try table(measurement.featureSet.names, rows: 12)
    var measuring = EmotionModelFile(
      .pipeline(try Pipeline(wide, labels, settings: .init(.ridge(.init())))),
      labelScale: .unit, provenance: provenance)
    try measuring.setFrontEnd(measurement)
    // Twice: the settings of the measurement are most of what a hostile file can say.
    files += [measuring, measuring]
    return files
  }
}
