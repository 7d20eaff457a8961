import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// What stands at frames that do not count has no influence on a ``CRNN``, and those frames are as good as absent.
struct MaskedFramesTests {
  /// Sequences cut at the end, with holes, without a frame that counts, and whole.
  static var masks: [SequenceMask] {
    var stream = RandomStream(seed: 6, "holes")
    let holes = Tensor.uniform([4, 16], in: 0..<1, from: &stream) .> 0.4
    return [.lengths([16, 5, 0, 11]), .steps(holes)]
  }

  /// A network whose dropout is at work, and sequences with a value at the frames that do not count.
  static func network(_ convention: RecurrentConvention) -> CRNN {
    var stream = RandomStream(seed: 1, "CRNN")
    let settings = CRNN.Settings(
      features: 5, frames: 16, filters: [6, 7, 8], units: [4, 3], denseUnits: 9,
      convention: convention)
    return CRNN(settings, from: &stream)
  }

  static func sequences(_ mask: SequenceMask, _ value: Float) -> Tensor {
    var stream = RandomStream(seed: 2, "sequences")
    let x = Tensor.normal([4, 16, 5], from: &stream)
    return .select(
      where: mask.stepMask(batch: 4, steps: 16).expanded(at: 2), x, else: Tensor(value))
  }

  /// Output, loss, all gradients and the running statistics that a step leaves.
  func results(
    _ convention: RecurrentConvention, _ mask: SequenceMask, _ value: Float, isTraining: Bool
  ) -> [Tensor] {
    let x = Self.sequences(mask, value)
    var network = Self.network(convention)
    func step(_ network: CRNN) -> [Tensor] {
      let (loss, gradients, input) = valueAndGradient(of: network, at: x) {
        $0($1, mask: mask).squared().sum()
      }
      return [network(x, mask: mask), loss] + gradients + [input]
    }
    let all =
      isTraining
      ? TrainingPass(seed: 3, step: 7).run(on: &network, step)
      : step(network)
    return all + network.stateDictionary.sorted { $0.key < $1.key }.map(\.value)
  }

  @Test(arguments: RecurrentConvention.allCases, [false, true])
  func noInfluence(_ convention: RecurrentConvention, isTraining: Bool) {
    for mask in Self.masks {
      let reference = results(convention, mask, 0, isTraining: isTraining)
      #expect(reference.allSatisfy { $0.scalars.allSatisfy(\.isFinite) })
      #expect(results(convention, mask, .nan, isTraining: isTraining) == reference)
      #expect(results(convention, mask, 1e4, isTraining: isTraining) == reference)
      #expect(results(convention, mask, -.infinity, isTraining: isTraining) == reference)
    }
  }

  /// Frames that count do have an influence: the property above is not that of a network that ignores its input.
  @Test func countingFramesMatter() {
    let network = Self.network(.keras)
    let x = Self.sequences(.lengths([16, 16, 16, 16]), 0)
    let mask = SequenceMask.lengths([5, 5, 5, 5])
    var other = x
    for row in 0..<4 { other[element: row, 4, 0] = 9 }
    #expect(network(x, mask: mask) != network(other, mask: mask))
  }

  @Test(arguments: RecurrentConvention.allCases)
  func aSequenceAloneAndOneWithFramesAfterItAreOne(_ convention: RecurrentConvention) {
    let network = Self.network(convention)
    let x = Self.sequences(.lengths([16, 16, 16, 16]), 0)
    let together = network(x, mask: .lengths([4, 8, 12, 16]))
    for (row, length) in [4, 8, 12, 16].enumerated() {
      expectClose(
        together[row..<row + 1], network(x[row..<row + 1].sliced(0..<length, axis: 1)), "\(length)")
    }
  }

  /// A batch is normalized by the frames that count, and its running statistics take up these.
  @Test(arguments: RecurrentConvention.allCases)
  func trainingWithFramesAfterAllIsTrainingWithoutThem(_ convention: RecurrentConvention) {
    let x = Self.sequences(.lengths([16, 16, 16, 16]), 0)
    func step(_ x: Tensor, _ mask: SequenceMask?) -> [String: Tensor] {
      var network = Self.network(convention)
      (network.sequenceDropout.probability, network.dropout.probability) = (0, 0)
      let (loss, gradients) = TrainingPass(seed: 3, step: 7).run(on: &network) { network in
        valueAndGradient(of: network) { $0(x, mask: mask).squared().sum() }
      }
      var all = Dictionary(
        uniqueKeysWithValues: zip(network.trainablePaths.map { "gradient of \($0)" }, gradients))
      all["loss"] = loss
      return all.merging(network.stateDictionary.map { ($0, $1) }) { $1 }
    }
    let alone = step(x.sliced(0..<12, axis: 1), nil)
    let padded = step(x, .lengths([12, 12, 12, 12]))
    #expect(alone.count == padded.count)
    for (name, tensor) in alone {
      // Sums of other orders, through three normalizations.
      expectClose(
        padded[name] ?? Tensor(.nan), tensor, within: Tolerance(relative: 1e-4, absolute: 1e-5),
        name)
    }
  }
}
