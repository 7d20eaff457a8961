import SentioClassical
import SentioNN
import SentioTensor

/// A quick judge of emotions: ridge regression on what each mel band does.
///
/// Three numbers a band: its mean, its deviation over time, and its mean absolute change from frame to frame; standardized
/// by the training clips. It is fitted in a moment and shares nothing with the networks, so that it can choose between
/// generators that another judge then speaks of.
///
/// ```swift
/// let judge = try BandRegressor(clips)
/// let outcome = try trainer.train(networks, on: batches, reference: some, judge: judge.emotions)
/// ```
public struct BandRegressor: Sendable {
  private let pipeline: Pipeline

  /// Fits the regression.
  ///
  /// - Parameters:
  ///   - clips: real clips, `[N, 1, mels, frames]` with emotions `[N, 2]`, at least two.
  ///   - alpha: the penalty on squared coefficients.
  /// - Throws: `ClassicalError` for fewer clips, or a value that is not finite.
  public init(_ clips: LabelledBatch, alpha: Double = 100) throws {
    let features = Self.features(of: clips.inputs)
    var settings = Pipeline.Settings(.ridge(.init(alpha: alpha)))
    // A band that no clip has sound in.
    settings.constantColumns = .drop
    pipeline = try Pipeline(
      Design(values: features.values, columnCount: features.columns),
      Targets(
        outputs: ["valence", "arousal"], values: clips.targets.scalars.map(Double.init)),
      settings: settings)
  }

  /// The emotions of clips.
  ///
  /// - Parameter clips: `[N, 1, mels, frames]`, as the real ones were.
  /// - Returns: `[N, 2]`.
  /// - Throws: `ClassicalError` for a value that is not finite.
  public func emotions(of clips: Tensor) throws -> Tensor {
    let found = try pipeline.predict(features: Self.features(of: clips).values)
    return Tensor(found.map(Float.init), shape: [clips.shape[0], 2])
  }

  private static func features(of clips: Tensor) -> (values: [Float], columns: Int) {
    precondition(clips.rank == 4 && clips.shape[1] == 1, "clips of shape \(clips.shape)")
    let (count, mels, frames) = (clips.shape[0], clips.shape[2], clips.shape[3])
    let columns = 3 * mels
    var values = [Float](repeating: 0, count: count * columns)
    clips.withUnsafeBufferPointer { levels in
      for row in 0..<count * mels {
        let band = levels[row * frames..<(row + 1) * frames]
        let mean = band.reduce(0.0) { $0 + Double($1) } / Double(frames)
        let variance = band.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        let change = zip(band, band.dropFirst()).reduce(0.0) { $0 + Double(abs($1.1 - $1.0)) }
        let place = row / mels * columns + row % mels
        values[place] = Float(mean)
        values[place + mels] = Float((variance / Double(frames)).squareRoot())
        values[place + 2 * mels] = Float(change / Double(max(1, frames - 1)))
      }
    }
    return (values, columns)
  }
}
