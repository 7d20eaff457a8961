import Foundation
import SentioDataTestSupport

// Feeds damaged files to the readers. A trap or a sanitizer's report ends the process with the
// number and the path of the file on standard error; a summary line stands on standard output.

let usage = """
  usage: sentio-fuzz [--reader NAME ...] [--count N] [--first N] [--seed S] [--seeds-dir DIR]
                     [--seconds-limit S] [--memory-limit MIB]
  readers: \(FuzzedReader.all.map(\.name).joined(separator: " "))

  """

var readerNames: [String] = []
var count = 2_000
var first = 0
var seed: UInt64 = 1
var seedsFolder: String?
var secondsLimit = 30.0
var memoryLimit = 4_096

func stop(_ message: String) -> Never {
  FileHandle.standardError.write(Data((message + "\n").utf8))
  exit(2)
}

var arguments = Array(CommandLine.arguments.dropFirst())
while !arguments.isEmpty {
  let option = arguments.removeFirst()
  if option == "--help" {
    print(usage, terminator: "")
    exit(0)
  }
  guard !arguments.isEmpty else { stop("\(option) wants a value\n\(usage)") }
  let value = arguments.removeFirst()
  func number<N: LosslessStringConvertible>(_: N.Type) -> N {
    N(value) ?? { stop("\(option) wants a number, not '\(value)'") }()
  }
  switch option {
  case "--reader": readerNames.append(value)
  case "--count": count = number(Int.self)
  case "--first": first = number(Int.self)
  case "--seed": seed = number(UInt64.self)
  case "--seeds-dir": seedsFolder = value
  case "--seconds-limit": secondsLimit = number(Double.self)
  case "--memory-limit": memoryLimit = number(Int.self)
  default: stop("unknown option \(option)\n\(usage)")
  }
}
for name in readerNames where !FuzzedReader.all.contains(where: { $0.name == name }) {
  stop("no reader \(name)\n\(usage)")
}

/// The good files of a folder, each at most 1 MiB so that damage is dense.
func originals(in folder: String) throws -> [FuzzedReader.Original] {
  let root = URL(fileURLWithPath: folder)
  guard let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
    stop("no folder \(folder)")
  }
  let urls = walk.compactMap { $0 as? URL }.filter { !$0.hasDirectoryPath }
  return try urls.sorted { $0.path < $1.path }.compactMap { url in
    let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
    guard (1...1 << 20).contains(size) else { return nil }
    let bytes = try Data(contentsOf: url)
    return FuzzedReader.Original(fileExtension: url.pathExtension, bytes: [UInt8](bytes))
  }
}

let scratch = FileManager.default.temporaryDirectory
  .appendingPathComponent("sentio-fuzz-\(getpid())", isDirectory: true)
try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
let watchdog = Watchdog(secondsLimit: secondsLimit, memoryLimit: memoryLimit)
var defects = 0

for reader in FuzzedReader.all where readerNames.isEmpty || readerNames.contains(reader.name) {
  var good = try reader.makeOriginals()
  if let seedsFolder { good += try originals(in: seedsFolder) }
  let mutator = Mutator(originals: good.map(\.bytes), seed: seed)
  var refused = 0
  var read = 0
  var longest = Duration.zero
  for index in first..<first + count {
    let (original, bytes) = mutator.mutation(index)
    // The file stays there when the process dies, so that the case is at hand.
    let url = scratch.appendingPathComponent(
      "\(reader.name)-\(index).\(good[original].fileExtension)")
    try Data(bytes).write(to: url)
    watchdog.begin("\(reader.name) input \(index) of seed \(seed), \(url.path)")
    let start = ContinuousClock.now
    let outcome = reader.read(url)
    longest = max(longest, ContinuousClock.now - start)
    watchdog.end()
    switch outcome {
    case .read: read += 1
    case .refused: refused += 1
    case .untyped(let message):
      defects += 1
      FileHandle.standardError.write(
        Data("sentio-fuzz: \(reader.name) input \(index) of seed \(seed): \(message)\n".utf8))
      continue
    }
    try FileManager.default.removeItem(at: url)
  }
  let milliseconds =
    Double(longest.components.seconds) * 1e3 + Double(longest.components.attoseconds) * 1e-15
  print(
    "\(reader.name): \(count) inputs, \(refused) typed errors, \(read) decoded, "
      + "max \(String(format: "%.1f", milliseconds)) ms, max RSS \(residentMemory().highest) MiB")
  fflush(nil)
}
if defects == 0 { try FileManager.default.removeItem(at: scratch) }
exit(defects == 0 ? 0 : 1)
