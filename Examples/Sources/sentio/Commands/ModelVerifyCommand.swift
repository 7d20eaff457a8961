import ArgumentParser
import Foundation
import SentioClassical
import SentioInterchange
import SentioModels
import SentioTensor

/// `sentio model verify`: whether a file is as it was written.
struct ModelVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a model file: hashes of tensors and configuration, structure of exports.",
    discussion: """
      Model files of networks hold a SHA-256 hash of every tensor and of their configuration; what is not as it \
      was written is named, and the exit code is 1. Of ONNX, TorchScript and PyTorch files the structure is \
      checked.
      """)

  @Argument(help: ArgumentHelp("The file.", valueName: "file"))
  var model: String
  @Flag(help: "Print JSON.")
  var json = false

  private struct Report: Encodable {
    var kind: String
    var isSound = true
    var network: NetworkFile.Verification?
    var notes: [String] = []
  }

  func run() throws {
    let url = URL(filePath: model)
    let report = try check(url)
    if json {
      try Terminal.printJSON(report)
    } else {
      print("\(model): \(report.kind)")
      for note in report.notes { print("  \(note)") }
      print(report.isSound ? "sound" : "damaged")
    }
    guard report.isSound else { throw ExitCode(1) }
  }

  private func check(_ url: URL) throws -> Report {
    switch url.pathExtension {
    case "onnx":
      let document = try ONNXDocument(contentsOf: url)
      return Report(
        kind: "ONNX, opset \(document.opset)",
        notes: [
          "\(counted(document.nodes.count, "operation")), \(counted(document.constants.count, "constant"))",
          "takes \(document.inputs.joined(separator: ", ")), gives \(document.outputs.joined(separator: ", "))",
        ])
    case "pt", "pth", "bin":
      let archive = try TorchArchive(contentsOf: url)
      for name in archive.names { _ = try archive.tensor(name) }
      return Report(
        kind: "PyTorch's archive",
        notes: ["\(counted(archive.names.count, "tensor")), checksums hold"])
    default: break
    }
    guard try NetworkFile.isNetwork(url) else {
      _ = try EmotionModelFile(contentsOf: url)
      return Report(kind: "regression", notes: ["its parts fit each other; it holds no hashes"])
    }
    let verification = try NetworkFile.verify(url)
    var report = Report(
      kind: "network", isSound: verification.isSound, network: verification,
      notes: [
        "\(counted(verification.tensors, "tensor")), \(verification.bytes >> 10) KiB"
          + (verification.hasHashes ? ", hashes compared" : "; an older file without hashes")
      ])
    report.notes += verification.damaged.prefix(20).map { "not as it was written: \($0)" }
    report.notes += verification.notFinite.prefix(20).map {
      "holds numbers that are not finite: \($0)"
    }
    // Names, shapes and settings must fit each other too.
    if verification.isSound { _ = try NetworkFile(contentsOf: url) }
    return report
  }
}

/// `sentio model diff`: in what two networks' files differ.
struct ModelDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two networks' files: settings, scores, tensors.",
    discussion: "The exit code is 0 where they hold the same, and 1 where they differ.")

  @Argument(help: ArgumentHelp("A model file.", valueName: "file"))
  var first: String
  @Argument(help: ArgumentHelp("Another.", valueName: "other"))
  var second: String
  @Option(help: "Tensors that are listed at most, those that differ most first.")
  var limit = 20
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let difference = try NetworkDifference(URL(filePath: first), URL(filePath: second))
    if json {
      try Terminal.printJSON(difference)
    } else {
      show(difference)
    }
    guard difference.isEmpty else { throw ExitCode(1) }
  }

  private func show(_ difference: NetworkDifference) {
    for setting in difference.settings {
      print("\(setting.path): \(setting.first ?? "–") → \(setting.second ?? "–")")
    }
    for name in difference.onlyFirst.prefix(limit) { print("\(name): in \(first) alone") }
    for name in difference.onlySecond.prefix(limit) { print("\(name): in \(second) alone") }
    for tensor in difference.tensors.prefix(limit) {
      if let largest = tensor.largest {
        let relative = tensor.relative.map { String(format: ", relative %.3g", $0) } ?? ""
        print("\(tensor.name): largest difference \(String(format: "%.3g", largest))\(relative)")
      } else {
        print("\(tensor.name): shape \(tensor.firstShape) → \(tensor.secondShape)")
      }
    }
    let rest = difference.tensors.count - limit
    if rest > 0 { print("and \(counted(rest, "tensor")) more") }
    print("\(counted(difference.equalTensors, "tensor")) the same")
  }
}
