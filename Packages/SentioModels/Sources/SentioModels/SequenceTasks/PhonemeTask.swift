import SentioTensor

/// Utterances of eight phonemes as frames of 13 mock cepstral coefficients, which no single frame can tell apart.
///
/// Four phonemes (a, i, s, m) sound like themselves. Each of two pairs sounds alike, up to noise, and only the
/// neighbours say which one it is:
///
/// | pair | decided by | the rule |
/// |---|---|---|
/// | p, b | the phoneme before | p after a and s, b after i and m |
/// | t, d | the phoneme behind | t before a and i, d before s and m |
///
/// Each phoneme lasts some frames, and the first of them still sound like the phoneme before (coarticulation). So a
/// network that sees one frame can only guess within a pair; one that has seen the past can tell p from b, and one
/// that sees the future too can tell t from d. Both rules are exact: the best labels cost nothing but noise.
public struct PhonemeTask: Sendable, Hashable {
  /// The names of the phonemes, by their numbers.
  public static let names = ["a", "i", "s", "m", "p", "b", "t", "d"]
  /// The coefficients of a frame.
  public static let features = 13

  /// The phonemes of an utterance; the last one is always clear.
  public var phonemes: ClosedRange<Int>
  /// The frames of a phoneme.
  public var frames: ClosedRange<Int>
  /// The deviation of the noise on every coefficient; phonemes' own values have deviation 1.
  public var noise: Float
  /// How much of the phoneme before is left in a phoneme's first frame, from 0 to 1; half of that in the second.
  public var coarticulation: Float

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - phonemes: the phonemes of an utterance, 2 at least.
  ///   - frames: the frames of a phoneme, 1 at least.
  ///   - noise: the deviation of the noise on every coefficient.
  ///   - coarticulation: how much of the phoneme before is left in a phoneme's first frame.
  public init(
    phonemes: ClosedRange<Int> = 6...10, frames: ClosedRange<Int> = 3...6, noise: Float = 0.6,
    coarticulation: Float = 0.3
  ) {
    precondition(
      phonemes.lowerBound >= 2 && frames.lowerBound >= 1,
      "utterances of \(phonemes) phonemes of \(frames) frames")
    self.phonemes = phonemes
    self.frames = frames
    self.noise = noise
    self.coarticulation = coarticulation
  }

  /// Makes utterances.
  ///
  /// The sounds of the phonemes are the same for every seed.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - seed: what they are drawn with.
  /// - Returns: frames with the number of a phoneme each.
  public func utterances(_ count: Int, seed: UInt64) -> [LabelledFrames] {
    var sounds = RandomStream(seed: 20_041, "phonemes")
    let prototypes = Tensor.normal([6, Self.features], from: &sounds).scalars
    return (0..<count).map { index in
      var stream = RandomStream(seed: seed, "utterance").substream("\(index)")
      let sequence = word(from: &stream)
      var labels: [Int] = []
      var means: [Float] = []
      for (place, phoneme) in sequence.enumerated() {
        let before = place > 0 ? sequence[place - 1] : phoneme
        let duration = frames.lowerBound + stream.next(below: frames.count)
        var rest = coarticulation
        for _ in 0..<duration {
          labels.append(phoneme)
          for coefficient in 0..<Self.features {
            let own = prototypes[Self.sound(of: phoneme) * Self.features + coefficient]
            let other = prototypes[Self.sound(of: before) * Self.features + coefficient]
            means.append((1 - rest) * own + rest * other)
          }
          rest /= 2
        }
      }
      let mean = Tensor(means, shape: [labels.count, Self.features])
      let frames = mean + .normal(mean.shape, standardDeviation: noise, from: &stream)
      return LabelledFrames(id: "utterance \(index)", frames: frames, labels: labels)
    }
  }

  /// Which of the six sounds a phoneme has: p and b share one, t and d another.
  static func sound(of phoneme: Int) -> Int { phoneme < 4 ? phoneme : phoneme < 6 ? 4 : 5 }

  /// A sequence of phonemes that keeps both rules, without a phoneme twice in a row.
  private func word(from stream: inout RandomStream) -> [Int] {
    let count = phonemes.lowerBound + stream.next(below: phonemes.count)
    var word = [stream.next(below: 4)]
    while word.count < count {
      let last = word[word.count - 1]
      // Behind the stop at least one clear phoneme must still come.
      let isStop = word.count + 1 < count && stream.next(below: 5) < 3
      var next = stream.next(below: 4)
      if isStop {
        if stream.next(below: 2) == 0 {
          word.append(last == 0 || last == 2 ? 4 : 5)
        } else {
          word.append(next < 2 ? 6 : 7)
        }
      } else if next == last {
        next = (next + 1 + stream.next(below: 3)) % 4
      }
      word.append(next)
    }
    return word
  }
}
