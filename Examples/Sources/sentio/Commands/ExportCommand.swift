import ArgumentParser
import Foundation
import SentioInterchange
import SentioModels
import SentioTensor

/// `sentio export`: a network in a format of other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network as ONNX or TorchScript.",
    discussion: """
      The batch is left open; the rest of the input has the network's own size, or that of --input-shape.
        sentio export vit.sentio --format onnx --output vit.onnx
        sentio export vit.sentio --format torchscript --output vit.pt
      With --embed-front-end the file takes samples of sound, [N, samples], at the rate that the model was \
      trained with, and makes the spectrogram itself.
      """)

  /// A format of other programs.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case onnx
    case torchscript
  }

  @Argument(help: ArgumentHelp("The model file.", valueName: "file"))
  var model: String
  @Option(help: "onnx or torchscript.")
  var format: Format
  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String
  @Flag(help: "Take samples of sound, and make the network's input in the file.")
  var embedFrontEnd = false
  @Flag(help: "Take the lengths of sequences as a second input (ONNX, networks with masks).")
  var lengths = false
  @Option(help: "The version of ONNX's operators, 17 to 21.")
  var opset = 17
  @Option(
    help: ArgumentHelp(
      "The shape of one input where it is not the network's own, such as 3,224,448.",
      valueName: "extents"))
  var inputShape: String?
  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard ONNXFile.opsets.contains(opset) else {
      throw ValidationError("--opset must be from 17 to 21.")
    }
    if lengths && format != .onnx { throw ValidationError("--lengths needs --format onnx.") }
    if let inputShape, Self.extents(inputShape) == nil {
      throw ValidationError("--input-shape wants whole numbers above 0, such as 3,224,448.")
    }
  }

  private static func extents(_ text: String) -> [Int]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let known = parts.compactMap { $0 }.filter { (1...1 << 24).contains($0) }
    return known.count == parts.count && known.count <= 7 ? known : nil
  }

  func run() throws {
    try OutputFile.check(output)
    let start = ContinuousClock.now
    let file = try NetworkFile(contentsOf: URL(filePath: model))
    let shape = inputShape.flatMap(Self.extents)
    if let shape, let mismatch = file.configuration.network.mismatch(Shape([1] + shape)) {
      throw CommandError("\(model): --input-shape does not fit: \(mismatch)")
    }
    let url = URL(filePath: output)
    let bytes: Int
    switch format {
    case .onnx:
      let summary = try ONNXFile.export(
        file, to: url,
        options: .init(
          opset: opset, embedsFrontEnd: embedFrontEnd, takesLengths: lengths, inputShape: shape))
      if json { try Terminal.printJSON(summary) }
      bytes = summary.bytes
    case .torchscript:
      let summary = try TorchScriptFile.export(
        file, to: url, embedsFrontEnd: embedFrontEnd, inputShape: shape)
      if json { try Terminal.printJSON(summary) }
      bytes = summary.bytes
    }
    let size = String(format: "%.1f", Double(bytes) / 1_048_576)
    let time = String(format: "%.2f", (ContinuousClock.now - start) / .seconds(1))
    Terminal.note("\(output): \(file.configuration.network.title), \(size) MiB in \(time) s")
  }
}
