import Foundation
import SentioDSP
import Testing

@Suite struct KaldiGoldenTests {
  /// Peer and package both compute in Float; log bands are of order 10.
  static let relativeTolerance: Float = 1e-4
  /// Where a band is nearly empty, the transform's rounding is a visible part of it, and the logarithm
  /// makes that an absolute error.
  static let logarithmTolerance: Float = 2e-5

  struct Parameters: Decodable, Sendable {
    let signal: String
    let count: Int
    let rate: Double
    let scale: Float
    var numMelBins: Int?
    var windowType: String?
    var snipEdges: Bool?
    var frameLength: Double?
    var frameShift: Double?
    var useEnergy: Bool?
    var htkCompat: Bool?
    var rawEnergy: Bool?
    var energyFloor: Float?
    var usePower: Bool?
    var useLogFbank: Bool?
    var subtractMean: Bool?
    var removeDcOffset: Bool?
    var preemphasisCoefficient: Float?
    var roundToPowerOfTwo: Bool?
    var lowFreq: Double?
    var highFreq: Double?

    var configuration: KaldiConfiguration {
      var result = KaldiConfiguration()
      result.sampleRate = rate
      if let numMelBins { result.melCount = numMelBins }
      switch windowType {
      case "hanning": result.window = .hann
      case "hamming": result.window = .hamming
      case "rectangular": result.window = .rectangular
      case "blackman": result.window = .blackman
      default: result.window = .povey
      }
      if snipEdges == false { result.framing = .reflect }
      if let frameLength { result.frameMilliseconds = frameLength }
      if let frameShift { result.shiftMilliseconds = frameShift }
      if useEnergy == true { result.energyColumn = htkCompat == true ? .last : .first }
      if let rawEnergy { result.usesRawEnergy = rawEnergy }
      if let energyFloor { result.energyFloor = energyFloor }
      if let usePower { result.usesPower = usePower }
      if let useLogFbank { result.usesLogarithm = useLogFbank }
      if let subtractMean { result.subtractsColumnMeans = subtractMean }
      if let removeDcOffset { result.removesMean = removeDcOffset }
      if let preemphasisCoefficient { result.preEmphasis = preemphasisCoefficient }
      if let roundToPowerOfTwo { result.padsToPowerOfTwo = roundToPowerOfTwo }
      if let lowFreq { result.lowFrequency = lowFreq }
      if let highFreq { result.highFrequency = highFreq }
      return result
    }
  }

  struct ASTParameters: Decodable, Sendable {
    let signal: String
    let count: Int
    let frames: Int
  }

  static func signal(_ kind: String, count: Int, rate: Double) -> [Float] {
    switch kind {
    case "noise": SyntheticSignals.noise(count: count)
    case "clicks": SyntheticSignals.clicks(count: count, period: 997)
    case "silence": SyntheticSignals.silence(count: count)
    case "tone": SyntheticSignals.tones(count: count, sampleRate: rate, [(440, 0.5)])
    default: SyntheticSignals.mixture(count: count, sampleRate: rate)
    }
  }

  @Test(
    arguments: [
      "defaults", "rates", "windows", "reflect", "energy", "scales", "steps", "bands",
    ])
  func filterbanksEqualTorchaudio(file: String) throws {
    for (index, golden) in try goldenCases("Kaldi/" + file, of: Parameters.self).enumerated() {
      let parameters = golden.parameters
      let signal = Self.signal(
        parameters.signal, count: parameters.count, rate: parameters.rate
      ).map { $0 * parameters.scale }
      let found = try KaldiFilterbank(parameters.configuration)(signal)
      #expect([found.frameCount, found.rowCount] == golden.shape)
      let isLogarithm = parameters.useLogFbank ?? true
      let largest = golden.values.max() ?? 0
      expectClose(
        found.values, golden.values, relative: Self.relativeTolerance,
        absolute: isLogarithm ? Self.logarithmTolerance : Self.relativeTolerance * 1e-3 * largest,
        "\(file) \(index)")
    }
  }

  @Test func astInputsEqualTransformers() throws {
    for golden in try goldenCases("Kaldi/ast", of: ASTParameters.self) {
      let parameters = golden.parameters
      var frontEnd = ASTFrontEnd()
      frontEnd.frameCount = parameters.frames
      let found = try frontEnd(
        Self.signal(parameters.signal, count: parameters.count, rate: 16_000), sampleRate: 16_000)
      #expect([found.frameCount, found.rowCount] == golden.shape)
      expectClose(
        found.values, golden.values, relative: Self.relativeTolerance,
        absolute: Self.logarithmTolerance, parameters.signal)
    }
  }
}
