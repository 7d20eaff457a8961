/// How an instrument's tone starts, lasts and ends.
struct ToneShape: Sendable {
  enum Method: Sendable {
    /// Wavetables; one voice per detuning, in cents.
    case wavetable(WavetableBank.Spectrum, detune: [Double])
    /// Two-operator frequency modulation.
    case modulation(ratio: Double, index: Double)
    /// A plucked string; `seconds` to fall by 60 dB at middle C.
    case string(seconds: Double)
  }

  var method: Method
  /// Seconds to full level.
  var attack: Double
  /// Seconds to fall by 60 dB towards the sustained level.
  var decay: Double
  /// Sustained level.
  var sustain: Double
  /// Seconds to fade once the note ends.
  var release: Double
  /// Sustained brightness as a share of the first.
  var sustainedBlend: Double = 1
  /// Vibrato depth in cents and rate in hertz.
  var vibrato: (cents: Double, rate: Double) = (0, 5.2)
  /// Level beside the other instruments.
  var gain: Double = 1

  static func of(_ patch: Patch) -> ToneShape {
    switch patch {
    case .piano:
      ToneShape(
        method: .wavetable(.piano, detune: [-1.5, 1.5]), attack: 0.003, decay: 4, sustain: 0,
        release: 0.12, sustainedBlend: 0.1, gain: 1.5)
    case .electricPiano:
      ToneShape(
        method: .modulation(ratio: 1, index: 0.22), attack: 0.003, decay: 4.5, sustain: 0,
        release: 0.12, sustainedBlend: 0.15, gain: 1.3)
    case .bell:
      ToneShape(
        method: .modulation(ratio: 3.5, index: 0.3), attack: 0.002, decay: 3.2, sustain: 0,
        release: 0.4, sustainedBlend: 0.1, gain: 1.1)
    case .nylonGuitar:
      ToneShape(
        method: .string(seconds: 3.2), attack: 0.002, decay: 60, sustain: 1, release: 0.1, gain: 1.3
      )
    case .steelGuitar:
      ToneShape(
        method: .string(seconds: 5), attack: 0.001, decay: 60, sustain: 1, release: 0.12, gain: 1.2)
    case .harp:
      ToneShape(
        method: .string(seconds: 6), attack: 0.002, decay: 60, sustain: 1, release: 0.5, gain: 1.2)
    case .leadGuitar:
      ToneShape(
        method: .wavetable(.saw, detune: [0]), attack: 0.004, decay: 6, sustain: 0.35,
        release: 0.08,
        sustainedBlend: 0.5, vibrato: (8, 5.5), gain: 0.9)
    case .pluckedBass:
      ToneShape(
        method: .wavetable(.bass, detune: [0]), attack: 0.005, decay: 2.5, sustain: 0.15,
        release: 0.06, sustainedBlend: 0.25, gain: 1.5)
    case .synthBass:
      ToneShape(
        method: .wavetable(.saw, detune: [-6, 6]), attack: 0.004, decay: 1.2, sustain: 0.4,
        release: 0.05, sustainedBlend: 0.15, gain: 1.1)
    case .strings:
      ToneShape(
        method: .wavetable(.strings, detune: [-9, 0, 8]), attack: 0.11, decay: 5, sustain: 0.85,
        release: 0.25, vibrato: (14, 5.4), gain: 0.8)
    case .pad:
      ToneShape(
        method: .wavetable(.saw, detune: [-8, 7]), attack: 0.3, decay: 5, sustain: 0.9,
        release: 0.5, sustainedBlend: 0.5, gain: 0.7)
    case .organ:
      ToneShape(
        method: .wavetable(.organ, detune: [0]), attack: 0.012, decay: 5, sustain: 1, release: 0.05,
        vibrato: (4, 6.2), gain: 0.8)
    case .brass:
      ToneShape(
        method: .wavetable(.brass, detune: [-3, 3]), attack: 0.05, decay: 3, sustain: 0.8,
        release: 0.1, sustainedBlend: 0.75, vibrato: (6, 5), gain: 0.8)
    case .flute:
      ToneShape(
        method: .wavetable(.flute, detune: [0]), attack: 0.06, decay: 5, sustain: 0.9, release: 0.1,
        vibrato: (16, 5), gain: 1)
    case .clarinet:
      ToneShape(
        method: .wavetable(.clarinet, detune: [0]), attack: 0.04, decay: 5, sustain: 0.9,
        release: 0.08, vibrato: (5, 5), gain: 0.9)
    case .synthLead:
      ToneShape(
        method: .wavetable(.square, detune: [-5, 5]), attack: 0.006, decay: 2, sustain: 0.6,
        release: 0.1, sustainedBlend: 0.4, vibrato: (7, 5.8), gain: 0.75)
    case .voice:
      ToneShape(
        method: .wavetable(.voice, detune: [-3, 4]), attack: 0.07, decay: 6, sustain: 0.85,
        release: 0.15, sustainedBlend: 0.8, vibrato: (28, 5.3), gain: 1.2)
    }
  }
}
