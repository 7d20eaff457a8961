import SentioTensor

/// The numbers in the name of a golden case, such as `k3x2` and `s2` in `max2d.k3x2.s2`.
struct CaseParameters {
  private var values: [Character: [Int]] = [:]
  /// The words that are not numbers, such as `corners`.
  private(set) var flags: Set<String> = []

  init(_ words: [String]) {
    for word in words {
      let numbers = word.dropFirst().split(separator: "x").map { Int($0) }
      if let letter = word.first, !numbers.isEmpty, !numbers.contains(nil) {
        values[letter] = numbers.compactMap { $0 }
      } else {
        flags.insert(word)
      }
    }
  }

  /// A parameter that is one number.
  func number(_ letter: Character) -> Int { values[letter]![0] }

  /// A parameter of both axes.
  func pair(_ letter: Character) -> HeightWidth {
    HeightWidth(height: values[letter]![0], width: values[letter]!.last!)
  }

  /// The padding, the same on both sides of an axis.
  var padding: ConvolutionPadding {
    .explicit(values["p"]!.map { ConvolutionPadding.Sides(before: $0, after: $0) })
  }
}
