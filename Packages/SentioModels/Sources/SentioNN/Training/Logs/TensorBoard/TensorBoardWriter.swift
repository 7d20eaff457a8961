import Foundation
import SentioTensor

/// Event files that TensorBoard shows: numbers and histograms by tag and step.
///
/// ```swift
/// let writer = try TensorBoardWriter(folder: URL(filePath: "runs/crnn"))
/// try writer.write(0.31, "train/loss", step: 100)
/// ```
///
/// Each writer makes a file of its own, `events.out.tfevents.…`; TensorBoard reads all files of a folder in order. An entry is
/// handed to the system at once and whole, so that a killed process leaves at most one torn entry, at the end, which
/// TensorBoard passes over.
public final class TensorBoardWriter {
  /// The file.
  public let url: URL
  private let file: FileHandle

  /// Creates a file.
  ///
  /// - Parameters:
  ///   - folder: where; it must exist.
  ///   - step: where the training starts: what earlier files of the folder have beyond it is no longer shown.
  /// - Throws: `FileError`.
  public init(folder: URL, from step: Int = 0) throws {
    let time = Date().timeIntervalSince1970
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    // Microseconds keep files of one process apart and in order.
    let stamp = String(format: "%016.6f", time)
    url = folder.appending(
      path: "events.out.tfevents.\(stamp).\(host.replacing("/", with: "-")).\(getpid())")
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError(path: url.path, operation: .open, code: errno)
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try write(EventMessage(time: time, step: 0, content: .version))
    if step > 0 { try write(EventMessage(time: time, step: step, content: .start)) }
  }

  /// Writes a number.
  ///
  /// - Parameters:
  ///   - value: the number; NaN is shown as a gap.
  ///   - tag: its name; parts before a slash make groups.
  ///   - step: where it belongs.
  /// - Throws: `FileError`.
  public func write(_ value: Double, _ tag: String, step: Int) throws {
    try write(.scalar(tag: tag, Float(value)), step)
  }

  /// Writes how the elements of a tensor are distributed.
  ///
  /// - Parameters:
  ///   - values: any shape; elements that are not finite are left out.
  ///   - tag: its name; parts before a slash make groups.
  ///   - step: where it belongs.
  ///   - buckets: the number of buckets of equal width between the least and the largest.
  /// - Throws: `FileError`.
  public func write(histogramOf values: Tensor, _ tag: String, step: Int, buckets: Int = 30)
    throws
  {
    precondition(buckets >= 1, "\(buckets) buckets")
    let histogram = values.withUnsafeBufferPointer { Self.histogram($0, buckets) }
    try write(.histogram(tag: tag, histogram), step)
  }

  private static func histogram(
    _ values: UnsafeBufferPointer<Float>, _ buckets: Int
  ) -> EventMessage.Histogram {
    var histogram = EventMessage.Histogram()
    var (least, largest) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      let value = Double(value)
      (least, largest) = (min(least, value), max(largest, value))
      histogram.count += 1
      histogram.sum += value
      histogram.sumOfSquares += value * value
    }
    guard histogram.count > 0 else { return histogram }
    (histogram.minimum, histogram.maximum) = (least, largest)
    let width = (largest - least) / Double(buckets)
    guard width > 0 else {
      histogram.limits = [largest]
      histogram.counts = [histogram.count]
      return histogram
    }
    histogram.limits = (1...buckets).map { $0 == buckets ? largest : least + Double($0) * width }
    histogram.counts = Array(repeating: 0, count: buckets)
    for value in values where value.isFinite {
      let bucket = Int((Double(value) - least) / width)
      histogram.counts[min(bucket, buckets - 1)] += 1
    }
    return histogram
  }

  private func write(_ content: EventMessage.Content, _ step: Int) throws {
    try write(
      EventMessage(time: Date().timeIntervalSince1970, step: step, content: content))
  }

  private func write(_ message: EventMessage) throws {
    do {
      try file.write(contentsOf: RecordFrame.framed(message.encoded))
    } catch {
      throw FileError(path: url.path, operation: .write, code: errno)
    }
  }
}
