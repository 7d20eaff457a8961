import Foundation
import SentioDSP
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@testable import SentioInterchange

@Suite("Front ends as operations")
struct FrontEndGraphTests {
  /// Levels lie apart by what single precision leaves of sums of frames, in another order.
  private static let levels = Tolerance(relative: 1e-3, absolute: 1e-3)

  private static func spectrogram(_ form: SpectrogramInput.Form) -> NetworkFrontEnd {
    let frontEnd = FrontEnd(
      sampleRate: 8000, fftLength: 128, hopLength: 64, melBands: 12, minimumFrequency: 50,
      maximumFrequency: 3500)
    return NetworkFrontEnd(
      .spectrogram(SpectrogramInput(duration: 0.25, frontEnd: frontEnd, form: form)))
  }

  private static var filterBank: NetworkFrontEnd {
    var settings = ASTFrontEnd()
    settings.frameCount = 20
    settings.melCount = 16
    return NetworkFrontEnd(.filterBank(settings))
  }

  @Test(
    "Operations make what the front end does, silence too",
    arguments: [
      spectrogram(.unit), spectrogram(.standardized),
      spectrogram(.picture(.init(height: 20, width: 9))),
      filterBank,
    ])
  func equalsInputMaker(_ frontEnd: NetworkFrontEnd) throws {
    let count = try frontEnd.samplesShape()[0]
    var stream = RandomStream(seed: 5, "samples")
    let noise = Tensor.normal([2, count], from: &stream) * 0.1
    let tone = Tensor.ramp(count).reshaped([1, count])
    // Noise, a tone with noise far below it, and silence.
    let samples = Tensor.concatenate(
      [noise[0..<1], (tone * 0.3).sin() * 0.4 + noise[1..<2] * 0.001, .zeros([1, count])], axis: 0)
    let maker = try InputMaker(frontEnd)
    let records = try (0..<3).map {
      try maker.record(of: samples.selected($0, axis: 0).scalars)
    }
    let batch = Tensor.concatenate(
      records.map { record in
        Tensor(record.values, shape: Shape([1] + frontEnd.recordShape.extents))
      }, axis: 0)
    let expected = frontEnd.inputs(batch)
    var graph = GraphBuilder(state: [:], input: GraphShape([count]), name: "front end")
    graph.graph.output = try frontEnd.lowered(graph.graph.input, in: &graph)
    let found = GraphInterpreter(graph: graph.graph)(samples)
    expectClose(found, expected, within: Self.levels)
  }

  @Test("Features of steps are refused, and a file without a front end is told so")
  func refused() throws {
    let sequence = NetworkFrontEnd(.sequence(SequenceInput(frames: 8, step: 0.5)))
    #expect(throws: InterchangeError.self) { try sequence.samplesShape() }
    var stream = RandomStream(seed: 1, "weights")
    let settings = NetworkSettings.crnn(
      .init(features: 5, frames: 24, filters: [4, 4], units: [3, 3], denseUnits: 4))
    let file = NetworkFile(settings.makeNetwork(from: &stream), .init(settings))
    try withTemporaryFolder { folder in
      #expect(throws: InterchangeError.self) {
        try ONNXFile.export(
          file, to: folder.appendingPathComponent("x.onnx"), options: .init(embedsFrontEnd: true))
      }
    }
  }
}
