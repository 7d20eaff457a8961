import Foundation

// One JSON object a line on standard output; everything else on standard error.

/// Each package's rows stand in a file of their own.
let workloads: [Workload] =
  metricsWorkloads + dspWorkloads + tensorWorkloads + resampleWorkloads + dataWorkloads
  + modelWorkloads

var filters: [String] = []
var seconds = 2.0
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
  case "--list":
    for workload in workloads { print(workload.id) }
    exit(0)
  default:
    FileHandle.standardError.write(
      Data("usage: sentio-bench [--filter PART ...] [--seconds S] [--list]\n".utf8))
    exit(argument == "--help" ? 0 : 2)
  }
}
var failed = false
for workload in workloads
where filters.isEmpty || filters.contains(where: { workload.id.contains($0) }) {
  do {
    print(try measure(workload, seconds: seconds))
    fflush(nil)
  } catch {
    failed = true
    FileHandle.standardError.write(Data("\(workload.id): \(error)\n".utf8))
  }
}
exit(failed ? 1 : 0)
