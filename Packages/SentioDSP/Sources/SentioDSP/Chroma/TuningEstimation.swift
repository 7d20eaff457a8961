import CSentioDSPKernels
import Foundation

/// The spectral peaks of a song, from which its tuning is estimated.
struct SpectralPeaks: Sendable {
  /// Interpolated positions in bins.
  var positions: [Float] = []
  /// Interpolated heights.
  var heights: [Float] = []

  /// The bins in which peaks are looked for: 150 Hz ≤ f < 4 kHz, away from both ends.
  static func bins(sampleRate: Double, fftLength: Int) -> Range<Int> {
    let binCount = fftLength / 2 + 1
    let highest = min(4000, sampleRate / 2)
    func frequency(_ bin: Int) -> Double { Double(bin) * sampleRate / Double(fftLength) }
    guard binCount > 2 else { return 1..<1 }
    let first = (1..<binCount - 1).first { frequency($0) >= 150 } ?? binCount - 1
    let last = (first..<binCount - 1).first { frequency($0) >= highest } ?? binCount - 1
    return first..<last
  }

  /// Appends the peaks of a block, `[bins][lanes]`.
  mutating func append(
    block values: UnsafePointer<Float>, binCount: Int, bins: Range<Int>, used: Int
  ) {
    if bins.isEmpty { return }
    let capacity = laneCount / 2 * (bins.count + 2)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * capacity) { room in
      let found = sentio_dsp_lane_peaks(
        values, binCount, bins.lowerBound, bins.upperBound, 0.1, used, room.baseAddress!,
        room.baseAddress! + capacity)
      positions += room[..<found]
      heights += room[capacity..<capacity + found]
    }
  }

  /// The tuning that most of the higher peaks share, in classes from A = 440 Hz.
  ///
  /// Peaks below the median height are left out; the deviations of the others from the nearest
  /// class are counted in steps of 0.01, and the lower edge of the fullest step is the result.
  func tuning(sampleRate: Double, fftLength: Int, classCount: Int) -> Double {
    if positions.isEmpty { return 0 }
    let least = median(heights)
    var counts = [Int](repeating: 0, count: 100)
    for (position, height) in zip(positions, heights) where height >= least {
      let frequency = Float(Double(position) * sampleRate / Double(fftLength))
      let pitch = Float(classCount) * log2(frequency / 27.5)
      var deviation = pitch - pitch.rounded(.down)
      if deviation >= 0.5 { deviation -= 1 }
      let guess = Int((Double(deviation) + 0.5) * 100)
      counts[min(max(guess, 0), 99)] += 1
    }
    var fullest = 0
    for (index, count) in counts.enumerated() where count > counts[fullest] { fullest = index }
    return -0.5 + Double(fullest) * 0.01
  }
}

/// The median, the mean of the middle two where there are two, in linear time.
private func median(_ values: [Float]) -> Float {
  var values = values
  let middle = values.count / 2
  let upper = values.withUnsafeMutableBufferPointer { select(middle, of: $0) }
  if values.count % 2 == 1 { return upper }
  return (values[..<middle].max()! + upper) / 2
}

/// Moves the value of a rank to its place, smaller ones before it, and returns it.
private func select(_ rank: Int, of values: UnsafeMutableBufferPointer<Float>) -> Float {
  var low = 0
  var high = values.count - 1
  while low < high {
    let pivot = values[low + (high - low) / 2]
    var i = low
    var j = high
    while i <= j {
      while values[i] < pivot { i += 1 }
      while values[j] > pivot { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if rank <= j { high = j } else if rank >= i { low = i } else { break }
  }
  return values[rank]
}

extension Spectrogram {
  /// How far a recording is tuned from A = 440 Hz.
  ///
  /// Local maxima from 150 Hz to 4 kHz that reach a tenth of their frame's largest bin are
  /// interpolated by a parabola; see the histogram in the reference. 0 where there are none.
  ///
  /// *Reference:* librosa 0.11, `librosa.estimate_tuning`, given this spectrogram's values as they
  /// are (`chroma_stft` passes power).
  ///
  /// - Parameter classCount: pitch classes of an octave.
  /// - Returns: deviation in classes, -0.5 … 0.49, in steps of 0.01.
  public func estimatedTuning(classCount: Int = 12) -> Double {
    var peaks = SpectralPeaks()
    let bins = SpectralPeaks.bins(sampleRate: sampleRate, fftLength: fftLength)
    let lanes = AlignedBuffer(count: binCount * laneCount)
    let blocks = (frameCount + laneCount - 1) / laneCount
    for (first, used) in FrameBlocks(blocks: 0..<blocks, frameCount: frameCount) {
      loadBlock(first: first, used: used, as: quantity, into: lanes)
      peaks.append(block: lanes.pointer, binCount: binCount, bins: bins, used: used)
    }
    return peaks.tuning(sampleRate: sampleRate, fftLength: fftLength, classCount: classCount)
  }
}
