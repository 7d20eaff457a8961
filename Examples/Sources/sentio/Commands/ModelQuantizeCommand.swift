import ArgumentParser
import Foundation
import SentioModels
import SentioNN
import SentioTensor

/// `sentio model quantize`: a trained network whose linear layers compute in 8-bit integers.
struct ModelQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Have a network's linear layers compute in 8-bit integers.",
    discussion: """
      The network is run on typical inputs, some hundred of them, to learn which numbers its layers read; their \
      weights are rounded row by row. The last layers, convolutions and what is between stay in single precision. \
      The file is smaller, and is used, verified and exported as any other; it can't be trained on.
        sentio model quantize student.sentio --calibration pictures.npy --output small.sentio
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "file"))
  var model: String
  @Option(
    help: ArgumentHelp(
      "Typical inputs, as the bare network takes them (see sentio model run).", valueName: "npy"))
  var calibration: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String
  @Option(help: "Inputs that are computed at once.")
  var batch = 8

  func validate() throws {
    guard batch > 0 else { throw ValidationError("--batch must be at least 1.") }
  }

  func run() throws {
    try OutputFile.check(output)
    var file = try NetworkFile(contentsOf: URL(filePath: model))
    let x = try file.inputs(npy: calibration, for: model)
    guard x.scalars.allSatisfy(\.isFinite) else {
      throw CommandError("\(calibration): holds numbers that are not finite; take them out")
    }
    let quantized = QuantizedNetwork(
      file.network, calibration: x.batches(of: batch))
    guard !quantized.layers.isEmpty else {
      throw CommandError(
        "\(model): \(file.configuration.network.title) has no linear layer but its last ones")
    }
    file.network = quantized.network
    try file.write(to: URL(filePath: output))
    Terminal.note("\(output): \(quantized.layers.count) layers in 8-bit integers")
  }
}
