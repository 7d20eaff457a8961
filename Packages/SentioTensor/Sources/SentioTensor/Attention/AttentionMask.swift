import CSentioTensorKernels

/// Which keys count for which queries; 1 (or any number but 0) lets a pair count, 0 takes it out.
///
/// What a mask takes out has no influence at all: not on the result, not on a gradient, and not
/// even where it is NaN. Weights that are added to scores (and may be `-infinity`) are a *bias*, a parameter
/// of its own; PyTorch has one parameter for both.
public enum AttentionMask: Sendable {
  /// `[N, S]`: the keys of each of N sequences that are there, as opposed to padding.
  ///
  /// N is the first axis of queries and keys. Heads and queries share the mask.
  case keys(Tensor)
  /// Pairs of queries and keys: a shape that broadcasts to `[…, L, S]`.
  case pairs(Tensor)

  /// The mask as a tensor that broadcasts to `batch` + [L, S].
  func broadcastable(
    to batch: Shape, keys: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    switch self {
    case .pairs(let mask): return mask.detached()
    case .keys(let mask):
      let sequences = batch.first ?? 1
      require(
        mask.shape == [sequences, keys] || (batch.isEmpty && mask.shape == [keys]),
        "a mask of keys of shape \(mask.shape) does not fit \(sequences) sequences of \(keys) keys",
        file, line)
      let ones = Array(repeating: 1, count: batch.rank)
      return mask.detached().reshaped(Shape([sequences] + ones + [keys]))
    }
  }
}

/// Which weights of an attention are dropped: each with a probability, on its own.
///
/// The kept ones are divided by the probability of being kept. Two words are taken from the stream, and key
/// a generator of the call's own, which numbers the weights: the same stream drops the same weights, on any
/// number of threads, whatever the blocks in which they are computed, and on the way back again.
public struct AttentionDropout: Sendable, Hashable {
  /// The probability of a weight to be dropped, from 0 up to but not including 1.
  public let probability: Float
  let key: UInt64

  /// Creates the choice for one call.
  ///
  /// - Parameters:
  ///   - probability: of a weight to be dropped, from 0 up to but not including 1.
  ///   - stream: where the randomness comes from; moves on by two words.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  public init(
    _ probability: Float, from stream: inout RandomStream, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      probability >= 0 && probability < 1,
      "weights cannot be dropped with probability \(probability)",
      file, line)
    self.probability = probability
    key = stream.next()
  }

  /// A weight is dropped where its word is less than this.
  var dropBelow: UInt32 { UInt32((Double(probability) * 0x1p32).rounded(.down)) }

  /// What the other weights are multiplied by.
  var keepScale: Float { 1 / (1 - probability) }

  /// The factors of all weights, 0 or ``keepScale``.
  func factors(_ shape: Shape) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (key, limit, scale) = (key, dropBelow, keepScale)
    let factors = result.storage.pointer
    factors.withMemoryRebound(to: UInt32.self, capacity: max(1, result.count)) { words in
      ParallelLoop.run(result.count, cost: 4) { range in
        sentio_philox_words(
          key, 0, UInt64(range.lowerBound), words + range.lowerBound, range.count)
        for index in range {
          let factor = words[index] < limit ? 0 : scale
          words[index] = factor.bitPattern
        }
      }
    }
    return result
  }
}
