/// The frame around an entry of a record file: length, checksum of the length, entry, checksum of the entry.
///
/// *Reference:* TensorFlow's `TFRecord` format.
enum RecordFrame {
  static func framed(_ entry: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entry.count + 16)
    withUnsafeBytes(of: UInt64(entry.count).littleEndian) { bytes += $0 }
    withUnsafeBytes(of: masked(checksum(bytes)).littleEndian) { bytes += $0 }
    bytes += entry
    withUnsafeBytes(of: masked(checksum(entry)).littleEndian) { bytes += $0 }
    return bytes
  }

  /// A checksum that may itself be part of checked data.
  static func masked(_ checksum: UInt32) -> UInt32 {
    (checksum >> 15 | checksum << 17) &+ 0xa282_ead8
  }

  /// CRC-32C, of Castagnoli's polynomial.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in
      crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
    }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
  }
}
