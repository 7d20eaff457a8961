/// The input of the audio spectrogram transformer (AST): a normalized Kaldi filter bank of fixed length.
///
/// 16 kHz, 128 bands, Hann windows of 25 ms every 10 ms, no dither; padded with zeros or cropped to
/// `frameCount` frames; then `(x - mean) / (2 · standardDeviation)`. Padded frames hold the
/// normalized zero, 0.46703 with AudioSet's statistics, as the published models were trained with.
///
/// A signal shorter than a frame (400 samples), or an empty one, gives padding only.
///
/// *Reference:* `ASTFeatureExtractor` of transformers 5.23, defaults of `MIT/ast-finetuned-audioset`.
public struct ASTFrontEnd: Hashable, Codable, Sendable {
  /// Frames of the result, `T`; 1024 are 10.24 s.
  public var frameCount = 1024
  /// Mean of the log bands over the training set; AudioSet's by default.
  public var mean: Float = -4.2677393
  /// Standard deviation of the log bands over the training set; AudioSet's by default.
  public var standardDeviation: Float = 4.5689974
  /// Bands, `F`.
  public var melCount = 128

  /// The published settings.
  public init() {}

  /// The sample rate that the signal must have, in hertz.
  public static let sampleRate = 16_000

  /// The filter bank's settings.
  public var filterbank: KaldiConfiguration {
    var configuration = KaldiConfiguration()
    configuration.sampleRate = Double(Self.sampleRate)
    configuration.window = .hann
    configuration.melCount = melCount
    configuration.energyColumn = .none
    return configuration
  }

  /// The model's input for a signal.
  ///
  /// - Parameters:
  ///   - signal: One channel in the range -1 … 1.
  ///   - sampleRate: The signal's rate in hertz, which must be ``sampleRate``.
  /// - Returns: `[T, F]`.
  /// - Throws: ``DSPError/sampleRateMismatch(expected:found:)``; ``DSPError/invalidSetting(name:value:expected:)`` if
  ///   `frameCount` or `melCount` is not positive or `standardDeviation` is not above 0.
  public func callAsFunction(_ signal: [Float], sampleRate: Int) throws -> FrameMatrix {
    guard sampleRate == Self.sampleRate else {
      throw DSPError.sampleRateMismatch(
        expected: Double(Self.sampleRate), found: Double(sampleRate))
    }
    guard (1...1 << 20).contains(frameCount) else {
      throw DSPError.invalidSetting(
        name: "frameCount", value: "\(frameCount)", expected: "in 1...1048576")
    }
    guard standardDeviation > 0 else {
      throw DSPError.invalidSetting(
        name: "standardDeviation", value: "\(standardDeviation)", expected: "above 0")
    }
    let bank = try KaldiFilterbank(filterbank)
    let available = bank.configuration.frameCount(forSampleCount: signal.count)
    let features = bank.features(signal, frameCount: min(available, frameCount))
    let scale = 2 * standardDeviation
    return FrameMatrix(frameCount: frameCount, rowCount: melCount) { output in
      for index in features.values.indices {
        output[index] = (features.values[index] - mean) / scale
      }
      for index in features.values.count..<output.count { output[index] = -mean / scale }
    }
  }
}
