import Foundation
import SentioClassical
import SentioNN
import SentioTensor

/// How a file holds layers that compute in 8-bit integers: the weight of each as `I8` `[O, I]`, a scale for each of
/// its rows beside it, and how its input is rounded in the header's table.
enum QuantizedLayersInFile {
  /// The header's entry: for each layer's path how its input is rounded.
  static let key = "sentio.quantization"
  /// The most characters of that entry.
  static let maximumLength = 16 << 20
  /// What the name of a row's scales ends in.
  static let scaleSuffix = ".weight_scale"

  /// How one layer's input is rounded.
  struct Input: Codable {
    var scale: Float
    var zeroPoint: Int
  }

  /// What stands in a file: the integers in place of the weights in single precision.
  ///
  /// - Parameters:
  ///   - network: a network with quantized layers.
  ///   - layers: these layers by path.
  /// - Returns: the tensors, and the header's entry.
  /// - Throws: `EncodingError`, which numbers that are finite do not cause.
  static func contents(
    _ network: any Layer, _ layers: [String: QuantizedLinear]
  ) throws -> (tensors: [Safetensors.Content], entry: String) {
    var tensors: [Safetensors.Content] = []
    for (name, tensor) in network.stateDictionary {
      let path = String(name.dropLast(".weight".count))
      if name.hasSuffix(".weight"), let layer = layers[path] {
        tensors.append(
          Safetensors.Content(
            name, shape: [layer.outputs, layer.inputs], elementType: .int8,
            bytes: layer.weightIntegers.map(UInt8.init(bitPattern:))))
        tensors.append(
          Safetensors.Content(
            path + scaleSuffix, shape: [layer.outputs], floats: layer.weightScales))
      } else {
        tensors.append(Safetensors.Content(name, tensor))
      }
    }
    let inputs = layers.mapValues { Input(scale: $0.input.scale, zeroPoint: $0.input.zeroPoint) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (tensors, String(decoding: try encoder.encode(inputs), as: UTF8.self))
  }

  /// Reads a file's tensors into a network, and has the layers that the header names compute in integers.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - network: a network of its sizes.
  /// - Throws: `ModelFileError` with the part that is wrong; `StateError` with tensors that do not fit.
  static func load(_ file: Safetensors, into network: inout some Layer) throws {
    func error(_ part: String, _ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(path: file.url.path, part: part, expected: expected, found: found)
    }
    guard let text = file.metadata[key] else {
      try network.load(contentsOf: file.url)
      return
    }
    guard text.utf8.count <= maximumLength else {
      throw error(key, "at most \(maximumLength) bytes", "\(text.utf8.count)")
    }
    let inputs: [String: Input]
    do {
      inputs = try JSONDecoder().decode([String: Input].self, from: Data(text.utf8))
    } catch let failure {
      throw error(key, "a scale and a zero point for each layer", "\(failure)")
    }
    let scaleNames = Set(inputs.keys.map { $0 + scaleSuffix })
    try network.load(contentsOf: file.url) { scaleNames.contains($0) ? nil : $0 }
    var layers: [String: Linear] = [:]
    network.forEachLinear { path, layer in layers[path] = layer }
    var quantized: [String: QuantizedLinear] = [:]
    for (path, input) in inputs {
      guard let layer = layers[path] else {
        throw error("\(key), \(path)", "the path of a linear layer", "none of this network's")
      }
      guard let rounding = ActivationQuantization(scale: input.scale, zeroPoint: input.zeroPoint)
      else {
        throw error(
          "\(key), \(path)", "a scale above 0 and a zero point from 0 to 255",
          "\(input.scale) and \(input.zeroPoint)")
      }
      let (name, scaleName) = (path + ".weight", path + scaleSuffix)
      guard let entry = file.tensors[name], entry.elementType == .int8 else {
        throw error(
          name, "8-bit integers (I8)", file.tensors[name]?.elementType.rawValue ?? "nothing")
      }
      guard let scales = file.tensors[scaleName], scales.elementType == .float32,
        scales.shape == [layer.weight.shape[0]]
      else {
        throw error(
          scaleName, "F32 of shape [\(layer.weight.shape[0])]",
          file.tensors[scaleName].map { "\($0.elementType.rawValue) of shape \($0.shape)" }
            ?? "nothing")
      }
      guard layer.weight.shape[1] <= QuantizedLinear.maximumInputs else {
        throw error(
          name, "at most \(QuantizedLinear.maximumInputs) inputs", "\(layer.weight.shape[1])")
      }
      let values = try file.floats(scaleName)
      guard values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
        throw error(scaleName, "finite scales from 0", "others")
      }
      let integers = try file.withBytes(of: name) { $0.map(Int8.init(bitPattern:)) }
      guard !integers.contains(-128) else {
        throw error(name, "integers from -127 to 127", "-128")
      }
      quantized[path] = QuantizedLinear(
        integers: integers, scales: values, bias: layer.bias, activation: layer.activation,
        input: rounding)
    }
    let layersOfFile = quantized
    network.forEachLinear { path, layer in
      if let new = layersOfFile[path] { layer.quantize(new) }
    }
  }
}
