import Foundation
import SentioData
import SentioModels
import SentioTensor

/// The GAN's clips as records that stand beside those of songs.
///
/// A record has levels from 0 to 1, 80 dB apart; ``ClipScale`` leads there.
struct SyntheticRecords: BatchSource {
  let ids: [String]
  let extents: [Int]
  var realSteps: [Int]? { nil }
  private let levels: Tensor

  private static let levelFile = "synthetic.npy"
  private static let labelFile = "emotions.npy"

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
