import CZlib
import Foundation
import SentioReport
import Testing

@Suite struct DrawingTests {
  @Test(arguments: [
    (0.0, 1.0, 5, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    (1.0, 9.0, 4, [2.0, 4.0, 6.0, 8.0]),
    (-1.0, 1.0, 4, [-1.0, -0.5, 0.0, 0.5, 1.0]),
  ])
  func ticksAreRound(lower: Double, upper: Double, count: Int, expected: [Double]) {
    let ticks = LinearAxis(domain: lower...upper, from: 0, to: 100).ticks(about: count)
    #expect(ticks.count == expected.count)
    for (tick, value) in zip(ticks, expected) { #expect(abs(tick - value) < 1e-9) }
  }

  @Test func axisMapsEndsToEnds() {
    let axis = LinearAxis(domain: 2...4, from: 320, to: 10)
    #expect(axis.position(of: 2) == 320)
    #expect(axis.position(of: 4) == 10)
    #expect(axis.position(of: 3) == 165)
    #expect(LinearAxis(domain: 3...3, from: 0, to: 10).position(of: 3) == 5)
  }

  @Test func pngHoldsItsPixels() throws {
    let indices: [UInt8] = [0, 1, 2, 2, 1, 0]
    let png = [UInt8](
      PNGImage.encode(
        indices: indices, width: 3, height: 2, palette: [(1, 2, 3), (4, 5, 6), (7, 8, 9)]))
    #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var offset = 8
    var chunks: [String: [UInt8]] = [:]
    while offset < png.count {
      let length = png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let body = Array(png[offset + 4..<offset + 8 + length])
      let stored = png[offset + 8 + length..<offset + 12 + length].reduce(0) { $0 << 8 | UInt($1) }
      #expect(crc32(0, body, uInt(body.count)) == stored)
      chunks[String(decoding: body.prefix(4), as: UTF8.self)] = Array(body.dropFirst(4))
      offset += 12 + length
    }
    #expect(chunks["IHDR"] == [0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0])
    #expect(chunks["PLTE"] == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    var length = uLong(8)
    var raw = [UInt8](repeating: 0, count: 8)
    let data = try #require(chunks["IDAT"])
    #expect(uncompress(&raw, &length, data, uLong(data.count)) == Z_OK)
    #expect(raw == [0, 0, 1, 2, 0, 2, 1, 0])
  }

  @Test(arguments: [
    (-0.001, 2, "0.00"), (0.125, 1, "0.1"), (-1.5, 1, "-1.5"), (Double.nan, 2, "–"),
  ])
  func numbersReadWell(value: Double, decimals: Int, expected: String) {
    #expect(fixed(value, decimals) == expected)
  }

  @Test func spectrogramPaletteRisesInLightness() {
    let lightness = SpectrogramChart.palette.map {
      0.2126 * Double($0.red) + 0.7152 * Double($0.green) + 0.0722 * Double($0.blue)
    }
    #expect(lightness.count == 256)
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 <= $1 + 0.5 })
  }

  @Test func logarithmicAxisHasPowersOfTen() {
    let axis = LogarithmicAxis(covering: [330, 86e6], from: 0, to: 100)
    let ticks = axis.ticks
    #expect(ticks.count == 6)
    for (tick, value) in zip(ticks, [1e3, 1e4, 1e5, 1e6, 1e7, 1e8]) {
      #expect(abs(tick / value - 1) < 1e-9)
    }
    #expect(
      abs(axis.position(of: 1e5) * 2 - axis.position(of: 1e4) - axis.position(of: 1e6)) < 1e-9)
    // Within a decade there are ticks between the powers.
    #expect(LogarithmicAxis(covering: [2, 6], from: 0, to: 1).ticks.count >= 2)
    #expect(LogarithmicAxis(covering: [.nan, 0], from: 0, to: 1).position(of: 0) == 0)
  }

  @Test func ellipseOfErrorsAlongADiagonal() throws {
    // Errors are (1, 1) ± 2 along (1, 1) / √2 and ± 1 across.
    let half = 0.5.squareRoot()
    let errors = [
      (1 + 2 * half, 1 + 2 * half), (1 - 2 * half, 1 - 2 * half), (1 - half, 1 + half),
      (1 + half, 1 - half),
    ]
    let ellipse = try #require(
      ErrorEllipse(
        labels: Array(repeating: (x: 3.0, y: 4.0), count: 4),
        predictions: errors.map { (x: 3 + $0.0, y: 4 + $0.1) }))
    #expect(abs(ellipse.centre.x - 4) < 1e-12)
    #expect(abs(ellipse.centre.y - 5) < 1e-12)
    #expect(abs(ellipse.major - 2.0.squareRoot()) < 1e-12)
    #expect(abs(ellipse.minor - 0.5.squareRoot()) < 1e-12)
    #expect(abs(ellipse.angle - .pi / 4) < 1e-12)
    let first = ellipse.outline(steps: 4)[0]
    #expect(abs(first.x - 5) < 1e-12)
    #expect(ErrorEllipse(labels: [(1, 1), (2, 2)], predictions: [(1, 1), (2, 2)]) == nil)
  }

  @Test(arguments: [
    (330.0, "330"), (41_000, "41 K"), (85_798_656, "85.8 M"), (1.5e9, "1.5 G"), (1e8, "100 M"),
  ])
  func countsReadWell(value: Double, expected: String) { #expect(shortCount(value) == expected) }
}
