import Foundation
import SentioClassical
import SentioTensor

/// The settings in a `config.json`, with the defaults of Hugging Face's transformers, 5.x, for those it leaves out.
struct HuggingFaceConfiguration {
  let url: URL
  private let values: [String: Any]

  init(contentsOf url: URL) throws {
    self.url = url
    values = try JSONTable(contentsOf: url, limit: HuggingFaceCheckpoint.maximumTextLength).values
  }

  func error(_ part: String, _ expected: String, _ found: String) -> ModelFileError {
    ModelFileError(path: url.path, part: part, expected: expected, found: found)
  }

  /// Which network, and the names of its logits.
  func network() throws -> (NetworkSettings, labels: [String]) {
    let architecture = (values["architectures"] as? [Any])?.first as? String ?? ""
    switch architecture {
    case "ViTModel": return (.visionTransformer(try vision()), [])
    case "ViTForImageClassification":
      let labels = try labels()
      return (.visionClassifier(try vision(), labels: labels.count), labels)
    case "ASTModel": return (.audioTransformer(try audio()), [])
    case "ASTForAudioClassification":
      let labels = try labels()
      return (.audioClassifier(try audio(), labels: labels.count), labels)
    case "MobileViTModel": return (.mobileViT(try mobile()), [])
    case "MobileViTForImageClassification":
      let labels = try labels()
      return (.mobileClassifier(try mobile(), labels: labels.count), labels)
    default:
      throw error(
        "architectures",
        "ViTModel, ViTForImageClassification, ASTModel, ASTForAudioClassification, MobileViTModel or "
          + "MobileViTForImageClassification", architecture.isEmpty ? "none" : architecture)
    }
  }

  private func vision() throws -> VisionTransformer.Settings {
    VisionTransformer.Settings(
      imageSize: try size("image_size", 224), patchSize: try integer("patch_size", 16),
      channels: try integer("num_channels", 3), transformer: try transformer())
  }

  private func audio() throws -> AudioSpectrogramTransformer.Settings {
    let transformer = try transformer()
    var settings = AudioSpectrogramTransformer.Settings(
      mels: try integer("num_mel_bins", 128), frames: try integer("max_length", 1024),
      patchSize: try integer("patch_size", 16),
      stride: HeightWidth(
        height: try integer("frequency_stride", 10), width: try integer("time_stride", 10)),
      transformer: transformer)
    settings.transformer.epsilon = transformer.epsilon
    return settings
  }

  private func transformer() throws -> TransformerSettings {
    let (features, heads) = (
      try integer("hidden_size", 768), try integer("num_attention_heads", 12)
    )
    guard features > 0, heads > 0, features % heads == 0 else {
      throw error("num_attention_heads", "a divisor of hidden_size \(features)", "\(heads)")
    }
    var settings = TransformerSettings(
      features: features, layers: try natural("num_hidden_layers", 12), heads: heads,
      innerFeatures: try integer("intermediate_size", 3072))
    let name = values["hidden_act"] as? String ?? "gelu"
    guard let function = Self.function(name) else {
      throw error("hidden_act", "gelu, gelu_new, gelu_pytorch_tanh, silu, swish or relu", name)
    }
    settings.activation = function
    settings.epsilon = try number("layer_norm_eps", 1e-12)
    settings.dropout = try number("hidden_dropout_prob", 0)
    settings.attentionDropout = try number("attention_probs_dropout_prob", 0)
    settings.hasAttentionBias = values["qkv_bias"] as? Bool ?? true
    return settings
  }

  private func mobile() throws -> MobileViT.Settings {
    let (features, widths) = (
      try integers("hidden_sizes", [144, 192, 240], count: 3),
      try integers("neck_hidden_sizes", [16, 32, 64, 96, 128, 160, 640], count: 7)
    )
    for (key, value, expected) in [
      ("output_stride", try integer("output_stride", 32), 32),
      ("conv_kernel_size", try integer("conv_kernel_size", 3), 3),
    ] where value != expected {
      throw error(key, "\(expected); other networks are not computed", "\(value)")
    }
    let name = values["hidden_act"] as? String ?? "silu"
    guard Self.function(name) == .silu else { throw error("hidden_act", "silu", name) }
    var settings = MobileViT.Settings(
      features: features, widths: widths, expansion: try number("expand_ratio", 4))
    settings.channels = try integer("num_channels", 3)
    settings.heads = try integer("num_attention_heads", 4)
    settings.innerRatio = try number("mlp_ratio", 2)
    settings.patchSize = try integer("patch_size", 2)
    settings.epsilon = try number("layer_norm_eps", 1e-5)
    settings.dropout = try number("hidden_dropout_prob", 0.1)
    settings.attentionDropout = try number("attention_probs_dropout_prob", 0)
    settings.hasAttentionBias = values["qkv_bias"] as? Bool ?? true
    return settings
  }

  private static func function(_ name: String) -> TransformerSettings.Function? {
    switch name {
    case "gelu": .gelu
    case "gelu_new", "gelu_pytorch_tanh": .geluTanh
    case "silu", "swish": .silu
    case "relu": .relu
    default: nil
    }
  }

  /// The names of the logits by their numbers; two of them where the file names none, as transformers has it.
  private func labels() throws -> [String] {
    guard let table = values["id2label"] as? [String: Any] else {
      let count = try integer("num_labels", 2)
      guard (1...1_000_000).contains(count) else {
        throw error("num_labels", "from 1 to 1000000", "\(count)")
      }
      return (0..<count).map { "LABEL_\($0)" }
    }
    return try (0..<table.count).map { index in
      guard let name = table[String(index)] as? String else {
        throw error(
          "id2label", "a name for each number from 0 to \(table.count - 1)", "none for \(index)")
      }
      return name
    }
  }

  private func integer(_ key: String, _ fallback: Int) throws -> Int {
    let value = try natural(key, fallback)
    guard value > 0 else { throw error(key, "a whole number from 1", "\(value)") }
    return value
  }

  private func natural(_ key: String, _ fallback: Int) throws -> Int {
    guard let value = values[key], !(value is NSNull) else { return fallback }
    guard let number = value as? Int, !(value is Bool), (0...1 << 30).contains(number) else {
      throw error(key, "a whole number from 0", "\(value)")
    }
    return number
  }

  private func number(_ key: String, _ fallback: Float) throws -> Float {
    guard let value = values[key], !(value is NSNull) else { return fallback }
    guard let number = value as? Double, number.isFinite else {
      throw error(key, "a number", "\(value)")
    }
    return Float(number)
  }

  private func integers(_ key: String, _ fallback: [Int], count: Int) throws -> [Int] {
    guard let value = values[key], !(value is NSNull) else { return fallback }
    guard let numbers = value as? [Int], numbers.count == count,
      numbers.allSatisfy({ (1...1 << 30).contains($0) })
    else { throw error(key, "\(count) whole numbers from 1", "\(value)") }
    return numbers
  }

  /// One number for a square, or height and width.
  private func size(_ key: String, _ fallback: Int) throws -> HeightWidth {
    if values[key] is [Any] {
      let sides = try integers(key, [], count: 2)
      return HeightWidth(height: sides[0], width: sides[1])
    }
    return HeightWidth(try integer(key, fallback))
  }
}
