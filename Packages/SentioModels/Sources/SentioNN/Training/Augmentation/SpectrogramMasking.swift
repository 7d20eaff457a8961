import SentioTensor

/// The masks of SpecAugment: bands of frequencies and stretches of time that a sample loses.
///
/// *Reference:* Park et al., "SpecAugment" (2019), without its warping of time; `torchaudio.transforms.FrequencyMasking`
/// and `TimeMasking` 2.x with one draw a sample.
public struct SpectrogramMasking: Sendable, Hashable {
  /// What masked elements become.
  public enum Fill: Sendable, Hashable {
    /// A number, such as 0 for features of mean 0.
    case value(Float)
    /// The mean of the sample.
    case mean
  }

  /// The axis of time in the inputs, 0 being that of the samples.
  public var timeAxis: Int
  /// The axis of frequencies, or of features.
  public var frequencyAxis: Int
  /// Masks over time, a sample.
  public var timeMasks = 2
  /// The longest one, in steps; lengths are uniform from 0.
  public var longestTime = 40
  /// Masks over frequencies, a sample.
  public var frequencyMasks = 2
  /// The widest one, in bins; widths are uniform from 0.
  public var widestFrequency = 8
  /// What masked elements become.
  public var fill = Fill.value(0)

  /// Describes masks; everything else has a default.
  ///
  /// - Parameters:
  ///   - timeAxis: the axis of time: 1 for `[N, L, D]`, 2 for spectrograms of `[N, F, T]`.
  ///   - frequencyAxis: the axis of frequencies: 2 and 1 for the same.
  public init(timeAxis: Int, frequencyAxis: Int) {
    self.timeAxis = timeAxis
    self.frequencyAxis = frequencyAxis
  }

  /// Masks each sample by draws of its own.
  ///
  /// - Parameters:
  ///   - inputs: `[N, …]`, changed in place.
  ///   - lengths: real steps of each sample, within which time masks lie; nil for all.
  ///   - stream: four words for each mask.
  public func apply(
    to inputs: inout Tensor, lengths: [Int]? = nil, from stream: inout RandomStream
  ) {
    let shape = Array(inputs.shape)
    precondition(
      shape.indices.dropFirst().contains(timeAxis)
        && shape.indices.dropFirst().contains(frequencyAxis) && timeAxis != frequencyAxis,
      "time axis \(timeAxis) and frequency axis \(frequencyAxis) of inputs of shape \(inputs.shape)"
    )
    let size = shape.dropFirst().reduce(1, *)
    inputs.withUnsafeMutableBufferPointer { buffer in
      for sample in 0..<shape[0] {
        let values = UnsafeMutableBufferPointer(
          rebasing: buffer[sample * size..<(sample + 1) * size])
        let filler: Float
        switch fill {
        case .value(let value): filler = value
        case .mean:
          filler = Float(values.reduce(0.0) { $0 + Double($1) } / Double(max(1, size)))
        }
        let masks = [
          (timeAxis, timeMasks, longestTime, min(shape[timeAxis], lengths?[sample] ?? .max)),
          (frequencyAxis, frequencyMasks, widestFrequency, shape[frequencyAxis]),
        ]
        for (axis, count, longest, extent) in masks {
          for _ in 0..<count {
            let length = stream.next(below: min(longest, extent) + 1)
            let start = stream.next(below: extent - length + 1)
            Self.fill(values, shape, axis, start..<start + length, with: filler)
          }
        }
      }
    }
  }

  /// Fills a range along an axis of one sample.
  private static func fill(
    _ values: UnsafeMutableBufferPointer<Float>, _ shape: [Int], _ axis: Int, _ range: Range<Int>,
    with filler: Float
  ) {
    // [outer, axis, inner]
    let outer = shape[1..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    for block in 0..<outer {
      let start = (block * shape[axis] + range.lowerBound) * inner
      values[start..<start + range.count * inner].update(repeating: filler)
    }
  }
}

extension Augmentation where Batch == LabelledBatch {
  /// Bands of frequencies and stretches of time that samples lose.
  ///
  /// - Parameter masking: how many and how large.
  /// - Returns: the augmentation.
  public static func spectrogramMasking(_ masking: SpectrogramMasking) -> Augmentation {
    Augmentation { batch, stream in
      masking.apply(to: &batch.inputs, lengths: batch.lengths, from: &stream)
    }
  }
}
