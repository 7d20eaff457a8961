import Foundation
import SentioReport
import SentioTensor

/// Records as the pictures of the report.
struct SpectrogramPictures {
  private let settings: PipelineSettings.Spectrograms

  init(_ settings: PipelineSettings.Spectrograms) { self.settings = settings }

  /// One record of `[N, mels, frames]`, with levels from 0 to 1.
  func image(_ records: Tensor, _ index: Int, title: String) -> SpectrogramImage {
    let size = records.shape[1] * records.shape[2]
    let values = records.withUnsafeBufferPointer { Array($0[index * size..<(index + 1) * size]) }
    let frontEnd = frontEnd
    return SpectrogramImage(
      title: title, bands: records.shape[1], frames: records.shape[2],
      secondsPerFrame: Double(settings.hopLength) / Double(settings.sampleRate),
      minimumFrequency: frontEnd.minimum, maximumFrequency: frontEnd.maximum, range: 80,
      levels: Data(values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }))
  }

  private var frontEnd: (minimum: Double, maximum: Double) {
    if case .spectrogram(let input) = settings.standardized.input {
      return (input.frontEnd.minimumFrequency, input.frontEnd.maximumFrequency)
    }
    return (0, Double(settings.sampleRate) / 2)
  }

  /// The records whose emotions are nearest to the middles of the four quadrants.
  func corners(_ records: Tensor, _ emotions: Tensor, title: String) -> [EmotionPicture] {
    let values = emotions.scalars.map(Double.init)
    return [(-0.5, 0.5), (0.5, 0.5), (-0.5, -0.5), (0.5, -0.5)].compactMap { valence, arousal in
      let distances = (0..<records.shape[0]).map {
        hypot(values[2 * $0] - valence, values[2 * $0 + 1] - arousal)
      }
      guard let index = distances.indices.min(by: { distances[$0] < distances[$1] }) else {
        return nil
      }
      return EmotionPicture(
        image: image(
          records, index,
          title: title
            + String(
              format: ": valence %.2f, arousal %.2f", values[2 * index], values[2 * index + 1])),
        valence: values[2 * index], arousal: values[2 * index + 1])
    }
  }
}
