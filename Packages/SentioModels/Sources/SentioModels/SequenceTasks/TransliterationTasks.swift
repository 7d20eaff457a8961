import SentioTensor

/// Digits as they are read aloud: sequences of digits to sequences of phonemes, longer and of no fixed length.
///
/// Two equal digits in a row are read "double" and then the digit, so that what is written for a digit depends on its
/// neighbour. Phonemes are those of the ARPAbet, in the General American reading.
public struct DigitReadingTask: Sendable, Hashable {
  /// The names of the phonemes, by their numbers.
  public static let phonemes = [
    "AH", "AY", "B", "D", "EH", "EY", "F", "IH", "IY", "K", "L", "N", "OW", "R", "S", "T", "TH",
    "UW", "V", "W", "Z", "AO",
  ]
  private static let readings = [
    "Z IH R OW", "W AH N", "T UW", "TH R IY", "F AO R", "F AY V", "S IH K S", "S EH V AH N",
    "EY T", "N AY N",
  ].map { $0.split(separator: " ").map { phonemes.firstIndex(of: String($0))! } }
  private static let double = ["D", "AH", "B", "AH", "L"].map { phonemes.firstIndex(of: $0)! }

  /// The digits of a number.
  public var digits: ClosedRange<Int>

  /// Creates a task.
  ///
  /// - Parameter digits: the digits of a number, 1 at least.
  public init(digits: ClosedRange<Int> = 2...5) {
    precondition(digits.lowerBound >= 1, "numbers of \(digits) digits")
    self.digits = digits
  }

  /// How digits are read.
  ///
  /// - Parameter digits: numbers from 0 to 9.
  /// - Returns: the phonemes' numbers.
  public static func reading(of digits: [Int]) -> [Int] {
    var phonemes: [Int] = []
    var place = 0
    while place < digits.count {
      let isDouble = place + 1 < digits.count && digits[place] == digits[place + 1]
      phonemes += (isDouble ? double : []) + readings[digits[place]]
      place += isDouble ? 2 : 1
    }
    return phonemes
  }

  /// Makes numbers with their readings; one in three digits is the one before once more.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - seed: what they are drawn with.
  /// - Returns: digits and phonemes.
  public func pairs(_ count: Int, seed: UInt64) -> [TokenPair] {
    (0..<count).map { index in
      var stream = RandomStream(seed: seed, "digits").substream("\(index)")
      let length = digits.lowerBound + stream.next(below: digits.count)
      var source: [Int] = []
      for _ in 0..<length {
        let repeats = stream.next(below: 3) == 0
        let digit = stream.next(below: 10)
        source.append(repeats ? source.last ?? digit : digit)
      }
      return TokenPair(id: "number \(index)", source: source, target: Self.reading(of: source))
    }
  }
}

/// Symbols backwards: the first that is written was read last, and the last one first.
public struct ReversalTask: Sendable, Hashable {
  /// The different symbols.
  public var symbols: Int
  /// The symbols of a sequence.
  public var lengths: ClosedRange<Int>

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - symbols: the different symbols, 2 at least.
  ///   - lengths: the symbols of a sequence, 1 at least.
  public init(symbols: Int = 8, lengths: ClosedRange<Int> = 3...6) {
    precondition(symbols >= 2 && lengths.lowerBound >= 1, "\(lengths) of \(symbols) symbols")
    self.symbols = symbols
    self.lengths = lengths
  }

  /// Makes sequences with their reversals.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - seed: what they are drawn with.
  /// - Returns: pairs.
  public func pairs(_ count: Int, seed: UInt64) -> [TokenPair] {
    (0..<count).map { index in
      var stream = RandomStream(seed: seed, "reversal").substream("\(index)")
      let length = lengths.lowerBound + stream.next(below: lengths.count)
      let source = (0..<length).map { _ in stream.next(below: symbols) }
      return TokenPair(id: "word \(index)", source: source, target: source.reversed())
    }
  }
}
