import CSentioDataKernels

/// Renders the strokes of a drum kit, once per song.
struct DrumRenderer {
  let seed: UInt32

  /// Length of a stroke in seconds.
  static func seconds(of drum: Drum) -> Double {
    switch drum {
    case .kick: 0.32
    case .snare: 0.28
    case .closedHat: 0.08
    case .openHat: 0.35
    case .ride: 0.7
    case .crash: 1.4
    case .tom: 0.45
    case .clap: 0.25
    case .shaker: 0.09
    case .brush: 0.2
    }
  }

  /// Adds a stroke to zeroed samples.
  func render(_ drum: Drum, into out: UnsafeMutableBufferPointer<Float>) {
    // Every kit is tuned a little differently.
    let tune = 1 + 0.24 * (Double(seed & 0xFF) / 255 - 0.5)
    switch drum {
    case .kick:
      sweep(from: 155 * tune, to: 46 * tune, fall: 0.035, decay: 0.3, gain: 0.95, into: out)
      noise(band: 2, frequency: 3000, decay: 0.015, gain: 0.18, into: out)
    case .snare:
      sweep(from: 240 * tune, to: 180 * tune, fall: 0.03, decay: 0.14, gain: 0.45, into: out)
      noise(band: 1, frequency: 2600 * tune, decay: 0.24, gain: 0.6, into: out)
    case .closedHat: noise(band: 2, frequency: 7500 * tune, decay: 0.07, gain: 0.5, into: out)
    case .openHat: noise(band: 2, frequency: 7000 * tune, decay: 0.34, gain: 0.45, into: out)
    case .ride:
      noise(band: 2, frequency: 5600 * tune, decay: 0.6, gain: 0.25, into: out)
      sweep(from: 3150 * tune, to: 3100 * tune, fall: 0.1, decay: 0.5, gain: 0.05, into: out)
    case .crash: noise(band: 2, frequency: 4200 * tune, decay: 1.3, gain: 0.5, into: out)
    case .tom: sweep(from: 165 * tune, to: 92 * tune, fall: 0.08, decay: 0.42, gain: 0.8, into: out)
    case .clap:
      for delay in [0.0, 0.011, 0.023] {
        let skip = min(Int(delay * ToneRenderer.sampleRate), out.count)
        noise(
          band: 1, frequency: 1500 * tune, decay: delay > 0.02 ? 0.2 : 0.02, gain: 0.55,
          into: UnsafeMutableBufferPointer(rebasing: out[skip...]))
      }
    case .shaker: noise(band: 2, frequency: 6000 * tune, decay: 0.08, gain: 0.35, into: out)
    case .brush: noise(band: 1, frequency: 3600 * tune, decay: 0.19, gain: 0.4, into: out)
    }
  }

  private static let block = 64

  /// A sine whose frequency and level fall exponentially.
  private func sweep(
    from high: Double, to low: Double, fall: Double, decay: Double, gain: Double,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = out.baseAddress else { return }
    let sine = WavetableBank.shared.table(.sine, pitch: 60, bright: false)
    let step = Double(Self.block) / ToneRenderer.sampleRate
    let glide = DeterministicMath.exp2(-1.443 * step / fall)
    let loss = DeterministicMath.exp2(-9.966 * step / decay)
    var level = gain / (0.2 * 2.0.squareRoot())
    var extra = high - low
    var phase: UInt32 = 0
    var position = 0
    while position < out.count {
      let count = min(Self.block, out.count - position)
      let increment = UInt32((low + extra) / ToneRenderer.sampleRate * 0x1p32)
      let next = level * loss
      sentio_synth_wavetable_add(
        base + position, count, phase, increment, sine, sine, Float(level),
        Float((next - level) / Double(Self.block)), 0, 0)
      phase &+= increment &* UInt32(count)
      level = next
      extra *= glide
      position += count
    }
  }

  /// Filtered noise with an exponential fall; band: 0 low, 1 band, 2 high.
  private func noise(
    band: Int32, frequency: Double, decay: Double, gain: Double,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    let count = min(out.count, Int(decay * 1.2 * ToneRenderer.sampleRate))
    guard count > 0, let base = out.baseAddress else { return }
    var scratch = [Float](repeating: 0, count: count)
    scratch.withUnsafeMutableBufferPointer { samples in
      guard let s = samples.baseAddress else { return }
      sentio_synth_noise(s, count, seed ^ 0x5EED, UInt32(frequency))
      let f = 2 * DeterministicMath.sine(periods: 0.5 * frequency / ToneRenderer.sampleRate)
      sentio_synth_filter(s, count, Float(f), 0.9, band)
      let step = Double(Self.block) / ToneRenderer.sampleRate
      let loss = DeterministicMath.exp2(-9.966 * step / decay)
      var level = gain
      var position = 0
      while position < count {
        let length = min(Self.block, count - position)
        sentio_synth_ramp(
          s + position, length, Float(level), Float(level * (loss - 1) / Double(Self.block)))
        level *= loss
        position += length
      }
      for i in 0..<count { base[i] += s[i] }
    }
  }
}
