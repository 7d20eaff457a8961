import SentioNN
import SentioTensor

/// How a model's outputs change when a part of a spectrogram is hidden.
///
/// A window slides over bands and frames; under it stands the spectrogram's mean. What an output loses,
/// `f(x) - f(x without the window)`, is what the window contributed to it: positive where hiding lowers the output. Any
/// model can be asked, since only its outputs are looked at.
///
/// ```swift
/// let occlusion = try Occlusion(of: spectrogram, window: HeightWidth(height: 32, width: 86)) { batch in
///   network(SpectrogramImage.make(batch))    // [N, 1, bands, frames] -> [N, 2]
/// }
/// let valence = occlusion.map(output: 0)
/// ```
///
/// *Reference:* Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014.
public struct Occlusion: Sendable {
  /// The outputs for the whole spectrogram.
  public let outputs: [Float]
  /// The height and the width of the window.
  public let window: HeightWidth
  /// The first bands of the windows' rows.
  public let bands: [Int]
  /// The first frames of the windows' columns.
  public let frames: [Int]
  /// For each window, row by row, what each output lost, `[rows, columns, K]`.
  public let losses: [Float]
  private let size: HeightWidth

  /// Hides parts.
  ///
  /// The last row and column of windows end where the spectrogram does, so that every place is hidden at least once.
  ///
  /// - Parameters:
  ///   - spectrogram: `[bands, frames]`.
  ///   - window: the height and the width of the window; cut to the spectrogram's.
  ///   - stride: how far windows lie apart; half a window if nil.
  ///   - value: what stands in a hidden place; the spectrogram's mean if nil.
  ///   - batchSize: how many windows the model is asked about at once, which bounds the memory.
  ///   - predict: from `[N, 1, bands, frames]` to `[N, K]`, in inference.
  /// - Throws: what `predict` throws.
  public init(
    of spectrogram: Tensor, window: HeightWidth, stride: HeightWidth? = nil, value: Float? = nil,
    batchSize: Int = 16, predict: (Tensor) throws -> Tensor
  ) throws {
    precondition(
      spectrogram.rank == 2 && spectrogram.count > 0,
      "a spectrogram is [bands, frames], not \(spectrogram.shape)")
    precondition(
      window.height >= 1 && window.width >= 1 && batchSize >= 1
        && (stride.map { $0.height >= 1 && $0.width >= 1 } ?? true),
      "windows of \(window) cannot be moved by \(stride ?? window), \(batchSize) at once")
    let size = HeightWidth(height: spectrogram.shape[0], width: spectrogram.shape[1])
    let window = HeightWidth(
      height: min(window.height, size.height), width: min(window.width, size.width))
    let step =
      stride
      ?? HeightWidth(height: max(1, window.height / 2), width: max(1, window.width / 2))
    let bands = Self.starts(size.height, window.height, step.height)
    let frames = Self.starts(size.width, window.width, step.width)
    let hidden = value ?? spectrogram.mean().scalar
    let places = bands.flatMap { band in frames.map { (band, $0) } }
    let whole = try predict(spectrogram.reshaped([1, 1, size.height, size.width]))
    let outputs = whole.withUnsafeBufferPointer { Array($0) }
    var losses: [Float] = []
    losses.reserveCapacity(places.count * outputs.count)
    for start in Swift.stride(from: 0, to: places.count, by: batchSize) {
      let chosen = places[start..<min(start + batchSize, places.count)]
      let batch = spectrogram.withUnsafeBufferPointer { source in
        Tensor(uninitialized: [chosen.count, 1, size.height, size.width]) { target in
          for (row, place) in chosen.enumerated() {
            let offset = row * source.count
            _ = UnsafeMutableBufferPointer(rebasing: target[offset..<offset + source.count])
              .update(fromContentsOf: source)
            for band in place.0..<place.0 + window.height {
              let first = offset + band * size.width + place.1
              for index in first..<first + window.width { target[index] = hidden }
            }
          }
        }
      }
      let found = try predict(batch)
      precondition(
        found.count == chosen.count * outputs.count,
        "\(chosen.count) spectrograms gave outputs of shape \(found.shape)")
      found.withUnsafeBufferPointer { found in
        for (index, value) in found.enumerated() {
          losses.append(outputs[index % outputs.count] - value)
        }
      }
    }
    self.outputs = outputs
    self.window = window
    self.bands = bands
    self.frames = frames
    self.losses = losses
    self.size = size
  }

  private static func starts(_ length: Int, _ window: Int, _ step: Int) -> [Int] {
    var starts = Array(Swift.stride(from: 0, through: length - window, by: step))
    if let last = starts.last, last < length - window { starts.append(length - window) }
    return starts
  }

  /// What an output lost, as a map over the spectrogram: the mean over the windows that hid a place.
  ///
  /// - Parameter output: which output.
  /// - Returns: the map.
  public func map(output: Int) -> SpectrogramMap {
    precondition(outputs.indices.contains(output), "there are \(outputs.count) outputs")
    var sums = [Float](repeating: 0, count: size.height * size.width)
    var counts = [Float](repeating: 0, count: sums.count)
    for (row, band) in bands.enumerated() {
      for (column, frame) in frames.enumerated() {
        let loss = losses[(row * frames.count + column) * outputs.count + output]
        for place in band..<band + window.height {
          for index in place * size.width + frame..<place * size.width + frame + window.width {
            sums[index] += loss
            counts[index] += 1
          }
        }
      }
    }
    return SpectrogramMap(
      bands: size.height, frames: size.width, values: zip(sums, counts).map { $0 / $1 })
  }

  /// The window whose loss of an output is the largest in absolute value.
  ///
  /// - Parameter output: which output.
  /// - Returns: its bands, its frames and the loss.
  public func strongest(output: Int) -> (bands: Range<Int>, frames: Range<Int>, loss: Float) {
    precondition(outputs.indices.contains(output), "there are \(outputs.count) outputs")
    let own = Swift.stride(from: output, to: losses.count, by: outputs.count).map { losses[$0] }
    let best = own.indices.reduce(0) { own[$1].magnitude > own[$0].magnitude ? $1 : $0 }
    let (band, frame) = (bands[best / frames.count], frames[best % frames.count])
    return (band..<band + window.height, frame..<frame + window.width, own[best])
  }
}
