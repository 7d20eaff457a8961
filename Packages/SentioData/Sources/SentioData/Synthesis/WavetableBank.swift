import CSentioDataKernels

/// Single periods of every spectrum, band-limited for each octave.
///
/// A spectrum comes as a dark and a bright table, between which a tone moves while it sounds; that
/// replaces a filter per tone, and vectorizes.
final class WavetableBank: Sendable {
  enum Spectrum: Int, CaseIterable, Sendable {
    case sine, piano, strings, organ, brass, flute, clarinet, saw, square, voice, bass
  }

  static let tableLength = 1 << Int(SENTIO_SYNTH_TABLE_BITS)
  private static let octaves = 9
  /// One period and a copy of its first sample, each rounded up to whole cache lines.
  private static let stride = tableLength + 16

  static let shared = WavetableBank()

  // Written in the initializer only, which makes sharing between threads sound.
  private nonisolated(unsafe) let storage: UnsafeMutablePointer<Float>

  private init() {
    let count = Spectrum.allCases.count * Self.octaves * 2 * Self.stride
    storage = .allocate(capacity: count)
    storage.initialize(repeating: 0, count: count)
    let sine = (0..<Self.tableLength).map {
      DeterministicMath.sine(periods: Double($0) / Double(Self.tableLength))
    }
    for spectrum in Spectrum.allCases {
      for octave in 0..<Self.octaves {
        for bright in [false, true] {
          fill(spectrum, octave: octave, bright: bright, sine: sine)
        }
      }
    }
  }

  /// The table of a spectrum for a pitch, followed by a copy of its first sample.
  func table(_ spectrum: Spectrum, pitch: Int, bright: Bool) -> UnsafePointer<Float> {
    let octave = min(max(pitch / 12 - 1, 0), Self.octaves - 1)
    return UnsafePointer(storage + Self.offset(spectrum, octave: octave, bright: bright))
  }

  private static func offset(_ spectrum: Spectrum, octave: Int, bright: Bool) -> Int {
    ((spectrum.rawValue * octaves + octave) * 2 + (bright ? 1 : 0)) * stride
  }

  private func fill(_ spectrum: Spectrum, octave: Int, bright: Bool, sine: [Double]) {
    let length = Self.tableLength
    let lowest = DeterministicMath.frequency(pitch: Double(12 * (octave + 1)))
    let harmonics = min(max(Int(19_000 / (2 * lowest)), 1), 120)
    var wave = [Double](repeating: 0, count: length)
    var energy = 0.0
    for k in 1...harmonics {
      let amplitude = Self.amplitude(
        spectrum, harmonic: Double(k), frequency: 1.414 * lowest * Double(k), bright: bright)
      if amplitude < 1e-4 { continue }
      // Scattered phases keep the crest of a period low; they are inaudible in steady tones.
      let shift = k == 1 ? 0 : (k &* k &* 631) & (length - 1)
      for i in 0..<length {
        wave[i] += amplitude * sine[(i &* k &+ shift) & (length - 1)]
      }
      energy += 0.5 * amplitude * amplitude
    }
    let scale = 0.2 / energy.squareRoot()
    let table = storage + Self.offset(spectrum, octave: octave, bright: bright)
    for i in 0..<length { table[i] = Float(wave[i] * scale) }
    table[length] = table[0]
  }

  /// Level of a harmonic; rational functions only, so that it is exact everywhere.
  private static func amplitude(
    _ spectrum: Spectrum, harmonic k: Double, frequency f: Double, bright: Bool
  ) -> Double {
    func peak(_ centre: Double, _ width: Double) -> Double {
      let x = (f - centre) / width
      return 1 / (1 + x * x)
    }
    func below(_ corner: Double) -> Double {
      let x = f / corner
      return 1 / (1 + x * x)
    }
    let isOdd = k.truncatingRemainder(dividingBy: 2) == 1
    switch spectrum {
    case .sine: return k == 1 ? 1 : 0
    case .piano: return bright ? below(4500) / k : below(1000) / (k * k)
    case .strings:
      return (bright ? below(6000) : below(1300)) / k * (0.6 + peak(450, 200) + peak(1200, 500))
    case .organ:
      let drawbars: [Double] = [1, 0.9, 0.6, 0.5, 0, 0.35, 0, 0.3]
      let level = Int(k) <= 8 ? drawbars[Int(k) - 1] : 0
      return bright ? level : level * below(900)
    case .brass: return (bright ? below(5000) : below(900)) / k * (0.35 + 1.5 * peak(1300, 700))
    case .flute: return bright ? 1 / (k * k * k) + 0.02 * below(4000) : 1 / (k * k * k * k)
    case .clarinet: return (isOdd ? 1 : 0.12) * (bright ? below(4000) : below(1200)) / k
    case .saw: return (bright ? below(9000) : below(900)) / k
    case .square: return (isOdd ? 1 : 0.05) * (bright ? below(7000) : below(900)) / k
    case .voice:
      // The vowels of "do" and "spa".
      let vowel =
        bright
        ? peak(750, 110) + 0.6 * peak(1150, 130) + 0.25 * peak(2600, 250) + 0.1 * peak(3500, 300)
        : peak(340, 90) + 0.35 * peak(820, 110) + 0.06 * peak(2500, 250)
      return (vowel + 0.015) / k.squareRoot()
    case .bass: return bright ? below(1600) / k : below(350) / k
    }
  }
}
