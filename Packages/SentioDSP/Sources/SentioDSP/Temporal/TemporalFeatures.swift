import CSentioDSPKernels
import Foundation

/// Loudness, zero crossings and energy entropy of a signal's frames, in one pass over its samples.
///
/// For the samples `x` of a frame of length `N`:
/// - root mean square `√(Σ x² / N)`, in the signal's unit;
/// - zero-crossing rate: pairs of neighbours within the frame that differ in sign, over `N`; 0 … 1;
/// - energy entropy `-Σ s log₂(s + ε)`, where `s` are the shares of the frame's energy in
///   ``energyBlocks`` equal blocks, `s = Σ_block x² / (Σ_frame x² + ε)`, `ε = 2⁻⁵²`: 0 bits when all energy is in
///   one block (an onset), `log₂ energyBlocks` when it is even. Samples that are left over when `N` is not a
///   multiple count in the frame's energy only.
///
/// Centred frames reach beyond the signal: the energy is 0 there, and the end samples, repeated, cross
/// nothing. Silence gives 0, 0 and 0. An empty signal has no frames, nor has one shorter than a
/// frame that is not centred. A NaN makes NaN of the root mean square and the entropy of its frames, and its sign bit
/// counts in the crossings.
///
/// *Reference:* librosa 0.11, `librosa.feature.rms(y=…)` and `librosa.feature.zero_crossing_rate`;
/// pyAudioAnalysis 0.3.14, `ShortTermFeatures.energy_entropy`.
public struct TemporalFeatures: Hashable, Codable, Sendable {
  /// Samples in a frame, `N` ≥ 1.
  public var frameLength: Int
  /// Samples from one frame to the next, ≥ 1.
  public var hopLength: Int
  /// Whether frame `t` is centred on sample `t · hopLength` or begins there.
  public var isCentered: Bool
  /// Magnitudes up to this count as zero; 0 or more.
  public var crossingThreshold: Float
  /// Whether zero has a positive sign, or a sign of its own, so that passing through it crosses twice.
  public var zeroIsPositive: Bool
  /// Blocks that a frame is cut into for its energy entropy, 1 … `N`.
  public var energyBlocks: Int

  /// What is measured, with librosa's and pyAudioAnalysis's defaults.
  ///
  /// - Parameters:
  ///   - frameLength: samples in a frame, ≥ 1.
  ///   - hopLength: samples from one frame to the next, ≥ 1.
  ///   - isCentered: whether frame `t` is centred on sample `t · hopLength`.
  ///   - crossingThreshold: magnitudes up to this count as zero; ≥ 0.
  ///   - zeroIsPositive: whether zero counts as positive.
  ///   - energyBlocks: blocks of the energy entropy, 1 … `frameLength`.
  public init(
    frameLength: Int = 2048, hopLength: Int = 512, isCentered: Bool = true,
    crossingThreshold: Float = 1e-10, zeroIsPositive: Bool = true, energyBlocks: Int = 10
  ) {
    self.frameLength = frameLength
    self.hopLength = hopLength
    self.isCentered = isCentered
    self.crossingThreshold = crossingThreshold
    self.zeroIsPositive = zeroIsPositive
    self.energyBlocks = energyBlocks
  }

  /// The rows of the result: their order in a ``FrameMatrix`` and in feature names.
  public enum Row: Int, CaseIterable, Sendable {
    /// Root mean square.
    case rootMeanSquare
    /// Zero-crossing rate.
    case zeroCrossingRate
    /// Energy entropy in bits.
    case energyEntropy

    /// The row's name in feature columns.
    public var name: String {
      switch self {
      case .rootMeanSquare: "rms"
      case .zeroCrossingRate: "zcr"
      case .energyEntropy: "energy_entropy"
      }
    }
  }

  /// Number of frames of a signal.
  ///
  /// - Parameter sampleCount: length of the signal in samples.
  /// - Returns: frames, 0 or more.
  public func frameCount(forSampleCount sampleCount: Int) -> Int {
    let padded = isCentered ? sampleCount + 2 * (frameLength / 2) : sampleCount
    return sampleCount == 0 || padded < frameLength ? 0 : 1 + (padded - frameLength) / hopLength
  }

  /// Measures every frame.
  ///
  /// - Parameter signal: one channel of samples.
  /// - Returns: a matrix whose three rows are those of ``Row``.
  public func callAsFunction(_ signal: [Float]) -> FrameMatrix {
    precondition(
      frameLength >= 1 && hopLength >= 1, "frames of \(frameLength) samples every \(hopLength)")
    precondition(
      energyBlocks >= 1 && energyBlocks <= frameLength,
      "\(energyBlocks) energy blocks in a frame of \(frameLength) samples")
    let frameCount = frameCount(forSampleCount: signal.count)
    let rows = Row.allCases.count
    return FrameMatrix(frameCount: frameCount, rowCount: rows) { output in
      signal.withUnsafeBufferPointer { signal in
        var energies = [Double](repeating: 0, count: energyBlocks)
        for frame in 0..<frameCount {
          let start = frame * hopLength - (isCentered ? frameLength / 2 : 0)
          let energy = blockEnergies(of: signal, from: start, into: &energies)
          let inside = clipped(start..<start + frameLength, to: signal.count)
          let crossings = sentio_dsp_zero_crossings(
            signal.baseAddress! + inside.lowerBound, inside.count, crossingThreshold,
            zeroIsPositive ? 1 : 0)
          let values = output.baseAddress! + frame * rows
          values[Row.rootMeanSquare.rawValue] = Float((energy / Double(frameLength)).squareRoot())
          values[Row.zeroCrossingRate.rawValue] = Float(Double(crossings) / Double(frameLength))
          values[Row.energyEntropy.rawValue] = Float(entropy(energies, of: energy))
        }
      }
    }
  }

  /// Fills in the energy of each block and returns that of the frame, left-over samples included.
  private func blockEnergies(
    of signal: UnsafeBufferPointer<Float>, from start: Int, into energies: inout [Double]
  ) -> Double {
    func energy(_ range: Range<Int>) -> Double {
      let inside = clipped(range, to: signal.count)
      return sentio_dsp_sum_of_squares(signal.baseAddress! + inside.lowerBound, inside.count)
    }
    let length = frameLength / energyBlocks
    var total = 0.0
    for block in 0..<energyBlocks {
      let begin = start + block * length
      energies[block] = energy(begin..<begin + length)
      total += energies[block]
    }
    return total + energy(start + energyBlocks * length..<start + frameLength)
  }

  private func entropy(_ energies: [Double], of total: Double) -> Double {
    let epsilon = 0x1p-52
    // Subtracted from +0, so that an entropy of zero is not minus zero.
    return energies.reduce(0.0) {
      let share = $1 / (total + epsilon)
      return $0 - share * log2(share + epsilon)
    }
  }

  /// The part of a range that lies inside the signal, empty at its end if there is none.
  private func clipped(_ range: Range<Int>, to count: Int) -> Range<Int> {
    range.clamped(to: 0..<count)
  }
}
