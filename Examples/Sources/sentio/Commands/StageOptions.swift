import ArgumentParser
import SentioPipeline

/// Which stages of the main job run, and what is said of them.
struct StageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Run this stage alone, finished or not.", valueName: "stage"))
  var only: String?
  @Option(
    help: ArgumentHelp(
      "Run this stage, finished or not, and what comes after it as far as it needs to.",
      valueName: "stage"))
  var from: String?
  @Option(help: ArgumentHelp("Run nothing that comes after this stage.", valueName: "stage"))
  var until: String?
  @Flag(help: "Show the stages, which of them are finished, and why the others would run.")
  var list = false
  @Option(help: ArgumentHelp("Print a preset's YAML, to copy and change.", valueName: "name"))
  var printPreset: String?
  @Flag(help: .hidden)
  var worker = false

  func validate() throws {
    if only != nil && (from != nil || until != nil) {
      throw ValidationError("--only is one stage; --from and --until are several.")
    }
  }

  var selection: StageSelection { StageSelection(only: only, from: from, until: until) }

  /// Prints the state of each stage.
  func printStatuses(of pipeline: StagedPipeline, json: Bool) throws {
    let statuses = try pipeline.statuses()
    if json { return try Terminal.printJSON(statuses.map(Row.init)) }
    let width = statuses.map(\.name.count).max() ?? 0
    for status in statuses {
      let name = status.name.padding(toLength: width, withPad: " ", startingAt: 0)
      var line = "\(name)  \(status.state)"
      if let manifest = status.state.manifest {
        line +=
          " (\(ProgressLine.clock(manifest.seconds)), \(manifest.peakMemoryBytes >> 20) MiB, "
          + "\(counted(manifest.outputs.count, "file")))"
      }
      print(line)
    }
  }

  private struct Row: Encodable {
    var stage: String
    var summary: String
    var isUpToDate: Bool
    var state: String
    var seconds: Double?
    var peakMemoryBytes: Int?

    init(_ status: StageStatus) {
      stage = status.name
      summary = status.summary
      isUpToDate = status.state.manifest != nil
      state = "\(status.state)"
      seconds = status.state.manifest?.seconds
      peakMemoryBytes = status.state.manifest?.peakMemoryBytes
    }
  }
}
