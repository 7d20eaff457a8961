import Foundation
import SentioBLAS

// One JSON object a line on standard output, or a table; everything else on standard error.

// As the command line tool does: memory is kept between calls instead of going back to the system.
ProcessMemory.keepFreedBlocks()

/// Each package's rows stand in a file of their own.
let workloads: [Workload] =
  metricsWorkloads + dspWorkloads + tensorWorkloads + resampleWorkloads + dataWorkloads
  + modelWorkloads + networkWorkloads + adversarialWorkloads

var filters: [String] = []
var seconds = 2.0
var printsTable = false
var runsInChildren = false
var arguments = Array(CommandLine.arguments.dropFirst())
while let argument = arguments.first {
  arguments.removeFirst()
  switch argument {
  case "--filter":
    while let next = arguments.first, !next.hasPrefix("--") {
      filters.append(next)
      arguments.removeFirst()
    }
  case "--seconds":
    seconds = arguments.first.flatMap(Double.init) ?? seconds
    if !arguments.isEmpty { arguments.removeFirst() }
  case "--format":
    let format = arguments.isEmpty ? "" : arguments.removeFirst()
    guard ["jsonl", "table"].contains(format) else { endWithUsage(status: 2) }
    printsTable = format == "table"
  case "--memory": runsInChildren = true
  case "--list":
    for workload in workloads { print(workload.id) }
    exit(0)
  default:
    endWithUsage(status: argument == "--help" ? 0 : 2)
  }
}
var failed = false
for workload in workloads
where filters.isEmpty || filters.contains(where: { $0.selects(workload.id) }) {
  do {
    if runsInChildren {
      try ProcessPeak.runInChild(workload.id, seconds: seconds, printsTable: printsTable)
      continue
    }
    let timing = try Timing(workload, seconds: seconds)
    print(printsTable ? timing.row : timing.json)
    fflush(nil)
  } catch {
    failed = true
    FileHandle.standardError.write(Data("\(workload.id): \(error)\n".utf8))
  }
}
exit(failed ? 1 : 0)

extension String {
  /// Whether this filter means an id.
  func selects(_ id: String) -> Bool { hasPrefix("=") ? dropFirst() == id : id.contains(self) }
}

func endWithUsage(status: Int32) -> Never {
  let usage = """
    usage: sentio-bench [--filter PART ...] [--seconds S] [--format jsonl|table] [--memory] [--list]
    Times every row whose id contains one of the parts, or is one that begins with "="; all rows without a filter.
    With --memory each row runs in a process of its own, whose peak memory is then the row's.

    """
  FileHandle.standardError.write(Data(usage.utf8))
  exit(status)
}
