import Foundation
import SentioBLAS
import SentioTensor

/// How long one workload took.
struct Timing {
  let id: String
  /// Seconds of the fastest call.
  let best: Double
  /// Seconds of the call in the middle.
  let median: Double
  let runs: Int
  /// Billions of floating-point operations a second in the fastest call, where that has a meaning.
  let gigaflops: Double?
  /// Buffers for tensors that one call asked of the system, on average; 0 in steady state.
  let allocations: Double
  /// The most bytes of memory that the process held so far; that of the row where the process runs it alone.
  let peakBytes: Int

  /// Times a workload: two warm-up calls, then calls until `budget` seconds are spent, at least 3 and
  /// at most 2,000.
  init(_ workload: Workload, seconds budget: Double) throws {
    let call = try workload.prepare()
    try call()
    try call()
    let clock = ContinuousClock()
    let before = TensorMemory.statistics.systemAllocations
    var samples: [Double] = []
    var spent = 0.0
    while (spent < budget || samples.count < 3) && samples.count < 2000 {
      let duration = try clock.measure(call) / .seconds(1)
      samples.append(duration)
      spent += duration
    }
    allocations =
      Double(TensorMemory.statistics.systemAllocations - before) / Double(samples.count)
    peakBytes = ProcessPeak.bytes
    samples.sort()
    id = workload.id
    best = samples[0]
    median = samples[samples.count / 2]
    runs = samples.count
    gigaflops = workload.flops.map { ($0 / samples[0] / 1e8).rounded() / 10 }
  }

  /// One line of JSON.
  var json: String {
    var fields = [
      "\"id\": \"\(id)\"", "\"seconds\": \(best)", "\"median\": \(median)", "\"runs\": \(runs)",
      "\"threads\": \(ProcessInfo.processInfo.activeProcessorCount)",
      "\"core\": \"\(BLASRuntime.coreName)\"", "\"allocations\": \(allocations)",
      "\"peakBytes\": \(peakBytes)",
    ]
    if let gigaflops { fields.append("\"gflops\": \(gigaflops)") }
    return "{" + fields.joined(separator: ", ") + "}"
  }

  /// One row of a table.
  var row: String {
    func milliseconds(_ seconds: Double) -> String {
      String(format: "%10.3f ms", seconds * 1e3)
    }
    let name = id.padding(toLength: max(id.count, 40), withPad: " ", startingAt: 0)
    let rate = gigaflops.map { String(format: "  %7.1f GFLOP/s", $0) } ?? ""
    let asked = allocations > 0 ? String(format: "  %.2f allocations", allocations) : ""
    let peak = String(format: "  %5.0f MB peak", Double(peakBytes) * 1e-6)
    return "\(name) \(milliseconds(best)) best \(milliseconds(median)) median\(peak)\(rate)\(asked)"
  }
}
