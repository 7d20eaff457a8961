import Foundation
import SentioTensor

/// How a token is chosen by its logits z.
public enum TokenSampling: Sendable, Hashable {
  /// The one of the largest logit; of equals the first.
  case greedy
  /// Drawn with the probabilities `softmax(z / temperature)`, of the `topK` largest logits only where that is given.
  ///
  /// The temperature is above 0: below 1 the likely tokens become likelier, towards 0 as with ``greedy``, above 1
  /// the unlikely ones.
  ///
  /// *Reference:* Fan, Lewis and Dauphin, "Hierarchical neural story generation", 2018, for the largest k.
  case random(temperature: Double = 1, topK: Int? = nil)

  /// The probabilities of the tokens.
  ///
  /// - Parameter logits: z, one a token, one at least; -infinity excludes a token.
  /// - Returns: numbers that sum to 1.
  public func probabilities(of logits: [Float]) -> [Double] {
    precondition(!logits.isEmpty, "no logits to choose by")
    let order = logits.indices.sorted {
      logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1)
    }
    var result = [Double](repeating: 0, count: logits.count)
    switch self {
    case .greedy: result[order[0]] = 1
    case .random(let temperature, let topK):
      precondition(
        temperature > 0 && (topK ?? 1) >= 1,
        "a temperature of \(temperature) and the \(topK ?? 1) largest: both must be above 0")
      let kept = order.prefix(topK ?? order.count)
      let largest = Double(logits[order[0]])
      var sum = 0.0
      for index in kept {
        result[index] = exp((Double(logits[index]) - largest) / temperature)
        sum += result[index]
      }
      for index in kept { result[index] /= sum }
    }
    return result
  }

  /// Chooses a token.
  ///
  /// - Parameters:
  ///   - logits: z, one a token.
  ///   - stream: the stream to draw from: two words, none for ``greedy``.
  /// - Returns: the token's number.
  public func token(of logits: [Float], from stream: inout RandomStream) -> Int {
    if case .greedy = self { return Tensor(logits).argmax()[0] }
    let probabilities = probabilities(of: logits)
    var rest = stream.unitInterval()
    for (index, probability) in probabilities.enumerated() where probability > 0 {
      rest -= probability
      if rest < 0 { return index }
    }
    // Roundings may leave a rest; the last possible token then has it.
    return probabilities.lastIndex { $0 > 0 } ?? 0
  }
}

extension RandomStream {
  /// A number from 0 and below 1: 53 bits of the next two words.
  mutating func unitInterval() -> Double { Double(next() >> 11) * 0x1p-53 }
}
