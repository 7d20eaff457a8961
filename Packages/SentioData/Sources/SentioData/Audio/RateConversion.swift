import SentioDSP

/// Takes planes of samples to another rate; `N` frames become `⌈N · to / from⌉`.
struct RateConversion {
  private let resampler: Resampler?
  private let threads: Int?

  /// Prepares the conversion; none is needed between equal rates.
  ///
  /// - Parameters:
  ///   - source: rate of the samples in Hz.
  ///   - target: rate wanted in Hz.
  ///   - threads: most threads to use; nil for the machine's.
  ///   - path: the file, for the error.
  /// - Throws: ``AudioError`` of the kind `limitExceeded` where the rates are too far apart.
  init(from source: Int, to target: Int, threads: Int?, path: String) throws(AudioError) {
    self.threads = threads
    if source == target {
      resampler = nil
      return
    }
    do {
      resampler = try Resampler(from: source, to: target)
    } catch {
      throw AudioError(.limitExceeded, path: path, detail: "\(error)")
    }
  }

  /// One channel at the new rate.
  func callAsFunction(_ samples: [Float]) -> [Float] {
    let parallelism = threads.map(Parallelism.threads) ?? .automatic
    return resampler?.resample(samples, parallelism: parallelism) ?? samples
  }
}
