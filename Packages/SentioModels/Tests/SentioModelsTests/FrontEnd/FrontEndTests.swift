import Foundation
import SentioDSP
import SentioData
import SentioModels
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Front ends of networks against librosa and torch; see Tests/Generators/generate_front_ends.py.
struct FrontEndTests {
  /// The formula of the generator: a sweep that folds, in three loudnesses.
  static func signal(_ count: Int) -> [Float] {
    (0..<count).map { i in
      let wave = (i * i * 31 + i * 1700) / 512 % 4096 - 2048
      return Float(wave * (1 + i / 4410 % 3)) / 16_384
    }
  }

  static let clip = signal(26_460)

  static func golden(_ name: String) throws -> Tensor {
    let url = try #require(
      Bundle.module.url(
        forResource: "front_ends", withExtension: "safetensors", subdirectory: "Golden/FrontEnd"))
    return try Safetensors(contentsOf: url).tensor(name)
  }

  /// A spectrogram of 32 bands in 65 frames.
  static func spectrogram(_ form: SpectrogramInput.Form) -> NetworkFrontEnd {
    NetworkFrontEnd(
      .spectrogram(SpectrogramInput(duration: 1.5, frontEnd: FrontEnd(melBands: 32), form: form)))
  }

  static let sequence = NetworkFrontEnd(.sequence(SequenceInput(frames: 8, step: 0.25)))
  static let segments = NetworkFrontEnd(
    .segments(
      SegmentInput(
        duration: 1.2, segments: 3,
        frontEnd: FrontEnd(minimumFrequency: 0, maximumFrequency: 11_025))))
  static var filterBank: NetworkFrontEnd {
    var input = ASTFrontEnd()
    input.frameCount = 60
    return NetworkFrontEnd(.filterBank(input))
  }

  static let all = [
    spectrogram(.unit), spectrogram(.standardized),
    spectrogram(.picture(HeightWidth(height: 24, width: 20))), sequence, segments, filterBank,
  ]

  /// The inputs of one signal.
  static func inputs(
    _ frontEnd: NetworkFrontEnd, _ samples: [Float]
  ) throws -> (values: Tensor, lengths: [Int]?) {
    let maker = try InputMaker(frontEnd)
    return maker.input(try maker.record(of: samples))
  }

  /// Levels in decibels keep five digits, a number from 0 to 1 is an eightieth of them.
  @Test(arguments: [
    ("unit", all[0], Float(1e-5)), ("standardized", all[1], 1e-4), ("picture", all[2], 1e-4),
  ])
  func spectrogramsAreLibrosas(
    _ name: String, _ frontEnd: NetworkFrontEnd, _ tolerance: Float
  ) throws {
    let expected = try Self.golden(name)
    let x = try Self.inputs(frontEnd, Self.clip).values
    expectClose(
      x.reshaped(Array(expected.shape)), expected,
      within: Tolerance(relative: 0, absolute: tolerance))
    #expect(Array(x.shape) == [1] + frontEnd.inputShape)
  }

  @Test func stepsAreMeansOfLibrosasFrames() throws {
    let (x, lengths) = try Self.inputs(Self.sequence, Self.clip)
    #expect(x.shape == [1, 8, 40] && lengths == [5])
    let names = SequenceInput.featureNames
    #expect(names.count == 40 && Set(names).count == 40)
    let columns = (1...13).map { "mfcc\($0)" } + ["spectral_centroid", "rms"]
    let places = columns.compactMap { names.firstIndex(of: $0) }
    try #require(places.count == columns.count)
    let expected = try Self.golden("steps")
    for (column, place) in places.enumerated() {
      expectClose(
        x[0][0..<5].selected(place, axis: 1), expected.selected(column, axis: 1),
        within: Tolerance(relative: 2e-4, absolute: 2e-4), columns[column])
    }
    #expect(x[0][5..<8].absolute().max().scalar == 0)
  }

  @Test func segmentsAreLibrosasOfEachAlone() throws {
    let x = try Self.inputs(Self.segments, Self.clip).values
    #expect(x.shape == [3, 18, 13])
    expectClose(
      x.reshaped([54, 13]), try Self.golden("segments"),
      within: Tolerance(relative: 1e-4, absolute: 2e-3))
  }

  @Test func sizesAreThoseOfTheReports() {
    #expect(NetworkFrontEnd(.spectrogram(SpectrogramInput())).inputShape == [1, 128, 1292])
    #expect(
      NetworkFrontEnd(.spectrogram(SpectrogramInput(form: .picture(224)))).inputShape == [
        3, 224, 224,
      ])
    #expect(NetworkFrontEnd(.sequence(SequenceInput())).inputShape == [600, 40])
    #expect(NetworkFrontEnd(.segments(SegmentInput())).inputShape == [130, 13])
    #expect(NetworkFrontEnd(.segments(SegmentInput(duration: 6))).inputShape == [130, 13])
    #expect(NetworkFrontEnd(.filterBank(ASTFrontEnd())).inputShape == [1024, 128])
  }

  /// All that a clip is cut, padded or found to be, by the length of the audio.
  @Test(arguments: all) func lengthsOfAudioAreLegal(_ frontEnd: NetworkFrontEnd) throws {
    let maker = try InputMaker(frontEnd)
    for count in [1, 100, 5000, 26_460, 400_000] {
      let (x, lengths) = maker.input(try maker.record(of: Self.signal(count)))
      #expect(Array(x.shape.dropFirst()) == frontEnd.inputShape, "\(count) samples")
      #expect(x.withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) }, "\(count) samples")
      for length in lengths ?? [] { #expect(length >= 1 && length <= x.shape[1]) }
    }
    // What is beyond the clip changes nothing.
    let end = Int(frontEnd.duration * Double(frontEnd.sampleRate) + 0.5)
    let long = Self.signal(end + 3000)
    #expect(try maker.record(of: long) == maker.record(of: Array(long.prefix(end))))
  }

  @Test(arguments: all) func silenceIsLegalAndNaNIsNot(_ frontEnd: NetworkFrontEnd) throws {
    let maker = try InputMaker(frontEnd)
    let silence = [Float](repeating: 0, count: 30_000)
    let x = maker.input(try maker.record(of: silence)).values
    #expect(x.withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) })
    if case .spectrogram(let input) = frontEnd.input, input.form == .standardized {
      #expect(x.absolute().max().scalar == 0)
    }
    #expect(throws: DSPError.emptySignal) { try maker.record(of: []) }
    var broken = Self.clip
    broken[777] = .infinity
    #expect(throws: DSPError.nonFiniteSample(index: 777, value: .infinity)) {
      try maker.record(of: broken)
    }
  }

  @Test(arguments: all) func theSameAudioGivesTheSameBits(_ frontEnd: NetworkFrontEnd) throws {
    let records = try (0..<2).map { _ in try InputMaker(frontEnd).record(of: Self.clip) }
    #expect(records[0] == records[1])
    let decoded = try JSONDecoder().decode(
      NetworkFrontEnd.self, from: JSONEncoder().encode(frontEnd))
    #expect(decoded == frontEnd)
    #expect(decoded.storeSettings == frontEnd.storeSettings)
  }

  @Test func formsShareOneRecordAndOtherSettingsDoNot() {
    let settings = Self.all.prefix(3).map(\.storeSettings)
    #expect(Set(settings).count == 1)
    var other = Self.all
    for index in other.indices { other[index].offset = 1 }
    #expect(Set((Self.all + other).map(\.storeSettings)).count == 8)
  }

  @Test(arguments: [
    NetworkFrontEnd(.spectrogram(SpectrogramInput(duration: 0))),
    NetworkFrontEnd(.spectrogram(SpectrogramInput(duration: .nan))),
    NetworkFrontEnd(.spectrogram(SpectrogramInput(duration: 1e9))),
    NetworkFrontEnd(
      .spectrogram(SpectrogramInput(form: .picture(HeightWidth(height: 0, width: 9))))),
    NetworkFrontEnd(.spectrogram(SpectrogramInput(frontEnd: FrontEnd(hopLength: 0)))),
    NetworkFrontEnd(
      .spectrogram(
        SpectrogramInput(frontEnd: FrontEnd(decibels: DecibelScale(dynamicRange: nil))))),
    NetworkFrontEnd(.spectrogram(SpectrogramInput(frontEnd: FrontEnd(sampleRate: 22_050.5)))),
    NetworkFrontEnd(.sequence(SequenceInput(frames: 0))),
    NetworkFrontEnd(.sequence(SequenceInput(step: 0.01))),
    NetworkFrontEnd(.segments(SegmentInput(segments: 0))),
    NetworkFrontEnd(.segments(SegmentInput(coefficients: 200))),
    NetworkFrontEnd(.sequence(SequenceInput()), offset: -1),
    NetworkFrontEnd(
      .sequence(SequenceInput()), standardization: FeatureStandardization(mean: [0], deviation: [1])
    ),
    NetworkFrontEnd(
      .segments(SegmentInput()),
      standardization: FeatureStandardization(
        mean: [Float](repeating: 0, count: 13), deviation: [Float](repeating: 0, count: 13))),
  ])
  func settingsOutOfRangeAreRefused(_ frontEnd: NetworkFrontEnd) {
    #expect(throws: DSPError.self) { try frontEnd.validate() }
    #expect(throws: DSPError.self) { try InputMaker(frontEnd) }
  }

  @Test func standardizationIsOfTheRealStepsAlone() throws {
    let maker = try InputMaker(Self.sequence)
    let records = try [26_460, 11_025].map { try maker.record(of: Self.signal($0)) }
    let source = InputRecords(records, ids: ["a", "b"], Self.sequence)
    #expect(source.realSteps == [5, 2])
    let measured = FeatureStandardization(of: source)
    var values = [Float]()
    for record in records { values += record.values }
    for feature in [0, 13, 39] {
      let column = stride(from: feature, to: values.count, by: 40).map { Double(values[$0]) }
      let mean = column.reduce(0, +) / 7
      let square = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 7
      #expect(abs(Double(measured.mean[feature]) - mean) <= 1e-5 * abs(mean))
      #expect(abs(Double(measured.deviation[feature]) - square.squareRoot()) <= 1e-5 * abs(mean))
    }
    var frontEnd = Self.sequence
    frontEnd.standardization = measured
    try frontEnd.validate()
    let x = try Self.inputs(frontEnd, Self.clip).values
    #expect(x[0][5..<8].absolute().max().scalar == 0)
    // A constant feature stays near 0 and is not blown up.
    let constant = FeatureStandardization(
      of: InputRecords([FeatureRecord([Float](repeating: 3, count: 80))], ids: ["c"], Self.sequence)
    )
    #expect(constant.deviation == [Float](repeating: 1, count: 40))
  }
}
