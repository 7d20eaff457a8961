import Foundation
import SentioDSP

/// The signal that the peers' script analyses: four partials with a slow swell, and noise.
func benchmarkClip(seconds: Double = 30, sampleRate: Double = 22_050) -> [Float] {
  let partials: [(frequency: Double, amplitude: Double)] = [
    (110, 0.3), (220, 0.2), (331, 0.15), (1760, 0.05),
  ]
  var state: UInt64 = 1
  return (0..<Int(seconds * sampleRate)).map { n in
    let t = Double(n) / sampleRate
    let tone = partials.reduce(0) { $0 + $1.amplitude * sin(2 * .pi * $1.frequency * t) }
    // A sum of four uniform numbers stands in for the peers' normal noise.
    var noise = 0.0
    for _ in 0..<4 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      noise += Double(state >> 40) / Double(1 << 24) - 0.5
    }
    return Float(tone * (1 + 0.3 * sin(2 * .pi * 2 * t)) + 0.02 * noise * 3.0.squareRoot())
  }
}

let dspWorkloads: [Workload] = [
  Workload("dsp.mel.30s") {
    let samples = benchmarkClip()
    let mel = try MelSpectrogram()
    return { blackHole(try mel.levels(samples)) }
  },
  Workload("dsp.mel.30s.one-thread") {
    let samples = benchmarkClip()
    let mel = try MelSpectrogram()
    return { blackHole(try mel.levels(samples, parallelism: .serial)) }
  },
  Workload("dsp.features164.30s") {
    let samples = benchmarkClip()
    let extractor = try FeatureExtractor()
    return { blackHole(try extractor.extract(samples, sampleRate: 22_050)) }
  },
  Workload("dsp.features164.30s.one-thread") {
    let samples = benchmarkClip()
    let extractor = try FeatureExtractor()
    return {
      blackHole(try extractor.extract(samples, sampleRate: 22_050, parallelism: .serial))
    }
  },
  Workload("dsp.hpss.30s") {
    let spectrogram = try STFT().complexSpectrogram(benchmarkClip())
    let separator = HarmonicPercussiveSeparator()
    return { blackHole(try separator.separate(spectrogram)) }
  },
  Workload("dsp.hpss.30s.one-thread") {
    let spectrogram = try STFT().complexSpectrogram(benchmarkClip())
    let separator = HarmonicPercussiveSeparator()
    return { blackHole(try separator.separate(spectrogram, parallelism: .serial)) }
  },
  Workload("dsp.beat.30s") {
    let samples = benchmarkClip()
    let tracker = BeatTracker()
    return { blackHole(try tracker.beats(of: samples, sampleRate: 22_050)) }
  },
  Workload("dsp.beat.30s.one-thread") {
    let samples = benchmarkClip()
    let tracker = BeatTracker()
    return { blackHole(try tracker.beats(of: samples, sampleRate: 22_050, parallelism: .serial)) }
  },
]
