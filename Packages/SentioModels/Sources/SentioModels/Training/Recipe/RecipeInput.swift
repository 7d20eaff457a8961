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
  /// Of pictures a number for each channel, of filter banks one.
  var mean: [Float]?
  var deviation: [Float]?
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
      case .picture, .scaledPicture: form = .picture
      }
      if let scaling = input.form.scaling {
        (height, width) = (scaling.size.height, scaling.size.width)
        (mean, deviation) = (scaling.mean, scaling.standardDeviation)
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
    case .filterBank(let input):
      (frames, mels) = (input.frameCount, input.melCount)
      (mean, deviation) = ([input.mean], [input.standardDeviation])
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
        guard form == .picture || input.form.scaling != nil else { break }
        var scaling = input.form.scaling ?? PictureScaling(size: 224)
        if let height { scaling.size.height = height }
        if let width { scaling.size.width = width }
        if let mean { scaling.mean = mean }
        if let deviation { scaling.standardDeviation = deviation }
        input.form = .picture(scaling)
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
      // Of several numbers none is meant: what is no number is refused when the recipe is checked.
      if let mean { input.mean = mean.count == 1 ? mean[0] : .nan }
      if let deviation { input.standardDeviation = deviation.count == 1 ? deviation[0] : .nan }
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
