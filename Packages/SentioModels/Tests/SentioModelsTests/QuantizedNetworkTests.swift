import Foundation
import SentioClassical
import SentioMetrics
import SentioModels
import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Networks in 8-bit integers: what they compute, what it costs in accuracy, and their files.
struct QuantizedNetworkTests {
  static let settings = MobileStudent.Settings(
    imageSize: 32, patchSize: 8, channels: 1,
    transformer: TransformerSettings(features: 32, layers: 3, heads: 2, innerFeatures: 64))

  static func student() -> MobileStudent {
    var stream = RandomStream(seed: 12, "student")
    return MobileStudent(settings, from: &stream)
  }

  /// Pictures of a stripe whose place and width are valence and arousal.
  static func pictures(_ count: Int, seed: UInt64) -> (x: Tensor, y: Tensor) {
    var stream = RandomStream(seed: seed, "pictures")
    let y = Tensor.uniform([count, 2], in: -0.9..<0.9, from: &stream)
    let noise = Tensor.normal([count, 1, 32, 32], standardDeviation: 0.1, from: &stream)
    let stripes = Tensor(uninitialized: [count, 1, 32, 32]) { pixels in
      let labels = y.scalars
      for index in 0..<count {
        let middle = 16 + 12 * labels[2 * index]
        let half = 5 + 4 * labels[2 * index + 1]
        for row in 0..<32 {
          for column in 0..<32 {
            pixels[(index * 32 + row) * 32 + column] = abs(Float(row) - middle) < half ? 1 : 0
          }
        }
      }
    }
    return (stripes + noise, y)
  }

  static func concordance(_ predicted: Tensor, _ y: Tensor) throws -> Double {
    let both = try (0..<2).map { column in
      try concordanceCorrelation(
        prediction: predicted.selected(column, axis: 1).scalars.map(Double.init),
        truth: y.selected(column, axis: 1).scalars.map(Double.init))
    }
    return (both[0] + both[1]) / 2
  }

  /// A student that has learned: 80 steps on 64 pictures.
  static let trained: MobileStudent = {
    var network = student()
    let (x, y) = pictures(64, seed: 1)
    var optimizer = Optimizer(.adam(), learningRate: .constant(2e-3), clipping: .norm(1))
    let names = network.trainablePaths
    for step in 0..<80 {
      let (_, gradients) = TrainingPass(seed: 1, step: step).run(on: &network) { network in
        valueAndGradient(of: network) { meanSquaredError($0(x), y) }
      }
      optimizer.update(&network, names: names, gradients: gradients)
    }
    return network
  }()

  @Test func littleAccuracyIsLostOnNewPictures() throws {
    let network = Self.trained
    let quantized = QuantizedNetwork(network, calibration: [Self.pictures(64, seed: 1).x])
    let (x, y) = Self.pictures(128, seed: 2)
    let before = try Self.concordance(network(x), y)
    let after = try Self.concordance(quantized(x), y)
    #expect(before > 0.8)
    #expect(abs(before - after) < 0.005, "\(before) became \(after)")
    #expect(quantized(x) != network(x))
  }

  @Test func allLinearLayersButTheLastOnesAreQuantized() {
    let x = Self.pictures(4, seed: 3).x
    let layers = QuantizedNetwork(Self.trained, calibration: [x]).layers
    // Six in each of three blocks, and the one that mixes a patch's channels.
    #expect(layers.count == 19)
    #expect(layers.keys.allSatisfy { !$0.hasPrefix("head") })
    // Queries, keys and values read the same, and round it once.
    let block = "encoder.layer.1.attention.attention"
    #expect(layers["\(block).query"] != nil)
    #expect(layers["\(block).query"] == layers["\(block).value"])
    #expect(QuantizedNetwork(Self.trained, calibration: [x], keeping: nil).layers.count == 21)
    let few = QuantizedNetwork(
      Self.trained, calibration: [x], keeping: "{head,embeddings,encoder.layer.0,encoder.layer.2}")
    #expect(few.layers.count == 6)
  }

  static func written(_ network: any Layer) throws -> (folder: TemporaryFolder, url: URL) {
    let folder = try TemporaryFolder()
    let url = folder("student.sentio")
    try NetworkFile(
      network, .init(.mobileStudent(settings), outputs: ["valence", "arousal"])
    ).write(to: url)
    return (folder, url)
  }

  @Test func aFileHoldsTheIntegersAndGivesThemBack() throws {
    let (x, _) = Self.pictures(8, seed: 4)
    let quantized = QuantizedNetwork(Self.trained, calibration: [x])
    let (folder, url) = try Self.written(quantized.network)
    let read = try NetworkFile(contentsOf: url)
    #expect(read.network(x) == quantized(x))
    let file = try Safetensors(contentsOf: url)
    #expect(file.tensors["encoder.layer.0.output.dense.weight"]?.elementType == .int8)
    #expect(file.tensors["head.0.weight"]?.elementType == .float32)
    let (plainFolder, plain) = try Self.written(Self.trained)
    let sizes = try [url, plain].map {
      try #require(FileManager.default.attributesOfItem(atPath: $0.path)[.size] as? Int)
    }
    #expect(2 * sizes[0] < sizes[1])
    withExtendedLifetime((folder, plainFolder)) {}
  }

  @Test(arguments: ["zero", "type", "scales", "scale", "path", "json", "least"])
  func aDamagedFileIsNamed(_ damage: String) throws {
    let quantized = QuantizedNetwork(Self.trained, calibration: [Self.pictures(8, seed: 4).x])
    let (folder, url) = try Self.written(quantized.network)
    let file = try Safetensors(contentsOf: url)
    var metadata = file.metadata
    let key = "sentio.quantization"
    let name = "encoder.layer.0.output.dense"
    var contents: [Safetensors.Content] = []
    for (tensor, entry) in file.tensors {
      var bytes = try file.withBytes(of: tensor) { Array($0) }
      var (shape, type) = (entry.shape, entry.elementType)
      switch (damage, tensor) {
      case ("type", name + ".weight"):
        (bytes, type) = ([UInt8](repeating: 0, count: 4 * entry.count), .float32)
      case ("least", name + ".weight"): bytes[3] = 0x80
      case ("scales", name + ".weight_scale"): (bytes, shape) = (Array(bytes.prefix(4)), [1])
      case ("scale", name + ".weight_scale"):
        bytes.replaceSubrange(0..<4, with: [0, 0, 0x80, 0x7F])
      default: break
      }
      contents.append(.init(tensor, shape: shape, elementType: type, bytes: bytes))
    }
    switch damage {
    case "zero":
      metadata[key] = metadata[key]?.replacing(/"zeroPoint":\d+/, with: "\"zeroPoint\":256")
    case "path": metadata[key] = metadata[key]?.replacing("layer.0.output.dense", with: "layer.7.x")
    case "json": metadata[key] = "{"
    default: break
    }
    let damaged = folder("damaged.sentio")
    try Safetensors.write(contents, metadata: metadata, to: damaged)
    do {
      _ = try NetworkFile(contentsOf: damaged)
      Issue.record("\(damage) was not noticed")
    } catch let error as ModelFileError {
      #expect("\(error)".contains("damaged.sentio"))
    } catch let error as StateError {
      // Scales that the header does not name are tensors that the network does not have.
      #expect(damage == "path")
      #expect("\(error)".contains("weight_scale"))
    }
  }
}
