import ArgumentParser
import Foundation
import SentioClassical
import SentioInterchange
import SentioModels
import SentioNN
import SentioTensor

/// `sentio model`: networks in files.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Make, import, show, check, compare, run and quantize networks.",
    discussion: """
      A pretrained network, from the folder that Hugging Face's libraries download it to:
        sentio model import vit-base-patch16-224 --output vit.sentio
        sentio model show vit.sentio
        sentio model run vit.sentio --input pictures.npy --output logits.npy
      """,
    subcommands: [
      ModelMakeCommand.self, ModelImportCommand.self, ModelShowCommand.self,
      ModelVerifyCommand.self, ModelDiffCommand.self, ModelRunCommand.self,
      ModelQuantizeCommand.self,
    ])
}

/// `sentio model import`: a published checkpoint as a file of Sentio's.
struct ModelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read a checkpoint of Hugging Face's or of PyTorch's format into a model file.",
    discussion: """
      A folder of Hugging Face's holds config.json and model.safetensors, or the parts that \
      model.safetensors.index.json names. ViT, AST and MobileViT can be read, with and without their classifiers. \
      A preprocessor_config.json beside them becomes the front end: size, means and deviations of pictures, or \
      the filter bank.
        sentio train vit --pretrained vit.sentio --data Data/songs --output mine.sentio
      A file of torch.save (.pth, .pt, .bin) holds a state dictionary; say which network it is of:
        sentio model import student.pth --network mobileStudent --output student.sentio
        sentio model import old.pth --network visionEmotion --rename backbone.=vit. --rename fc.=head.6. \
      --output new.sentio
      Every tensor must be there in its shape, and no other. Nothing in such a file is run.
      """)

  @Argument(
    help: ArgumentHelp("The checkpoint's folder, or a file of torch.save.", valueName: "path"))
  var folder: String
  @OptionGroup var options: NetworkSizesOptions
  @Option(
    help: ArgumentHelp(
      "A beginning of names, and what stands for it; nothing behind the sign leaves the tensors out.",
      valueName: "old=new"))
  var rename: [String] = []
  @Option(help: "The dictionary to read where the file holds several, such as state_dict.")
  var key: String?
  @Flag(help: "Leave the checkpoint's preprocessor_config.json aside, and store no front end.")
  var noFrontEnd = false
  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String
  @Option(help: "What may be done with the weights, such as Apache-2.0; written into the file.")
  var licence = ""

  func validate() throws {
    for text in rename where !text.contains("=") || text.hasPrefix("=") {
      throw ValidationError("--rename wants old=new, not '\(text)'.")
    }
  }

  func run() throws {
    try OutputFile.check(output)
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
    var file =
      isFolder.boolValue
      ? try HuggingFaceCheckpoint(folder: URL(filePath: folder)).network(
        takesFrontEnd: !noFrontEnd) : try stateDictionary()
    file.configuration.licence = licence
    try file.write(to: URL(filePath: output))
    let count = file.network.parameterCount.total
    Terminal.note("\(output): \(file.configuration.network.title), \(count) parameters")
  }

  /// The network of a file of PyTorch's.
  private func stateDictionary() throws -> NetworkFile {
    let archive = try TorchArchive(contentsOf: URL(filePath: folder), key: key)
    guard let settings = try options.resolved() else {
      throw CommandError(
        "\(folder): a state dictionary does not say which network it is of: add --network, one of "
          + NetworkSettings.names.joined(separator: ", "))
    }
    if let fault = settings.fault(elements: archive.elementCount) {
      throw CommandError("\(folder): does not fit: \(fault)")
    }
    let rules = rename.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (old: String(parts[0]), new: String(parts[1]))
    }
    var stream = RandomStream(seed: 0, "placeholder")
    var network = settings.makeNetwork(from: &stream)
    try network.load(archive) { name in
      guard let rule = rules.first(where: { name.hasPrefix($0.old) }) else { return name }
      return rule.new.isEmpty ? nil : rule.new + name.dropFirst(rule.old.count)
    }
    var provenance = Provenance()
    provenance.notes["imported"] = URL(filePath: folder).lastPathComponent
    return NetworkFile(network, .init(settings, provenance: provenance))
  }
}

