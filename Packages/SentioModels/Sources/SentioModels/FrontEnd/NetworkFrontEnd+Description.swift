import SentioDSP

extension NetworkFrontEnd: CustomStringConvertible {
  /// What the network is given, in one sentence.
  public var description: String {
    let start = offset > 0 ? " from \(Self.number(offset)) s on" : ""
    let text =
      switch input {
      case .spectrogram(let input):
        "\(input.frontEnd.melBands) mel bands of \(Self.number(input.duration)) s\(start) at \(sampleRate) Hz, hop "
          + "\(input.frontEnd.hopLength), \(Self.form(input))"
      case .sequence(let input):
        "\(SequenceInput.featureNames.count) features of \(input.frames) steps of \(Self.number(input.step)) s\(start) at "
          + "\(sampleRate) Hz"
      case .segments(let input):
        "\(input.coefficients) cepstral coefficients of \(input.segments) segments in \(Self.number(input.duration)) s\(start) "
          + "at \(sampleRate) Hz"
      case .filterBank(let input):
        "\(input.melCount) bands of Kaldi's filter bank, \(input.frameCount) frames (\(Self.number(duration)) s)\(start) at "
          + "\(sampleRate) Hz, mean \(input.mean), deviation \(input.standardDeviation)"
      }
    return text
      + (standardization == nil ? "" : ", standardized by the training songs")
  }

  private static func form(_ input: SpectrogramInput) -> String {
    switch input.form {
    case .unit: return "from 0 to 1"
    case .standardized: return "each clip with mean 0 and deviation 1"
    case .picture, .scaledPicture: break
    }
    guard let scaling = input.form.scaling else { return "" }
    let list = { (values: [Float]) in values.map { "\($0)" }.joined(separator: ", ") }
    return
      "a picture of \(scaling.size.height) × \(scaling.size.width), means \(list(scaling.mean)), deviations "
      + list(scaling.standardDeviation)
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\((value * 1000).rounded() / 1000)"
  }
}
