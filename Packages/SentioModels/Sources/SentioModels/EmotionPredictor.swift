import Foundation
import SentioClassical
import SentioData
import SentioMetrics
import SentioNN
import SentioTensor

/// Predicts the emotion of songs with a model file: decoding, measuring and predicting in one call.
///
/// The file says how a song is measured, so there is nothing to configure: a regression's file names its features, a
/// network's the front end that makes its input. One predictor serves any number of threads.
///
/// ```swift
/// let predictor = try EmotionPredictor(contentsOf: URL(filePath: "ridge.sentio"))
/// let song = try predictor.predict(audio: URL(filePath: "song.mp3"))
/// print(song.emotion.valence, song.emotion.arousal, song.emotion.quadrant.name)
/// ```
public final class EmotionPredictor: Sendable {
  /// What was predicted of one song.
  public struct Prediction: Sendable {
    /// Valence and arousal on the model's scale; a linear model can leave it at the ends.
    public var emotion: ValenceArousal
    /// What was found while decoding, such as damage to the file.
    public var warnings: [AudioWarning]
  }

  /// What a file holds.
  public enum Model: Sendable {
    /// Ridge regression, support vectors or trees.
    case regression(EmotionModelFile)
    /// A network for valence and arousal.
    case network(NetworkFile)
  }

  /// The model with its names, scale and provenance.
  public let model: Model
  /// The scale of the predictions: that of the labels that the model was fitted to.
  public let scale: EmotionScale
  /// How songs are measured; `nil` for a network, and for a regression of features from elsewhere.
  public let measurement: SongMeasurement?
  private let meter: SongMeter?
  private let maker: InputMaker?

  /// Whether audio can be given to the model: it knows how to measure it.
  public var takesAudio: Bool { meter != nil || maker != nil }

  /// Why a model can't be used for what was asked.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file says no scale, so its outputs can't be called valence and arousal.
    case noScale(path: String)
    /// The model was fitted to a table of features, so audio can't be measured for it.
    case noMeasurement
    /// The file's description of how songs are measured is none, or can't be followed.
    case badMeasurement(path: String, reason: String)
    /// The file's measurement yields other features than the model takes.
    case otherFeatures(path: String, expected: Int, found: Int)
    /// The file is a network whose outputs are no valence and arousal.
    case noEmotion(path: String, network: String)
    /// The network's front end makes inputs that do not fit the network.
    case otherInput(path: String, mismatch: String)
    /// A network takes audio, and no tables.
    case noTables

