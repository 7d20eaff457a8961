import Foundation
import SentioNN
import SentioTensor

/// How a translator chooses the tokens that it writes.
public enum SequenceDecoding: Sendable, Hashable {
  /// The likeliest token at each step.
  case greedy
  /// The `width` likeliest beginnings are kept at each step; of the complete targets the best is taken.
  ///
  /// `lengthPenalty` is α of the score `ln p / ((5 + length) / 6)^α`; 0 compares likelihoods alone, which favours short
  /// targets.
  ///
  /// *Reference:* Wu et al., "Google's neural machine translation system", 2016, eq. 14, without coverage.
  case beam(width: Int, lengthPenalty: Double = 0)
}

/// What a translator wrote.
public struct Translation: Sendable {
  /// The tokens, without the end.
  public var tokens: [Int]
  /// The sum of the tokens' log-probabilities, the end's included where it was written.
  public var logLikelihood: Double
  /// Whether the end was written; otherwise the target was cut at the longest length.
  public var isComplete: Bool
  /// The attention's weights of the source's steps, a row a token, the end's included; empty without attention.
  public var attention: [[Float]]
}

extension SequenceTranslator {
  /// Translates sequences of tokens.
  ///
  /// - Parameters:
  ///   - sources: the sequences, one token at least in each.
  ///   - decoding: how tokens are chosen.
  /// - Returns: a translation of each.
  public func translate(_ sources: [[Int]], _ decoding: SequenceDecoding = .greedy) -> [Translation]
  {
    guard !sources.isEmpty else { return [] }
    let (x, lengths) = Tensor.paddedTokens(sources)
    return translate(x, lengths: lengths, decoding)
  }

  /// Translates sequences.
  ///
  /// - Parameters:
  ///   - x: `[N, S]` tokens or `[N, S, D]` frames.
  ///   - lengths: the steps of each source that count; all if nil.
  ///   - decoding: how tokens are chosen.
  /// - Returns: a translation of each.
  public func translate(
    _ x: Tensor, lengths: [Int]? = nil, _ decoding: SequenceDecoding = .greedy
  ) -> [Translation] {
    let reading = read(x, lengths: lengths)
    switch decoding {
    case .greedy: return writeGreedily(reading).translations
    case .beam(let width, let lengthPenalty):
      precondition(width >= 1, "a beam of width \(width)")
      return (0..<x.shape[0]).map { row in
        writeWithBeam(reading.repeated(row, 1), width: width, lengthPenalty: lengthPenalty)
      }
    }
  }

  /// The log-probability of targets under the model, the end's included.
  ///
  /// - Parameters:
  ///   - targets: the targets, one a source.
  ///   - x: `[N, S]` tokens or `[N, S, D]` frames.
  ///   - lengths: the steps of each source that count; all if nil.
  /// - Returns: `ln p` of each.
  public func logLikelihood(of targets: [[Int]], given x: Tensor, lengths: [Int]? = nil) -> [Double]
  {
    let logits = self(x, lengths: lengths, targets: targets).logSoftmax()
    let (steps, classes) = (logits.shape[1], logits.shape[2])
    return logits.withUnsafeBufferPointer { values in
      targets.enumerated().map { row, target in
        (target + [settings.end]).enumerated().reduce(0) {
          $0 + Double(values[(row * steps + $1.offset) * classes + $1.element])
        }
      }
    }
  }

  func writeGreedily(_ reading: Reading) -> (translations: [Translation], logits: Tensor) {
    let count = reading.steps.shape[0]
    var results = Array(
      repeating: Translation(tokens: [], logLikelihood: 0, isComplete: false, attention: []),
      count: count)
    var tokens = Array(repeating: settings.start, count: count)
    var states = reading.states
    var logits: [Tensor] = []
    for place in 0...settings.maximumLength {
      let step = write(tokens, steps: 1, reading, from: states)
      states = step.states
      logits.append(step.logits)
      let likelihoods = step.logits.logSoftmax().scalars
      tokens = step.logits.argmax(axis: 2)
      let width = likelihoods.count / max(1, count)
      let rows = step.weights?.scalars
      for row in 0..<count where !results[row].isComplete {
        // Behind the longest target only its end may stand.
        if place == settings.maximumLength && tokens[row] != settings.end { continue }
        results[row].logLikelihood += Double(likelihoods[row * width + tokens[row]])
        if let rows { results[row].attention.append(attention(rows, row, reading)) }
        if tokens[row] == settings.end {
          results[row].isComplete = true
        } else {
          results[row].tokens.append(tokens[row])
        }
      }
      if results.allSatisfy(\.isComplete) { break }
    }
    return (results, Tensor.concatenate(logits, axis: 1))
  }

