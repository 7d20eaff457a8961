import CSentioDataKernels

/// Renders single tones, as a sampler's library for one song.
struct ToneRenderer {
  static let sampleRate = 44_100.0
  /// Samples between changes of level, brightness and vibrato: 2.9 ms.
  private static let block = 128

  let bank = WavetableBank.shared
  let seed: UInt32

  /// Adds a tone to zeroed samples.
  func render(
    _ patch: Patch, pitch: Int, brightness: Int, into out: UnsafeMutableBufferPointer<Float>
  ) {
    let shape = ToneShape.of(patch)
    let frequency = DeterministicMath.frequency(pitch: Double(pitch))
    switch shape.method {
    case .wavetable(let spectrum, let detune):
      let share = shape.gain / Double(detune.count).squareRoot()
      for (voice, cents) in detune.enumerated() {
        wavetable(
          shape, spectrum, pitch: pitch, frequency: frequency * ratio(cents: cents),
          brightness: brightness, gain: share, voice: voice, into: out)
      }
    case .modulation(let ratio, let index):
      modulation(
        shape, frequency: frequency, ratio: ratio,
        index: index * (0.35 + 0.45 * Double(brightness)),
        pitch: pitch, into: out)
    case .string(let seconds):
      string(shape, frequency: frequency, seconds: seconds, brightness: brightness, into: out)
    }
  }

  private func ratio(cents: Double) -> Double { DeterministicMath.exp2(cents / 1200) }

  /// Phase step of the 32-bit oscillator.
  private func increment(_ frequency: Double) -> UInt32 {
    UInt32(min(frequency / Self.sampleRate, 0.49) * 0x1p32)
  }

  /// Level and brightness of a tone in time, a block at a time.
  private struct Contour {
    let shape: ToneShape
    let fall: Double
    let blendFall: Double
    var remaining = 1.0
    var blendRemaining = 1.0
    var time = 0.0

    init(_ shape: ToneShape) {
      self.shape = shape
      let step = Double(ToneRenderer.block) / ToneRenderer.sampleRate
      // 60 dB are 9.966 halvings of the amplitude.
      fall = DeterministicMath.exp2(-9.966 * step / shape.decay)
      blendFall = DeterministicMath.exp2(-9.966 * step / min(shape.decay, 2))
    }

    var level: Double {
      if time < shape.attack { return time / shape.attack }
      return shape.sustain + (1 - shape.sustain) * remaining
    }
    var blend: Double { shape.sustainedBlend + (1 - shape.sustainedBlend) * blendRemaining }

    mutating func advance() {
      time += Double(ToneRenderer.block) / ToneRenderer.sampleRate
      if time >= shape.attack {
        remaining *= fall
        blendRemaining *= blendFall
      }
    }
  }

  private func wavetable(
    _ shape: ToneShape, _ spectrum: WavetableBank.Spectrum, pitch: Int, frequency: Double,
    brightness: Int, gain: Double, voice: Int, into out: UnsafeMutableBufferPointer<Float>
  ) {
    let dark = bank.table(spectrum, pitch: pitch, bright: false)
    let bright = bank.table(spectrum, pitch: pitch, bright: true)
    let first = 0.06 + 0.22 * Double(brightness)
    var contour = Contour(shape)
    // Voices and pitches start apart, or their attacks would add up to a click.
    var phase = (UInt32(truncatingIfNeeded: voice * 7 + pitch) &* 0x9E37_79B9) ^ seed
    var position = 0
    var level = contour.level * gain
    var blend = contour.blend * first
    while position < out.count, let base = out.baseAddress {
      let count = min(Self.block, out.count - position)
      var f = frequency
      if shape.vibrato.cents > 0, contour.time > 0.15 {
        let swell = min((contour.time - 0.15) / 0.3, 1)
        let turn = contour.time * shape.vibrato.rate + 0.21 * Double(voice)
        f *= ratio(cents: shape.vibrato.cents * swell * DeterministicMath.sine(periods: turn))
      }
      contour.advance()
      let nextLevel = contour.level * gain
      let nextBlend = contour.blend * first
      let step = increment(f)
      sentio_synth_wavetable_add(
        base + position, count, phase, step, dark, bright, Float(level),
        Float((nextLevel - level) / Double(Self.block)), Float(blend),
        Float((nextBlend - blend) / Double(Self.block)))
      phase &+= step &* UInt32(count)
      position += count
      level = nextLevel
      blend = nextBlend
    }
  }

