/// Reads decimal numbers from bytes, locale-free and without a string in between.
enum DecimalNumber {
  /// Powers of ten that a `Double` represents exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that `text` spells, or nil when it spells none.
  ///
  /// Accepts `[+-]digits[.digits][e[+-]digits]` with at least one digit before the exponent, and
  /// `nan`, `inf`, `infinity` in any case. Spaces and TABs around it are ignored. Correctly rounded:
  /// up to 19 digits whose value fits in 53 bits go through one exact division or multiplication
  /// (Clinger's fast path), the rest through the standard library.
  static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    var start = 0
    var end = text.count
    while start < end, isBlank(text[start]) { start += 1 }
    while end > start, isBlank(text[end - 1]) { end -= 1 }
    guard start < end else { return nil }
    var position = start
    let isNegative = text[position] == UInt8(ascii: "-")
    if isNegative || text[position] == UInt8(ascii: "+") { position += 1 }
    var mantissa: UInt64 = 0
    var significantDigits = 0
    var digits = 0
    var exponent = 0
    while position < end, let digit = digit(text[position]) {
      if significantDigits > 0 || digit > 0 { significantDigits += 1 }
      if significantDigits <= 19 { mantissa = mantissa &* 10 &+ digit }
      digits += 1
      position += 1
    }
    if position < end, text[position] == UInt8(ascii: ".") {
      position += 1
      while position < end, let digit = digit(text[position]) {
        if significantDigits > 0 || digit > 0 { significantDigits += 1 }
        if significantDigits <= 19 {
          mantissa = mantissa &* 10 &+ digit
          exponent -= 1
        }
        digits += 1
        position += 1
      }
    }
    guard digits > 0 else { return special(text, from: position, to: end, isNegative: isNegative) }
    if position < end, text[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      var isNegativeExponent = false
      if position < end, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+")
      {
        isNegativeExponent = text[position] == UInt8(ascii: "-")
        position += 1
      }
      guard position < end, digit(text[position]) != nil else { return nil }
      var written = 0
      while position < end, let digit = digit(text[position]) {
        if written < 100_000 { written = written * 10 + Int(digit) }
        position += 1
      }
      exponent += isNegativeExponent ? -written : written
    }
    guard position == end else { return nil }
    if significantDigits <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 {
      let magnitude =
        exponent < 0
        ? Double(mantissa) / exactPowers[-exponent] : Double(mantissa) * exactPowers[exponent]
      return isNegative ? -magnitude : magnitude
    }
    return Double(String(decoding: UnsafeBufferPointer(rebasing: text[start..<end]), as: UTF8.self))
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? UInt64(value) : nil
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func special(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, isNegative: Bool
  ) -> Double? {
    guard end - start >= 3, end - start <= 8 else { return nil }
    let word = String(
      decoding: text[start..<end].map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }, as: UTF8.self)
    switch word {
    case "nan": return .nan
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    default: return nil
    }
  }
}
