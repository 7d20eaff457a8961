import Foundation
import SentioClassical
import SentioInterchange
import SentioModels
import SentioNN
import SentioTensor

extension FuzzedReader {
  /// A network with an encoder, a convolution and a recurrent layer, small enough to be damaged everywhere.
  private static func smallNetwork() -> any Layer {
    var stream = RandomStream(seed: 1, "weights")
    return Sequential {
      Conv1D(3, 4, kernel: 3, padding: .same, from: &stream).keyed("first")
      BatchNorm(4)
      Permute([0, 2, 1])
      RecurrentLayer(.lstm, 4, 3, isBidirectional: true, output: .last, from: &stream)
      Linear(6, 2, activation: .tanh, from: &stream).keyed("head")
    }
  }

  /// ONNX files: messages, constants, and what nodes say of each other.
  static let onnx = FuzzedReader(
    name: "onnx", share: 2, realExtensions: ["onnx"],
    makeOriginals: {
      let folder = try SeedFolder()
      return try [17, 21].map { opset in
        Original(
          path: "network.onnx",
          bytes: try folder.bytes("\(opset).onnx") {
            try ONNXFile.export(smallNetwork(), inputShape: [3, 8], to: $0, opset: opset)
          })
      }
    },
    read: { file, _ in
      outcome(refusing: { $0 is InterchangeError || $0 is FileError }) {
        let document = try ONNXDocument(contentsOf: file)
        for (name, constant) in document.constants {
          if let tensor = document.tensor(name) {
            precondition(Array(tensor.shape) == constant.shape)
          }
        }
      }
    })

  /// PyTorch's archives: the directory, the pickle, and the tensors.
  static let torch = FuzzedReader(
    name: "torch", share: 3, realExtensions: ["pth", "pt"],
    makeOriginals: {
      let folder = try SeedFolder()
      let script = try folder.bytes("network.pt") {
        try TorchScriptFile.export(smallNetwork(), inputShape: [3, 8], to: $0)
      }
      guard let views = Data(base64Encoded: Self.views) else {
        stop("the archive of torch.save is not in Base64")
      }
      return [script, [UInt8](views)].map { Original(path: "network.pth", bytes: $0) }
    },
    read: { file, _ in
      outcome(refusing: { $0 is InterchangeError || $0 is FileError }) {
        let archive = try TorchArchive(contentsOf: file)
        for name in archive.names {
          let tensor = try archive.tensor(name)
          precondition(Array(tensor.shape) == archive.shape(of: name))
        }
      }
    })

  /// Networks' own files: header, settings, hashes and weights.
  static let network = FuzzedReader(
    name: "network", share: 2,
    makeOriginals: {
      let folder = try SeedFolder()
      let sizes = TransformerSettings(features: 8, layers: 1, heads: 2, innerFeatures: 12)
      let settings: [NetworkSettings] = [
        .mobileStudent(.init(imageSize: 16, patchSize: 8, transformer: sizes)),
        .audioEmotion(.init(spectrogramSize: 16, patchSize: 8, transformer: sizes)),
      ]
      return try settings.enumerated().map { index, settings in
        var stream = RandomStream(seed: 1, "weights")
        let file = NetworkFile(settings.makeNetwork(from: &stream), .init(settings))
        return Original(
          path: "network.sentio",
          bytes: try folder.bytes("\(index).sentio") { try file.write(to: $0) })
      }
    },
    read: { file, _ in
      outcome(refusing: {
        $0 is ModelFileError || $0 is SafetensorsError || $0 is FileError || $0 is StateError
      }) {
        _ = try NetworkFile.verify(file)
        let read = try NetworkFile(contentsOf: file)
        _ = try NetworkDifference(file, file)
        precondition(read.network.parameterCount.total > 0)
      }
    })

  /// Views of one storage as PyTorch 2.13 saved them, deflated; no writer here makes strides.
  private static let views =
    "UEsDBBQAAAAIAAAAIQBFbFRSVgEAABgCAAAOAAAAdmlld3MvZGF0YS5wa2xdz8lPwkAYBfDSloIV9w33XYsLIm7/"
    + "gPEyB0O99EagTCxJoX2drxoPJp5K+K+dMreemky+3+t7f/ovNMczNU3r9wRHyaco8YNmN6VhKOxuwvvpMBx0iY9F"
    + "lHS/2jZ0x/Eq8l7Iy94nh6GI/RZGPfpQjzZMryRvWih7hvz6cQqL1QmVDtOYyawMVWaxUoa5qe9HYch9GkZjYb8n"
    + "A57wwevQJxt2w8U8oeZiwbNlCiW9sYgjwQdYDGSNwAjMoBzMgpfyYIuZGZZZKc9fmQa5XyWsuVifLUyib4GNotzs"
    + "SKfnZEtVqiu5TdhxsTvbKiumo7HAXhHvdyQ1mZHhQOFDhY8Ixy5OZr8VxGOcFuVZXlhneoZzVssDLpS8JDguGl5V"
    + "ypgno5Tk3KuivlZzpZ/gRg6uMWuCW5XQJNy5aHllmcBHMf3gvsjbOdfyzQ+q9qOiT4RnFy9p8x9QSwMEFAAAAAgA"
    + "AAAhALfv3IMDAAAAAQAAABUAAAB2aWV3cy8uZm9ybWF0X3ZlcnNpb24zBABQSwMEFAAAAAgAAAAhAIU94xkIAAAA"
    + "BgAAAA8AAAB2aWV3cy9ieXRlb3JkZXLLySwpyUkFAFBLAwQUAAAACAAAACEAgkHcbj8AAABgAAAADAAAAHZpZXdz"
    + "L2RhdGEvMBXEMRWAMBBEwZOABCTggMQBEpCAhCspKSlTpqSkRApSGPb92Yh/ObsiksbDS9SIgZGJwsLKRrJzcNLo"
    + "XNz1A1BLAwQUAAAACAAAACEA0Z5nVQQAAAACAAAADQAAAHZpZXdzL3ZlcnNpb24z5gIAUEsBAhQDFAAAAAgAAAAh"
    + "AEVsVFJWAQAAGAIAAA4AAAAAAAAAAAAAAIABAAAAAHZpZXdzL2RhdGEucGtsUEsBAhQDFAAAAAgAAAAhALfv3IMD"
    + "AAAAAQAAABUAAAAAAAAAAAAAAIABggEAAHZpZXdzLy5mb3JtYXRfdmVyc2lvblBLAQIUAxQAAAAIAAAAIQCFPeMZ"
    + "CAAAAAYAAAAPAAAAAAAAAAAAAACAAbgBAAB2aWV3cy9ieXRlb3JkZXJQSwECFAMUAAAACAAAACEAgkHcbj8AAABg"
    + "AAAADAAAAAAAAAAAAAAAgAHtAQAAdmlld3MvZGF0YS8wUEsBAhQDFAAAAAgAAAAhANGeZ1UEAAAAAgAAAA0AAAAA"
    + "AAAAAAAAAIABVgIAAHZpZXdzL3ZlcnNpb25QSwUGAAAAAAUABQAxAQAAhQIAAAAA"
}
