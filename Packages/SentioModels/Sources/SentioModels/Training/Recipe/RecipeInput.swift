import SentioDSP
import SentioTensor

/// The input of a recipe as plain keys; each kind of input has its own, and the others are absent.
struct RecipeInput: Codable {
  /// How a network is given a spectrogram.
  enum FormName: String, Codable { case unit, standardized, picture }

  var offset: Double?
  var duration: Double?
  var frames: Int?
  var step: Double?
  var segments: Int?
  var coefficients: Int?
  var standardizes: Bool?
  var form: FormName?
  var height: Int?
  var width: Int?
  var sampleRate: Int?
  var fftLength: Int?
  var hopLength: Int?
  var mels: Int?
  var minimumFrequency: Double?
  var maximumFrequency: Double?

  init(_ recipe: NetworkRecipe) {
    offset = recipe.input.offset
    switch recipe.input.input {
    case .spectrogram(let input):
      duration = input.duration
      switch input.form {
      case .unit: form = .unit
      case .standardized: form = .standardized
      case .picture(let size): (form, height, width) = (.picture, size.height, size.width)
      }
      take(input.frontEnd)
    case .sequence(let input):
      (frames, step) = (input.frames, input.step)
      standardizes = recipe.standardizes
      take(input.frontEnd)
    case .segments(let input):
      (duration, segments, coefficients) = (input.duration, input.segments, input.coefficients)
      standardizes = recipe.standardizes
      take(input.frontEnd)
    case .filterBank(let input): (frames, mels) = (input.frameCount, input.melCount)
    }
  }

  private mutating func take(_ frontEnd: FrontEnd) {
    sampleRate = Int(frontEnd.sampleRate)
    (fftLength, hopLength, mels) = (frontEnd.fftLength, frontEnd.hopLength, frontEnd.melBands)
    minimumFrequency = frontEnd.minimumFrequency
    maximumFrequency = frontEnd.maximumFrequency
  }

  private func change(_ frontEnd: inout FrontEnd) {
    if let sampleRate { frontEnd.sampleRate = Double(sampleRate) }
    if let fftLength { frontEnd.fftLength = fftLength }
    if let hopLength { frontEnd.hopLength = hopLength }
    if let mels { frontEnd.melBands = mels }
    if let minimumFrequency { frontEnd.minimumFrequency = minimumFrequency }
    if let maximumFrequency { frontEnd.maximumFrequency = maximumFrequency }
  }

  /// Changes what is given.
  func apply(to recipe: inout NetworkRecipe) {
    if let offset { recipe.input.offset = offset }
    if let standardizes { recipe.standardizes = standardizes }
    switch recipe.input.input {
    case .spectrogram(var input):
      if let duration { input.duration = duration }
      change(&input.frontEnd)
      switch form {
      case .unit: input.form = .unit
      case .standardized: input.form = .standardized
      case .picture, nil:
        var size = HeightWidth(224)
        if case .picture(let drawn) = input.form { size = drawn }
        let changed = HeightWidth(height: height ?? size.height, width: width ?? size.width)
        if form == .picture || input.form == .picture(size) { input.form = .picture(changed) }
      }
      recipe.input.input = .spectrogram(input)
    case .sequence(var input):
      if let frames { input.frames = frames }
      if let step { input.step = step }
      change(&input.frontEnd)
      recipe.input.input = .sequence(input)
    case .segments(var input):
      if let duration { input.duration = duration }
      if let segments { input.segments = segments }
      if let coefficients { input.coefficients = coefficients }
      change(&input.frontEnd)
      recipe.input.input = .segments(input)
    case .filterBank(var input):
      if let frames { input.frameCount = frames }
      if let mels { input.melCount = mels }
      recipe.input.input = .filterBank(input)
    }
  }
}

extension NetworkRecipe {
  /// Makes the network's clips shorter or longer, and whatever follows from that.
  ///
  /// A spectrogram has a frame for each hop. Sequences keep their step. Segments keep their number, and take the
  /// largest hop, up to 1024, of which there are 130 frames in each.
  ///
  /// - Parameter seconds: the length of a clip, above 0.
  public mutating func setDuration(_ seconds: Double) {
    switch input.input {
    case .spectrogram(var spectrogram):
      spectrogram.duration = seconds
      input.input = .spectrogram(spectrogram)
    case .sequence(var sequence):
      let steps = seconds / sequence.step
      sequence.frames = steps.isFinite ? Int(max(1, min(1e6, steps.rounded()))) : 1
      input.input = .sequence(sequence)
    case .segments(let segments):
      input.input = .segments(
        SegmentInput(
          duration: seconds, segments: segments.segments, coefficients: segments.coefficients))
    case .filterBank(var bank):
      bank.frameCount = seconds.isFinite ? Int(max(1, min(1e6, (seconds * 100).rounded()))) : 1
      input.input = .filterBank(bank)
    }
  }
}
