import Foundation
import SentioModels
import SentioTensor
import SentioTensorTestSupport
import Testing

/// The tasks are what their descriptions say, and bad files are told.
struct SequenceTaskTests {
  @Test func phonemesKeepTheirRules() {
    let utterances = PhonemeTask().utterances(50, seed: 1)
    #expect(utterances == PhonemeTask().utterances(50, seed: 1))
    #expect(utterances != PhonemeTask().utterances(50, seed: 2))
    var seen: Set<Int> = []
    for utterance in utterances {
      var word: [Int] = []
      for label in utterance.labels where word.last != label { word.append(label) }
      seen.formUnion(word)
      #expect((6...10).contains(word.count))
      #expect(word[0] < 4 && word[word.count - 1] < 4)
      for place in 1..<word.count - 1 where word[place] >= 4 {
        switch word[place] {
        case 4: #expect([0, 2].contains(word[place - 1]))
        case 5: #expect([1, 3].contains(word[place - 1]))
        case 6: #expect([0, 1].contains(word[place + 1]))
        default: #expect([2, 3].contains(word[place + 1]))
        }
      }
    }
    #expect(seen == Set(0..<8))
  }

  /// Without noise and coarticulation the two members of a pair are the same frame.
  @Test func pairsSoundAlike() {
    let task = PhonemeTask(noise: 0, coarticulation: 0)
    var frames: [Int: Set<[Float]>] = [:]
    for utterance in task.utterances(50, seed: 1) {
      for (step, label) in utterance.labels.enumerated() {
        frames[label, default: []].insert(utterance.frames.selected(step, axis: 0).scalars)
      }
    }
    #expect(frames.values.allSatisfy { $0.count == 1 })
    #expect(frames[4] == frames[5] && frames[6] == frames[7])
    #expect(Set(frames.values).count == 6)
  }

  @Test func digitsHaveTheirReadings() {
    func text(_ digits: [Int]) -> String {
      DigitReadingTask.reading(of: digits).map { DigitReadingTask.phonemes[$0] }
        .joined(separator: " ")
    }
    #expect(text([4, 2]) == "F AO R T UW")
    #expect(text([5, 5, 1]) == "D AH B AH L F AY V W AH N")
    #expect(text([8, 8, 8]) == "D AH B AH L EY T EY T")
    let pairs = DigitReadingTask(digits: 2...5).pairs(40, seed: 1)
    #expect(pairs.allSatisfy { DigitReadingTask.reading(of: $0.source) == $0.target })
    #expect(pairs.contains { $0.target.contains(2) && $0.target[0] == 3 })
  }

  @Test func sumsCopiesAndFirstSymbols() {
    for sample in AddingTask(length: 9).sequences(20, seed: 1) {
      let steps = sample.frames.scalars
      let marked = (0..<9).filter { steps[2 * $0 + 1] == 1 }
      #expect(marked.count == 2 && marked[0] < 4 && marked[1] >= 4)
      #expect(sample.targets[0] == steps[2 * marked[0]] + steps[2 * marked[1]])
    }
    for sample in CopyTask(symbols: 3, count: 2, delay: 4).sequences(20, seed: 1) {
      let symbols = sample.frames.argmax(axis: 1)
      #expect(Array(symbols[2...]) == [3, 3, 3, 3, 4, 3, 3])
      #expect(sample.labels == Array(repeating: -1, count: 7) + symbols.prefix(2))
    }
    for sample in DelayedRecallTask(symbols: 3, length: 5).sequences(20, seed: 1) {
      #expect(sample.targets == sample.frames.selected(0, axis: 0).scalars)
    }
  }

  @Test func answersRepeatTheirQuestions() {
    for melody in MelodyTask().melodies(30, seed: 1) {
      #expect(melody.tokens.count == 4 * 8 + 1 && melody.tokens.last == 0)
      for start in [0, 16] {
        let question = melody.tokens[start..<start + 8].map { $0 }
        let answer = melody.tokens[start + 8..<start + 16].map { $0 }
        #expect(Set(zip(question, answer).map { $1 - $0 }.dropLast()).count == 1)
        #expect(answer[7] == 8)
        #expect((question + answer).allSatisfy { (1...15).contains($0) })
      }
    }
    #expect(MelodyTask.pitch(of: 8, mode: 0) == 60)
    #expect(MelodyTask.pitch(of: 10, mode: 1) == 63)
    #expect(MelodyTask.pitch(of: 0, mode: 0) == nil)
  }

  @Test func bucketsHoldSequencesOfOneLength() throws {
    let samples = DigitReadingTask(digits: 1...9).pairs(64, seed: 1)
    func padding(_ data: SequenceBatches<TokenPair>) throws -> Int {
      let next = data.batches(epoch: 0, from: 0)
      var sum = 0
      var seen: Set<String> = []
      while let batch = try next() {
        sum += batch.lengths.reduce(0) { $0 + batch.inputs.shape[1] - $1 }
        seen.formUnion(batch.ids)
      }
      #expect(seen.count == 64)
      return sum
    }
    let plain = SequenceBatches(samples, batchSize: 8, seed: 1)
    let sorted = SequenceBatches(samples, batchSize: 8, seed: 1, bucket: 8)
    #expect(try padding(sorted) * 3 < padding(plain))
    #expect(plain.fingerprint != sorted.fingerprint)
    let rest = sorted.batches(epoch: 2, from: 5)
    let all = sorted.batches(epoch: 2, from: 0)
    for _ in 0..<5 { _ = try all() }
    #expect(try rest()?.ids == all()?.ids)
  }

  @Test func musicIsRead() throws {
    let text = #"{"train": [[[60, 64], [], [62]], []], "valid": [[[10, 70]]], "test": []}"#
    let music = try SymbolicMusic(Data(text.utf8), path: "music.json")
    #expect(music.training == [[[60, 64], [], [62]], []])
    let rolls = SymbolicMusic.pianoRolls(music.training + music.validation, name: "piece")
    #expect(rolls.map(\.steps) == [[[39, 43], [], [41]]])
    let melodies = SymbolicMusic.melodies(music.training + music.validation, name: "piece")
    #expect(melodies.map(\.tokens) == [[17, 0, 15, 0], [23, 0]])
    let batch = PianoRoll.batch(of: rolls)
    #expect(batch.inputs.shape == [1, 2, 88] && batch.lengths == [2])
    #expect(batch.targets.selected(1, axis: 1).scalars.firstIndex(of: 1) == 41)
  }

  @Test func badMusicIsTold() {
    func message(_ bytes: [UInt8]) -> String {
      do {
        _ = try SymbolicMusic(Data(bytes), path: "m.json")
        return ""
      } catch { return "\(error)" }
    }
    #expect(message([0x1f, 0x8b, 8]).contains("gunzip"))
    #expect(message(Array("[1, 2".utf8)).contains("m.json: an object of pieces"))
    #expect(message(Array(#"{"train": []}"#.utf8)).contains("has no part 'valid'"))
    #expect(
      message(Array(#"{"train": [[[60], [128]]], "valid": [], "test": []}"#.utf8))
        .contains("train, piece 0, step 1: 128 is not a MIDI number"))
  }

  @Test func recordingsThatAreMissingAreTold() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    #expect(throws: SpokenDigits.Failure.self) { try SpokenDigits(folder: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: SpokenDigits.Failure.self) { try SpokenDigits(folder: folder) }
  }
}
