import SentioTensor

/// A number that tells whether data are those of an earlier run; not a safeguard against intent.
///
/// *Reference:* FNV-1a of 64 bits, over 64-bit words.
public struct DataChecksum: Sendable, Hashable, CustomStringConvertible {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Creates the checksum of nothing.
  public init() {}

  /// Takes text into account.
  ///
  /// - Parameter text: the text.
  public mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(UInt64(byte)) }
    combine(UInt64.max)
  }

  /// Takes numbers into account, bit for bit.
  ///
  /// - Parameter numbers: the numbers.
  public mutating func combine(_ numbers: [Double]) {
    for number in numbers { combine(number.bitPattern) }
  }

  /// Takes a tensor's shape and elements into account, bit for bit.
  ///
  /// - Parameter tensor: the tensor.
  public mutating func combine(_ tensor: Tensor) {
    for extent in tensor.shape { combine(UInt64(extent)) }
    tensor.withUnsafeBufferPointer { for value in $0 { combine(UInt64(value.bitPattern)) } }
  }

  private mutating func combine(_ word: UInt64) {
    hash = (hash ^ word) &* 0x100_0000_01b3
    // The product alone never carries a high bit down.
    hash ^= hash >> 29
  }

  /// Sixteen hexadecimal digits.
  public var description: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
