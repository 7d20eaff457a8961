import Foundation
import SentioDSP
import SentioData
import SentioTensor

/// How audio becomes a network's input: all that must be the same when a network is trained and when it is used.
///
/// It travels inside of a ``NetworkFile``, as JSON, so that a network can't be fed numbers that were made another way.
///
/// Audio becomes a *record*, which is kept in a `FeatureStore` since it is expensive; records become *inputs*, batch
/// after batch, which is cheap and may depend on the training songs:
///
/// ```swift
/// let frontEnd = NetworkFrontEnd(.spectrogram(SpectrogramInput(duration: 30)))
/// let maker = try InputMaker(frontEnd)
/// let record = try maker.record(of: samples)       // [128, 1292], from 0 to 1
/// let x = frontEnd.inputs(records)                 // [N, 1, 128, 1292], mean 0 and deviation 1 each
/// ```
public struct NetworkFrontEnd: Hashable, Codable, Sendable {
  /// What a network is given.
  public enum Input: Hashable, Codable, Sendable {
    /// A mel spectrogram of fixed length, `[N, 1, mels, frames]`, or a picture of it, `[N, 3, height, width]`.
    case spectrogram(SpectrogramInput)
    /// Features of steps of equal length, `[N, L, F]`, and how many steps are real.
    case sequence(SequenceInput)
    /// Cepstral coefficients of several segments, each an input of its own, `[N, frames, coefficients]`.
    case segments(SegmentInput)
    /// The published audio spectrogram transformer's filter bank, `[N, frames, mels]`.
    case filterBank(ASTFrontEnd)
  }

  /// The version that is written; older ones are read, newer ones refused.
  public static let formatVersion = 1

  /// The version of this description.
  public var version: Int
  /// What the network is given.
  public var input: Input
  /// Where in the song the clip begins, in seconds.
  public var offset: Double
  /// What is subtracted from and divided out of each feature, as the training songs have it; nil for nothing.
  ///
  /// For sequences and segments alone.
  public var standardization: FeatureStandardization?

  /// Creates a front end.
  ///
  /// - Parameters:
  ///   - input: what the network is given.
  ///   - offset: where in the song the clip begins, in seconds.
  ///   - standardization: what is subtracted from and divided out of each feature.
  public init(
    _ input: Input, offset: Double = 0, standardization: FeatureStandardization? = nil
  ) {
    version = Self.formatVersion
    self.input = input
    self.offset = offset
    self.standardization = standardization
  }

  /// Samples per second that audio is brought to, in hertz.
  public var sampleRate: Int {
    switch input {
    case .spectrogram(let input): Int(input.frontEnd.sampleRate)
    case .sequence(let input): Int(input.frontEnd.sampleRate)
    case .segments(let input): Int(input.frontEnd.sampleRate)
    case .filterBank: ASTFrontEnd.sampleRate
    }
  }

  /// The length of the clip at most, in seconds.
  public var duration: Double {
    switch input {
    case .spectrogram(let input): input.duration
    case .sequence(let input): input.duration
    case .segments(let input): input.duration
    case .filterBank(let input):
      // The last frame of 25 ms begins one step of 10 ms after the one before.
      0.01 * Double(input.frameCount - 1) + 0.025
    }
  }

  /// The part of an audio file that is decoded.
  public var range: TimeRange { .seconds(offset..<offset + duration) }

  /// The shape of the record of a song.
  public var recordShape: RecordShape {
    switch input {
    case .spectrogram(let input): .matrix(rows: input.frontEnd.melBands, columns: input.frames)
    case .sequence(let input):
      .sequence(frames: input.frames, features: SequenceInput.featureNames.count)
    case .segments(let input):
      .sequence(frames: input.segments * input.frames, features: input.coefficients)
    case .filterBank(let input): .matrix(rows: input.frameCount, columns: input.melCount)
    }
  }

  /// The shape of one input, without the batch.
  public var inputShape: [Int] {
    switch input {
    case .spectrogram(let input): input.inputShape
    case .sequence(let input): [input.frames, SequenceInput.featureNames.count]
    case .segments(let input): [input.frames, input.coefficients]
    case .filterBank(let input): [input.frameCount, input.melCount]
    }
  }

