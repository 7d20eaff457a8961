import SentioDSP

/// Uniform noise from a linear congruential generator: no denormals, nothing to predict.
private func resamplingNoise(count: Int) -> [Float] {
  var state: UInt64 = 7
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) / Float(1 << 23) - 1
  }
}

let resampleWorkloads: [Workload] = [
  Workload("dsp.resample.44100-22050.30s") {
    let signal = resamplingNoise(count: 44_100 * 30)
    return {
      // Made anew each time, as the peer does; the coefficients come from the cache.
      blackHole(try Resampler(from: 44_100, to: 22_050, quality: .high).resample(signal))
    }
  },
  Workload("dsp.resample.44100-22050.30s.one-thread") {
    let signal = resamplingNoise(count: 44_100 * 30)
    return {
      let resampler = try Resampler(from: 44_100, to: 22_050, quality: .high)
      blackHole(resampler.resample(signal, parallelism: .serial))
    }
  },
]