  /// The likeliest targets of one source, begun together.
  private func writeWithBeam(
    _ reading: Reading, width: Int, lengthPenalty: Double
  ) -> Translation {
    func score(_ translation: Translation) -> Double {
      let length = Double(translation.tokens.count + 1)
      return translation.logLikelihood / pow((5 + length) / 6, lengthPenalty)
    }
    var live = [Translation(tokens: [], logLikelihood: 0, isComplete: false, attention: [])]
    var complete: [Translation] = []
    var states = reading.states
    for _ in 0...settings.maximumLength {
      let inputs = live.map { $0.tokens.last ?? settings.start }
      let step = write(inputs, steps: 1, reading.repeated(0, live.count), from: states)
      let likelihoods = step.logits.logSoftmax().scalars
      let rows = step.weights?.scalars
      let classes = settings.targets + 1
      let candidates = live.indices.flatMap { row in
        (0..<classes).map { token in
          (
            row: row, token: token,
            likelihood: live[row].logLikelihood + Double(likelihoods[row * classes + token])
          )
        }
      }.sorted { $0.likelihood > $1.likelihood }
      var next: [Translation] = []
      var origins: [Int] = []
      // Of twice the width enough go on even where as many as the width end.
      for candidate in candidates.prefix(2 * width) where next.count < width {
        var translation = live[candidate.row]
        translation.logLikelihood = candidate.likelihood
        if let rows { translation.attention.append(attention(rows, candidate.row, reading)) }
        if candidate.token == settings.end {
          translation.isComplete = true
          complete.append(translation)
        } else {
          translation.tokens.append(candidate.token)
          next.append(translation)
          origins.append(candidate.row)
        }
      }
      live = next.filter { $0.tokens.count <= settings.maximumLength }
      if live.isEmpty { break }
      let best = complete.map(score).max()
      // Likelihoods only fall, so without a penalty nothing that is alive can pass a better complete one.
      if let best, lengthPenalty == 0, live.allSatisfy({ $0.logLikelihood <= best }) { break }
      states = step.states.map { $0.rows(origins) }
    }
    // What was cut is only taken where nothing came to its end.
    if let best = complete.max(by: { score($0) < score($1) }) { return best }
    return live.max { score($0) < score($1) }
      ?? Translation(tokens: [], logLikelihood: -.infinity, isComplete: false, attention: [])
  }

  private func attention(_ weights: [Float], _ row: Int, _ reading: Reading) -> [Float] {
    let steps = reading.steps.shape[1]
    let length = reading.lengths?[row % reading.steps.shape[0]] ?? steps
    return Array(weights[row * steps..<row * steps + length])
  }
}

extension SequenceTranslator.Reading {
  /// One of the sources, several times.
  func repeated(_ row: Int, _ count: Int) -> Self {
    let rows = Array(repeating: row, count: count)
    return Self(
      steps: steps.gathered(rows), lengths: lengths.map { lengths in rows.map { lengths[$0] } },
      states: states.map { $0.rows(rows) })
  }
}

extension RecurrentState {
  /// The states of some sequences, in another order.
  func rows(_ rows: [Int]) -> RecurrentState {
    RecurrentState(hidden: hidden.gathered(rows), cell: cell?.gathered(rows))
  }
}

extension Tensor {
  /// Token sequences as `[N, L]`, zeros behind the shorter ones, and their lengths.
  ///
  /// - Parameter sequences: the sequences; L is the longest one's length.
  /// - Returns: the tensor and the lengths.
  public static func paddedTokens(_ sequences: [[Int]]) -> (tokens: Tensor, lengths: [Int]) {
    let longest = sequences.map(\.count).max() ?? 0
    let tokens = Tensor(uninitialized: [sequences.count, longest]) { buffer in
      for (row, sequence) in sequences.enumerated() {
        for step in 0..<longest {
          buffer[row * longest + step] = step < sequence.count ? Float(sequence[step]) : 0
        }
      }
    }
    return (tokens, sequences.map(\.count))
  }
}
