/// The signal that a golden case of `generate_spectral.py` names.
protocol SignalCase {
  var kind: String { get }
  var count: Int { get }
  var rate: Int { get }
}

extension SignalCase {
  var samples: [Float] {
    switch kind {
    case "noise": return SyntheticSignals.noise(count: count)
    case "tones":
      return SyntheticSignals.tones(
        count: count, sampleRate: Double(rate),
        [(443.7, 0.5), (1318.9, 0.25), (0.21 * Double(rate), 0.125)])
    case "clicks": return SyntheticSignals.clicks(count: count, period: 4410)
    case "silence": return SyntheticSignals.silence(count: count)
    case "mixture":
      return SyntheticSignals.mixture(count: count, sampleRate: Double(rate))
    default: preconditionFailure("no signal is called \(kind)")
    }
  }

  var name: String { "\(kind), \(count) samples at \(rate) Hz" }
}

struct PlainCase: Decodable, Sendable, SignalCase {
  let kind: String
  let count: Int
  let rate: Int
}
