import Foundation
import SentioClassical
import SentioData
import SentioTensor

/// Tells the genre of songs with a network's file: decoding, transforming and predicting in one call.
///
/// The network sees each segment of a song by itself; the probabilities of the song are the means over its segments.
/// One predictor serves any number of threads.
public final class GenrePredictor: Sendable {
  /// What was predicted of one song.
  public struct Prediction: Sendable {
    /// The probability of each of ``GenrePredictor/genres``; they sum to 1.
    public var probabilities: [Double]
    /// The most probable genre.
    public var genre: String
    /// What was found while decoding, such as damage to the file.
    public var warnings: [AudioWarning]
  }

  /// The network with its front end and provenance.
  public let file: NetworkFile
  /// The genres, in the order of the outputs.
  public let genres: [String]
  private let maker: InputMaker

  /// Reads a network's file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - limits: what one audio file may cost at most.
  /// - Throws: `ModelFileError` where the file can't be trusted or has no genres, `EmotionPredictor.Failure` where its
  ///   front end can't serve.
  public convenience init(contentsOf url: URL, limits: AudioLimits = .standard) throws {
    try self.init(NetworkFile(contentsOf: url), path: url.path, limits: limits)
  }

  /// Takes a network from memory.
  ///
  /// - Parameters:
  ///   - file: a network that tells classes apart, with its front end and the names of its outputs.
  ///   - path: what messages call it.
  ///   - limits: what one audio file may cost at most.
  /// - Throws: as ``init(contentsOf:limits:)``.
  public init(_ file: NetworkFile, path: String = "model", limits: AudioLimits = .standard) throws {
    let outputs = file.configuration.outputs
    guard case .classes(let count) = file.configuration.network.outputKind, outputs.count == count
    else {
      throw ModelFileError(
        path: path, part: "outputs", expected: "a network for genres, and the name of each",
        found: "\(file.configuration.network.title) with \(outputs.count) names")
    }
    guard let maker = try file.inputMaker(path: path, limits: limits) else {
      throw ModelFileError(
        path: path, part: "frontEnd", expected: "how audio becomes the network's input",
        found: "none; train the network again")
    }
    self.file = file
    self.maker = maker
    genres = outputs
  }

  /// Predicts the genre of one audio file.
  ///
  /// - Parameter url: a file of any format that FFmpeg reads.
  /// - Returns: the genre with all probabilities, and warnings about the file.
  /// - Throws: `AudioError` that names the file, `DSPError` where its samples can't be transformed.
  public func predict(audio url: URL) throws -> Prediction {
    let song = try maker.record(audio: url)
    let input = maker.input(song.record)
    let segments = file.outputs(for: input.values, lengths: input.lengths).softmax(axis: 1)
    let probabilities = segments.mean(axes: 0).scalars.map(Double.init)
    let best = probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    return Prediction(
      probabilities: probabilities, genre: genres[best], warnings: song.warnings)
  }
}
