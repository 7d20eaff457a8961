import SentioTensor

/// Melodies whose next note depends on what was heard eight notes before.
///
/// A melody is made of phrases of eight notes in a major or minor scale. The first phrase (the question) walks at random;
/// the second (the answer) repeats its contour some degrees higher or lower and ends on the tonic; then the next
/// question follows. What the first seven notes of an answer are is settled by its first one and the question, so that a
/// network with a memory of eight notes can predict six of sixteen notes, and counts of notes or of pairs cannot.
///
/// Tokens are 0 for the end of a melody and 1 + degree for notes, degree 0 being the tonic of the lowest octave.
/// Conditions are 0 for major and 1 for minor; they decide the pitches, and which degree a question starts on.
public struct MelodyTask: Sendable, Hashable {
  /// The degrees that are used: two octaves.
  public static let degrees = 15
  /// The number of different tokens.
  public static let vocabulary = degrees + 1
  /// The notes of a phrase.
  public static let phrase = 8

  /// Phrases of a melody, an even number.
  public var phrases: Int

  /// Creates a task.
  ///
  /// - Parameter phrases: phrases of a melody, an even number of 2 at least.
  public init(phrases: Int = 4) {
    precondition(phrases >= 2 && phrases % 2 == 0, "\(phrases) phrases: questions need answers")
    self.phrases = phrases
  }

  /// Makes melodies.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - seed: what they are drawn with.
  /// - Returns: tokens, with the mode as the condition.
  public func melodies(_ count: Int, seed: UInt64) -> [TokenSequence] {
    (0..<count).map { index in
      var stream = RandomStream(seed: seed, "melody").substream("\(index)")
      let mode = stream.next(below: 2)
      var degrees: [Int] = []
      for _ in 0..<phrases / 2 {
        var question = [mode == 0 ? 7 : 4]
        while question.count < Self.phrase {
          let step = [-2, -1, -1, 1, 1, 2][stream.next(below: 6)]
          // Walks that would leave the middle turn round, so that answers fit above and below.
          let next = question[question.count - 1] + step
          question.append((3...11).contains(next) ? next : question[question.count - 1] - step)
        }
        let shift = [-2, -1, 1, 2][stream.next(below: 4)]
        degrees += question + question.dropLast().map { $0 + shift } + [7]
      }
      return TokenSequence(
        id: "melody \(index)", tokens: degrees.map { $0 + 1 } + [0], condition: mode)
    }
  }

  /// The pitch of a token.
  ///
  /// - Parameters:
  ///   - token: a token of a melody.
  ///   - mode: 0 for major and 1 for natural minor.
  /// - Returns: a MIDI number, the tonics being the Cs 48, 60 and 72; nil for the end.
  public static func pitch(of token: Int, mode: Int) -> Int? {
    guard (1...degrees).contains(token) else { return nil }
    let scale = mode == 0 ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10]
    return 48 + 12 * ((token - 1) / 7) + scale[(token - 1) % 7]
  }
}
