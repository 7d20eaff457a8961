import CZlib
import Foundation

/// Encodes pictures as PNG (ISO/IEC 15948), deflated by zlib.
package enum PNGImage {
  /// A palette's entry.
  package typealias Colour = (red: UInt8, green: UInt8, blue: UInt8)

  /// An 8-bit palette picture; `indices` is `[height, width]` row-major, top row first, and `alpha` the
  /// palette's opacities where it is not opaque.
  package static func encode(
    indices: [UInt8], width: Int, height: Int, palette: [Colour], alpha: [UInt8] = []
  ) -> Data {
    precondition(
      indices.count == width * height, "\(indices.count) indices for \(width) × \(height) pixels")
    precondition(palette.count <= 256, "a palette has at most 256 colours, not \(palette.count)")
    var raw = [UInt8]()
    raw.reserveCapacity((width + 1) * height)
    for row in 0..<height {
      raw.append(0)  // No filter: palette indices don't predict their neighbours.
      raw.append(contentsOf: indices[row * width..<(row + 1) * width])
    }
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 3, 0, 0, 0]
    file.append(chunk("IHDR", header))
    file.append(chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] }))
    if !alpha.isEmpty { file.append(chunk("tRNS", alpha)) }
    file.append(chunk("IDAT", deflated(raw)))
    file.append(chunk("IEND", []))
    return file
  }

  /// The picture as a `data:` address that can stand in an `href`.
  static func dataURI(_ png: Data) -> String {
    "data:image/png;base64," + png.base64EncodedString()
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(uLong(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(length))
    let status = compress2(&output, &length, bytes, uLong(bytes.count), 9)
    // With a buffer of compressBound's size, zlib can only run out of memory.
    precondition(status == Z_OK, "zlib failed with code \(status)")
    return Array(output.prefix(Int(length)))
  }

  private static func chunk(_ type: String, _ payload: [UInt8]) -> Data {
    let body = Array(type.utf8) + payload
    let checksum = crc32(0, body, uInt(body.count))
    return Data(bigEndian(UInt32(payload.count)) + body + bigEndian(UInt32(checksum)))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