  /// The settings of a store that keeps the records.
  ///
  /// All forms of a spectrogram share one record, and standardization is no part of it either.
  public var storeSettings: FeatureStore.Settings {
    var parameters = ["version": "\(version)", "offset": "\(offset)"]
    switch input {
    case .spectrogram(let input):
      parameters["input"] = "spectrogram of \(input.duration) s"
      parameters["frontEnd"] = Self.text(input.frontEnd)
    case .sequence(let input): parameters["input"] = "sequence " + Self.text(input)
    case .segments(let input): parameters["input"] = "segments " + Self.text(input)
    case .filterBank(let input): parameters["input"] = "filter bank " + Self.text(input)
    }
    return FeatureStore.Settings(shape: recordShape, parameters: parameters)
  }

  /// The front end as a model file holds it.
  ///
  /// - Returns: one line of JSON.
  /// - Throws: `EncodingError` for settings that are no finite numbers.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  private static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // Settings that are no finite numbers can't be written, nor are they valid.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "invalid"
  }

  /// Checks settings that may come from a file.
  ///
  /// - Throws: `DSPError` for the first that is out of range.
  public func validate() throws(DSPError) {
    try require(
      version >= 1 && version <= Self.formatVersion, "version", version,
      "at most \(Self.formatVersion); use a newer Sentio")
    try require((0...Self.latest).contains(offset), "offset", offset, "from 0 to \(Self.latest) s")
    switch input {
    case .spectrogram(let input): try input.validate()
    case .sequence(let input): try input.validate()
    case .segments(let input): try input.validate()
    case .filterBank(let input):
      try require(
        (1...1 << 16).contains(input.frameCount), "frameCount", input.frameCount, "in 1...65536")
      try require((1...512).contains(input.melCount), "melCount", input.melCount, "in 1...512")
      try require(
        input.mean.isFinite && input.standardDeviation > 0 && input.standardDeviation.isFinite,
        "standardDeviation", input.standardDeviation, "above 0, beside a finite mean")
    }
    try require(recordShape.count > 0, "record", recordShape.extents, "at most 2²⁸ numbers")
    if let standardization {
      let features =
        switch input {
        case .sequence, .segments: recordShape.extents[1]
        case .spectrogram, .filterBank: 0
        }
      try standardization.validate(features: features)
    }
  }

  /// The latest that a clip may begin, in seconds: no song lasts a year.
  private static let latest = 31_536_000.0
}

/// Throws unless a condition holds.
func require(
  _ holds: Bool, _ name: String, _ value: some Any, _ expected: String
) throws(DSPError) {
  if !holds { throw .invalidSetting(name: name, value: "\(value)", expected: expected) }
}

extension FrontEnd {
  /// Checks what every input that is made with this front end needs.
  func validateForNetworks(duration: Double) throws(DSPError) {
    try validate()
    try require(
      sampleRate == sampleRate.rounded(), "sampleRate", sampleRate, "a whole number of hertz")
    try require(
      duration > 0 && duration <= 3600, "duration", duration, "above 0 and up to 3600 s")
    try require(
      framing == .centered(.zero), "framing", framing,
      "centered, with zeros at the ends, so that frames stand at multiples of the hop")
  }
}

extension NetworkFile.Configuration {
  /// The front end that makes the network's input; nil where the file has none.
  ///
  /// - Returns: the front end, checked.
  /// - Throws: `DecodingError` where the text is no front end, `DSPError` for settings out of range.
  public func networkFrontEnd() throws -> NetworkFrontEnd? {
    guard let frontEnd else { return nil }
    let decoded = try JSONDecoder().decode(NetworkFrontEnd.self, from: Data(frontEnd.utf8))
    try decoded.validate()
    return decoded
  }

  /// Stores a front end.
  ///
  /// - Parameter frontEnd: what makes the network's input.
  /// - Throws: `EncodingError` for settings that are no finite numbers.
  public mutating func setFrontEnd(_ frontEnd: NetworkFrontEnd) throws {
    self.frontEnd = try frontEnd.json()
  }
}
