import Foundation
import SentioTensor

/// Everything of a running training but tensors.
struct TrainingState: Sendable, Codable {
  /// The mean loss and the like of the epoch in progress.
  struct Sums: Sendable, Codable, Hashable {
    var loss = 0.0
    var samples = 0
    var gradientNorm = 0.0
    var updates = 0
    var learningRate = 0.0
    var seconds = 0.0
  }

  /// An epoch whose checkpoint is kept for its measure.
  struct RankedEpoch: Sendable, Codable, Hashable {
    let epoch: Int
    let value: Double
    var file: String { String(format: "epoch-%04d.safetensors", epoch) }
  }

  /// The layout of checkpoints that this version writes, and the only one that it reads.
  static let currentVersion = 1

  var version = Self.currentVersion
  /// Settings without which the run would not go on bit for bit.
  var identity: [String: String]
  /// Epochs that are over.
  var epoch = 0
  /// Batches of the next epoch that are done; always a whole number of updates.
  var batch = 0
  var sums = Sums()
  var plateau: PlateauReduction?
  var earlyStopping: EarlyStopping?
  var best: RankedEpoch?
  var top: [RankedEpoch] = []
  var history: [EpochRecord] = []
  var end: TrainingEnd?

  /// Updates that were made; the optimizer's own count stands beside its moments.
  var optimizerSteps = 0

  /// Whether the numbers can be those of a training.
  var isSound: Bool {
    epoch >= 0 && epoch == history.count && batch >= 0 && batch <= Int(Int32.max)
      && sums.samples >= 0 && optimizerSteps >= 0
  }

  init(identity: [String: String]) { self.identity = identity }

  /// The state as text, in which every number has all its digits.
  func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = Self.nonFinite.encoding
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  init(encoded text: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = Self.nonFinite.decoding
    self = try decoder.decode(TrainingState.self, from: Data(text.utf8))
  }

  private static let nonFinite = (
    encoding: JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan"),
    decoding: JSONDecoder.NonConformingFloatDecodingStrategy.convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  )
}