/// `sentio model show`: what is in a model file.
struct ModelShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a network's layers, parameters and front end.")

  @Argument(help: ArgumentHelp("The model file.", valueName: "file"))
  var model: String
  @Flag(help: "Print JSON.")
  var json = false

  private struct Report: Encodable {
    let configuration: NetworkFile.Configuration
    let summary: ModelSummary
  }

  func run() throws {
    let url = URL(filePath: model)
    guard try NetworkFile.isNetwork(url) else { return try showRegression(url) }
    let file = try NetworkFile(contentsOf: url)
    let configuration = file.configuration
    let summary = file.network.summary(inputShape: Shape([1] + configuration.network.inputShape))
    if json {
      return try Terminal.printJSON(Report(configuration: configuration, summary: summary))
    }
    let input = configuration.network.inputShape.map(String.init).joined(separator: ", ")
    print(configuration.network.title)
    print("input      [N, \(input)]")
    let frontEnd = try configuration.networkFrontEnd()
    print("front end  \(frontEnd.map { "\($0)" } ?? "not stored: the caller makes the input")")
    if let text = configuration.frontEnd { print("           \(text)") }
    if let scale = configuration.labelScale { print("scale      \(scale)") }
    if !configuration.outputs.isEmpty {
      let names = configuration.outputs.prefix(8).joined(separator: ", ")
      let rest = configuration.outputs.count - 8
      print("outputs    \(names)\(rest > 0 ? " and \(rest) more" : "")")
    }
    if !configuration.licence.isEmpty { print("licence    \(configuration.licence)") }
    for (name, note) in configuration.provenance.notes.sorted(by: { $0.key < $1.key }) {
      print("\(name)  \(note)")
    }
    print("\n\(summary)")
  }

  /// Ridge, support vectors and trees have no layers; what their files say is printed instead.
  private func showRegression(_ url: URL) throws {
    let file = try EmotionModelFile(contentsOf: url)
    struct Regression: Encodable {
      let columns: [String]
      let outputs: [String]
      let scale: String?
      let provenance: Provenance
      let frontEnd: String?
    }
    let regressor = file.model.regressor
    let scale = file.labelScale.map { "\($0)" }
    if json {
      return try Terminal.printJSON(
        Regression(
          columns: regressor.columns, outputs: regressor.outputs, scale: scale,
          provenance: file.provenance, frontEnd: file.frontEndJSON))
    }
    print("regression of \(regressor.outputs.joined(separator: " and "))")
    print(
      "input      \(regressor.columns.count) features: \(regressor.columns.prefix(4).joined(separator: ", ")), …"
    )
    print("front end  \(file.frontEndJSON ?? "not stored: the caller makes the table")")
    if let scale { print("scale      \(scale)") }
    print("corpus     \(file.provenance.corpus), \(counted(file.provenance.rowCount, "song"))")
  }
}

/// `sentio model run`: the bare network on an array.
struct ModelRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Compute a network's output for a NumPy array.",
    discussion: """
      The input is what the network takes after its front end: pictures [N, C, H, W], or [N, frames, mels] for \
      the audio spectrogram transformer. The output is that of the bare network: logits, or the last hidden \
      state where there is no head.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "file"))
  var model: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The input array.", valueName: "npy"))
  var input: String
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where to write the output array.", valueName: "npy"))
  var output: String
  @Option(
    help: "float32, or bfloat16 where the chip multiplies it.", transform: parsePrecision)
  var precision: ComputePrecision = .float32
  @Option(help: "Inputs that are computed at once.")
  var batch = 8

  func validate() throws {
    guard batch > 0 else { throw ValidationError("--batch must be at least 1.") }
  }

  func run() throws {
    try OutputFile.check(output)
    let file = try NetworkFile(contentsOf: URL(filePath: model))
    let x = try file.inputs(npy: input, for: model)
    let count = x.shape[0]
    let start = ContinuousClock.now
    let parts = Compute.with(precision: precision) {
      x.batches(of: batch).map { file.network($0) }
    }
    // A decoder writes as many steps as its batch's longest target has.
    if let other = parts.first(where: {
      !$0.shape.dropFirst().elementsEqual(parts[0].shape.dropFirst())
    }) {
      throw CommandError(
        "\(model): outputs of batches are of different lengths, \(parts[0].shape) and \(other.shape): run all "
          + "inputs at once with --batch \(count)")
    }
    let y = parts.count == 1 ? parts[0] : Tensor.concatenate(parts, axis: 0)
    try y.write(npy: URL(filePath: output))
    let rate = Double(count) * (.seconds(1) / (ContinuousClock.now - start))
    Terminal.note("\(output): \(y.shape), \(String(format: "%.1f", rate)) inputs a second")
  }
}
