import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioModels
import Testing

@Suite("Predictor") struct EmotionPredictorTests {
  let songs: MeasuredSongs

  init() throws { songs = try MeasuredSongs.shared.get() }

  private func predictor(
    _ name: String, _ change: (inout EmotionModelFile) throws -> Void
  ) throws -> EmotionPredictor {
    var model = try songs.model()
    try change(&model)
    let url = songs.folder.appending(path: "\(name)-\(UUID().uuidString).sentio")
    try model.write(to: url)
    return try EmotionPredictor(contentsOf: url)
  }

  @Test("A song is predicted from its file as from the features that were measured of it")
  func audioAndTableAgree() throws {
    let predictor = try predictor("whole") { try $0.setFrontEnd(songs.measurement) }
    #expect(predictor.scale == .deam1to9)
    #expect(predictor.measurement == songs.measurement)
    let table = try predictor.predict(table: songs.table)
    #expect(table.count == songs.audio.count)
    for (index, url) in songs.audio.enumerated() {
      let one = try predictor.predict(audio: url)
      #expect(one.emotion == table[index], "song \(index), bit for bit")
      #expect(one.warnings.isEmpty)
    }
  }

  @Test("With far more features than songs, ridge returns nearly the labels it was fitted to")
  func labelsAreRecalled() throws {
    let predictor = try predictor("recall") { _ in }
    // 6 rows of 164 standardized columns with a penalty of 1: what is left is the penalty's share.
    let tolerance = 0.2
    for (predicted, label) in zip(try predictor.predict(table: songs.table), songs.labels) {
      #expect(abs(predicted.valence - label.valence) < tolerance)
      #expect(abs(predicted.arousal - label.arousal) < tolerance)
    }
    let spread = songs.labels.map(\.valence)
    #expect(spread.max()! - spread.min()! > 5 * tolerance, "the songs would all be the same")
  }

  @Test("Columns of a table are found by name, in any order, among others")
  func columnsByName() throws {
    let predictor = try predictor("names") { _ in }
    let reversed = try songs.table.selecting(columns: songs.table.columns.reversed())
    let extra = FeatureTable(
      ids: songs.table.ids, columns: ["other"],
      values: [Float](repeating: 9, count: songs.table.rowCount))
    #expect(
      try predictor.predict(table: extra.joined(with: reversed))
        == predictor.predict(table: songs.table))
    let lacking = try songs.table.selecting(columns: Array(songs.table.columns.dropFirst()))
    #expect(
      throws: ClassicalError.columnsDiffer(missing: [songs.table.columns[0]], extra: [])
    ) { try predictor.predict(table: lacking) }
  }

  @Test("A model without a scale is refused")
  func noScale() throws {
    let model = try songs.model(scale: nil)
    #expect(throws: EmotionPredictor.Failure.noScale(path: "m")) {
      try EmotionPredictor(model, path: "m")
    }
  }

  @Test("A model of table features can't measure audio")
  func noMeasurement() throws {
    let predictor = try predictor("table") { _ in }
    #expect(predictor.measurement == nil)
    #expect(throws: EmotionPredictor.Failure.noMeasurement) {
      try predictor.predict(audio: songs.audio[0])
    }
  }

  @Test("A measurement that yields other features than the model takes is refused")
  func otherFeatures() throws {
    let names = Array(songs.table.columns.prefix(3))
    let narrow = try songs.table.selecting(columns: names)
    let design = try Design(rows: narrow.ids, columns: names, values: narrow.values)
    var model = EmotionModelFile(
      .pipeline(
        try Pipeline(design, try Targets(songs.labels), settings: .init(.ridge(.init())))),
      labelScale: .deam1to9, provenance: Provenance())
    try model.setFrontEnd(songs.measurement)
    #expect(
      throws: EmotionPredictor.Failure.otherFeatures(path: "model", expected: 3, found: 164)
    ) { try EmotionPredictor(model) }
  }

  @Test("A measurement that can't be followed is refused, whatever is wrong with it")
  func badMeasurement() throws {
    struct Foreign: Codable { var kind = "lyrics" }
    var model = try songs.model()
    try model.setFrontEnd(Foreign())
    func expectRefusal(_ part: String, location: SourceLocation = #_sourceLocation) {
      let error = #expect(throws: EmotionPredictor.Failure.self, sourceLocation: location) {
        try EmotionPredictor(model, path: "m")
      }
      guard case .badMeasurement("m", let reason) = error else {
        Issue.record("\(String(describing: error))", sourceLocation: location)
        return
      }
      #expect(reason.contains(part), "\(reason)", sourceLocation: location)
    }
    expectRefusal("featureSet")
    for (part, offset, duration) in [
      ("offset", -1.0, 4.0), ("duration", 0, -4), ("duration", 0, 1e300),
    ] {
      try model.setFrontEnd(SongMeasurement(offset: offset, duration: duration))
      expectRefusal(part)
    }
    var measurement = songs.measurement
    measurement.frontEnd.fftLength = 0
    try model.setFrontEnd(measurement)
    expectRefusal("fftLength")
  }

  @Test("Garbage and missing files are refused with errors that name them")
  func garbage() throws {
    let url = songs.folder.appending(path: "garbage-\(UUID().uuidString).sentio")
    try Data("not a model".utf8).write(to: url)
    let error = #expect(throws: (any Error).self) { try EmotionPredictor(contentsOf: url) }
    #expect(error.map { "\($0)" }?.contains(url.lastPathComponent) == true)
    let missing = songs.folder.appending(path: "nothing.sentio")
    let absent = #expect(throws: (any Error).self) { try EmotionPredictor(contentsOf: missing) }
    #expect(absent.map { "\($0)" }?.contains("nothing.sentio") == true)
    let predictor = try predictor("garbage") { try $0.setFrontEnd(songs.measurement) }
    #expect(throws: AudioError.self) { try predictor.predict(audio: url) }
  }
}