  private func modulation(
    _ shape: ToneShape, frequency: Double, ratio: Double, index: Double, pitch: Int,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    let sine = bank.table(.sine, pitch: 60, bright: false)
    let carrierStep = increment(frequency)
    let modulatorStep = increment(frequency * ratio)
    // The table has an RMS of 0.2: this restores an amplitude of 1 for the modulator.
    let depth = index / (0.2 * 2.0.squareRoot())
    var carrier: UInt32 = 0
    var modulator: UInt32 = 0
    var contour = Contour(shape)
    var position = 0
    var level = contour.level * shape.gain
    var blend = contour.blend
    while position < out.count, let base = out.baseAddress {
      let count = min(Self.block, out.count - position)
      contour.advance()
      let nextLevel = contour.level * shape.gain
      let nextBlend = contour.blend
      sentio_synth_fm_add(
        base + position, count, carrier, carrierStep, modulator, modulatorStep, sine, Float(level),
        Float((nextLevel - level) / Double(Self.block)), Float(depth * blend),
        Float(depth * (nextBlend - blend) / Double(Self.block)))
      carrier &+= carrierStep &* UInt32(count)
      modulator &+= modulatorStep &* UInt32(count)
      position += count
      level = nextLevel
      blend = nextBlend
    }
  }

  private func string(
    _ shape: ToneShape, frequency: Double, seconds: Double, brightness: Int,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = out.baseAddress else { return }
    let length = Self.sampleRate / frequency
    // The loop's filter delays by 0 ... 1 sample more than the whole period.
    let period = max(Int(length), 8)
    guard out.count > period + 3 else { return }
    let fraction = length - Double(period)
    sentio_synth_noise(base, period + 3, seed, UInt32(period * 8 + brightness))
    // The plectrum's softness: averages of the excitation, fewer for a bright tone.
    for _ in 0..<(5 - brightness) {
      for i in 1..<(period + 3) { base[i] = 0.5 * (base[i] + base[i - 1]) }
    }
    var mean: Float = 0
    for i in 0..<(period + 3) { mean += base[i] }
    mean /= Float(period + 3)
    var energy: Float = 0
    for i in 0..<(period + 3) {
      base[i] -= mean
      energy += base[i] * base[i]
    }
    let scale = 0.33 / max((energy / Float(period + 3)).squareRoot(), 1e-3)
    for i in 0..<(period + 3) { base[i] *= scale }
    let loss = DeterministicMath.exp2(-9.966 / (frequency * seconds))
    let softness = 0.06 - 0.011 * Double(brightness)
    // Softening [s, 1 - 2s, s] convolved with the interpolation [1 - fraction, fraction].
    let taps = [
      softness * (1 - fraction),
      (1 - 2 * softness) * (1 - fraction) + softness * fraction,
      softness * (1 - fraction) + (1 - 2 * softness) * fraction,
      softness * fraction,
    ].map { Float($0 * loss) }
    sentio_synth_pluck(base, out.count, period, taps)
    let ramp = min(Int(shape.attack * Self.sampleRate), out.count)
    sentio_synth_ramp(base, ramp, 0, 1 / Float(max(ramp, 1)))
    sentio_synth_ramp(base + ramp, out.count - ramp, Float(shape.gain), 0)
    sentio_synth_ramp(base, ramp, Float(shape.gain), 0)
  }
}
