/// Invented listeners, with the habits that make real ratings disagree.
///
/// A rater leans to one side, spreads opinions more or less widely, is more or less consistent, and
/// follows the music late. Ten of a pool of sixty rate a song, as in DEAM.
struct RaterPanel: Sendable {
  /// Listeners in the pool.
  static let poolSize = 60
  /// Raters of one song.
  static let ratersPerSong = 10
  /// First and last time of the continuous ratings, in seconds: the first 15 s are not used.
  static let firstSample = 15.0
  /// Continuous ratings a second.
  static let samplesPerSecond = 2

  struct Rater: Sendable {
    var id: String
    var bias: PerceivedEmotion
    var gain: PerceivedEmotion
    var noise: Double
    var lag: Double
  }

  /// One rater's opinion of one song.
  struct Opinion: Sendable {
    var rater: String
    /// Whole numbers from 1 to 9.
    var valence: Int
    var arousal: Int
    /// -1 to 1 at 2 Hz from 15 s on.
    var valenceTrace: [Double]
    var arousalTrace: [Double]
  }

  let seed: UInt64

  func rater(_ index: Int) -> Rater {
    var r = CounterRandom(seed: seed, stream: .raterProfile, index: index)
    let digits = Array("0123456789abcdef")
    let id = String((0..<12).map { _ in r.pick(digits) })
    return Rater(
      id: id,
      bias: PerceivedEmotion(valence: 0.19 * r.normal(), arousal: 0.19 * r.normal()),
      gain: PerceivedEmotion(
        valence: max(1 + 0.18 * r.normal(), 0.3), arousal: max(1 + 0.18 * r.normal(), 0.3)),
      noise: r.uniform(0.28...0.46), lag: r.uniform(0.8...3.2))
  }

  /// The opinions of a song's ten raters, in the order of their numbers.
  func opinions(ofSong song: Int, trace: EmotionTrace, duration: Double) -> [Opinion] {
    var choice = CounterRandom(seed: seed, stream: .raterChoice, index: song)
    var pool = Array(0..<Self.poolSize)
    for i in 0..<Self.ratersPerSong {
      pool.swapAt(i, i + choice.below(Self.poolSize - i))
    }
    return pool.prefix(Self.ratersPerSong).sorted().map { index in
      opinion(of: rater(index), number: index, song: song, trace: trace, duration: duration)
    }
  }

  private func opinion(
    of rater: Rater, number: Int, song: Int, trace: EmotionTrace, duration: Double
  ) -> Opinion {
    var r = CounterRandom(seed: seed, stream: .staticRating, index: song, part: number)
    let whole = trace.overall
    func scale(_ value: Double) -> Int { Int(min(max(5 + 4 * value, 1), 9).rounded()) }
    let valence = scale(
      rater.gain.valence * whole.valence + rater.bias.valence + rater.noise * r.normal())
    let arousal = scale(
      rater.gain.arousal * whole.arousal + rater.bias.arousal + rater.noise * r.normal())
    var d = CounterRandom(seed: seed, stream: .dynamicRating, index: song, part: number)
    return Opinion(
      rater: rater.id, valence: valence, arousal: arousal,
      valenceTrace: follow(
        \.valence, rater: rater, trace: trace, duration: duration, random: &d),
      arousalTrace: follow(
        \.arousal, rater: rater, trace: trace, duration: duration, random: &d))
  }

  /// Moves a slider from the middle after the music, late and with an unsteady hand.
  private func follow(
    _ dimension: KeyPath<PerceivedEmotion, Double>, rater: Rater, trace: EmotionTrace,
    duration: Double, random: inout CounterRandom
  ) -> [Double] {
    let step = 1 / Double(Self.samplesPerSecond)
    // The opinion of the day is as uncertain as the overall rating, and sliders are moved timidly.
    let offset = rater.bias[keyPath: dimension] + 0.8 * rater.noise * random.normal()
    let gain = 0.85 * rater.gain[keyPath: dimension]
    var slider = 0.0
    var tremor = 0.0
    var values: [Double] = []
    var time = 0.0
    while time < duration - step / 2 {
      tremor = 0.93 * tremor + 0.035 * random.normal()
      let target = gain * trace.at(time - rater.lag)[keyPath: dimension] + offset + tremor
      slider += 0.22 * (target - slider)
      if time >= Self.firstSample { values.append(min(max(slider, -1), 1)) }
      time += step
    }
    return values
  }
}
