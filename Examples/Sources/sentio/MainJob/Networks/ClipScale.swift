import SentioTensor

/// How the records of songs, levels from 0 to 1, and the clips of the GAN become each other.
///
/// A clip is a record less the mean of all levels of the training songs, over their deviation. All songs share the two
/// numbers: the contrast of a song's levels is the best single sign of its arousal, and a song that was brought to a
/// deviation of its own would have lost it. Of the composed songs of the demo, the deviation of levels goes with arousal by
/// a correlation of -0.73.
struct ClipScale {
  let mean: Float
  let deviation: Float

  /// Measures records, `[N, mels, frames]`.
  init(of records: Tensor) {
    let (mean, variance) = records.withUnsafeBufferPointer { values in
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count))
      let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (mean, squares / Double(max(1, values.count)))
    }
    self.mean = Float(mean)
    deviation = variance > 1e-12 ? Float(variance.squareRoot()) : 1
  }

  /// `[N, mels, frames]` to `[N, 1, mels, frames]`.
  func clips(of records: Tensor) -> Tensor { ((records - mean) / deviation).expanded(at: 1) }

  /// `[N, 1, mels, frames]` to `[N, mels, frames]`, cut at both ends.
  func records(of clips: Tensor) -> Tensor {
    let shape = clips.shape
    return (clips * deviation + mean).clamped(to: 0...1)
      .reshaped([shape[0], shape[2], shape[3]])
  }
}
