import Foundation

/// `value` with a fixed number of decimals, or a dash where there is no number.
public func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return "–" }
  let text = String(format: "%.\(decimals)f", value)
  // "-0.00" says that a sign was lost in rounding, and nothing else.
  return text.drop { "-0.".contains($0) }.isEmpty && text.hasPrefix("-")
    ? String(text.dropFirst()) : text
}

/// An interval as `0.52 (0.43 – 0.61)`.
public func described(_ interval: Interval, _ decimals: Int) -> String {
  "\(fixed(interval.estimate, decimals)) (\(fixed(interval.lower, decimals)) – "
    + "\(fixed(interval.upper, decimals)))"
}

/// Seconds with a unit that suits their size.
public func duration(_ seconds: Double) -> String {
  guard seconds.isFinite else { return "–" }
  return switch seconds {
  case ..<1e-3: "\(fixed(seconds * 1e6, 0)) µs"
  case ..<1: "\(fixed(seconds * 1e3, seconds < 0.01 ? 2 : 0)) ms"
  case ..<100: "\(fixed(seconds, 1)) s"
  case ..<1e9: "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
  default: "\(fixed(seconds / 31_557_600, 0)) years"
  }
}

/// A p-value as tables print it.
public func probability(_ p: Double) -> String {
  p.isFinite && p < 0.001 ? "< 0.001" : fixed(p, 3)
}

/// A number of bytes with a unit that suits its size, in powers of 1,024.
public func byteCount(_ bytes: Int) -> String {
  switch Double(bytes) {
  case ..<1024: "\(bytes) B"
  case let value where value < 1_048_576: "\(fixed(value / 1024, 1)) KiB"
  case let value where value < 1_073_741_824: "\(fixed(value / 1_048_576, 1)) MiB"
  case let value: "\(fixed(value / 1_073_741_824, 2)) GiB"
  }
}

/// A count as tables print it: `330`, `12.4 K`, `85.8 M`.
public func shortCount(_ count: Double) -> String {
  func scaled(_ unit: Double) -> String {
    let value = count / unit
    return fixed(value, value == value.rounded() ? 0 : 1)
  }
  return switch count {
  case ..<10_000: fixed(count, 0)
  case ..<1_000_000: "\(scaled(1000)) K"
  case ..<1_000_000_000: "\(scaled(1_000_000)) M"
  default: "\(scaled(1_000_000_000)) G"
  }
}
