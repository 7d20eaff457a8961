import Foundation

// The few fields of TensorBoard's messages that are written here, in protocol buffers' wire format. Three
// messages of a handful of fields are less to keep than a code generator's output and a package to go with it.

/// An entry of an event file.
///
/// *Reference:* `tensorflow/core/util/event.proto` and `tensorflow/core/framework/summary.proto`.
struct EventMessage {
  enum Content {
    /// The first entry of every file.
    case version
    /// A training starts, or starts again: what later steps a dead process has logged does not count.
    case start
    /// A number.
    case scalar(tag: String, Float)
    /// How many values lie in each bucket.
    case histogram(tag: String, Histogram)
  }

  struct Histogram {
    var minimum = 0.0
    var maximum = 0.0
    var count = 0.0
    var sum = 0.0
    var sumOfSquares = 0.0
    /// The upper ends of the buckets, ascending.
    var limits: [Double] = []
    var counts: [Double] = []
  }

  let time: Double
  let step: Int
  let content: Content

  var encoded: [UInt8] {
    var event = WireMessage()
    event.append(1, double: time)
    if step != 0 { event.append(2, integer: UInt64(step)) }
    switch content {
    case .version: event.append(3, bytes: Array("brain.Event:2".utf8))
    case .start:
      var session = WireMessage()
      session.append(1, integer: 1)
      event.append(7, bytes: session.bytes)
    case .scalar(let tag, let value):
      var entry = WireMessage()
      entry.append(1, bytes: Array(tag.utf8))
      entry.append(2, float: value)
      event.append(5, bytes: Self.summary(of: entry))
    case .histogram(let tag, let histogram):
      var entry = WireMessage()
      entry.append(1, bytes: Array(tag.utf8))
      entry.append(5, bytes: Self.encoded(histogram))
      event.append(5, bytes: Self.summary(of: entry))
    }
    return event.bytes
  }

  private static func summary(of entry: WireMessage) -> [UInt8] {
    var summary = WireMessage()
    summary.append(1, bytes: entry.bytes)
    return summary.bytes
  }

  private static func encoded(_ histogram: Histogram) -> [UInt8] {
    var message = WireMessage()
    message.append(1, double: histogram.minimum)
    message.append(2, double: histogram.maximum)
    message.append(3, double: histogram.count)
    message.append(4, double: histogram.sum)
    message.append(5, double: histogram.sumOfSquares)
    message.append(6, doubles: histogram.limits)
    message.append(7, doubles: histogram.counts)
    return message.bytes
  }
}

/// Fields in protocol buffers' wire format.
struct WireMessage {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ field: Int, integer value: UInt64) {
    append(key: field, wireType: 0)
    append(variableLength: value)
  }

  mutating func append(_ field: Int, double value: Double) {
    append(key: field, wireType: 1)
    append(fixed: value.bitPattern)
  }

  mutating func append(_ field: Int, float value: Float) {
    append(key: field, wireType: 5)
    append(fixed: value.bitPattern)
  }

  mutating func append(_ field: Int, bytes value: [UInt8]) {
    append(key: field, wireType: 2)
    append(variableLength: UInt64(value.count))
    bytes += value
  }

  mutating func append(_ field: Int, doubles values: [Double]) {
    append(key: field, wireType: 2)
    append(variableLength: UInt64(8 * values.count))
    for value in values { append(fixed: value.bitPattern) }
  }

  private mutating func append(key field: Int, wireType: Int) {
    append(variableLength: UInt64(field << 3 | wireType))
  }

  private mutating func append(variableLength value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(fixed value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
