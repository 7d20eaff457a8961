import Foundation

/// Times one workload: two warm-up calls, then calls until `seconds` are spent (at least 3, at
/// most 2,000), and returns one line of JSON with the best and the median.
func measure(_ workload: Workload, seconds budget: Double) throws -> String {
  let call = try workload.prepare()
  try call()
  try call()
  let clock = ContinuousClock()
  var samples: [Double] = []
  var spent = 0.0
  while (spent < budget || samples.count < 3) && samples.count < 2000 {
    let elapsed = try clock.measure(call)
    let duration =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    samples.append(duration)
    spent += duration
  }
  samples.sort()
  let best = samples[0]
  let median = samples[samples.count / 2]
  var fields = [
    "\"id\": \"\(workload.id)\"", "\"seconds\": \(best)", "\"median\": \(median)",
    "\"runs\": \(samples.count)", "\"threads\": \(ProcessInfo.processInfo.activeProcessorCount)",
  ]
  if let flops = workload.flops {
    fields.append("\"gflops\": \((flops / best / 1e8).rounded() / 10)")
  }
  return "{" + fields.joined(separator: ", ") + "}"
}
