import Foundation

// Feeds damaged files to the readers. Each reader has a process of its own, so that a trap or a
// sanitizer's report costs one input: its reader, seed and number are said on standard error, and the
// rest goes on. Closing lines stand on standard output.

let options = FuzzOptions(Array(CommandLine.arguments.dropFirst()))

if let work = options.workFolder {
  try FuzzWorker(
    options: options, reader: options.readers[0],
    work: URL(filePath: work, directoryHint: .isDirectory)
  ).run()
  exit(0)
}

let scratch = FileManager.default.temporaryDirectory
  .appending(path: "sentio-fuzz-\(getpid())", directoryHint: .isDirectory)
try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
let began = ContinuousClock.now
var total = FuzzTally(first: 0)
for (reader, count) in zip(
  options.readers, FuzzedReader.counts(options.readers, of: options.count))
{
  let tally = try FuzzWorker.supervise(reader, options: options, count: count, scratch: scratch)
  print("\(reader.name): \(tally.summary)")
  fflush(nil)
  total.add(tally)
}
let seconds = (ContinuousClock.now - began) / .seconds(1)
print("total: \(total.summary), \(String(format: "%.0f", seconds)) s, seed \(options.seed)")
if total.defects == 0 { try FileManager.default.removeItem(at: scratch) }
fflush(nil)
// Foundation's Process leaks 32 bytes, which would end the sanitizer's run in its own report.
_exit(total.defects == 0 ? 0 : 1)
