import Foundation
import SentioClassical
import SentioDSP
import SentioTensor

/// The settings in a `preprocessor_config.json`, as a front end.
///
/// | written by | becomes |
/// |---|---|
/// | `ViTImageProcessor`, `ViTFeatureExtractor` | a picture of its size with `(x · rescale − mean) / std` of each channel |
/// | `MobileViTImageProcessor`, `MobileViTFeatureExtractor` | a picture of the size that is left after cropping, from 0 to 1 |
/// | `ASTFeatureExtractor` | ``ASTFrontEnd`` with its frames, bands, mean and deviation |
///
/// *Differs from:* the processors where pictures are of spectrograms: the whole spectrogram is resized, with
/// antialiasing, to the size that the network takes. Nothing of it is cropped away, since the middle of a song is no
/// better than its ends; and swapping red with blue changes nothing in a gray picture.
struct HuggingFacePreprocessor {
  let url: URL
  private let values: [String: Any]

  /// Reads a file.
  ///
  /// - Throws: `FileError`, `ModelFileError` where it is no JSON object.
  init(contentsOf url: URL) throws {
    self.url = url
    values = try JSONTable(contentsOf: url, limit: 1 << 20).values
  }

  private func error(_ part: String, _ expected: String, _ found: String) -> ModelFileError {
    ModelFileError(path: url.path, part: part, expected: expected, found: found)
  }

  private enum Kind: String {
    case vision = "ViT"
    case mobile = "MobileViT"
    case audio = "AST"
  }

  /// The front end for a network of a checkpoint.
  ///
  /// - Parameter network: which network, and of what size.
  /// - Returns: the front end.
  /// - Throws: `ModelFileError`.
  func frontEnd(of network: NetworkSettings) throws -> NetworkFrontEnd {
    let expected: Kind =
      switch network {
      case .audioTransformer, .audioClassifier: .audio
      case .mobileViT, .mobileClassifier: .mobile
      default: .vision
      }
    let key =
      values["image_processor_type"] == nil ? "feature_extractor_type" : "image_processor_type"
    // Old checkpoints of ViT do not say what wrote the file.
    if let name = values[key] as? String, !name.hasPrefix(expected.rawValue) {
      throw error(
        key, "a processor of \(expected.rawValue), or --no-front-end to import the network alone",
        name)
    }
    let input: NetworkFrontEnd.Input =
      switch expected {
      case .audio: .filterBank(try filterBank())
      case .vision, .mobile:
        .spectrogram(SpectrogramInput(form: .picture(try picture(of: network, expected))))
      }
    let frontEnd = NetworkFrontEnd(input)
    do {
      try frontEnd.validate()
    } catch {
      throw self.error("settings", "a front end that can be computed", "\(error)")
    }
    if let mismatch = network.mismatch(Shape([1] + frontEnd.inputShape)) {
      throw error("size", "what the network takes", mismatch)
    }
    return frontEnd
  }

  private func filterBank() throws -> ASTFrontEnd {
    let rate = try number("sampling_rate", Double(ASTFrontEnd.sampleRate))
    guard rate == Double(ASTFrontEnd.sampleRate) else {
      throw error("sampling_rate", "\(ASTFrontEnd.sampleRate)", "\(rate)")
    }
    let padding = try number("padding_value", 0)
    guard padding == 0 else { throw error("padding_value", "0", "\(padding)") }
    var frontEnd = ASTFrontEnd()
    frontEnd.frameCount = try whole("max_length", frontEnd.frameCount)
    frontEnd.melCount = try whole("num_mel_bins", frontEnd.melCount)
    if try flag("do_normalize", true) {
      frontEnd.mean = Float(try number("mean", Double(frontEnd.mean)))
      frontEnd.standardDeviation = Float(try number("std", Double(frontEnd.standardDeviation)))
    } else {
      // Twice the deviation is divided by.
      (frontEnd.mean, frontEnd.standardDeviation) = (0, 0.5)
    }
    return frontEnd
  }

  private func picture(of network: NetworkSettings, _ kind: Kind) throws -> PictureScaling {
    let shape = network.inputShape
    var size = HeightWidth(height: shape[1], width: shape[2])
    if try flag("do_resize", true) {
      let resample = try number("resample", 2)
      guard kind == .mobile || resample == 2 else {
        throw error(
          "resample", "2, which is bilinear, or --no-front-end to import the network alone",
          "\(Int(resample))")
      }
      size = try self.size("size", size)
    }
    if try flag("do_center_crop", kind == .mobile) { size = try self.size("crop_size", size) }
    // A picture of 256 levels times the factor is what means and deviations are for; a spectrogram goes from 0 to 1.
    let scale =
      try flag("do_rescale", true) ? 255 * (try number("rescale_factor", 1.0 / 255)) : 255
    guard scale > 0 else { throw error("rescale_factor", "a number above 0", "\(scale / 255)") }
    var mean = [Double](repeating: 0, count: shape[0])
    var deviation = [Double](repeating: 1, count: shape[0])
    if try flag("do_normalize", kind == .vision) {
      mean = try numbers("image_mean", count: shape[0])
      deviation = try numbers("image_std", count: shape[0])
    }
    return PictureScaling(
      size: size, mean: mean.map { Float($0 / scale) },
      standardDeviation: deviation.map { Float($0 / scale) })
  }

  /// One number for a square, or height and width, or the shorter side.
  private func size(_ key: String, _ fallback: HeightWidth) throws -> HeightWidth {
    guard let value = values[key], !(value is NSNull) else { return fallback }
    func side(_ value: Any?) -> Int? {
      (value as? Int).flatMap { (1...4096).contains($0) ? $0 : nil }
    }
    if let side = side(value) { return HeightWidth(side) }
    if let table = value as? [String: Any] {
      if let height = side(table["height"]), let width = side(table["width"]) {
        return HeightWidth(height: height, width: width)
      }
      if let side = side(table["shortest_edge"]) { return HeightWidth(side) }
    }
    throw error(key, "a side, height and width, or shortest_edge, from 1 to 4096", "\(value)")
  }

  private func flag(_ key: String, _ fallback: Bool) throws -> Bool {
    guard let value = values[key], !(value is NSNull) else { return fallback }
    guard let flag = value as? Bool else { throw error(key, "true or false", "\(value)") }
    return flag
  }

  private func number(_ key: String, _ fallback: Double) throws -> Double {
    guard let value = values[key], !(value is NSNull) else { return fallback }
    guard let number = value as? Double, number.isFinite else {
      throw error(key, "a number", "\(value)")
    }
    return number
  }

  private func whole(_ key: String, _ fallback: Int) throws -> Int {
    guard let value = values[key], !(value is NSNull) else { return fallback }
    guard let number = value as? Int, (1...1 << 16).contains(number) else {
      throw error(key, "a whole number from 1 to \(1 << 16)", "\(value)")
    }
    return number
  }

  /// A number for each channel; transformers' default of 0.5 where there is none.
  private func numbers(_ key: String, count: Int) throws -> [Double] {
    guard let value = values[key], !(value is NSNull) else {
      return [Double](repeating: 0.5, count: count)
    }
    if let number = value as? Double { return [Double](repeating: number, count: count) }
    guard let numbers = value as? [Double], numbers.count == count,
      numbers.allSatisfy({ $0.isFinite })
    else { throw error(key, "a number for each of \(count) channels", "\(value)") }
    return numbers
  }
}
