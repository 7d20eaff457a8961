import Foundation
import SentioInterchange
import SentioModels
import SentioPipeline

extension MainJob {
  /// The student in the formats of other programs.
  func exportStage() throws -> PipelineStage {
    try PipelineStage(
      "export", "writes the student as ONNX and TorchScript",
      inputs: [.outputs(of: "distil", ["mobilevit.sentio"])], settings: ["opset": 17]
    ) { context in
      let file = try NetworkFile(
        contentsOf: context.folder(of: "distil").appending(path: "mobilevit.sentio"))
      try ONNXFile.export(file, to: context.folder.appending(path: "mobilevit.onnx"))
      _ = try TorchScriptFile.export(file, to: context.folder.appending(path: "mobilevit.pt"))
    }
  }
}
