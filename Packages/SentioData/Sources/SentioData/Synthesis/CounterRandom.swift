/// Random numbers as a pure function of a seed, a named stream and a counter.
///
/// Two streams never share a state, so a song draws the same numbers whichever song, thread or
/// rater drew before it. The mixing function is SplitMix64's finalizer, applied to the key and
/// counter. *Reference:* Steele, Lea and Flood, OOPSLA 2014.
struct CounterRandom: Sendable {
  private let key: UInt64
  private var counter: UInt64 = 0

  /// What a stream is drawn for; the raw values are part of the corpus format and never change.
  enum Stream: UInt64, Sendable {
    case artist = 1
    case plan, harmony, melody, accompaniment, percussion, performance, tone, title
    case raterProfile, staticRating, dynamicRating, raterChoice
  }

  init(seed: UInt64, stream: Stream, index: Int = 0, part: Int = 0) {
    var k = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    k = Self.mix(k ^ (stream.rawValue &* 0xD1B5_4A32_D192_ED03))
    k = Self.mix(k ^ (UInt64(bitPattern: Int64(index)) &* 0x8CB9_2BA7_2F3D_8DD7))
    key = Self.mix(k ^ (UInt64(bitPattern: Int64(part)) &* 0xABC9_8388_FB8F_AC03))
  }

  private init(key: UInt64) { self.key = key }

  /// A stream of its own, for draws that interleave with this one's.
  mutating func fork() -> CounterRandom { CounterRandom(key: next()) }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next() -> UInt64 {
    counter &+= 1
    return Self.mix(key &+ counter &* 0x9E37_79B9_7F4A_7C15)
  }

  /// Uniform in [0, 1), 53 bits.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in 0 ..< count; the bias of at most count / 2^64 does not matter here.
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// Standard normal to within 6 σ, as the sum of twelve uniforms: needs no logarithm, so that it
  /// gives the same bits under every C library.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform() }
    return sum
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func pick<Element>(weighted elements: [(Element, Double)]) -> Element {
    var rest = uniform() * elements.reduce(0) { $0 + $1.1 }
    for (element, weight) in elements {
      rest -= weight
      if rest < 0 { return element }
    }
    return elements[elements.count - 1].0
  }
}
