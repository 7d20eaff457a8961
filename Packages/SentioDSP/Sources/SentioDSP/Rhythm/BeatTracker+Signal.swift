extension BeatTracker {
  /// Finds the beats of a signal.
  ///
  /// Levels of 128 mel bands up to half the sample rate (frames of 2048, 80 dB), the median of their rises as onset strength,
  /// then ``callAsFunction(_:frameRate:)``.
  ///
  /// *Reference:* `librosa.beat.beat_track` 0.11 of a signal.
  ///
  /// - Parameters:
  ///   - samples: the signal; silence has no beats.
  ///   - sampleRate: samples per second, 1 … 10⁶.
  ///   - hopLength: samples from one frame to the next, 1 … 2²⁰.
  ///   - parallelism: threads that may be used; the result does not depend on it.
  /// - Returns: tempo and beats, none if a sample is not finite; a beat's time is `frame · hopLength / sampleRate`.
  /// - Throws: ``DSPError/emptySignal``, ``DSPError/invalidSetting(name:value:expected:)`` for a rate or a hop out of its range.
  public func beats(
    of samples: [Float], sampleRate: Double, hopLength: Int = 512,
    parallelism: Parallelism = .automatic
  ) throws(DSPError) -> Beats {
    let mel = try MelSpectrogram(
      frontEnd: FrontEnd(
        sampleRate: sampleRate, hopLength: hopLength, minimumFrequency: 0,
        maximumFrequency: sampleRate / 2))
    let levels = try mel.levels(samples, parallelism: parallelism)
    let strength = OnsetStrength(hopLength: hopLength, aggregation: .median)
      .strength(ofLevels: levels)
    return self(strength, frameRate: sampleRate / Double(hopLength))
  }
}
