import Foundation

/// Repeatable numbers for samples.
struct SampleNoise {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Uniform in 0 to 1.
  mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
  }

  /// Normal with mean 0 and deviation 1, by Box and Muller's way.
  mutating func normal() -> Double {
    let radius = (-2 * log(max(uniform(), 1e-12))).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }
}
