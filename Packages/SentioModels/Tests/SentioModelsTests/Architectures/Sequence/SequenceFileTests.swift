import Foundation
import SentioClassical
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Encoders with decoders in files, masks and tokens of all sequence models; the others are among `NetworkSample`.
struct SequenceFileTests {
  static let translators: [SequenceTranslator.Settings] = [
    .init(
      .tokens(vocabulary: 6, embedding: 5), targets: 4, targetEmbedding: 7,
      .init(.lstm, units: 5, layers: 2, isBidirectional: true), attention: 3, maximumLength: 9),
    .init(.frames(features: 3), targets: 4, .init(.gru, units: 5), maximumLength: 9),
  ]

  private func sources(_ settings: SequenceTranslator.Settings) -> Tensor {
    var stream = RandomStream(seed: 4, "sources")
    switch settings.source {
    case .tokens(let vocabulary, _):
      return Tensor((0..<12).map { _ in Float(stream.next(below: vocabulary)) }, shape: [2, 6])
    case .frames(let features): return .normal([2, 6, features], from: &stream)
    }
  }

  @Test(arguments: translators)
  func aTranslatorIsKeptAndCompared(_ settings: SequenceTranslator.Settings) throws {
    let folder = try TemporaryFolder()
    var stream = RandomStream(seed: 3, "weights")
    let model = SequenceTranslator(settings, from: &stream)
    let url = folder("translator.sentio")
    try NetworkFile(model, .init(.sequenceTranslator(settings))).write(to: url)
    #expect(try NetworkFile.verify(url).isSound)
    let read = try NetworkFile(contentsOf: url)
    #expect(read.configuration.network == .sequenceTranslator(settings))
    let copy = try #require(read.network as? SequenceTranslator)
    let x = sources(settings)
    let (found, expected) = (
      copy.translate(x, lengths: [6, 4]), model.translate(x, lengths: [6, 4])
    )
    #expect(found.map(\.tokens) == expected.map(\.tokens))
    #expect(found.map(\.logLikelihood) == expected.map(\.logLikelihood))
    #expect(read.configuration.network.mismatch(of: x) == nil)
    let shape = Shape([1] + read.configuration.network.inputShape)
    #expect(read.network.summary(inputShape: shape).total == model.parameterCount.total)

    let other = folder("other.sentio")
    let second = SequenceTranslator(settings, from: &stream)
    try NetworkFile(second, .init(.sequenceTranslator(settings))).write(to: other)
    #expect(try NetworkDifference(url, url).isEmpty)
    #expect(try NetworkDifference(url, other).tensors.count > 5)
  }

  /// A mask of steps is the same as lengths, through the protocol that trainers and files use.
  @Test func masksReachTheLayers() {
    var stream = RandomStream(seed: 5, "masks")
    let x = Tensor.normal([2, 6, 3], from: &stream)
    let mask = Tensor([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0], shape: [2, 6])
    func check(_ layer: some MaskedLayer, _ x: Tensor) {
      let expected = layer(x, mask: .lengths([6, 3]))
      #expect(layer(x, mask: .steps(mask)) == expected)
      #expect(layer(x, lengths: [6, 3]) == expected)
      #expect(layer(x) != expected)
    }
    let stack = RecurrentStack(.gru, units: 4, layers: 2, isBidirectional: true, isResidual: true)
    check(SequenceClassifier(.init(features: 3, outputs: 2, stack), from: &stream), x)
    check(SequenceLabeler(.init(features: 3, outputs: 2, stack), from: &stream), x)
    check(SequenceTranslator(Self.translators[1], from: &stream), x)
    let tokens = Tensor([0, 1, 2, 1, 0, 3, 1, 2, 2, 3, 0, 1], shape: [2, 6])
    check(
      SequenceGenerator(
        .init(vocabulary: 4, embedding: 3, .init(.rnn, units: 5)), from: &stream), tokens)
  }

  @Test func whatIsNoTokenIsToldBeforeItIsRead() {
    let settings = NetworkSettings.sequenceGenerator(
      .init(vocabulary: 4, embedding: 3, .init(.rnn, units: 5)))
    #expect(settings.mismatch(of: Tensor([0, 3, 1], shape: [1, 3])) == nil)
    for wrong: Float in [4, -1, 0.5, .nan, .infinity] {
      let found = settings.mismatch(of: Tensor([0, wrong, 1], shape: [1, 3]))
      #expect(found?.contains("from 0 to 3") == true)
    }
    #expect(settings.mismatch(of: .zeros([1, 3, 2])) != nil)
  }
}