    /// One sentence that says what is wrong and what to do.
    public var description: String {
      switch self {
      case .noScale(let path):
        "\(path): the model names no scale of valence and arousal; train it again"
      case .noMeasurement:
        "the model was trained on a table of features, so it can't measure audio; give the same "
          + "features with --table, or train on audio with --data"
      case .badMeasurement(let path, let reason):
        "\(path): songs can't be measured as the file says: \(reason); train the model again"
      case .otherFeatures(let path, let expected, let found):
        "\(path): the model takes \(expected) features, its measurement yields \(found); the file was "
          + "put together wrongly"
      case .noEmotion(let path, let network):
        "\(path): is a \(network), whose outputs are no valence and arousal; give a file that sentio "
          + "train crnn, ast, vit or student wrote"
      case .otherInput(let path, let mismatch):
        "\(path): the front end does not fit the network: \(mismatch); the file was put together wrongly"
      case .noTables:
        "the model is a network over audio, so it can't predict a table; give audio files"
      }
    }
  }

  /// Reads a model file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - limits: what one audio file may cost at most.
  /// - Throws: `ModelFileError` where the file can't be trusted, ``Failure`` where it can't serve.
  public convenience init(contentsOf url: URL, limits: AudioLimits = .standard) throws {
    if try NetworkFile.isNetwork(url) {
      try self.init(NetworkFile(contentsOf: url), path: url.path, limits: limits)
    } else {
      try self.init(EmotionModelFile(contentsOf: url), path: url.path, limits: limits)
    }
  }

  /// Takes a network from memory.
  ///
  /// - Parameters:
  ///   - file: a network for valence and arousal, with its front end.
  ///   - path: what messages call it.
  ///   - limits: what one audio file may cost at most.
  /// - Throws: ``Failure`` where the network can't serve.
  public init(_ file: NetworkFile, path: String = "model", limits: AudioLimits = .standard) throws {
    guard file.configuration.network.outputKind == .emotion else {
      throw Failure.noEmotion(path: path, network: file.configuration.network.title)
    }
    model = .network(file)
    // A network's outputs stand on the unit scale; without labels of another scale they stay there.
    scale = file.configuration.labelScale ?? .unit
    maker = try file.inputMaker(path: path, limits: limits)
    (measurement, meter) = (nil, nil)
  }

  /// Takes a model from memory.
  ///
  /// - Parameters:
  ///   - file: the model.
  ///   - path: what messages call it.
  ///   - limits: what one audio file may cost at most.
  /// - Throws: ``Failure`` where the model can't serve.
  public init(_ file: EmotionModelFile, path: String = "model", limits: AudioLimits = .standard)
    throws
  {
    guard let scale = file.labelScale else { throw Failure.noScale(path: path) }
    model = .regression(file)
    self.scale = scale
    maker = nil
    do {
      measurement = try file.frontEnd(SongMeasurement.self)
      meter = try measurement.map { try SongMeter($0, limits: limits) }
    } catch {
      throw Failure.badMeasurement(path: path, reason: "\(error)")
    }
    let columns = file.model.regressor.columns
    if let measurement, measurement.featureSet.names != columns {
      throw Failure.otherFeatures(
        path: path, expected: columns.count, found: measurement.featureSet.names.count)
    }
  }

  /// Predicts the emotion of one audio file.
  ///
  /// - Parameter url: a file of any format that FFmpeg reads.
  /// - Returns: the emotion on ``scale``, and warnings about the file.
  /// - Throws: `AudioError` that names the file, ``Failure/noMeasurement`` for a model of table features.
  public func predict(audio url: URL) throws -> Prediction {
    if let maker, case .network(let file) = model {
      let song = try maker.record(audio: url)
      return Prediction(
        emotion: predict(record: song.record, file, maker), warnings: song.warnings)
    }
    guard let meter else { throw Failure.noMeasurement }
    let song = try meter.measure(url)
    let design = try Design(
      rows: [url.lastPathComponent], columns: meter.measurement.featureSet.names,
      values: song.features)
    return Prediction(emotion: try predict(design)[0], warnings: song.warnings)
  }

  /// Predicts the emotion of every row of a table.
  ///
  /// - Parameter table: the features that the model was fitted to, by name, in any order; columns that
  ///   the model does not know are ignored.
  /// - Returns: one emotion a row, on ``scale``.
  /// - Throws: `ClassicalError` that names missing columns, or the row and column of a value that is not
  ///   finite.
  public func predict(table: FeatureTable) throws -> [ValenceArousal] {
    guard case .regression(let file) = model else { throw Failure.noTables }
    let design = try Design(rows: table.ids, columns: table.columns, values: table.values)
    return try predict(
      design.selectingColumns(file.model.regressor.columns, ignoringOthers: true))
  }

  private func predict(_ design: Design) throws -> [ValenceArousal] {
    guard case .regression(let file) = model else { throw Failure.noTables }
    return try file.predict(design).points(scale: scale)
  }

  /// What a network says of a record, on the labels' scale.
  private func predict(
    record: FeatureRecord, _ file: NetworkFile, _ maker: InputMaker
  ) -> ValenceArousal {
    let input = maker.input(record)
    let outputs = file.outputs(for: input.values, lengths: input.lengths).scalars
    return ValenceArousal(
      valence: Double(outputs[0]), arousal: Double(outputs[1]), scale: .unit
    ).on(scale)
  }
}
