import Foundation
import SentioClassical
import SentioData
import SentioMetrics

/// Composed songs in a folder of their own, measured once for all tests.
final class MeasuredSongs: Sendable {
  static let shared = Result { try MeasuredSongs(count: 6) }

  let folder: URL
  let audio: [URL]
  let measurement = SongMeasurement(duration: 4)
  /// The features of all songs, `[6, 164]`.
  let table: FeatureTable
  let labels: [ValenceArousal]

  private init(count: Int) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "sentio-predictor-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let composer = SongComposer(seed: 5, duration: 6)
    let meter = try SongMeter(measurement)
    var audio: [URL] = []
    var values: [Float] = []
    var labels: [ValenceArousal] = []
    for index in 0..<count {
      let score = composer.compose(index)
      let samples = SongRenderer().render(score).map { Float($0) / 32_768 }
      let url = folder.appending(path: "\(index).wav")
      try AudioEncoder(.wav(.int16)).write(
        samples, sampleRate: SongRenderer.sampleRate, to: url)
      audio.append(url)
      values += try meter.measure(url).features
      let perceived = score.sections[0].emotion
      labels.append(
        ValenceArousal(
          valence: 5 + 4 * perceived.valence, arousal: 5 + 4 * perceived.arousal, scale: .deam1to9))
    }
    self.audio = audio
    self.labels = labels
    table = FeatureTable(
      ids: (0..<count).map(String.init), columns: measurement.featureSet.names, values: values)
  }

  /// A ridge regression on all songs, without its measurement.
  func model(scale: EmotionScale? = .deam1to9) throws -> EmotionModelFile {
    let design = try Design(rows: table.ids, columns: table.columns, values: table.values)
    let pipeline = try Pipeline(
      design, try Targets(labels), settings: .init(.ridge(.init()), constantColumns: .drop))
    return EmotionModelFile(.pipeline(pipeline), labelScale: scale, provenance: Provenance())
  }
}
