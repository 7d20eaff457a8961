import CSentioDSPKernels
import Foundation

/// Mel-frequency cepstral coefficients: the cosine transform of a mel spectrum's levels.
///
/// `c(i) = s(i) · Σₘ L(m) · cos(πi(m + ½)/M)` with `s(0) = √(1/M)` and `s(i) = √(2/M)`: the
/// orthonormal DCT-II. A lifter `λ > 0` multiplies `c(i)` by `1 + λ/2 · sin(π(i + 1)/λ)`.
///
/// *Reference:* librosa 0.11, `librosa.feature.mfcc` of levels in decibels.
public struct MFCC: Sendable {
  /// Coefficients, the constant one included.
  public let coefficientCount: Int

  /// Bands of the mel spectra.
  public let bandCount: Int

  private let matrix: [Float]

  /// Prepares the transform.
  ///
  /// - Parameters:
  ///   - coefficientCount: coefficients, 1 … `bandCount`.
  ///   - bandCount: bands of the mel spectra.
  ///   - lifter: the lifter's length, ≥ 0; 0 leaves the coefficients as they are.
  public init(coefficientCount: Int = 13, bandCount: Int = 128, lifter: Double = 0) {
    precondition(
      coefficientCount >= 1 && coefficientCount <= bandCount && lifter >= 0,
      "\(coefficientCount) coefficients of \(bandCount) bands, lifter \(lifter)")
    self.coefficientCount = coefficientCount
    self.bandCount = bandCount
    let bands = Double(bandCount)
    matrix = (0..<coefficientCount).flatMap { i in
      let scale = ((i == 0 ? 1 : 2) / bands).squareRoot()
      let lift = lifter > 0 ? 1 + lifter / 2 * sin(.pi * Double(i + 1) / lifter) : 1
      return (0..<bandCount).map { m in
        Float(scale * lift * cos(.pi * Double(i) * (Double(m) + 0.5) / bands))
      }
    }
  }

  /// The coefficients of a mel spectrogram.
  ///
  /// - Parameters:
  ///   - levels: `bandCount` levels for each frame, in decibels.
  ///   - parallelism: threads that may be used.
  /// - Returns: `coefficientCount` rows.
  public func coefficients(
    ofLevels levels: FrameMatrix, parallelism: Parallelism = .serial
  ) -> FrameMatrix {
    precondition(
      levels.rowCount == bandCount, "\(levels.rowCount) bands given, \(bandCount) expected")
    return FrameMatrix(frameCount: levels.frameCount, rowCount: coefficientCount) { output in
      guard levels.frameCount > 0 else { return }
      let destination = SendablePointer(output.baseAddress!)
      parallelism.forEachBlock(ofFrames: levels.frameCount) { blocks in
        let lanes = AlignedBuffer(count: bandCount * laneCount)
        let result = AlignedBuffer(count: coefficientCount * laneCount)
        for (first, used) in blocks {
          levels.values.withUnsafeBufferPointer {
            sentio_dsp_lanes_from_frames(
              $0.baseAddress! + first * bandCount, bandCount, bandCount, used, lanes.pointer)
          }
          apply(lanes.pointer, into: result.pointer)
          sentio_dsp_frames_from_lanes(
            result.pointer, coefficientCount, used,
            destination.value + first * coefficientCount, coefficientCount)
        }
      }
    }
  }

  /// `[bands][lanes]` levels to `[coefficients][lanes]`.
  func apply(_ levels: UnsafePointer<Float>, into coefficients: UnsafeMutablePointer<Float>) {
    sentio_dsp_lane_matrix(levels, matrix, coefficientCount, bandCount, coefficients)
  }
}
