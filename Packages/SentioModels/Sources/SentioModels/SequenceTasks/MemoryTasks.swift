import SentioTensor

/// The first of many symbols is to be told at the end: many to one, with everything that matters at the greatest distance.
///
/// Steps are one-hot rows. The first one is the answer; the symbols behind it are of the same alphabet and mean nothing. A
/// network that forgets is right once in `symbols` times.
///
/// *Reference:* the latching problem of Bengio, Simard and Frasconi, "Learning long-term dependencies with gradient
/// descent is difficult", 1994, with several symbols.
public struct DelayedRecallTask: Sendable, Hashable {
  /// The different symbols.
  public var symbols: Int
  /// The steps of a sequence, 1 at least.
  public var length: Int

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - symbols: the different symbols, 2 at least.
  ///   - length: the steps of a sequence, 1 at least.
  public init(symbols: Int = 4, length: Int) {
    precondition(symbols >= 2 && length >= 1, "\(length) steps of \(symbols) symbols")
    self.symbols = symbols
    self.length = length
  }

  /// Makes sequences.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - seed: what they are drawn with.
  /// - Returns: one-hot steps with the class of the first.
  public func sequences(_ count: Int, seed: UInt64) -> [TargetedFrames] {
    (0..<count).map { index in
      var stream = RandomStream(seed: seed, "recall").substream("\(index)")
      let drawn = (0..<length).map { _ in stream.next(below: symbols) }
      return TargetedFrames(
        id: "recall \(index)", frames: .oneHot(drawn, depth: symbols), label: drawn[0],
        of: symbols)
    }
  }
}

/// The sum of two marked numbers among many: many to one, and a number instead of a class.
///
/// Steps are `[value, mark]` with values uniform in [0, 1); one mark stands in the first half and one in the second. The mean
/// of the targets, 1, has a squared error of 1/6.
///
/// *Reference:* the adding problem of Hochreiter and Schmidhuber, "Long short-term memory", 1997, § 5.4.
public struct AddingTask: Sendable, Hashable {
  /// The steps of a sequence, 2 at least.
  public var length: Int
  /// The squared error of the mean of all targets.
  public static let errorOfTheMean = 1.0 / 6

  /// Creates a task.
  ///
  /// - Parameter length: the steps of a sequence, 2 at least.
  public init(length: Int) {
    precondition(length >= 2, "two numbers in \(length) steps")
    self.length = length
  }

  /// Makes sequences.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - seed: what they are drawn with.
  /// - Returns: steps with the sum of the two marked values.
  public func sequences(_ count: Int, seed: UInt64) -> [TargetedFrames] {
    (0..<count).map { index in
      var stream = RandomStream(seed: seed, "adding").substream("\(index)")
      let half = length / 2
      let marks = [stream.next(below: half), half + stream.next(below: length - half)]
      let values = (0..<length).map { _ in Float(stream.unitInterval()) }
      let steps: [Float] = values.enumerated().flatMap { step, value in
        [value, marks.contains(step) ? 1 : 0]
      }
      return TargetedFrames(
        id: "adding \(index)", frames: Tensor(steps, shape: [length, 2]),
        targets: [marks.reduce(0) { $0 + values[$1] }])
    }
  }
}

/// Some symbols are to be repeated after a pause: many to many.
///
/// Steps are one-hot rows: the symbols, `delay` blanks, a sign to begin, and blanks while the symbols are told. Only the last
/// steps have labels.
///
/// *Reference:* the copying problem of Arjovsky, Shah and Bengio, "Unitary evolution recurrent neural networks", 2016,
/// without labels for the blanks.
public struct CopyTask: Sendable, Hashable {
  /// The different symbols.
  public var symbols: Int
  /// The symbols of a sequence.
  public var count: Int
  /// The blanks before the sign.
  public var delay: Int

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - symbols: the different symbols, 2 at least.
  ///   - count: the symbols of a sequence, 1 at least.
  ///   - delay: the blanks before the sign, at least 0.
  public init(symbols: Int = 4, count: Int = 3, delay: Int) {
    precondition(symbols >= 2 && count >= 1 && delay >= 0, "\(count) symbols of \(symbols)")
    self.symbols = symbols
    self.count = count
    self.delay = delay
  }

  /// The features of a step: one a symbol, the blank, and the sign.
  public var features: Int { symbols + 2 }

  /// Makes sequences.
  ///
  /// - Parameters:
  ///   - number: how many.
  ///   - seed: what they are drawn with.
  /// - Returns: one-hot steps, and a label for each of the last `count`.
  public func sequences(_ number: Int, seed: UInt64) -> [LabelledFrames] {
    (0..<number).map { index in
      var stream = RandomStream(seed: seed, "copy").substream("\(index)")
      let drawn = (0..<count).map { _ in stream.next(below: symbols) }
      let blanks = Array(repeating: symbols, count: delay)
      let steps = drawn + blanks + [symbols + 1] + Array(repeating: symbols, count: count)
      let labels = Array(repeating: -1, count: steps.count - count) + drawn
      return LabelledFrames(
        id: "copy \(index)", frames: .oneHot(steps, depth: features), labels: labels)
    }
  }
}
