import Foundation
import SentioData
import SentioModels
import SentioTensor

/// The GAN's clips as records that stand beside those of songs.
///
/// A clip has mean 0 and deviation 1; a record has levels from 0 to 1, 80 dB apart. A clip is brought to the mean and
/// the deviation that the records of training songs have on average, and is cut at both ends.
struct SyntheticRecords: BatchSource {
  let ids: [String]
  let extents: [Int]
  var realSteps: [Int]? { nil }
  private let levels: Tensor

  private static let levelFile = "synthetic.npy"
  private static let labelFile = "emotions.npy"

  /// - Parameters:
  ///   - clips: `[N, 1, mels, frames]`.
  ///   - real: the training songs' records, `[M, mels, frames]`.
  /// - Returns: `[N, mels, frames]`.
  static func levels(of clips: Tensor, like real: Tensor) -> Tensor {
    let (count, size) = (real.shape[0], real.count / max(1, real.shape[0]))
    var (mean, deviation) = (0.0, 0.0)
    real.withUnsafeBufferPointer { values in
      for start in stride(from: 0, to: count * size, by: size) {
        let song = values[start..<start + size]
        let center = song.reduce(0.0) { $0 + Double($1) } / Double(size)
        let spread = song.reduce(0.0) { $0 + (Double($1) - center) * (Double($1) - center) }
        mean += center / Double(count)
        deviation += (spread / Double(size)).squareRoot() / Double(count)
      }
    }
    let (scale, offset) = (Float(deviation), Float(mean))
    let shape = Shape([clips.shape[0], clips.shape[2], clips.shape[3]])
    return clips.withUnsafeBufferPointer { source in
      Tensor(uninitialized: shape) { target in
        for index in target.indices {
          target[index] = min(max(source[index] * scale + offset, 0), 1)
        }
      }
    }
  }

  static func write(_ levels: Tensor, emotions: Tensor, into folder: URL) throws {
    try levels.write(npy: folder.appending(path: levelFile))
    try emotions.write(npy: folder.appending(path: labelFile))
  }

  /// The clips with their emotions, as samples of a network.
  static func samples(from folder: URL) throws -> TrainingSongs {
    let records = SyntheticRecords(
      levels: try Tensor(npy: folder.appending(path: levelFile)))
    return TrainingSongs(
      records, targets: try Tensor(npy: folder.appending(path: labelFile)))
  }

  private init(levels: Tensor) {
    self.levels = levels
    extents = [levels.shape[1], levels.shape[2]]
    ids = (0..<levels.shape[0]).map { "synthetic-\($0 + 1)" }
  }

  func copyRecord(_ index: Int, to destination: UnsafeMutableBufferPointer<Float>) {
    let size = extents[0] * extents[1]
    levels.withUnsafeBufferPointer { source in
      _ = destination.update(fromContentsOf: source[index * size..<(index + 1) * size])
    }
  }
}
