import Foundation

/// A signal with partials and a little noise, different in each channel: lossy codecs keep it
/// well, and a shift by one sample or a swap of channels shows at once.
func testSignal(frameCount: Int, channelCount: Int = 1, sampleRate: Int) -> [Float] {
  var samples: [Float] = []
  samples.reserveCapacity(frameCount * channelCount)
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  for channel in 0..<channelCount {
    let base = 220.0 * pow(1.335, Double(channel))
    for index in 0..<frameCount {
      let time = Double(index) / Double(sampleRate)
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let noise = Double(Int64(bitPattern: state) >> 40) / Double(1 << 23) - 0
      let swell = 0.6 + 0.4 * sin(2 * .pi * 1.7 * time)
      let tone =
        sin(2 * .pi * base * time) + 0.5 * sin(2 * .pi * 2.01 * base * time)
        + 0.25 * sin(2 * .pi * 3.4 * base * time)
      samples.append(Float(0.35 * swell * tone + 0.001 * noise))
    }
  }
  return samples
}

/// How far `decoded` is from `original`, as 10 log₁₀ of signal over error power.
func signalToNoise(_ original: [Float], _ decoded: [Float]) -> Double {
  var signal = 0.0
  var noise = 0.0
  for (a, b) in zip(original, decoded) {
    signal += Double(a) * Double(a)
    noise += Double(a - b) * Double(a - b)
  }
  return noise == 0 ? .infinity : 10 * log10(signal / noise)
}
